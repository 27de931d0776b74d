"""A dispute as it is registered and moved: the case, its parties, its mediators, and every step ever taken."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeSet, CodeText, Instant, Json, Sealed
from app.core.db import Base
from app.core.jurisdiction import CaseBound, Located
from app.core.problems import Problem
from app.core.records import Claimed, Versioned
from app.intake.codes import (
    CaseOutcome,
    CaseStatus,
    Channel,
    Consent,
    DeclineReason,
    Difficulty,
    DisputeCategory,
    Forecast,
    IdKind,
    PartyKind,
    PartySide,
    RiskLevel,
    Sex,
    Source,
    SpecialGroup,
)
from app.intake.method_codes import AgreementForm, FailureReason, Method
from app.intake.problems import CaseLocked, StepNotAllowed
from app.intake.step_codes import LOCKED, Step


class Case(Located, Claimed, Versioned, Base):
    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_district", "district", "reported_on", "id"),
        Index("ix_cases_township", "district", "township", "reported_on", "id"),
        Index("ix_cases_place", "district", "place", "reported_on", "id"),
        Index("ix_cases_accepted", "district", "township", "place", "accepted_on"),
        Index("ix_cases_closed", "district", "township", "place", "closed_on"),
        Index("uq_cases_number", "district", "number", unique=True),
    )
    path_key: ClassVar[str] = "case_id"
    audit_name: ClassVar[str] = "case"

    number: Mapped[str | None] = mapped_column(String(60))
    status: Mapped[CaseStatus] = mapped_column(CodeText(CaseStatus))
    outcome: Mapped[CaseOutcome | None] = mapped_column(CodeText(CaseOutcome))
    method: Mapped[Method | None] = mapped_column(CodeText(Method))
    """Of the round that concluded it, else of the latest round."""
    source: Mapped[Source] = mapped_column(CodeText(Source))
    channel: Mapped[Channel | None] = mapped_column(CodeText(Channel))
    category: Mapped[DisputeCategory] = mapped_column(CodeText(DisputeCategory))
    title: Mapped[str | None] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    location: Mapped[str | None] = mapped_column(String(500))
    occurred_on: Mapped[date | None]
    reported_on: Mapped[date]
    accepted_on: Mapped[date | None]
    mediated_on: Mapped[date | None]
    """Start of the first round."""
    closed_on: Mapped[date | None]
    people_count: Mapped[int | None]
    amount_claimed: Mapped[Decimal | None]
    difficulty: Mapped[Difficulty | None] = mapped_column(CodeText(Difficulty))
    risk_level: Mapped[RiskLevel | None] = mapped_column(CodeText(RiskLevel))
    forecast: Mapped[Forecast | None] = mapped_column(CodeText(Forecast))
    special_groups: Mapped[list[SpecialGroup]] = mapped_column(CodeSet(SpecialGroup))
    external_ids: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    registered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decline_reason: Mapped[DeclineReason | None] = mapped_column(CodeText(DeclineReason))
    refusal_note: Mapped[str | None] = mapped_column(Text)
    failure_reason: Mapped[FailureReason | None] = mapped_column(CodeText(FailureReason))
    remedy_notice_on: Mapped[date | None]
    closure_note: Mapped[str | None] = mapped_column(Text)
    agreement_form: Mapped[AgreementForm | None] = mapped_column(CodeText(AgreementForm))
    """Form of the agreement that was reached, if one was."""
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    archived_at: Mapped[datetime | None] = mapped_column(Instant)

    def why_not(self, step: Step) -> Problem | None:
        """What in the case's status forbids a step; None where nothing does."""
        if self.status in step.allowed_from and self.archived_at is None:
            return None
        return StepNotAllowed(case_status=str(self.status), status_name=(self.status.zh, self.status.en.lower()))

    def require_changeable(self) -> None:
        if self.status in LOCKED or self.archived_at is not None:
            raise CaseLocked

    def accept(self, on: date, number: str, organization_id: UUID) -> None:
        self.status, self.accepted_on = CaseStatus.ACCEPTED, on
        self.number, self.organization_id = number, organization_id

    def refuse(self, reason: DeclineReason, note: str | None) -> None:
        """不予受理: such a case was never received."""
        self.status, self.decline_reason, self.refusal_note = CaseStatus.DECLINED, reason, note

    def begin_round(self, method: Method, on: date) -> None:
        self.status, self.method = CaseStatus.MEDIATING, method
        self.mediated_on = self.mediated_on or on

    def close(self, outcome: CaseOutcome, on: date) -> None:
        self.status, self.outcome, self.closed_on = _CLOSED_AS[outcome], outcome, on


