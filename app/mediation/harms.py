"""Prevented harm: proposed by whoever mediates, approved or declined by a supervisor, withdrawn where it was wrong.
Nothing is overwritten, and the figures count what is approved."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from sqlalchemy import select

from app.core.problems import NotFound
from app.core.unit_of_work import Work
from app.intake.access import case_to_change
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.step_codes import Step
from app.intake.steps import Words, record_step
from app.mediation.entries import enter, to_enter
from app.mediation.harm_codes import HarmKind, HarmState
from app.mediation.harm_problems import HarmStands, OwnHarm
from app.mediation.models import PreventedHarm
from app.mediation.schemas.harms import PreventedHarmIn
from app.people.queries import mediator_named

Effect = Callable[[PreventedHarm], None]


async def propose_harm(work: Work, case_id: UUID, body: PreventedHarmIn) -> tuple[PreventedHarm, bool]:
    case, standing = await to_enter(work, PreventedHarm, case_id, body)
    if standing:
        return standing, False
    if body.mediator_id:
        await mediator_named(work, body.mediator_id, "/mediator_id")
    await work.refuse_taken_ids(PreventedHarm, [body.id])
    refuse_if(case.why_not(Step.PREVENTED_HARM))
    refuse_disorder(("reported_on", case.reported_on), ("judged_on", body.judged_on))
    await _refuse_second(work, case.id, body.kind)
    harm = await enter(work, case, PreventedHarm, body, case.id)
    facts = {"harm_id": str(harm.id), "kind": str(harm.kind)}
    await record_step(work, case, Step.PREVENTED_HARM, body.judged_on, case.status, **facts)
    return harm, True


async def _refuse_second(work: Work, case_id: UUID, kind: HarmKind) -> None:
    """Asked under the lock of the case, so it holds until the record stands."""
    live = [state for state in HarmState if state.is_live]
    statement = select(PreventedHarm.id).where(
        PreventedHarm.case_id == case_id, PreventedHarm.kind == kind, PreventedHarm.state.in_(live)
    )
    if await work.session.scalar(statement) is not None:
        raise HarmStands(kind_name=(kind.zh, kind.en.lower()))


async def approve_harm(work: Work, harm_id: UUID) -> PreventedHarm:
    def effect(harm: PreventedHarm) -> None:
        if _is_own(work, harm):
            raise OwnHarm
        harm.approve(work.actor.account_id, work.now)

    return await _take(work, harm_id, Step.HARM_APPROVAL, effect)


async def decline_harm(work: Work, harm_id: UUID, reason: str) -> PreventedHarm:
    effect = partial(PreventedHarm.decline, by=work.actor.account_id, at=work.now, reason=reason)
    return await _take(work, harm_id, Step.HARM_REFUSAL, effect, reason)


async def withdraw_harm(work: Work, harm_id: UUID, reason: str) -> PreventedHarm:
    effect = partial(PreventedHarm.withdraw, by=work.actor.account_id, at=work.now, reason=reason)
    return await _take(work, harm_id, Step.HARM_WITHDRAWAL, effect, reason)


def _is_own(work: Work, harm: PreventedHarm) -> bool:
    has_judged = harm.mediator_id is not None and harm.mediator_id == work.actor.mediator_id
    return has_judged or harm.recorded_by == work.actor.account_id


async def _take(work: Work, harm_id: UUID, step: Step, effect: Effect, reason: str | None = None) -> PreventedHarm:
    case_id = await work.session.scalar(select(PreventedHarm.case_id).where(PreventedHarm.id == harm_id))
    if case_id is None:
        raise NotFound
    case = await case_to_change(work, case_id)
    # Read after the lock: whoever held the case may have decided, or moved it out of sight.
    harm = await work.session.get(PreventedHarm, harm_id)
    if harm is None:
        raise NotFound
    refuse_if(case.why_not(step) or harm.why_not(step))
    effect(harm)
    words: Words | None = {"reason": reason} if reason else None
    facts = {"harm_id": str(harm.id), "kind": str(harm.kind)}
    await record_step(work, case, step, work.today, case.status, words, **facts)
    work.about(harm)
    return harm
