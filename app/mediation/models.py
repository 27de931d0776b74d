"""A round of mediation under one method: its hand-off, sessions, conclusion, and the agreement with its signatures."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant, Json
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.core.records import Claimed, Versioned
from app.intake.method_codes import AgreementForm, FailureReason, Method, ReferralDirection
from app.mediation.codes import ArbitrationKind, CourtStage, MediationOutcome, ReferralState, SessionForm


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


class RoundMediator(CaseBound, Base):
    __tablename__ = "round_mediators"
    __table_args__ = (Index("uq_round_mediators_mediator", "mediation_id", "mediator_id", unique=True),)
    part: ClassVar[str] = "mediators"

    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediations.id"))
    mediator_id: Mapped[UUID] = mapped_column(ForeignKey("mediators.id"))
    position: Mapped[int]


class Referral(CaseBound, Base):
    """The hand-off between the committee and a partner body that goes with a round."""

    __tablename__ = "referrals"
    part: ClassVar[str] = "referral"

    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediations.id"), unique=True)
    direction: Mapped[ReferralDirection] = mapped_column(CodeText(ReferralDirection))
    state: Mapped[ReferralState] = mapped_column(CodeText(ReferralState))
    letter_no: Mapped[str | None] = mapped_column(String(64))
    sent_on: Mapped[date | None]
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    due_on: Mapped[date | None]
    court_stage: Mapped[CourtStage | None] = mapped_column(CodeText(CourtStage))
    incident_no: Mapped[str | None] = mapped_column(String(64))
    officer_name: Mapped[str | None] = mapped_column(String(100))
    officer_badge_no: Mapped[str | None] = mapped_column(String(64))
    public_security_case: Mapped[bool | None]
    arbitration_kind: Mapped[ArbitrationKind | None] = mapped_column(CodeText(ArbitrationKind))
    docket_no: Mapped[str | None] = mapped_column(String(64))
    limitation_ends_on: Mapped[date | None]
    lawyer_name: Mapped[str | None] = mapped_column(String(100))
    lawyer_license_no: Mapped[str | None] = mapped_column(String(64))
    law_firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    conflict_declared: Mapped[bool | None]
    legal_aid_no: Mapped[str | None] = mapped_column(String(64))


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


class Agreement(CaseBound, Base):
    __tablename__ = "agreements"
    part: ClassVar[str] = "agreement"

    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediations.id"), unique=True)
    form: Mapped[AgreementForm] = mapped_column(CodeText(AgreementForm))
    agreed_on: Mapped[date]
    content: Mapped[str] = mapped_column(Text)
    amount: Mapped[Decimal | None]
    effective_on: Mapped[date | None]
    """Written: the latest of all signatures and the seal (art. 29); else `agreed_on` (art. 30)."""
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Obligation(CaseBound, Base):
    """What a party is to do under the agreement, and by when."""

    __tablename__ = "obligations"
    part: ClassVar[str] = "obligations"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.id"), index=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    what: Mapped[str] = mapped_column(String(500))
    due_on: Mapped[date | None]
    amount: Mapped[Decimal | None]
    position: Mapped[int]


class Signature(CaseBound, Base):
    """A party's or mediator's signature, or the committee's seal (neither id)."""

    __tablename__ = "signatures"
    __table_args__ = (
        Index("uq_signatures_party", "agreement_id", "party_id", unique=True),
        Index("uq_signatures_mediator", "agreement_id", "mediator_id", unique=True),
    )
    part: ClassVar[str] = "signatures"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.id"), index=True)
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    mediator_id: Mapped[UUID | None] = mapped_column(ForeignKey("mediators.id"))
    seal: Mapped[bool]
    on: Mapped[date] = mapped_column("on_date")
    recorded_at: Mapped[datetime] = mapped_column(Instant)
