"""What an old report printed, kept as it was printed, with what could be said of it when it was kept."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, Json
from app.core.db import Base
from app.core.jurisdiction import Located
from app.core.records import Claimed


class ReportClaim(Located, Claimed, Base):
    """Written once. No figure of the register ever comes from it."""

    __tablename__ = "report_claims"
    __table_args__ = (Index("ix_report_claims_place", "district", "township", "place", "id"),)
    path_key: ClassVar[str] = "claim_id"
    audit_name: ClassVar[str] = "report_claim"

    document: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    first_on: Mapped[date]
    last_on: Mapped[date]
    figures: Mapped[list[Any]] = mapped_column(Json)
    """The figures as they were read, checked and compared."""
    reproducible: Mapped[bool]
    """Every figure that was read was the register's, and none impossible."""
    reason_zh: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
