"""A round as the committee and as the partner see it."""

from datetime import date
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.intake.codes import CaseStatus
from app.intake.method_codes import FailureReason, Method
from app.mediation.answers.referrals import ReferralOut
from app.mediation.codes import (
    MediationOutcome,
)
from app.mediation.session_codes import LeavingReason, SelectedBy


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
    undisputed_facts: str | None
    facts_confirmed_by: list[UUID] | None


class RoundList(PageOf):
    items: list[RoundOut]


class RoundMediatorOut(TypedDict):
    """Who was a mediator of a round, from when until when; null: still."""

    id: UUID
    mediator_id: UUID
    position: int
    selected_by: SelectedBy
    from_on: date
    until_on: date | None
    leaving_reason: LeavingReason | None
    leaving_note: str | None


class RoundMediatorList(PageOf):
    items: list[RoundMediatorOut]
