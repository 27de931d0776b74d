"""The deadlines of a case: which its status sets running and which it lets go on, and what stops, moves and ends them.

They are kept in the transaction of each step. A deadline stays under the rule that was in force when it began.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.calendar.codes import DayKind, DeadlineCode
from app.calendar.rules import Rule, Rules, rules_of
from app.core.jurisdiction import Spot
from app.core.unit_of_work import Reading, Work
from app.intake.codes import CaseStatus, DisputeCategory
from app.intake.method_codes import Method
from app.intake.models import Case, CaseDeadline, CaseStep
from app.intake.step_codes import Step

_MEDIATED = {CaseStatus.MEDIATING, CaseStatus.SUSPENDED}
_LIMITED = _MEDIATED | {CaseStatus.ACCEPTED}
OF_REFERRAL = {DeadlineCode.REFERRAL_RECEIPT, DeadlineCode.REFERRAL_FEEDBACK}
ANSWERED_BY: dict[Step, set[DeadlineCode]] = {
    Step.REFERRAL_ACCEPTANCE: {DeadlineCode.REFERRAL_RECEIPT},
    Step.REFERRAL_RETURN: OF_REFERRAL,
    Step.REFERRAL_RESULT: OF_REFERRAL,
    Step.REFERRAL_ACKNOWLEDGEMENT: set(),
    Step.REFERRAL_RECALL: OF_REFERRAL,
    Step.CONCLUSION: OF_REFERRAL | {DeadlineCode.POLICE_SECOND_SESSION},
    Step.TERMINATION: OF_REFERRAL | {DeadlineCode.POLICE_SECOND_SESSION},
}
_OF_AGREEMENT = {CaseStatus.AGREED, CaseStatus.CLOSED_SUCCESS}
_CLAIM_STANDS = _MEDIATED | {CaseStatus.AGREED, CaseStatus.CLOSED_FAILED}
_FULFILLED_BY = {
    Step.JUDICIAL_CONFIRMATION: DeadlineCode.JUDICIAL_CONFIRMATION,
    Step.ARBITRATION_REVIEW: DeadlineCode.ARBITRATION_REVIEW,
    Step.RETURN_VISIT: DeadlineCode.RETURN_VISIT,
}
"""Steps after an agreement, and the deadline that each of them ends."""
_LABOR = frozenset(DisputeCategory.LABOR.with_children())


async def keep_deadlines(work: Work, case: Case, on: date, before: CaseStatus | None, step: Step | None = None) -> None:
    """Brings the deadlines in line with the case as it is after a step of `on`, or a change."""
    if step is Step.REGISTRATION:
        if first := await _new_deadline(work, case, DeadlineCode.ACCEPT_DECISION, case.reported_on):
            work.append(first)
        return
    standing = await deadlines_of_case(work, case.id)
    owed = _owed(case, standing, on if step is Step.REOPENING else None)
    if step is Step.SEPARATION:
        fulfilled = await _fulfilled(work, case)
        _undo_last_end(case, standing, fulfilled | await _answered_referral(work, case.id))
        owed = {code: day for code, day in owed.items() if code not in fulfilled}
    for row in running(standing):
        if row.code not in owed and not _goes_on(case, row.code):
            row.ended_on = on
    if step in {Step.CONCLUSION, Step.TERMINATION}:
        end_deadlines(standing, ANSWERED_BY[step], on)
    if step in _FULFILLED_BY:
        end_deadlines(standing, {_FULFILLED_BY[step]}, on)
    await _begin_owed(work, case, standing, owed, is_new_status=case.status is not before)
    if (before is CaseStatus.SUSPENDED) is not (case.status is CaseStatus.SUSPENDED):
        for row in running(standing):
            await count_pauses(work, row, await rules_of(work, case.district))


async def _begin_owed(
    work: Work, case: Case, standing: Sequence[CaseDeadline], owed: dict[DeadlineCode, date], *, is_new_status: bool
) -> None:
    for code, starts_on in owed.items():
        if is_new_status or code.is_limit or code is DeadlineCode.ACCEPT_DECISION:
            await _see_that_it_runs(work, case, standing, code, starts_on)


async def begin_deadline(work: Work, case: Case, code: DeadlineCode, starts_on: date) -> CaseDeadline | None:
    row = await _new_deadline(work, case, code, starts_on)
    if row is not None:
        work.session.add(row)
    return row


async def _new_deadline(work: Work, case: Case, code: DeadlineCode, starts_on: date) -> CaseDeadline | None:
    """None where no rule was in force that day."""
    rules = await rules_of(work, case.district)
    rule = rules.of(code, starts_on)
    if rule is None:
        return None
    row = CaseDeadline(case_id=case.id, paused_days=0, extended_days=0, extension_count=0, **Spot.of(case).columns)
    _put_under(row, rule, starts_on)
    recount(row, rules)
    return row


def end_deadlines(standing: Iterable[CaseDeadline], codes: set[DeadlineCode], on: date) -> None:
    for row in running(standing):
        if row.code in codes:
            row.ended_on = on


async def last_day_of_right(reading: Reading, case: Case, code: DeadlineCode, since: date) -> date | None:
    """Until when a right that began on a day may be used: as the case's deadline says, else as the rule would; None
    where no rule was in force."""
    for row in await deadlines_of_case(reading, case.id):
        if row.code is code and row.starts_on == since:
            return row.due_on
    rules = await rules_of(reading, case.district)
    rule = rules.of(code, since)
    return rules.calendar.due(since, rule.days, rule.kind, rolls=rule.rolls) if rule else None


def running(standing: Iterable[CaseDeadline]) -> list[CaseDeadline]:
    return [row for row in standing if row.ended_on is None]


def recount(row: CaseDeadline, rules: Rules) -> None:
    """The last day, from what the row says: start, days, pauses, extensions."""
    calendar, days = rules.calendar, row.days + row.paused_days + row.extended_days
    row.due_on = calendar.due(row.starts_on, days, row.kind, rolls=row.rolls)
    depends = row.rolls or row.kind is DayKind.WORKING
    row.calendar_published = not depends or calendar.knows(row.starts_on, row.due_on)


async def deadlines_of_case(reading: Reading, case_id: UUID) -> Sequence[CaseDeadline]:
    statement = select(CaseDeadline).where(CaseDeadline.case_id == case_id)
    return (await reading.session.scalars(statement.order_by(CaseDeadline.starts_on, CaseDeadline.id))).all()


async def running_limit(reading: Reading, case_id: UUID) -> CaseDeadline | None:
    return next((row for row in running(await deadlines_of_case(reading, case_id)) if row.code.is_limit), None)


def _owed(case: Case, standing: Sequence[CaseDeadline], reopened_on: date | None) -> dict[DeadlineCode, date]:
    """What the case owes by its status alone, and since when."""
    if case.status is CaseStatus.REGISTERED:
        return {DeadlineCode.ACCEPT_DECISION: case.reported_on}
    if case.status in _LIMITED and case.accepted_on:
        code = _limit_by_category(case.category)
        if any(row.code.is_court and _goes_on(case, row.code) for row in running(standing)):
            return {}
        return {code: reopened_on or _clock_start(case, case.accepted_on, code, standing)}
    if not (case.status.is_closed and case.accepted_on and case.closed_on):
        return {}
    if case.archived_at:
        return {}
    visit = {DeadlineCode.RETURN_VISIT: case.closed_on} if case.status is CaseStatus.CLOSED_SUCCESS else {}
    return {DeadlineCode.ARCHIVE: case.closed_on} | visit


def _limit_by_category(category: DisputeCategory) -> DeadlineCode:
    if category in _LABOR:
        return DeadlineCode.MEDIATE_LABOR
    return DeadlineCode.MEDIATE_MEDICAL if category is DisputeCategory.MEDICAL else DeadlineCode.MEDIATE_GENERAL


def _clock_start(case: Case, accepted_on: date, code: DeadlineCode, standing: Iterable[CaseDeadline]) -> date:
    """Acceptance, or a later reopening; in a labour dispute the application (劳动争议调解仲裁法第十四条)."""
    own = [row.starts_on for row in standing if row.code.is_limit and not row.code.is_court]
    if later := [starts_on for starts_on in own if starts_on > accepted_on]:
        return max(later)
    return case.reported_on if code is DeadlineCode.MEDIATE_LABOR else accepted_on


def _goes_on(case: Case, code: DeadlineCode) -> bool:
    """Deadlines that no status begins: whether the case's status lets them run on."""
    if code.is_court:
        return case.status in _MEDIATED and case.method is Method.COURT
    if code.follows_agreement:
        return case.status in _OF_AGREEMENT and case.archived_at is None
    if code.is_limitation:
        return case.status in _CLAIM_STANDS
    if code in OF_REFERRAL:
        # After a failed round the police are still to be told, though the case be closed.
        return case.status in _MEDIATED | {CaseStatus.CLOSED_FAILED}
    return code is DeadlineCode.POLICE_SECOND_SESSION and case.status in _MEDIATED


