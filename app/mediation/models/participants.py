"""Whom the parties let take part in the mediation of their dispute (art. 20)."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant, Json
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.core.records import Claimed
from app.mediation.session_codes import ParticipantKind


class Participant(CaseBound, Claimed, Base):
    __tablename__ = "participants"
    path_key: ClassVar[str] = "participant_id"
    part: ClassVar[str] = "participants"

    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[ParticipantKind] = mapped_column(CodeText(ParticipantKind))
    relation: Mapped[str | None] = mapped_column(String(500))
    invited_on: Mapped[date]
    consents: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """What each party said and when, in the order in which it was recorded: the last word of each counts."""
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
