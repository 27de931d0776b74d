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
    recorded_at: datetime


class SessionList(PageOf):
    items: list[SessionOut]
