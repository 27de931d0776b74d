"""The deadlines of a case: which its status sets running and which it lets go on, and what stops, moves and ends them.

They are kept in the transaction of each step. A deadline stays under the rule that was in force when it began.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select

from app.calendar.codes import DayKind, DeadlineCode
from app.calendar.rules import Rule, Rules, rules_of
from app.core.unit_of_work import Reading, Work
from app.intake.codes import CaseStatus, DisputeCategory
from app.intake.method_codes import Method
from app.intake.models import Case, CaseDeadline, CaseStep
from app.intake.step_codes import Step

_MEDIATED = {CaseStatus.MEDIATING, CaseStatus.SUSPENDED}
_LIMITED = _MEDIATED | {CaseStatus.ACCEPTED}
_OF_REFERRAL = {DeadlineCode.REFERRAL_RECEIPT, DeadlineCode.REFERRAL_FEEDBACK}
_OF_AGREEMENT = {CaseStatus.AGREED, CaseStatus.CLOSED_SUCCESS}
_LABOR = frozenset(DisputeCategory.LABOR.with_children())


class Timed(Protocol):
    """What of a case its deadlines go by."""

    @property
    def status(self) -> CaseStatus: ...
    @property
    def category(self) -> DisputeCategory: ...
    @property
    def method(self) -> Method | None: ...
    @property
    def reported_on(self) -> date: ...
    @property
    def accepted_on(self) -> date | None: ...
    @property
    def mediated_on(self) -> date | None: ...
    @property
    def closed_on(self) -> date | None: ...
    @property
    def archived_at(self) -> datetime | None: ...


@dataclass(slots=True)
class Keeping:
    """The deadlines of one case while they are brought in line with it."""

    case: Timed
    rules: Rules
    standing: Sequence[CaseDeadline] = ()
    new: Callable[..., Any] = CaseDeadline
    """A row to be filled."""
    begun: list[CaseDeadline] = field(default_factory=list)
    uncounted: list[CaseDeadline] = field(default_factory=list)
    """Limits that may have stood still: their pauses are to be counted."""


async def keep_deadlines(work: Work, case: Case, on: date, before: CaseStatus | None, step: Step | None = None) -> None:
    """Brings the deadlines in line with the case as it is after a step of `on`, or a change."""
    if step is Step.REGISTRATION:
        kept = Keeping(case, await rules_of(work, case.district))
        follow(kept, on, before, step)
        work.append(*_placed(kept, case))
        return
    standing = await deadlines_of_case(work, case.id)
    kept = Keeping(case, await rules_of(work, case.district), standing)
    follow(kept, on, before, step)
    work.session.add_all(_placed(kept, case))
    for row in kept.uncounted:
        await count_pauses(work, row, kept.rules)


def _placed(kept: Keeping, case: Case) -> list[CaseDeadline]:
    for row in kept.begun:
        row.case_id, row.district, row.township, row.place = case.id, case.district, case.township, case.place
    return kept.begun


def follow(kept: Keeping, on: date, before: CaseStatus | None, step: Step | None) -> None:
    """After a step of `on`, or a change: ends what the case's status ends, begins what it owes."""
    case, standing = kept.case, kept.standing
    if step is Step.SEPARATION:
        _undo_last_end(case, standing)
    owed = _owed(case, standing, on if step is Step.REOPENING else None)
    for row in running(standing):
        if row.code not in owed and not _goes_on(case, row.code):
            row.ended_on = on
    if step is Step.CONCLUSION:
        end_deadlines(standing, _OF_REFERRAL, on)
    for code, starts_on in owed.items():
        if case.status is not before or code.is_limit or code is DeadlineCode.ACCEPT_DECISION:
            _see_that_it_runs(kept, code, starts_on)
    if (before is CaseStatus.SUSPENDED) is not (case.status is CaseStatus.SUSPENDED):
        kept.uncounted += running(standing)


def begin(kept: Keeping, code: DeadlineCode, starts_on: date) -> CaseDeadline | None:
    """None where no rule was in force that day."""
    rule = kept.rules.of(code, starts_on)
    if rule is None:
        return None
    row: CaseDeadline = kept.new(paused_days=0, extended_days=0, extension_count=0)
    _put_under(row, rule, starts_on)
    recount(row, kept.rules)
    kept.begun.append(row)
    return row


def take_court_limit(kept: Keeping, code: DeadlineCode, starts_on: date) -> None:
    """From the papers of the court its limit holds in place of the general one."""
    if begin(kept, code, starts_on):
        end_deadlines(kept.standing, {row.code for row in kept.standing if row.code.is_limit}, starts_on)


def begin_answers(kept: Keeping, sent_on: date) -> None:
    for code in (DeadlineCode.REFERRAL_RECEIPT, DeadlineCode.REFERRAL_FEEDBACK):
        begin(kept, code, sent_on)


