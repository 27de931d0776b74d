"""The tree of places by 12-digit division code.

Codes change over the years: a place is valid from one day to another.
"""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText
from app.core.db import Base
from app.places.codes import PlaceLevel


def _district_of(context: Any) -> str:
    code: str = context.get_current_parameters()["code"]
    return code[:6]


class Place(Base):
    __tablename__ = "places"
    audit_name: ClassVar[str] = "place"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    district: Mapped[str] = mapped_column(String(6), index=True, default=_district_of)
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[PlaceLevel] = mapped_column(CodeText(PlaceLevel))
    parent: Mapped[str | None] = mapped_column(ForeignKey("places.code"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The last day of its validity; null while it stands."""
    version: Mapped[int] = mapped_column(default=1)

    @property
    def id(self) -> UUID:
        """For the audit, which names its target by a UUID: the twelve digits of the code are the last group of it."""
        return UUID(f"00000000-0000-0000-0000-{self.code}")
