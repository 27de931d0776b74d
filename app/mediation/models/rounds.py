"""A round of mediation under one method, with its mediators."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Json
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.core.records import Claimed, Versioned
from app.intake.method_codes import FailureReason, Method
from app.mediation.codes import MediationOutcome
from app.mediation.session_codes import LeavingReason, SelectedBy


class Mediation(CaseBound, Claimed, Versioned, Base):
    """A round. One is open at a time; a case may have several, under different methods."""

    __tablename__ = "mediations"
    __table_args__ = (Index("uq_mediations_round", "case_id", "round_no", unique=True),)
    path_key: ClassVar[str] = "mediation_id"
    audit_name: ClassVar[str] = "mediation"
    part: ClassVar[str] = "mediations"

    round_no: Mapped[int]
    method: Mapped[Method] = mapped_column(CodeText(Method))
    started_on: Mapped[date]
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    fee: Mapped[Decimal | None]
    outcome: Mapped[MediationOutcome | None] = mapped_column(CodeText(MediationOutcome))
    concluded_on: Mapped[date | None]
    failure_reason: Mapped[FailureReason | None] = mapped_column(CodeText(FailureReason))
    remedy_notice_on: Mapped[date | None]
    transferred_to: Mapped[str | None] = mapped_column(String(200))
    undisputed_facts: Mapped[str | None] = mapped_column(Text)
    facts_confirmed_by: Mapped[list[str] | None] = mapped_column(Json)
    """Ids of the parties who signed for the undisputed facts."""


_PRESENT: Any = {f"{engine}_where": text("until_on IS NULL") for engine in ("sqlite", "postgresql")}


class RoundMediator(CaseBound, Base):
    """A mediator of a round, from one day until another; whoever left stays here as history."""

    __tablename__ = "round_mediators"
    __table_args__ = (
        Index("uq_round_mediators_present", "mediation_id", "mediator_id", unique=True, **_PRESENT),
        Index("ix_round_mediators_mediation", "mediation_id"),
    )
    part: ClassVar[str] = "mediators"

    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediations.id"))
    mediator_id: Mapped[UUID] = mapped_column(ForeignKey("mediators.id"))
    position: Mapped[int]
    selected_by: Mapped[SelectedBy] = mapped_column(CodeText(SelectedBy), default=SelectedBy.COMMITTEE)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    leaving_reason: Mapped[LeavingReason | None] = mapped_column(CodeText(LeavingReason))
    leaving_note: Mapped[str | None] = mapped_column(String(500))