def begin_rights(kept: Keeping, effective_on: date) -> None:
    """What the parties may apply for together once the agreement takes effect (People's Mediation Law, art. 33)."""
    begin(kept, DeadlineCode.JUDICIAL_CONFIRMATION, effective_on)
    if kept.case.category in _LABOR:
        begin(kept, DeadlineCode.ARBITRATION_REVIEW, effective_on)


async def begin_court_limit(work: Work, case: Case, code: DeadlineCode, starts_on: date) -> None:
    kept = Keeping(case, await rules_of(work, case.district), await deadlines_of_case(work, case.id))
    take_court_limit(kept, code, starts_on)
    work.session.add_all(_placed(kept, case))


async def begin_referral(work: Work, case: Case, sent_on: date) -> None:
    kept = Keeping(case, await rules_of(work, case.district))
    begin_answers(kept, sent_on)
    work.session.add_all(_placed(kept, case))


async def begin_rights_of_agreement(work: Work, case: Case, effective_on: date) -> None:
    kept = Keeping(case, await rules_of(work, case.district))
    begin_rights(kept, effective_on)
    work.session.add_all(_placed(kept, case))


def end_deadlines(standing: Iterable[CaseDeadline], codes: set[DeadlineCode], on: date) -> None:
    for row in running(standing):
        if row.code in codes:
            row.ended_on = on


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


def _owed(case: Timed, standing: Sequence[CaseDeadline], reopened_on: date | None) -> dict[DeadlineCode, date]:
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
    owed = {} if case.archived_at else {DeadlineCode.ARCHIVE: case.closed_on}
    return owed | ({DeadlineCode.RETURN_VISIT: case.closed_on} if case.status is CaseStatus.CLOSED_SUCCESS else {})


def _limit_by_category(category: DisputeCategory) -> DeadlineCode:
    if category in _LABOR:
        return DeadlineCode.MEDIATE_LABOR
    return DeadlineCode.MEDIATE_MEDICAL if category is DisputeCategory.MEDICAL else DeadlineCode.MEDIATE_GENERAL


def _clock_start(case: Timed, accepted_on: date, code: DeadlineCode, standing: Iterable[CaseDeadline]) -> date:
    """Acceptance, or a later reopening; in a labour dispute the application (劳动争议调解仲裁法第十四条)."""
    own = [row.starts_on for row in standing if row.code.is_limit and not row.code.is_court]
    if later := [starts_on for starts_on in own if starts_on > accepted_on]:
        return max(later)
    return case.reported_on if code is DeadlineCode.MEDIATE_LABOR else accepted_on


def _goes_on(case: Timed, code: DeadlineCode) -> bool:
    """Deadlines that no status begins: whether the case's status lets them run on."""
    if code.is_court:
        return case.status in _MEDIATED and case.method is Method.COURT
    return case.status in (_MEDIATED if code in _OF_REFERRAL else _OF_AGREEMENT if code.lapses else set())


def _undo_last_end(case: Timed, standing: Sequence[CaseDeadline]) -> None:
    """A merge that is undone ended what ran: nothing has happened in the case since."""
    last = max((row.ended_on for row in standing if row.ended_on), default=None)
    for row in standing:
        if row.ended_on == last and _goes_on(case, row.code):
            row.ended_on = None


def _see_that_it_runs(kept: Keeping, code: DeadlineCode, starts_on: date) -> None:
    row = next((row for row in running(kept.standing) if row.code is code), None)
    if row is not None and row.starts_on == starts_on:
        return
    ended = next((row for row in kept.standing if row.code is code and row.starts_on == starts_on), None)
    if row is not None:
        _restart(row, kept.rules, starts_on)
    elif ended is not None:
        ended.ended_on, row = None, ended
    else:
        row = begin(kept, code, starts_on)
    if row is not None and code.is_limit and kept.case.mediated_on:
        kept.uncounted.append(row)


def _restart(row: CaseDeadline, rules: Rules, starts_on: date) -> None:
    """The day it begins was corrected, and with it the rule."""
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
    put_pauses(row, rules, await work.session.execute(statement.order_by(CaseStep.seq)))


def put_pauses(row: CaseDeadline, rules: Rules, turns: Iterable[tuple[CaseStatus, date]]) -> None:
    """`turns`: each status that began or ended a suspension, with its day, in order."""
    row.paused_days, row.paused_on = 0, None
    for status, on in turns:
        if status is CaseStatus.SUSPENDED:
            row.paused_on = on
        elif row.paused_on is not None:
            since = max(row.paused_on, row.starts_on)
            row.paused_days += rules.calendar.between(since, max(on, since), row.kind)
            row.paused_on = None
    recount(row, rules)
