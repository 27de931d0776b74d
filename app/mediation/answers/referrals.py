"""The hand-off as it is answered."""

from datetime import date
from uuid import UUID

from typing_extensions import TypedDict

from app.intake.method_codes import ReferralDirection
from app.mediation.codes import (
    ArbitrationKind,
    CourtStage,
    ReferralState,
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
