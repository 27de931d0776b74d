"""What was said and done in a round: its sessions."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant, Json
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.core.records import Claimed
from app.mediation.codes import SessionForm


class Session(CaseBound, Claimed, Base):
    """One meeting or talk of a round, with its record."""

    __tablename__ = "sessions"
    part: ClassVar[str] = "sessions"

    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediations.id"), index=True)
    held_on: Mapped[date]
    form: Mapped[SessionForm] = mapped_column(CodeText(SessionForm))
    place_text: Mapped[str | None] = mapped_column(String(500))
    attendees: Mapped[list[str]] = mapped_column(Json)
    record: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str | None] = mapped_column(String(500))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
