"""Keeping how cases count: after every change of a case its counted row is ended and begun anew, in the same
transaction, where something that figures read has changed."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import RowMapping, and_, update

from app.calendar.codes import DayKind
from app.calendar.rules import rules_of
from app.core.db import new_id
from app.core.prepared import AnySelect
from app.core.unit_of_work import Beside, Work
from app.intake.models import Case
from app.statistics.facts import FACTS, PLACE, facts_of_cases
from app.statistics.models import CountedCase, RollupDelta

KEPT = (*PLACE, *FACTS)
_SPAN = ("days", "working_days")


@cache
def with_counted() -> AnySelect:
    """Cases as they count, each beside the row by which they are counted."""
    names = ("id", "known_from", *KEPT, *_SPAN)
    beside = [getattr(CountedCase, name).label(f"present_{name}") for name in names]
    present = and_(CountedCase.case_id == Case.id, CountedCase.known_until.is_(None))
    return facts_of_cases(*beside).outerjoin(CountedCase, present)


async def keep_counted(work: Work, cases: Sequence[Case], beside: Beside) -> None:
    """For the cases that this unit of work has changed."""
    statement = with_counted().where(Case.id.in_([case.id for case in cases]))
    for row in (await beside(statement)).mappings():
        if row["present_id"] is None or not row["counts"] or differs(row):
            await _count_anew(work, row, beside)


def differs(row: RowMapping) -> bool:
    """Whether what counts has changed since."""
    return any(row[name] != row[f"present_{name}"] for name in KEPT)


async def _count_anew(work: Work, row: RowMapping, beside: Beside) -> None:
    now = work.now
    if row["present_id"] is not None:
        # Works that overlap may commit in another order than they began: a row never ends before it began.
        now = max(now, row["present_known_from"])
        await beside(update(CountedCase).where(CountedCase.id == row["present_id"]).values(known_until=now))
        work.append(*delta(row, row["present_id"], -1))
    if row["counts"]:
        days, working_days = await _span(work, row)
        id = new_id()
        work.append(
            CountedCase(
                id=id,
                case_id=row["case_id"],
                known_from=now,
                days=days,
                working_days=working_days,
                **{name: row[name] for name in KEPT},
            ),
            *delta(row, id, 1),
        )


def delta(row: RowMapping, counted_id: UUID, sign: int) -> list[RollupDelta]:
    """What the cells of the district are still to learn."""
    return [RollupDelta(counted_id=counted_id, sign=sign, **{name: row[name] for name in PLACE})]


async def _span(work: Work, row: RowMapping) -> tuple[int | None, int | None]:
    first, last = row["accepted_on"], row["closed_on"]
    if last is None:
        return None, None
    if (first, last) == (row["present_accepted_on"], row["present_closed_on"]):
        return row["present_days"], row["present_working_days"]
    return await days_between(work, row["district"], first, last)


async def days_between(work: Work, district: str, first: date, last: date) -> tuple[int, int]:
    """Calendar days and working days by the district's calendar as it stands."""
    calendar = (await rules_of(work, district)).calendar
    return calendar.between(first, last, DayKind.CALENDAR), calendar.between(first, last, DayKind.WORKING)
