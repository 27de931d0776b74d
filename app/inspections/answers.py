"""What is answered about patrols."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.inspections.codes import FindingState, InspectionKind
from app.inspections.dispute_codes import DisputeCategory, RiskLevel


class FindingOut(TypedDict):
    id: UUID
    summary: str
    category: DisputeCategory | None
    location: str | None
    people_count: int | None
    risk_level: RiskLevel | None
    state: FindingState
    lead_on: date | None
    lead_note: str | None
    settled_on: date | None
    settled_at: datetime | None
    prevention_note: str | None
    case_id: UUID | None


class InspectionFields(TypedDict):
    id: UUID
    version: int
    place: str
    inspected_on: date
    kind: InspectionKind
    people: list[str]
    nothing_found: bool
    recorded_by: UUID | None
    recorded_at: datetime


class InspectionItem(InspectionFields):
    finding_count: int


class InspectionOut(InspectionFields):
    findings: list[FindingOut]


class InspectionList(PageOf):
    items: list[InspectionItem]
