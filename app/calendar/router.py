"""Time limits, working days and reporting calendars over HTTP."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query

from app.calendar import queries, service
from app.calendar.codes import ReportingPeriodKind
from app.calendar.reporting_periods import periods_of
from app.calendar.schemas import (
    CalendarDayFilter,
    CalendarDayIn,
    CalendarDayList,
    CalendarDayOut,
    CalendarDayPatch,
    DeadlineRuleFilter,
    DeadlineRuleIn,
    DeadlineRuleList,
    DeadlineRuleOut,
    DeadlineRulePatch,
    ReportingCalendarFilter,
    ReportingCalendarIn,
    ReportingCalendarList,
    ReportingCalendarOut,
    ReportingCalendarPatch,
    ReportingPeriods,
    ReportingYearQuery,
)
from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.paging import listed
from app.core.route import guarded_router, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work

rules_router = guarded_router(prefix="/deadline-rules", tags=["calendar"])
days_router = guarded_router(prefix="/calendar-days", tags=["calendar"])
reporting_router = guarded_router(prefix="/reporting-calendars", tags=["calendar"])


@rules_router.get("")
async def list_deadline_rules(
    query: Annotated[DeadlineRuleFilter, Query()], reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> DeadlineRuleList:
    """Every version of every time limit: the nation's (`district` is null) and those of districts."""
    rows, following, total = await queries.rule_page(reading, query)
    return listed(DeadlineRuleList, [_fields(DeadlineRuleOut, row) for row in rows], following, total)


@rules_router.get("/{rule_id}")
async def read_deadline_rule(
    rule_id: PathId, reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> Answer[DeadlineRuleOut]:
    """One version of a time limit, with its basis in Chinese and English."""
    return _rule(await queries.one_rule(reading, rule_id))


@rules_router.post("", status_code=201)
async def add_deadline_rule(
    body: DeadlineRuleIn, work: Annotated[Work, work(Permission.RULES_MANAGE)]
) -> Answer[DeadlineRuleOut]:
    """Adds a version for the caller's district. Deadlines that begin from `effective_from` on follow it; those that run
    keep theirs."""
    rule, is_new = await service.add_rule(work, body)
    return _rule(rule, 201 if is_new else 200)


@rules_router.patch("/{rule_id}")
async def end_deadline_rule(
    rule_id: PathId, body: DeadlineRulePatch, work: Annotated[Work, work(Permission.RULES_MANAGE)]
) -> Answer[DeadlineRuleOut]:
    """Sets the last day on which deadlines begin under a rule of the caller's district; whatever else changes is a new
    version."""
    return _rule(await service.end_rule(work, rule_id, body))


@days_router.get("")
async def list_calendar_days(
    query: Annotated[CalendarDayFilter, Query()], reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> CalendarDayList:
    """The days entered by districts, by date. What the program knows of published years does not stand here."""
    rows, following, total = await queries.day_page(reading, query)
    return listed(CalendarDayList, [_fields(CalendarDayOut, row) for row in rows], following, total)


@days_router.get("/{day_id}")
async def read_calendar_day(
    day_id: PathId, reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> Answer[CalendarDayOut]:
    """One day."""
    return _day(await queries.one_day(reading, day_id))


@days_router.post("", status_code=201)
async def add_calendar_day(
    body: CalendarDayIn, work: Annotated[Work, work(Permission.RULES_MANAGE)]
) -> Answer[CalendarDayOut]:
    """Enters a day off or a day of make-up work (调休) for the caller's district. Running deadlines are counted
    again."""
    day, is_new = await service.add_day(work, body)
    return _day(day, 201 if is_new else 200)


@days_router.patch("/{day_id}")
async def change_calendar_day(
    day_id: PathId, body: CalendarDayPatch, work: Annotated[Work, work(Permission.RULES_MANAGE)]
) -> Answer[CalendarDayOut]:
    """Mends a day of the caller's district. Running deadlines are counted again."""
    return _day(await service.change_day(work, day_id, body))


def _rule(row: Any, status: int | None = None) -> Answer[DeadlineRuleOut]:
    location = f"/api/v1/deadline-rules/{row.id}" if status == 201 else None
    return Answer(_fields(DeadlineRuleOut, row), etag_of(row.version), location, status)


def _day(row: Any, status: int | None = None) -> Answer[CalendarDayOut]:
    location = f"/api/v1/calendar-days/{row.id}" if status == 201 else None
    return Answer(_fields(CalendarDayOut, row), etag_of(row.version), location, status)


def _fields(shape: Any, row: Any) -> Any:
    return {name: getattr(row, name) for name in shape.__annotations__}


@reporting_router.get("")
async def list_reporting_calendars(
    query: Annotated[ReportingCalendarFilter, Query()], reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> ReportingCalendarList:
    """Every version of every reporting calendar: the nation's (`district` is null) and those of districts."""
    rows, following, total = await queries.calendar_page(reading, query)
    return listed(ReportingCalendarList, [_fields(ReportingCalendarOut, row) for row in rows], following, total)


@reporting_router.post("", status_code=201)
async def add_reporting_calendar(
    body: ReportingCalendarIn, work: Annotated[Work, work(Permission.RULES_MANAGE)]
) -> Answer[ReportingCalendarOut]:
    """Adds a reporting calendar, or a version of one, for the caller's district."""
    row, is_new = await service.add_calendar(work, body)
    return _calendar(row, 201 if is_new else 200)


@reporting_router.get("/{calendar_id}")
async def read_reporting_calendar(
    calendar_id: PathId, reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> Answer[ReportingCalendarOut]:
    """One version of a reporting calendar."""
    return _calendar(await queries.one_calendar(reading, calendar_id))


@reporting_router.patch("/{calendar_id}")
async def end_reporting_calendar(
    calendar_id: PathId, body: ReportingCalendarPatch, work: Annotated[Work, work(Permission.RULES_MANAGE)]
) -> Answer[ReportingCalendarOut]:
    """Sets the last day on which reporting years begin under a calendar of the caller's district."""
    return _calendar(await service.end_calendar(work, calendar_id, body))


@reporting_router.get("/{calendar}/periods")
async def list_reporting_periods(
    calendar: str,
    query: Annotated[ReportingYearQuery, Query()],
    reading: Annotated[Reading, read(Permission.REFERENCE_READ)],
) -> ReportingPeriods:
    """The periods of the reporting year that ends in `year`, under the calendar of that code as it holds in the
    caller's district: months that tile the year, quarters, half-years, the year, each with its cut-off and the day to
    submit by."""
    row, rule = await queries.calendar_in_force(reading, calendar, query.year)
    periods = [asdict(period) for period in periods_of(rule, query.year)]
    return {
        "calendar": _fields(ReportingCalendarOut, row),
        "year": query.year,
        "months": _of(periods, ReportingPeriodKind.MONTH),
        "quarters": _of(periods, ReportingPeriodKind.QUARTER),
        "half_years": _of(periods, ReportingPeriodKind.HALF_YEAR),
        "whole": _of(periods, ReportingPeriodKind.YEAR)[0],
    }


def _of(periods: Any, kind: ReportingPeriodKind) -> Any:
    return [period for period in periods if period["kind"] is kind]


def _calendar(row: Any, status: int | None = None) -> Answer[ReportingCalendarOut]:
    location = f"/api/v1/reporting-calendars/{row.id}" if status == 201 else None
    return Answer(_fields(ReportingCalendarOut, row), etag_of(row.version), location, status)
