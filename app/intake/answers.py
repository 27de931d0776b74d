"""What intake answers. Identity numbers and phones are masked everywhere; addresses stand in the single case only."""

from datetime import date, datetime
from typing import Any, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from app.calendar.codes import DayKind, DeadlineCode
from app.core.paging import PageOf
from app.intake.codes import (
    AgentKind,
    AgentPower,
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
from app.intake.duplicate_codes import DuplicateReason
from app.intake.method_codes import FailureReason, Method
from app.intake.step_codes import Step


class ExternalIdOut(TypedDict):
    system: str
    value: str


class PartyName(TypedDict):
    id: UUID
    side: PartySide
    name: str | None


class AgentOut(TypedDict):
    kind: AgentKind
    name: str
    power: AgentPower | None
    phone: str | None
    license_no: str | None


class PartyOut(PartyName):
    kind: PartyKind
    unknown: bool
    id_kind: IdKind | None
    id_number: str | None
    phone: str | None
    sex: Sex | None
    born_on: date | None
    capacity: LegalCapacity | None
    address: str | None
    agent: AgentOut | None
    consent: Consent


class CaseFigures(TypedDict):
    """A case as the district's statistics see it: number, place, classification and dates."""

    id: UUID
    version: int
    number: str | None
    status: CaseStatus
    outcome: CaseOutcome | None
    method: Method | None
    place: str
    source: Source
    category: DisputeCategory
    occurred_on: date | None
    reported_on: date
    received_on: date | None
    closed_on: date | None


class CaseFields(CaseFigures):
    """A case's own fields."""

    merged_into: UUID | None
    inspection_id: UUID | None
    channel: Channel | None
    title: str | None
    summary: str
    location: str | None
    people_count: int | None
    amount_claimed: str | None
    difficulty: Difficulty | None
    risk_level: RiskLevel | None
    forecast: Forecast | None
    domestic_violence: bool
    special_groups: list[SpecialGroup]
    organization_id: UUID | None
    external_ids: list[ExternalIdOut]
    registered_by: UUID | None
    decline_reason: DeclineReason | None
    failure_reason: FailureReason | None
    remedy_notice_on: date | None
    archived_at: datetime | None


class CaseItem(CaseFields):
    parties: list[PartyName]


class PartnerCase(TypedDict):
    """A case as a partner body sees what was referred to it."""

    id: UUID
    version: int
    number: str | None
    status: CaseStatus
    place: str
    category: DisputeCategory
    reported_on: date
    title: str | None
    summary: str
    parties: list[PartyName]


class Deadline(TypedDict):
    """A time limit that explains itself: `due_on` is `starts_on` and all the days that follow here."""

    code: DeadlineCode
    due_on: date
    basis: str
    rule_id: UUID
    starts_on: date
    days: int
    kind: DayKind
    rolls: bool
    paused_days: int
    paused_on: date | None
    extended_days: int
    extension_reason: str | None
    calendar_published: bool
    ended_on: date | None


class DueItem(TypedDict):
    id: UUID
    case_id: UUID
    number: str | None
    place: str
    code: DeadlineCode
    starts_on: date
    due_on: date
    paused_on: date | None


class DueList(PageOf):
    items: list[DueItem]


class PossibleDuplicate(TypedDict):
    id: UUID
    number: str | None
    why: list[DuplicateReason]


class DuplicateList(PageOf):
    items: list[PossibleDuplicate]


class RelatedCase(TypedDict):
    """A committee elsewhere that handles a case with one of the own parties: ask there."""

    organization_id: UUID
    organization_name: str
    place: str
    party_ids: list[UUID]


class RelatedCases(TypedDict):
    items: list[RelatedCase]


class PartyList(PageOf):
    items: list[PartyOut]


class NoteOut(TypedDict):
    id: UUID
    seq: int
    text: str
    author_id: UUID | None
    recorded_at: datetime


class NoteList(PageOf):
    items: list[NoteOut]


class CoverageRow(TypedDict):
    place: str
    reported: bool
    patrols: int
    zero_reports: int
    findings: int
    cases: int
    prevented: int


CoverageOut = TypedDict("CoverageOut", {"place": str, "from": date, "to": date, "rows": list[CoverageRow]})


class CaseOut(CaseFields):
    refusal_note: str | None
    closure_note: str | None
    mediators: list[UUID]
    parties: list[PartyOut]
    deadlines: list[Deadline]
    attachment_count: int
    possible_duplicates: NotRequired[list[PossibleDuplicate]]


class CaseList(PageOf):
    items: list[CaseItem | PartnerCase | CaseFigures]


class Identity(TypedDict):
    id_kind: IdKind | None
    id_number: str | None
    phone: str | None


class DisclosureOut(TypedDict):
    """Who saw a party's identity, or tried to."""

    recorded_at: datetime
    case_id: UUID
    party_id: UUID
    actor_id: UUID | None
    actor_name: str | None
    role: str
    reason: str | None
    granted: bool


class DisclosureList(PageOf):
    items: list[DisclosureOut]


StepOut = TypedDict(
    "StepOut",
    {
        "seq": int,
        "step": Step,
        "from": CaseStatus | None,
        "to": CaseStatus,
        "on": date,
        "recorded_at": datetime,
        "actor_id": UUID | None,
        "role": str,
        "facts": dict[str, Any],
        "reason": str | None,
        "transferred_to": str | None,
        "document_no": str | None,
    },
)


class Timeline(PageOf):
    items: list[StepOut]
