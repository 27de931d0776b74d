"""Judicial confirmation, arbitration review and remedies as they are answered."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.mediation.agreement_codes import ConfirmationBar, ConfirmationDenial, RemedyRoute, ReviewStatus
from app.mediation.codes import ConfirmationStatus


class _Application(TypedDict):
    id: UUID
    applied_on: date | None
    applicants: list[UUID]
    authority: str | None
    docket_no: str | None
    decided_on: date | None
    note: str | None
    recorded_by: UUID | None
    recorded_at: datetime


class ConfirmationApplication(_Application):
    status: ConfirmationStatus
    accepted_on: date | None
    bar: ConfirmationBar | None
    denial: ConfirmationDenial | None


class ReviewApplication(_Application):
    status: ReviewStatus


class _About(TypedDict):
    case_id: UUID
    case_version: int
    agreement_id: UUID
    due_on: date | None
    basis: str


class ConfirmationOut(_About):
    """`due_on`: the last day to apply; null before the agreement takes effect. `basis`: the articles of that time."""

    status: ConfirmationStatus
    applications: list[ConfirmationApplication]


class ReviewOut(_About):
    """`status` is null while nobody has applied."""

    status: ReviewStatus | None
    applications: list[ReviewApplication]


class RemedyOut(TypedDict):
    id: UUID
    route: RemedyRoute
    basis: str
    party_id: UUID
    on: date
    authority: str | None
    docket_no: str | None
    note: str | None
    recorded_by: UUID | None
    recorded_at: datetime
