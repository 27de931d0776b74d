"""Investigations and items of evidence as they are answered."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf


class InvestigationOut(TypedDict):
    id: UUID
    case_id: UUID
    investigated_on: date
    started_at: datetime | None
    ended_at: datetime | None
    place_text: str
    asked: list[str]
    present: list[str]
    asked_by: str
    recorder: str | None
    record: str
    signed_by: list[str]
    recorded_by: UUID | None
    recorded_at: datetime


class InvestigationList(PageOf):
    items: list[InvestigationOut]


class EvidenceOut(TypedDict):
    id: UUID
    case_id: UUID
    seq: int
    name: str
    source: str
    submitted_by: UUID | None
    pages: int | None
    received_on: date
    note: str | None
    withdrawn_on: date | None
    withdrawal_reason: str | None
    recorded_by: UUID | None
    recorded_at: datetime


class EvidenceList(PageOf):
    items: list[EvidenceOut]
