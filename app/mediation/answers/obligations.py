"""Obligations as they are answered."""

from datetime import date, datetime
from typing import NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.mediation.agreement_codes import ObligationActKind, RefusalReason, RemedyRoute
from app.mediation.codes import PerformanceStatus


class RouteOut(TypedDict):
    """A way that is open, and the article by which it is."""

    route: RemedyRoute
    basis: str


class InstalmentOut(TypedDict):
    no: int
    due_on: date
    amount: str
    performed_amount: str


class OldTerms(TypedDict):
    what: str
    due_on: date | None
    amount: str | None
    instalments: list[InstalmentOut]


class ObligationActOut(TypedDict):
    id: UUID
    kind: ObligationActKind
    on: date
    amount: str | None
    instalment: int | None
    reason: RefusalReason | None
    note: str | None
    consents: list[UUID] | None
    old_terms: OldTerms | None
    recorded_by: UUID | None
    recorded_at: datetime


class ObligationOut(TypedDict):
    id: UUID
    party_id: UUID
    what: str
    due_on: date | None
    amount: str | None
    status: PerformanceStatus
    performed_amount: str
    next_due_on: date | None
    instalments: list[InstalmentOut]
    acts: list[ObligationActOut]


class ObligationAfter(ObligationOut):
    """An obligation after a step. `remedies`: after a refusal, where the other party may turn."""

    case_id: UUID
    case_version: int
    remedies: NotRequired[list[RouteOut]]


class ObligationItem(TypedDict):
    id: UUID
    case_id: UUID
    number: str | None
    place: str
    party_id: UUID
    what: str
    due_on: date | None
    amount: str | None
    status: PerformanceStatus
    performed_amount: str
    next_due_on: date | None


class ObligationList(PageOf):
    items: list[ObligationItem]
