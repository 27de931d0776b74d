"""What mediation answers: rounds with their referral, sessions, the agreement, the actions that are open."""

from datetime import date, datetime
from typing import NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.intake.codes import CaseStatus
from app.intake.method_codes import AgreementForm, FailureReason, Method, ReferralDirection
from app.intake.step_codes import Step
from app.mediation.codes import (
    ArbitrationKind,
    ConflictRelation,
    CourtStage,
    MediationOutcome,
    ReferralState,
    SessionForm,
)


class ReferralOut(TypedDict):
    direction: ReferralDirection
    state: ReferralState
    letter_no: str | None
    sent_on: date | None
    partner_id: UUID | None
    due_on: date | None
    court_stage: CourtStage | None
    incident_no: str | None
    officer_name: str | None
    officer_badge_no: str | None
    public_security_case: bool | None
    arbitration_kind: ArbitrationKind | None
    docket_no: str | None
    limitation_ends_on: date | None
    lawyer_name: str | None
    lawyer_license_no: str | None
    law_firm_id: UUID | None
    conflict_declared: bool | None
    legal_aid_no: str | None


class PartnerRound(TypedDict):
    """A round as the partner sees it that it was referred to."""

    id: UUID
    version: int
    case_id: UUID
    method: Method
    started_on: date
    outcome: MediationOutcome | None
    concluded_on: date | None
    referral: ReferralOut | None


class RoundOut(PartnerRound):
    case_status: CaseStatus
    case_version: int
    round_no: int
    organization_id: UUID | None
    mediators: list[UUID]
    fee: str | None
    failure_reason: FailureReason | None
    remedy_notice_on: date | None
    transferred_to: str | None


class RoundList(PageOf):
    items: list[RoundOut]


class SessionOut(TypedDict):
    id: UUID
    mediation_id: UUID
    held_on: date
    form: SessionForm
    place_text: str | None
    attendees: list[str]
    record: str
    next_step: str | None
    recorded_at: datetime


class SessionList(PageOf):
    items: list[SessionOut]


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


class ActionOut(TypedDict):
    step: Step
    allowed: bool
    reason: NotRequired[str]
    pointer: NotRequired[str]


class ActionList(TypedDict):
    items: list[ActionOut]


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
