"""A session as it is answered."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.mediation.codes import (
    JointKind,
    SessionForm,
)
from app.people.codes import OrganizationKind


class SessionBodyOut(TypedDict):
    organization_id: UUID
    kind: OrganizationKind
    spoken_by: str


class CorrectionText(TypedDict):
    id: UUID
    seq: int
    text: str


class CorrectionOut(CorrectionText):
    session_id: UUID
    recorded_by: UUID | None
    recorded_at: datetime


class SessionOut(TypedDict):
    id: UUID
    mediation_id: UUID
    held_on: date
    form: SessionForm
    place_text: str | None
    attendees: list[str]
    joint: JointKind | None
    bodies: list[SessionBodyOut]
    record: str
    next_step: str | None
    started_at: datetime | None
    ended_at: datetime | None
    is_public: bool | None
    recorder: str | None
    at_risk_agreed: bool | None
    safety_measures: str | None
    recorded_at: datetime
    parties: list[UUID]
    mediators: list[UUID]
    participants: list[UUID]
    corrections: list[CorrectionText]


class SessionList(PageOf):
    items: list[SessionOut]
