"""Conflicts of interest as they are answered."""

from datetime import datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.mediation.codes import (
    ConflictRelation,
)


class ConflictOut(TypedDict):
    id: UUID
    case_id: UUID
    mediator_id: UUID
    party_id: UUID | None
    relation: ConflictRelation
    note: str | None
    declared_at: datetime
    declared_by: UUID | None
    ended_at: datetime | None
    ended_by: UUID | None
    ended_because: str | None


class ConflictList(PageOf):
    items: list[ConflictOut]
