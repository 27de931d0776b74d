"""What can be done next with a case or a round, and why the rest cannot: told by the same guards as the steps."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from app.core.problems import Problem
from app.core.unit_of_work import Reading
from app.intake.access import find_case
from app.intake.clock import limit_and_rule, why_not_extend
from app.intake.codes import Consent
from app.intake.guards import why_not_accept, why_not_reopen, why_role_may_not
from app.intake.merging import why_not_separate
from app.intake.models import Case, Party
from app.intake.parties import lacks_guardian
from app.intake.queries import parties_of
from app.intake.step_codes import TRANSFER_OUT_FROM, Step
from app.mediation.answers.actions import ActionOut
from app.mediation.guards import why_not_close, why_not_in_round, why_not_mediate, why_not_sign
from app.mediation.hand_off import STEPS as HAND_OFF
from app.mediation.hand_off import why_not_answer, why_wrong_side
from app.mediation.queries import agreement_of, last_round, single_round

REMARKS: dict[Step, Callable[[Reading, Case], Awaitable[tuple[str, str] | None]]] = {}
"""What a higher feature has to say of a step that is allowed; `main` hands it in."""
PENDING = ("尚有当事人未表示是否同意调解", "a party has not yet said whether it agrees to mediation")
INSIDE_ONLY = (
    "协议待生效，只能移送区内调解组织",
    "an agreement waits for signatures: only to a committee in the district",
)
NO_GUARDIAN = (
    "有未成年人或无完全民事行为能力的当事人，尚未登记监护人（民法典第二十三条）",
    "a party is a minor or lacks full capacity, and no guardian is recorded (Civil Code, art. 23)",
)


async def case_actions(reading: Reading, case_id: UUID) -> list[ActionOut]:
    case = await find_case(reading, case_id)
    parties = await parties_of(reading, case.id)
    last = await last_round(reading, case.id)
    agreement = await agreement_of(reading, case.id)
    effective_on = agreement.effective_on if agreement else None
    barriers: dict[Step, Problem | None] = {
        Step.ACCEPTANCE: why_not_accept(case, parties),
        Step.REFUSAL: case.why_not(Step.REFUSAL),
        Step.ASSIGNMENT: case.why_not(Step.ASSIGNMENT),
        Step.MEDIATION: why_not_mediate(case, last, parties),
        Step.SIGNATURE: why_not_sign(case, agreement),
        Step.CLOSURE: why_not_close(case, last, effective_on, parties),
        Step.WITHDRAWAL: case.why_not(Step.WITHDRAWAL),
        Step.TRANSFER: case.why_not(Step.TRANSFER),
        Step.MERGE: case.why_not(Step.MERGE),
        Step.SEPARATION: await why_not_separate(reading, case),
        Step.VOID: case.why_not(Step.VOID),
        Step.REOPENING: why_not_reopen(case),
        Step.ARCHIVE: case.why_not(Step.ARCHIVE),
        Step.SUSPENSION: case.why_not(Step.SUSPENSION),
        Step.RESUMPTION: case.why_not(Step.RESUMPTION),
        Step.EXTENSION: why_not_extend(case, *await limit_and_rule(reading, case)),
    }
    actions = [_action(reading, step, barrier) for step, barrier in barriers.items()]
    told = [_with_warning(reading, _with_limit(reading, action, case), parties) for action in actions]
    return [await _with_remark(reading, action, case) for action in told]


async def round_actions(reading: Reading, mediation_id: UUID) -> list[ActionOut]:
    mediation = await single_round(reading, mediation_id)
    case = await find_case(reading, mediation["case_id"])
    outcome, referral = mediation["outcome"], mediation["referral"]
    own = [_action(reading, step, why_not_in_round(step, case, outcome)) for step in (Step.SESSION, Step.CONCLUSION)]
    return own + ([_hand_off_action(reading, step, referral, case) for step in HAND_OFF] if referral else [])


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
    return action | {"reason": _said(reading, words)} if words else action


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