async def _fulfilled(work: Work, case: Case) -> set[DeadlineCode]:
    """What a step has ended for good since the case was last closed."""
    statement = select(CaseStep.step).where(
        CaseStep.case_id == case.id, CaseStep.step.in_([*_FULFILLED_BY, Step.REOPENING])
    )
    fulfilled: set[DeadlineCode] = set()
    for step in await work.session.scalars(statement.order_by(CaseStep.seq)):
        if step is Step.REOPENING:
            fulfilled.clear()
        else:
            fulfilled.add(_FULFILLED_BY[step])
    return fulfilled


def _undo_last_end(case: Case, standing: Sequence[CaseDeadline], ended_for_good: set[DeadlineCode]) -> None:
    """A merge that is undone ended what ran: nothing has happened in the case since."""
    last = max((row.ended_on for row in standing if row.ended_on), default=None)
    for row in standing:
        if row.ended_on == last and row.code not in ended_for_good and _goes_on(case, row.code):
            row.ended_on = None


async def _answered_referral(reading: Reading, case_id: UUID) -> set[DeadlineCode]:
    """Of the latest round: what ended by its own steps, perhaps on the day of the merge, and not by the merge."""
    steps = select(CaseStep.step, CaseStep.facts).where(CaseStep.case_id == case_id).order_by(CaseStep.seq)
    rows = (await reading.session.execute(steps.where(CaseStep.step.in_({Step.MEDIATION, *ANSWERED_BY})))).all()
    latest = next((facts.get("mediation_id") for step, facts in reversed(rows) if step is Step.MEDIATION), None)
    ended = (ANSWERED_BY[step] for step, facts in rows if step in ANSWERED_BY and facts.get("mediation_id") == latest)
    return set().union(*ended)


