"""Return visits as they are answered."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.intake.codes import RiskLevel
from app.mediation.agreement_codes import Satisfaction, VisitForm
from app.mediation.codes import PerformanceStatus


class ReturnVisitOut(TypedDict):
    id: UUID
    case_id: UUID
    agreement_id: UUID
    visited_on: date
    form: VisitForm
    mediator_id: UUID | None
    visitor_name: str | None
    parties: list[UUID]
    findings: str
    performance: PerformanceStatus | None
    satisfaction: Satisfaction | None
    new_dispute: bool
    remaining_risk: RiskLevel | None
    measures: str | None
    sampled: bool
    recorded_by: UUID | None
    recorded_at: datetime


class ReturnVisitList(PageOf):
    items: list[ReturnVisitOut]
