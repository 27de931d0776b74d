"""What records have in common that are read by ETag and made once by a client's id."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant


class Claimed:
    """A record whose id its client may make: `content_hash` recognises the same creation sent again, for ever."""

    content_hash: Mapped[str] = mapped_column(String(64))


class Versioned:
    """A record that changes under If-Match. Every change of it or its embedded parts raises `version`."""

    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


def change(row: Any, values: Mapping[str, Any], at: datetime) -> bool:
    """Sets what differs and raises the version; false, and nothing done, where all is as it stood."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    if different:
        row.version += 1
        if isinstance(row, Versioned):
            row.changed_at = at
    return bool(different)
