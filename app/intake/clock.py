"""The clock of mediation stops (中止), goes on (恢复), and is given more time (延长) by those whose dispute it is."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from app.calendar.rules import Rule, rules_of
from app.core.problems import Problem, UnknownReference
from app.core.unit_of_work import Reading, Work
from app.intake.access import case_to_change
from app.intake.dates import refuse_disorder
from app.intake.deadlines import recount, running_limit
from app.intake.guards import refuse_if
from app.intake.models import Case, CaseDeadline, CaseStep, Party
from app.intake.problems import ConsentMissing, ExtensionBeyondRule, ExtensionTooLate, NoTimeLimit
from app.intake.queries import parties_of
from app.intake.schemas import ExtensionIn, ResumptionIn, SuspensionIn
from app.intake.step_codes import Step
from app.intake.steps import record_step

_HELD = frozenset(
    {
        *(Step.ACCEPTANCE, Step.REOPENING, Step.MEDIATION, Step.SESSION),
        *(Step.CONCLUSION, Step.TERMINATION, Step.RESUMPTION),
    }
)
"""Steps that show that the case was being mediated that day: no suspension begins before them."""


async def suspend(work: Work, case_id: UUID, body: SuspensionIn) -> Case:
    case = await case_to_change(work, case_id)
    _require_parties(await parties_of(work, case.id), body.consents)
    refuse_if(case.why_not(Step.SUSPENSION))
    refuse_disorder(("last_step_on", await _last(work, case, *_HELD)), ("suspended_on", body.on))
    before = case.status
    case.suspend()
    facts = {"reason": str(body.reason), "consents": [str(id) for id in body.consents]}
    await record_step(work, case, Step.SUSPENSION, body.on, before, **facts)
    return case


async def resume(work: Work, case_id: UUID, body: ResumptionIn) -> Case:
    case = await case_to_change(work, case_id)
    refuse_if(case.why_not(Step.RESUMPTION))
    refuse_disorder(("suspended_on", await _last(work, case, Step.SUSPENSION)), ("resumed_on", body.on))
    if body.reason:
        work.because(body.reason)
    before = case.status
    case.resume()
    await record_step(work, case, Step.RESUMPTION, body.on, before)
    return case


async def extend(work: Work, case_id: UUID, body: ExtensionIn) -> Case:
    """The extension is added to the limit, not counted from the day it was agreed."""
    case = await case_to_change(work, case_id)
    parties = await parties_of(work, case.id)
    _require_parties(parties, body.consents)
    limit, rule = await _limit_to_extend(work, case)
    refuse_disorder(("accepted_on", case.accepted_on), ("extended_on", body.on))
    days = body.days or rule.extension_days
    _require_agreement_in_time(limit, rule, days, body.on)
    if not {party.id for party in parties if not party.unknown} <= set(body.consents):
        raise ConsentMissing(article=rule.basis)
    limit.extended_days += days
    limit.extension_count += 1
    limit.extension_reason = body.reason
    recount(limit, await rules_of(work, case.district))
    facts = {"deadline": str(limit.code), "days": days, "consents": [str(id) for id in body.consents]}
    await record_step(work, case, Step.EXTENSION, body.on, case.status, **facts)
    return case


async def _limit_to_extend(work: Work, case: Case) -> tuple[CaseDeadline, Rule]:
    limit, rule = await limit_and_rule(work, case)
    refuse_if(why_not_extend(case, limit, rule))
    if limit is None or rule is None:
        raise NoTimeLimit
    return limit, rule


async def limit_and_rule(reading: Reading, case: Case) -> tuple[CaseDeadline | None, Rule | None]:
    """The limit of mediation that runs, and the rule under which it began."""
    limit = await running_limit(reading, case.id)
    return limit, (await rules_of(reading, case.district)).by_id(limit.rule_id) if limit else None


def why_not_extend(case: Case, limit: CaseDeadline | None, rule: Rule | None) -> Problem | None:
    if problem := case.why_not(Step.EXTENSION):
        return problem
    if limit is None or rule is None:
        return NoTimeLimit()
    return _beyond(rule) if limit.extension_count >= rule.extension_count else None


def _require_agreement_in_time(limit: CaseDeadline, rule: Rule, days: int, on: date) -> None:
    """In time: while the limit runs; where it stands still, it had not ended when it stopped."""
    if min(on, limit.paused_on or on) > limit.due_on:
        raise ExtensionTooLate(due_on=limit.due_on.isoformat(), article=rule.basis)
    if days > rule.extension_days:
        raise _beyond(rule)


def _beyond(rule: Rule) -> Problem:
    return ExtensionBeyondRule(most_times=rule.extension_count, most_days=rule.extension_days, article=rule.basis)


def _require_parties(parties: Iterable[Party], consents: list[UUID]) -> None:
    known = {party.id for party in parties}
    for position, id in enumerate(consents):
        if id not in known:
            raise UnknownReference(f"/consents/{position}")


async def _last(work: Work, case: Case, *steps: Step) -> date | None:
    statement = select(func.max(CaseStep.on)).where(CaseStep.case_id == case.id, CaseStep.step.in_(steps))
    last: date | None = await work.session.scalar(statement)
    return last
