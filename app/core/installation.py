"""The facts of this database that the service must know before it starts: which field key it was made with, and
whether it is a demo."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant
from app.core.crypto import FieldKey
from app.core.db import Base

_CHECK = "key check"


class Installation(Base):
    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_check: Mapped[str] = mapped_column(String(64))
    is_demo: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(Instant)
    rotation_began_at: Mapped[datetime | None] = mapped_column(Instant)
    """Set while values of older keys may still be there."""


def key_check(key: FieldKey) -> str:
    """Of the current key."""
    return key.hash("installation", _CHECK)


def made_with(installation: Any, key: FieldKey) -> bool:
    """With the file's current key, or with an older one whose rotation has not begun."""
    return key.matches(installation.key_check, "installation", _CHECK)
