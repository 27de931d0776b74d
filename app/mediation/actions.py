"""What can be done next with a case or a round, and why the rest cannot: told by the same guards as the steps."""

from collections.abc import Sequence
from uuid import UUID

from app.core.problems import Problem
from app.core.unit_of_work import Reading
from app.intake.access import find_case
from app.intake.codes import Consent
from app.intake.guards import why_not_accept, why_role_may_not
from app.intake.models import Party
from app.intake.parties import lacks_guardian
from app.intake.queries import parties_of
from app.intake.step_codes import Step
from app.mediation.answers import ActionOut
from app.mediation.guards import why_not_close, why_not_mediate, why_not_sign
from app.mediation.problems import RoundConcluded
from app.mediation.queries import agreement_of, last_round, single_round

PENDING = ("尚有当事人未表示是否同意调解", "a party has not yet said whether it agrees to mediation")
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
    }
    actions = [_action(reading, step, barrier) for step, barrier in barriers.items()]
    return [_with_warning(reading, action, parties) for action in actions]


async def round_actions(reading: Reading, mediation_id: UUID) -> list[ActionOut]:
    mediation = await single_round(reading, mediation_id)
    barrier = None if mediation["outcome"] is None else RoundConcluded()
    return [_action(reading, step, barrier) for step in (Step.SESSION, Step.CONCLUSION)]


def _action(reading: Reading, step: Step, barrier: Problem | None) -> ActionOut:
    problem = why_role_may_not(reading.actor, step) or barrier
    if problem is None:
        return {"step": step, "allowed": True}
    return {"step": step, "allowed": False, "reason": problem.says(reading.asked.language)}


def _with_warning(reading: Reading, action: ActionOut, parties: Sequence[Party]) -> ActionOut:
    """What is still missing but does not block a round is shown: a consent, else a guardian."""
    if action["step"] is not Step.MEDIATION or not action["allowed"]:
        return action
    pending = [party.consent is Consent.PENDING for party in parties]
    alone = [lacks_guardian(reading.key, party, reading.today) for party in parties]
    for words, field, missing in ((PENDING, "consent", pending), (NO_GUARDIAN, "agent", alone)):
        if True in missing:
            reason = words[0] if reading.asked.language == "zh" else words[1]
            return action | {"reason": reason, "pointer": f"/parties/{missing.index(True)}/{field}"}
    return action
