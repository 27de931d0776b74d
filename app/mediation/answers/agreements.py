"""The agreement as it is answered."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.intake.method_codes import AgreementForm


class SignatureOut(TypedDict):
    id: UUID
    party_id: UUID | None
    mediator_id: UUID | None
    seal: bool
    on: date
    recorded_at: datetime


class ObligationOut(TypedDict):
    id: UUID
    party_id: UUID
    what: str
    due_on: date | None
    amount: str | None


class AgreementOut(TypedDict):
    id: UUID
    case_id: UUID
    mediation_id: UUID
    form: AgreementForm
    agreed_on: date
    effective_on: date | None
    content: str
    amount: str | None
    obligations: list[ObligationOut]
    signatures: list[SignatureOut]
