"""Records of prevented harm as they are answered."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.mediation.harm_codes import HarmKind, HarmState


class PreventedHarmOut(TypedDict):
    id: UUID
    case_id: UUID
    kind: HarmKind
    people_count: int
    basis: str
    mediator_id: UUID | None
    judged_on: date
    state: HarmState
    recorded_by: UUID | None
    recorded_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    declined_because: str | None
    withdrawn_by: UUID | None
    withdrawn_at: datetime | None
    withdrawn_because: str | None


class PreventedHarmList(PageOf):
    items: list[PreventedHarmOut]