_CLOSED_AS = {
    CaseOutcome.SUCCESS: CaseStatus.CLOSED_SUCCESS,
    CaseOutcome.FAILED: CaseStatus.CLOSED_FAILED,
    CaseOutcome.WITHDRAWN: CaseStatus.WITHDRAWN,
    CaseOutcome.TRANSFERRED: CaseStatus.TRANSFERRED,
}


class Party(CaseBound, Base):
    __tablename__ = "parties"
    __table_args__ = (
        Index("ix_parties_id_number_hash", "district", "id_number_hash"),
        Index("ix_parties_phone_hash", "district", "phone_hash"),
        Index("ix_parties_name", "district", "place", "name"),
    )
    path_key: ClassVar[str] = "party_id"
    part: ClassVar[str] = "parties"

    position: Mapped[int]
    side: Mapped[PartySide] = mapped_column(CodeText(PartySide))
    kind: Mapped[PartyKind] = mapped_column(CodeText(PartyKind))
    name: Mapped[str | None] = mapped_column(String(100))
    unknown: Mapped[bool]
    id_kind: Mapped[IdKind | None] = mapped_column(CodeText(IdKind))
    id_number: Mapped[bytes | None] = mapped_column(Sealed)
    id_number_hash: Mapped[str | None] = mapped_column(String(64))
    phone: Mapped[bytes | None] = mapped_column(Sealed)
    phone_hash: Mapped[str | None] = mapped_column(String(64))
    sex: Mapped[Sex | None] = mapped_column(CodeText(Sex))
    born_on: Mapped[date | None]
    address: Mapped[str | None] = mapped_column(String(500))
    agent: Mapped[bytes | None] = mapped_column(Sealed)
    """The agent or guardian, as JSON: somebody else's name, phone and power of attorney."""
    consent: Mapped[Consent] = mapped_column(CodeText(Consent))


class CaseMediator(CaseBound, Base):
    """A mediator of a case as it stands; the first leads."""

    __tablename__ = "case_mediators"
    __table_args__ = (
        Index("uq_case_mediators_mediator", "case_id", "mediator_id", unique=True),
        Index("ix_case_mediators_mediator", "district", "mediator_id"),
    )
    part: ClassVar[str] = "mediators"

    mediator_id: Mapped[UUID] = mapped_column(ForeignKey("mediators.id"))
    position: Mapped[int]


class CaseStep(CaseBound, Base):
    """One step of the procedure. Appended, never changed: the history of a case is its steps."""

    __tablename__ = "case_steps"
    __table_args__ = (Index("ix_case_steps_order", "case_id", "seq"),)
    part: ClassVar[str] = "steps"

    seq: Mapped[int]
    """Order within the case: the version of the case that the step made."""
    step: Mapped[Step] = mapped_column(CodeText(Step))
    from_status: Mapped[CaseStatus | None] = mapped_column(CodeText(CaseStatus))
    to_status: Mapped[CaseStatus] = mapped_column(CodeText(CaseStatus))
    on: Mapped[date] = mapped_column("on_date")
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[UUID | None]
    role: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    """Ids and codes that belong to the step: the round, the mediators, a reason."""
