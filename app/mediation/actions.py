"""What can be done next with a case or a round, and why the rest cannot: told by the same guards as the steps."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.problems import NotFound, Problem
from app.core.unit_of_work import Reading
from app.intake.access import find_case
from app.intake.clock import limit_and_rule, why_not_extend
from app.intake.codes import Consent
from app.intake.deadlines import deadlines_of_case
from app.intake.guards import why_not_accept, why_not_reopen, why_role_may_not
from app.intake.merging import why_not_separate
from app.intake.models import Case, CaseDeadline, Party
from app.intake.parties import lacks_guardian
from app.intake.queries import parties_of
from app.intake.step_codes import TRANSFER_OUT_FROM, Step
from app.mediation.agreement_guards import (
    why_not_after_agreement,
    why_not_confirm,
    why_not_on_obligation,
    why_not_review,
)
from app.mediation.answers.actions import ActionOut
from app.mediation.applications import last_of
from app.mediation.codes import ConfirmationStatus
from app.mediation.duties import why_unreported
from app.mediation.guards import why_not_close, why_not_in_round, why_not_mediate, why_not_sign
from app.mediation.hand_off import STEPS as HAND_OFF
from app.mediation.hand_off import why_not_answer, why_wrong_side
from app.mediation.hints import case_hints, hinted, round_hints
from app.mediation.models import Agreement, ArbitrationReview, JudicialConfirmation, Obligation
from app.mediation.models.obligations import SETTLED
from app.mediation.queries import agreement_of, last_round, single_round
from app.mediation.staffing import why_abandoned
from app.mediation.time_warnings import warning_of_time

REMARKS: dict[Step, Callable[[Reading, Case], Awaitable[tuple[str, str] | None]]] = {}
"""What a higher feature has to say of a step that is allowed; `main` hands it in."""
ON_THE_WAY = (Step.RIGHTS_NOTICE, Step.INVESTIGATION, Step.ESCALATION_REPORT, Step.PREVENTED_HARM)
IN_ROUND = (Step.SESSION, Step.CONCLUSION, Step.TERMINATION, Step.REPLACEMENT)
PENDING = ("尚有当事人未表示是否同意调解", "a party has not yet said whether it agrees to mediation")
INSIDE_ONLY = (
    "协议待生效，只能移送区内调解组织",
    "an agreement waits for signatures: only to a committee in the district",
)
NO_GUARDIAN = (
    "有未成年人或无完全民事行为能力的当事人，尚未登记监护人（民法典第二十三条）",
    "a party is a minor or lacks full capacity, and no guardian is recorded (Civil Code, art. 23)",
)
OWED = (
    "尚有未履行完毕的义务，归档后不能再登记履行",
    "an obligation is not performed yet, and none is recorded of an archived case",
)
_ON_OBLIGATION = (Step.PERFORMANCE, Step.URGING, Step.PERFORMANCE_REFUSAL, Step.OBLIGATION_CHANGE)


async def case_actions(reading: Reading, case_id: UUID) -> list[ActionOut]:
    case = await find_case(reading, case_id)
    parties = await parties_of(reading, case.id)
    last = await last_round(reading, case.id)
    agreement = await agreement_of(reading, case.id)
    effective_on = agreement.effective_on if agreement else None
    unreported = await why_unreported(reading, case)
    barriers: dict[Step, Problem | None] = {
        Step.ACCEPTANCE: why_not_accept(case, parties),
        Step.REFUSAL: case.why_not(Step.REFUSAL),
        Step.ASSIGNMENT: case.why_not(Step.ASSIGNMENT),
        Step.MEDIATION: why_not_mediate(case, last, parties),
        Step.SIGNATURE: why_not_sign(case, agreement),
        Step.CLOSURE: why_not_close(case, last, effective_on, parties) or unreported,
        Step.WITHDRAWAL: case.why_not(Step.WITHDRAWAL) or unreported,
        Step.TRANSFER: case.why_not(Step.TRANSFER),
        Step.MERGE: case.why_not(Step.MERGE),
        Step.SEPARATION: await why_not_separate(reading, case),
        Step.VOID: case.why_not(Step.VOID),
        Step.REOPENING: why_not_reopen(case),
        Step.ARCHIVE: case.why_not(Step.ARCHIVE),
        Step.SUSPENSION: case.why_not(Step.SUSPENSION),
        Step.RESUMPTION: case.why_not(Step.RESUMPTION),
        **{step: case.why_not(step) for step in ON_THE_WAY},
        Step.EXTENSION: why_not_extend(case, *await limit_and_rule(reading, case)),
        **await _after_agreement(reading, case, agreement),
    }
    actions = [_action(reading, step, barrier) for step, barrier in barriers.items()]
    told = [_with_warning(reading, _with_limit(reading, action, case), parties) for action in actions]
    told = [await _with_debts(reading, action, agreement) for action in told]
    hints = await case_hints(reading, case, parties, unreported)
    return [await _with_remark(reading, hinted(action, hints), case) for action in told]


async def _after_agreement(reading: Reading, case: Case, agreement: Agreement | None) -> dict[Step, Problem | None]:
    confirmation = await last_of(reading, JudicialConfirmation, agreement)
    review = await last_of(reading, ArbitrationReview, agreement)
    standing = confirmation.status if confirmation else ConfirmationStatus.TO_APPLY
    return {
        Step.JUDICIAL_CONFIRMATION: why_not_confirm(case, agreement, standing),
        Step.ARBITRATION_REVIEW: why_not_review(case, agreement, review.status if review else None),
        Step.REMEDY: why_not_after_agreement(Step.REMEDY, case, agreement),
        Step.RETURN_VISIT: why_not_after_agreement(Step.RETURN_VISIT, case, agreement),
    }


async def obligation_actions(reading: Reading, obligation_id: UUID) -> list[ActionOut]:
    obligation = await reading.session.get(Obligation, obligation_id)
    if obligation is None:
        raise NotFound
    case = await find_case(reading, obligation.case_id)
    agreement = await reading.session.get_one(Agreement, obligation.agreement_id)
    return [_action(reading, step, why_not_on_obligation(step, case, agreement, obligation)) for step in _ON_OBLIGATION]


async def round_actions(reading: Reading, mediation_id: UUID) -> list[ActionOut]:
    mediation = await single_round(reading, mediation_id)
    case = await find_case(reading, mediation["case_id"])
    outcome, referral = mediation["outcome"], mediation["referral"]
    barriers = {step: why_not_in_round(step, case, outcome) for step in IN_ROUND}
    barriers[Step.SESSION] = barriers[Step.SESSION] or await why_abandoned(reading, mediation_id)
    hints = await round_hints(reading, case, mediation_id)
    own = [hinted(_action(reading, step, barrier), hints) for step, barrier in barriers.items()]
    if own[0]["allowed"]:
        own = _timely(reading, own, await deadlines_of_case(reading, case.id))
    return own + ([_hand_off_action(reading, step, referral, case) for step in HAND_OFF] if referral else [])


def _timely(reading: Reading, actions: list[ActionOut], deadlines: Sequence[CaseDeadline]) -> list[ActionOut]:
    warning = warning_of_time(deadlines, reading.today)
    return [action | {"reason": _said(reading, warning)} for action in actions] if warning else actions


def _hand_off_action(reading: Reading, step: Step, referral: dict[str, Any], case: Case) -> ActionOut:
    """The office may take a partner's step too, as a letter told it: what that asks for is shown."""
    wrong = why_wrong_side(step, referral["direction"], reading.actor.view, None)
    by_letter = wrong is not None and wrong.pointer is not None
    action = _action(reading, step, why_not_answer(step, referral["state"], case) or (None if by_letter else wrong))
    if wrong is None or not action["allowed"]:
        return action
    return action | {"reason": wrong.says(reading.asked.language), "pointer": "/letter_no"}


