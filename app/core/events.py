"""What happened, for other systems: written in the unit of work itself, numbered in commit order, read afterwards.

Ids and codes only.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, Json
from app.core.db import Base
from app.core.jurisdiction import Located


class Event(Located, Base):
    __tablename__ = "events"
    __table_args__ = (Index("uq_events_seq", "district", "seq", unique=True),)
    of_kernel: ClassVar[bool] = True

    seq: Mapped[int]
    type: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
