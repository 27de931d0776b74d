"""How time limits and days of the calendar are found: read by everybody, kept by the administrator of a district."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from app.calendar.models import CalendarDay, DeadlineRule, ReportingCalendar
from app.calendar.reporting_periods import ReportingRule, first_day
from app.calendar.schemas import (
    CalendarDayFilter,
    CalendarDayOut,
    DeadlineRuleFilter,
    DeadlineRuleOut,
    ReportingCalendarFilter,
    ReportingCalendarOut,
)
from app.core.jurisdiction import PATH_SUBJECTS
from app.core.paging import Order, page
from app.core.problems import NotFound
from app.core.unit_of_work import Reading

Page = tuple[Sequence[Any], str | None, int | None]

RULE = tuple(getattr(DeadlineRule, name) for name in DeadlineRuleOut.__annotations__)
DAY = tuple(getattr(CalendarDay, name).label(name) for name in CalendarDayOut.__annotations__)
CALENDAR = tuple(getattr(ReportingCalendar, name) for name in ReportingCalendarOut.__annotations__)

PATH_SUBJECTS |= {
    "rule_id": lambda district, id: select(DeadlineRule.id).where(
        DeadlineRule.id == id, DeadlineRule.district == district
    ),
    "day_id": lambda district, id: select(CalendarDay.id).where(CalendarDay.id == id, CalendarDay.district == district),
    "calendar_id": lambda district, id: select(ReportingCalendar.id).where(
        ReportingCalendar.id == id, ReportingCalendar.district == district
    ),
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


async def calendar_page(reading: Reading, query: ReportingCalendarFilter) -> Page:
    statement = select(*CALENDAR)
    if query.code:
        statement = statement.where(ReportingCalendar.code.in_(query.code))
    return await page(reading, statement, query, Order(ReportingCalendar.code, ReportingCalendar.id))


async def one_calendar(reading: Reading, id: UUID) -> Any:
    return await _one(reading, select(*CALENDAR).where(ReportingCalendar.id == id))


async def calendar_in_force(reading: Reading, code: str, year: int) -> tuple[Any, ReportingRule]:
    """Under which the reporting year begins: the district's own before the nation's, then the later one."""
    own = ReportingCalendar.district == reading.actor.district
    order = (
        ReportingCalendar.district.is_(None),
        ReportingCalendar.effective_from.desc(),
        ReportingCalendar.recorded_at.desc(),
    )
    statement = select(*CALENDAR).where(ReportingCalendar.code == code, or_(ReportingCalendar.district.is_(None), own))
    for row in await reading.session.execute(statement.order_by(*order)):
        rule = ReportingRule(row.first_month, row.cut_off_day, row.cut_off_time, row.submit_days)
        begins = first_day(rule, year)
        if row.effective_from <= begins and (row.effective_to is None or begins <= row.effective_to):
            return row, rule
    raise NotFound
