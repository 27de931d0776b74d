"""The facts of this database that the service must know before it starts: which field key it was made with, and
whether it is a demo."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant
from app.core.crypto import FieldKey
from app.core.db import Base


class Installation(Base):
    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_check: Mapped[str] = mapped_column(String(64))
    is_demo: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(Instant)


def key_check(key: FieldKey) -> str:
    return key.hash("installation", "key check")


def made_with(installation: Any, key: FieldKey) -> bool:
    return bool(installation.key_check == key_check(key))
