"""What can be done next with a case or a round, and why the rest cannot: told by the same guards as the steps."""

from collections.abc import Iterable
from uuid import UUID

from app.core.problems import Problem
from app.core.unit_of_work import Reading
from app.intake.access import find_case
from app.intake.clock import limit_and_rule, why_not_extend
from app.intake.codes import Consent
from app.intake.guards import why_not_accept, why_role_may_not
from app.intake.models import Party
from app.intake.queries import parties_of
from app.intake.step_codes import Step
from app.mediation.answers import ActionOut
from app.mediation.guards import why_not_close, why_not_mediate, why_not_sign
from app.mediation.problems import RoundConcluded
from app.mediation.queries import agreement_of, last_round, single_round

PENDING = ("尚有当事人未表示是否同意调解", "a party has not yet said whether it agrees to mediation")


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
        Step.SUSPENSION: case.why_not(Step.SUSPENSION),
        Step.RESUMPTION: case.why_not(Step.RESUMPTION),
        Step.EXTENSION: why_not_extend(case, *await limit_and_rule(reading, case)),
    }
    actions = [_action(reading, step, barrier) for step, barrier in barriers.items()]
    return [_with_consent(reading, action, parties) for action in actions]


async def round_actions(reading: Reading, mediation_id: UUID) -> list[ActionOut]:
    mediation = await single_round(reading, mediation_id)
    barrier = None if mediation["outcome"] is None else RoundConcluded()
    return [_action(reading, step, barrier) for step in (Step.SESSION, Step.CONCLUSION)]


def _action(reading: Reading, step: Step, barrier: Problem | None) -> ActionOut:
    problem = why_role_may_not(reading.actor, step) or barrier
    if problem is None:
        return {"step": step, "allowed": True}
    return {"step": step, "allowed": False, "reason": problem.says(reading.asked.language)}


def _with_consent(reading: Reading, action: ActionOut, parties: Iterable[Party]) -> ActionOut:
    """A consent that is still pending does not block a round; it is shown."""
    pending = [party for party in parties if party.consent is Consent.PENDING]
    if action["step"] is not Step.MEDIATION or not action["allowed"] or not pending:
        return action
    reason = PENDING[0] if reading.asked.language == "zh" else PENDING[1]
    return action | {"reason": reason, "pointer": f"/parties/{pending[0].position}/consent"}
