"""Invited participants as they are answered."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.mediation.session_codes import ParticipantKind


class ParticipantConsent(TypedDict):
    party_id: UUID
    agreed: bool
    on: date


class ParticipantOut(TypedDict):
    id: UUID
    case_id: UUID
    name: str
    kind: ParticipantKind
    relation: str | None
    invited_on: date
    consents: list[ParticipantConsent]
    recorded_by: UUID | None
    recorded_at: datetime


class ParticipantList(PageOf):
    items: list[ParticipantOut]
