"""Escalation reports and notices of rights as they are answered."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.mediation.session_codes import EscalationDanger, NoticeManner, ReportRecipient


class EscalationReportOut(TypedDict):
    id: UUID
    case_id: UUID
    to: ReportRecipient
    body_name: str | None
    reported_at: datetime
    reported_by: str
    danger: EscalationDanger
    what: str
    measure: str
    recorded_by: UUID | None
    recorded_at: datetime


class EscalationReportList(PageOf):
    items: list[EscalationReportOut]


class RightsNoticeOut(TypedDict):
    id: UUID
    case_id: UUID
    party_id: UUID
    manner: NoticeManner
    served_on: date
    acknowledged_on: date | None
    recorded_by: UUID | None
    recorded_at: datetime


class RightsNoticeList(PageOf):
    items: list[RightsNoticeOut]
