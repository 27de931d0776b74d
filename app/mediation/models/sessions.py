"""What was said and done in a round: its sessions."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant, Json
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.core.records import Claimed
from app.mediation.codes import SessionForm


class Session(CaseBound, Claimed, Base):
    """One meeting or talk of a round, with its record: what was written stands, corrections are added."""

    __tablename__ = "sessions"
    path_key: ClassVar[str] = "session_id"
    part: ClassVar[str] = "sessions"

    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediations.id"), index=True)
    held_on: Mapped[date]
    form: Mapped[SessionForm] = mapped_column(CodeText(SessionForm))
    place_text: Mapped[str | None] = mapped_column(String(500))
    attendees: Mapped[list[str]] = mapped_column(Json)
    record: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str | None] = mapped_column(String(500))
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    is_public: Mapped[bool | None]
    recorder: Mapped[str | None] = mapped_column(String(100))
    at_risk_agreed: Mapped[bool | None]
    """Whoever is at risk of domestic violence agreed to meet the other side."""
    safety_measures: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class SessionAttendance(CaseBound, Base):
    """Who of the case was there: a party, a mediator of the round, or an invited participant."""

    __tablename__ = "session_attendances"
    part: ClassVar[str] = "attendance"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    mediator_id: Mapped[UUID | None] = mapped_column(ForeignKey("mediators.id"))
    participant_id: Mapped[UUID | None] = mapped_column(ForeignKey("participants.id"))
    position: Mapped[int]


class SessionCorrection(CaseBound, Claimed, Base):
    """A correction of a session's record, beside it and in order; neither is ever changed."""

    __tablename__ = "session_corrections"
    __table_args__ = (Index("uq_session_corrections_seq", "session_id", "seq", unique=True),)
    part: ClassVar[str] = "corrections"
    audit_name: ClassVar[str] = "session_correction"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"))
    seq: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
