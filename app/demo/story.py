"""What is told of a generated case: who quarrelled about what, and every step that was taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from app.demo.disputes import Topic
from app.demo.sample_district import Committee, Village
from app.intake.codes import CaseOutcome, CaseStatus, Channel, Consent, DeclineReason, Source
from app.intake.method_codes import AgreementForm, FailureReason, Method
from app.intake.step_codes import Step
from app.mediation.codes import MediationOutcome

Row = dict[str, Any]


@dataclass(slots=True)
class Taken:
    """A step as it was taken."""

    seq: int
    step: Step
    before: CaseStatus | None
    after: CaseStatus
    on: date
    at: datetime
    facts: Row
    audited: list[tuple[str, UUID, int | None, list[str]]]
    """Per record the step was about: kind, id, its version after it, the fields it changed."""
    reason: str | None = None
    """In words, where no code says it."""


@dataclass(slots=True)
class Round:
    id: UUID
    no: int
    method: Method
    started_on: date
    started_at: datetime
    changed_at: datetime
    version: int = 1
    outcome: MediationOutcome | None = None
    concluded_on: date | None = None
    failure_reason: FailureReason | None = None
    transferred_to: str | None = None
    sessions: list[tuple[UUID, date, datetime]] = field(default_factory=list)


@dataclass(slots=True)
class Bargain:
    """An agreement: its signatures are (party, mediator, day), neither id for the seal."""

    id: UUID
    round: Round
    form: AgreementForm
    agreed_on: date
    at: datetime
    effective_on: date | None = None
    signatures: list[tuple[UUID | None, UUID | None, date, datetime]] = field(default_factory=list)


@dataclass(slots=True)
class PartyFacts:
    id: UUID
    name: str
    phone: str | None
    consent: Consent = Consent.PENDING


@dataclass(slots=True)
class Story:
    id: UUID
    village: Village
    committee: Committee
    """The one that handles the case: the village's, or the township's."""
    topic: Topic
    words: int
    """Which of the topic's texts."""
    parties: Sequence[PartyFacts]
    mediators: Sequence[UUID]
    method: Method
    source: Source
    channel: Channel | None
    yuan: int | None
    occurred_on: date
    reported_on: date
    time: time
    """Of the day, in UTC, at which everything in the case is written down."""
    is_too_good: bool
    status: CaseStatus = CaseStatus.REGISTERED
    outcome: CaseOutcome | None = None
    number: str | None = None
    accepted_on: date | None = None
    closed_on: date | None = None
    failure_reason: FailureReason | None = None
    remedy_notice_on: date | None = None
    decline_reason: DeclineReason | None = None
    merged_into: UUID | None = None
    steps: list[Taken] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    agreement: Bargain | None = None

    @property
    def version(self) -> int:
        return len(self.steps)

    def instant(self, on: date) -> datetime:
        return datetime.combine(on, self.time, UTC)

    @property
    def summary(self) -> str:
        summaries = self.topic.summaries
        return summaries[self.words % len(summaries)].format(a=self.parties[0].name, b=self.parties[1].name)