def _action(reading: Reading, step: Step, barrier: Problem | None) -> ActionOut:
    problem = why_role_may_not(reading.actor, step) or barrier
    if problem is None:
        return {"step": step, "allowed": True}
    return {"step": step, "allowed": False, "reason": problem.says(reading.asked.language)}


def _with_limit(reading: Reading, action: ActionOut, case: Case) -> ActionOut:
    if action["step"] is not Step.TRANSFER or not action["allowed"] or case.status in TRANSFER_OUT_FROM:
        return action
    return action | {"reason": _said(reading, INSIDE_ONLY), "pointer": "/to/organization_id"}


async def _with_remark(reading: Reading, action: ActionOut, case: Case) -> ActionOut:
    if not action["allowed"] or action["step"] not in REMARKS:
        return action
    words = await REMARKS[action["step"]](reading, case)
    if words is None:
        return action
    said = [action["reason"], _said(reading, words)] if "reason" in action else [_said(reading, words)]
    return action | {"reason": "；".join(said) if reading.asked.language == "zh" else "; ".join(said)}


async def _with_debts(reading: Reading, action: ActionOut, agreement: Agreement | None) -> ActionOut:
    """An archived case changes no more: what is still owed is better recorded before."""
    if action["step"] is not Step.ARCHIVE or not action["allowed"] or agreement is None:
        return action
    owed = select(Obligation.id).where(Obligation.agreement_id == agreement.id, Obligation.status.not_in(SETTLED))
    if await reading.session.scalar(owed.limit(1)) is None:
        return action
    return action | {"reason": _said(reading, OWED)}


def _said(reading: Reading, words: tuple[str, str]) -> str:
    return words[0] if reading.asked.language == "zh" else words[1]


def _with_warning(reading: Reading, action: ActionOut, parties: Sequence[Party]) -> ActionOut:
    """What is still missing but does not block a round is shown: a consent, else a guardian."""
    if action["step"] is not Step.MEDIATION or not action["allowed"]:
        return action
    pending = [party.consent is Consent.PENDING for party in parties]
    alone = [lacks_guardian(reading.key, party, reading.today) for party in parties]
    for words, field, missing in ((PENDING, "consent", pending), (NO_GUARDIAN, "agent", alone)):
        if True in missing:
            return action | {"reason": _said(reading, words), "pointer": f"/parties/{missing.index(True)}/{field}"}
    return action
