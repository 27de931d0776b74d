"""The agreement as it is answered."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.intake.method_codes import AgreementForm
from app.mediation.agreement_codes import ReviewStatus, SignatureManner
from app.mediation.answers.applications import RemedyOut
from app.mediation.answers.obligations import ObligationOut, RouteOut
from app.mediation.codes import ConfirmationStatus, PerformanceStatus


class SignatureOut(TypedDict):
    id: UUID
    party_id: UUID | None
    mediator_id: UUID | None
    seal: bool
    on: date
    manner: SignatureManner | None
    authority: str | None
    device: str | None
    recorded_by: UUID | None
    recorded_at: datetime


class AgreementOut(TypedDict):
    """`open_remedies`: where a party may turn if it is not performed; `remedies`: what was taken."""

    id: UUID
    case_id: UUID
    case_version: int
    mediation_id: UUID
    form: AgreementForm
    agreed_on: date
    effective_on: date | None
    content: str
    amount: str | None
    performance_status: PerformanceStatus
    confirmation_status: ConfirmationStatus
    arbitration_review_status: ReviewStatus | None
    obligations: list[ObligationOut]
    signatures: list[SignatureOut]
    open_remedies: list[RouteOut]
    remedies: list[RemedyOut]