async def _see_that_it_runs(
    work: Work, case: Case, standing: Sequence[CaseDeadline], code: DeadlineCode, starts_on: date
) -> None:
    row = next((row for row in running(standing) if row.code is code), None)
    if row is not None and row.starts_on == starts_on:
        return
    ended = next((row for row in standing if row.code is code and row.starts_on == starts_on), None)
    if row is not None:
        await _restart(work, case, row, starts_on)
    elif ended is not None:
        ended.ended_on, row = None, ended
    else:
        row = await begin_deadline(work, case, code, starts_on)
    if row is not None and code.is_limit and case.mediated_on:
        await count_pauses(work, row, await rules_of(work, case.district))


async def _restart(work: Work, case: Case, row: CaseDeadline, starts_on: date) -> None:
    """The day it begins was corrected, and with it the rule."""
    rules = await rules_of(work, case.district)
    _put_under(row, rules.of(row.code, starts_on) or rules.by_id(row.rule_id), starts_on)
    recount(row, rules)


def _put_under(row: CaseDeadline, rule: Rule, starts_on: date) -> None:
    row.code, row.rule_id, row.basis, row.starts_on = rule.code, rule.id, rule.basis_zh, starts_on
    row.days, row.kind, row.rolls = rule.days, rule.kind, rule.rolls


async def count_pauses(work: Work, row: CaseDeadline, rules: Rules) -> None:
    """How long the case was suspended since a limit began, as its steps tell it; and the last day that follows."""
    if not row.code.is_limit:
        return
    was, now = CaseStep.from_status == CaseStatus.SUSPENDED, CaseStep.to_status == CaseStatus.SUSPENDED
    statement = select(CaseStep.to_status, CaseStep.on).where(CaseStep.case_id == row.case_id, was != now)
    row.paused_days, row.paused_on = 0, None
    for status, on in await work.session.execute(statement.order_by(CaseStep.seq)):
        if status is CaseStatus.SUSPENDED:
            row.paused_on = on
        elif row.paused_on is not None:
            since = max(row.paused_on, row.starts_on)
            row.paused_days += rules.calendar.between(since, max(on, since), row.kind)
            row.paused_on = None
    recount(row, rules)
