"""How time limits and days of the calendar are found: read by everybody, kept by the administrator of a district."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from app.calendar.models import CalendarDay, DeadlineRule
from app.calendar.schemas import CalendarDayFilter, CalendarDayOut, DeadlineRuleFilter, DeadlineRuleOut
from app.core.jurisdiction import PATH_SUBJECTS
from app.core.paging import Order, page
from app.core.problems import NotFound
from app.core.unit_of_work import Reading

Page = tuple[Sequence[Any], str | None, int | None]

RULE = tuple(getattr(DeadlineRule, name) for name in DeadlineRuleOut.__annotations__)
DAY = tuple(getattr(CalendarDay, name).label(name) for name in CalendarDayOut.__annotations__)

PATH_SUBJECTS |= {
    "rule_id": lambda district, id: select(DeadlineRule.id).where(
        DeadlineRule.id == id, DeadlineRule.district == district
    ),
    "day_id": lambda district, id: select(CalendarDay.id).where(CalendarDay.id == id, CalendarDay.district == district),
}


async def rule_page(reading: Reading, query: DeadlineRuleFilter) -> Page:
    statement = select(*RULE)
    if query.code:
        statement = statement.where(DeadlineRule.code.in_(query.code))
    if query.on:
        ends = or_(DeadlineRule.effective_to.is_(None), DeadlineRule.effective_to >= query.on)
        statement = statement.where(DeadlineRule.effective_from <= query.on, ends)
    return await page(reading, statement, query, Order(DeadlineRule.code, DeadlineRule.id))


async def one_rule(reading: Reading, id: UUID) -> Any:
    return await _one(reading, select(*RULE).where(DeadlineRule.id == id))


async def day_page(reading: Reading, query: CalendarDayFilter) -> Page:
    statement = select(*DAY)
    if query.on_from:
        statement = statement.where(CalendarDay.on >= query.on_from)
    if query.on_to:
        statement = statement.where(CalendarDay.on <= query.on_to)
    return await page(reading, statement, query, Order(CalendarDay.on, CalendarDay.id))


async def one_day(reading: Reading, id: UUID) -> Any:
    return await _one(reading, select(*DAY).where(CalendarDay.id == id))


async def _one(reading: Reading, statement: Any) -> Any:
    row = (await reading.session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return row
