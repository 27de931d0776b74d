"""When a district's calendar changes, what runs over the year is counted again, and its cases have a new version."""

from datetime import date

from sqlalchemy import or_, select

from app.calendar.codes import DayKind
from app.calendar.rules import read_rules
from app.core.unit_of_work import Work
from app.intake.deadlines import count_pauses, recount
from app.intake.models import Case, CaseDeadline
from app.intake.steps import hand_on


async def recount_year(work: Work, year: int) -> None:
    """The cases are locked first, as every step does it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    depends = or_(CaseDeadline.kind == DayKind.WORKING, CaseDeadline.rolls)
    crosses = (CaseDeadline.starts_on <= last) & (CaseDeadline.due_on >= first)
    affected = (depends & crosses, CaseDeadline.ended_on.is_(None))
    theirs = select(CaseDeadline.case_id).where(*affected)
    locked = select(Case).where(Case.id.in_(theirs)).order_by(Case.id).with_for_update()
    cases = {case.id: case for case in await work.session.scalars(locked)}
    rules = await read_rules(work, work.actor.district)
    for row in await work.session.scalars(select(CaseDeadline).where(*affected)):
        before = row.due_on, row.calendar_published
        recount(row, rules)
        if row.paused_days:
            await count_pauses(work, row, rules)
        if (row.due_on, row.calendar_published) != before and row.case_id in cases:
            _raise(work, cases[row.case_id])


def _raise(work: Work, case: Case) -> None:
    case.version += 1
    case.changed_at = work.now
    work.about(case)
    hand_on(work, case)
