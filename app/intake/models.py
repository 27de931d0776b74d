"""A dispute as it is registered and moved: the case, its parties, its mediators, and every step ever taken."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from app.calendar.codes import DayKind, DeadlineCode
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
    LegalCapacity,
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
    domestic_violence: Mapped[bool] = mapped_column(default=False)
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
    inspection_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspections.id"), index=True)
    """The patrol that found the dispute."""
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    archived_at: Mapped[datetime | None] = mapped_column(Instant)

    def why_not(self, step: Step) -> Problem | None:
        """What in the case's status forbids a step; None where nothing does."""
        return self.why_not_from(step.allowed_from, step)

    def why_not_from(self, statuses: frozenset[CaseStatus], step: Step) -> Problem | None:
        if self.archived_at is not None:
            return CaseLocked()
        if self.status in statuses:
            return None
        allowed = [status for status in CaseStatus if status in statuses]
        return StepNotAllowed(
            case_status=str(self.status),
            status_name=(self.status.zh, self.status.en.lower()),
            step_name=(step.zh, step.en.lower()),
            allowed=("、".join(s.zh for s in allowed), " or ".join(s.en.lower() for s in allowed)),
        )

    def why_locked(self) -> Problem | None:
        return CaseLocked() if self.status in LOCKED or self.archived_at is not None else None

    def require_changeable(self) -> None:
        if problem := self.why_locked():
            raise problem

    def accept(self, on: date, number: str, organization_id: UUID) -> None:
        self.status, self.accepted_on = CaseStatus.ACCEPTED, on
        self.number, self.organization_id = number, organization_id

    def refuse(self, reason: DeclineReason, note: str | None) -> None:
        """不予受理: such a case was never received."""
        self.status, self.decline_reason, self.refusal_note = CaseStatus.DECLINED, reason, note

    def begin_round(self, method: Method, on: date) -> None:
        self.status, self.method = CaseStatus.MEDIATING, method
        self.mediated_on = self.mediated_on or on

    def suspend(self) -> None:
        self.status = CaseStatus.SUSPENDED

    def resume(self) -> None:
        self.status = CaseStatus.MEDIATING

    def close(self, outcome: CaseOutcome, on: date) -> None:
        self.status, self.outcome, self.closed_on = _CLOSED_AS[outcome], outcome, on

    def merge_into(self, survivor: "Case") -> None:
        """The day of closure stays, for an undoing; the case counts nowhere meanwhile."""
        self.status, self.outcome, self.merged_into = CaseStatus.MERGED, None, survivor.id

    def separate(self, before: CaseStatus) -> None:
        """As it stood before the merge."""
        self.status, self.outcome, self.merged_into = before, _OUTCOME_OF.get(before), None

    def void(self) -> None:
        """作废: the number stays taken."""
        self.status, self.outcome = CaseStatus.VOIDED, None

    def reopen(self) -> None:
        """Back to where it stood before it ended; what was said of the ending is in its steps."""
        self.status = CaseStatus.MEDIATING if self.mediated_on else CaseStatus.ACCEPTED
        self.outcome = self.closed_on = None
        self.failure_reason = self.remedy_notice_on = self.closure_note = None


_CLOSED_AS = {
    CaseOutcome.SUCCESS: CaseStatus.CLOSED_SUCCESS,
    CaseOutcome.FAILED: CaseStatus.CLOSED_FAILED,
    CaseOutcome.WITHDRAWN: CaseStatus.WITHDRAWN,
    CaseOutcome.TRANSFERRED: CaseStatus.TRANSFERRED,
}
_OUTCOME_OF = {status: outcome for outcome, status in _CLOSED_AS.items()}


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
    capacity: Mapped[LegalCapacity | None] = mapped_column(CodeText(LegalCapacity))
    address: Mapped[str | None] = mapped_column(String(500))
    agent: Mapped[bytes | None] = mapped_column(Sealed)
    """The agent or guardian, as JSON: somebody else's name, phone and power of attorney."""
    consent: Mapped[Consent] = mapped_column(CodeText(Consent))
    content_hash: Mapped[str | None] = mapped_column(String(64))
    """Recognises the same creation sent again; null where the party was named with its case."""


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


class CaseExternalId(CaseBound, Base):
    """The case's number in another system, once more, so that the case is found by it. It need not be unique."""

    __tablename__ = "case_external_ids"
    __table_args__ = (Index("ix_case_external_ids_value", "district", "system", "value"),)

    system: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(String(64))


class CaseNote(CaseBound, Claimed, Base):
    """What those who handle the case tell each other. Appended, never changed; no partner and no event carries it."""

    __tablename__ = "case_notes"
    __table_args__ = (Index("uq_case_notes_seq", "case_id", "seq", unique=True),)
    part: ClassVar[str] = "notes"

    seq: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class CaseDeadline(CaseBound, Base):
    """A time limit of the case, with all it takes to explain its last day; it runs until `ended_on` is set."""

    __tablename__ = "case_deadlines"
    __table_args__ = (
        Index(
            "ix_case_deadlines_running",
            *("district", "due_on", "id", "township", "place"),
            postgresql_where=text("ended_on IS NULL"),
            sqlite_where=text("ended_on IS NULL"),
        ),
    )
    part: ClassVar[str] = "deadlines"

    code: Mapped[DeadlineCode] = mapped_column(CodeText(DeadlineCode))
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("deadline_rules.id"))
    starts_on: Mapped[date]
    days: Mapped[int]
    kind: Mapped[DayKind] = mapped_column(CodeText(DayKind))
    rolls: Mapped[bool]
    paused_days: Mapped[int] = mapped_column(default=0)
    paused_on: Mapped[date | None]
    """Since when the clock stands still."""
    extended_days: Mapped[int] = mapped_column(default=0)
    extension_count: Mapped[int] = mapped_column(default=0)
    extension_reason: Mapped[str | None] = mapped_column(String(500))
    due_on: Mapped[date]
    calendar_published: Mapped[bool]
    """Whether the notice of days off was known for every year it was counted over; else only weekends were."""
    ended_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(200))

    @classmethod
    def is_overdue(cls, today: date) -> ColumnElement[bool]:
        """It runs, its last day has passed while the clock did not stand still, and it is no right that lapses."""
        lapsing = [code for code in DeadlineCode if code.lapses]
        passed = (cls.due_on < today) & or_(cls.paused_on.is_(None), cls.due_on < cls.paused_on)
        return passed & cls.ended_on.is_(None) & cls.code.not_in(lapsing)


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
    reason: Mapped[str | None] = mapped_column(String(500))
    """In words, where no code table has it."""
    transferred_to: Mapped[str | None] = mapped_column(String(200))
    """The body outside the district that took the case, and the document by which it did."""
    document_no: Mapped[str | None] = mapped_column(String(64))
