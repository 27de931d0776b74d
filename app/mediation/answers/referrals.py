"""The hand-off as it is answered."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.intake.codes import CaseStatus
from app.intake.method_codes import Method, ReferralDirection
from app.mediation.arbitration_codes import ArbitrationKind
from app.mediation.codes import (
    AnswerWay,
    CourtStage,
    LetterKind,
    MediationOutcome,
    ReferralOutcome,
    ReferralSide,
    ReferralState,
)


class ReferralAnswerOut(TypedDict):
    """A step of the hand-off: the state it led to, by which side, and how it came to us."""

    state: ReferralState
    on: date
    side: ReferralSide
    way: AnswerWay
    letter_no: str | None
    officer_name: str | None
    reason: str | None
    outcome: ReferralOutcome | None
    text: str | None
    performance_proof: str | None
    joint_application_on: date | None
    recorded_at: datetime
    recorded_by: UUID | None


class ReferralOut(TypedDict):
    direction: ReferralDirection
    state: ReferralState
    letter_kind: LetterKind | None
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
    petition_no: str | None
    procuratorate_case_no: str | None
    department: str | None
    work_order_no: str | None
    answers: list[ReferralAnswerOut]


class PartnerReferralItem(TypedDict):
    """A hand-off in the list, as the partner sees it; `receipt_due_on` and `feedback_due_on` while they are awaited."""

    mediation_id: UUID
    case_id: UUID
    method: Method
    direction: ReferralDirection
    state: ReferralState
    letter_kind: LetterKind | None
    letter_no: str | None
    sent_on: date | None
    partner_id: UUID | None
    due_on: date | None
    receipt_due_on: date | None
    feedback_due_on: date | None
    started_on: date
    outcome: MediationOutcome | None
    concluded_on: date | None


class ReferralItem(PartnerReferralItem):
    number: str | None
    place: str
    case_status: CaseStatus
    organization_id: UUID | None


class ReferralList(PageOf):
    items: list[ReferralItem | PartnerReferralItem]
