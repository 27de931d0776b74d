"""Keeping a district's time limits and calendars: versions of a rule are added, days of a notice entered and mended."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from app.calendar.models import CalendarDay, DeadlineRule, ReportingCalendar
from app.calendar.problems import CalendarDayTaken, RuleEndsBeforeItBegins
from app.calendar.rules import forget_rules
from app.calendar.schemas import (
    CalendarDayIn,
    CalendarDayPatch,
    DeadlineRuleIn,
    DeadlineRulePatch,
    ReportingCalendarIn,
    ReportingCalendarPatch,
)
from app.core.answers import etag_of
from app.core.db import new_id
from app.core.problems import IdReused, NotFound
from app.core.records import change
from app.core.unit_of_work import Work
from app.places.queries import in_own_district

R = TypeVar("R", DeadlineRule, CalendarDay, ReportingCalendar)

RECOUNTS: list[Callable[[Work, int], Awaitable[None]]] = []
"""Who counts again, in the same work, what depends on the calendar of a year; `main` puts them here."""


async def add_rule(work: Work, body: DeadlineRuleIn) -> tuple[DeadlineRule, bool]:
    """Deadlines that run keep the rule under which they began."""
    if standing := await _sent_before(work, DeadlineRule, body):
        return standing, False
    row = DeadlineRule(**_new(work, body), recorded_at=work.now)
    rule, is_new = await work.claim(row, _as_sent(body))
    if rule.district != work.actor.district:
        raise IdReused
    forget_rules(work)
    return rule, is_new


async def end_rule(work: Work, rule_id: UUID, body: DeadlineRulePatch) -> DeadlineRule:
    rule = await _own_to_change(work, DeadlineRule, rule_id)
    change(rule, body.changes(), work.now)
    if rule.effective_to is not None and rule.effective_to < rule.effective_from:
        raise RuleEndsBeforeItBegins
    forget_rules(work)
    return rule


async def add_calendar(work: Work, body: ReportingCalendarIn) -> tuple[ReportingCalendar, bool]:
    """Reports that are made keep the periods they were made for."""
    if standing := await _sent_before(work, ReportingCalendar, body):
        return standing, False
    row = ReportingCalendar(**_new(work, body), recorded_at=work.now)
    added, is_new = await work.claim(row, _as_sent(body))
    if added.district != work.actor.district:
        raise IdReused
    return added, is_new


async def end_calendar(work: Work, calendar_id: UUID, body: ReportingCalendarPatch) -> ReportingCalendar:
    row = await _own_to_change(work, ReportingCalendar, calendar_id)
    change(row, body.changes(), work.now)
    if row.effective_to is not None and row.effective_to < row.effective_from:
        raise RuleEndsBeforeItBegins
    return row


async def add_day(work: Work, body: CalendarDayIn) -> tuple[CalendarDay, bool]:
    if standing := await _sent_before(work, CalendarDay, body):
        return standing, False
    same = select(CalendarDay.id).where(CalendarDay.on == body.on, in_own_district(CalendarDay, work.actor))
    if await work.session.scalar(same.where(CalendarDay.id != body.id)) is not None:
        raise CalendarDayTaken
    row = CalendarDay(**_new(work, body), recorded_at=work.now, changed_at=work.now)
    day, is_new = await work.claim(row, _as_sent(body))
    if day.district != work.actor.district:
        raise IdReused
    if is_new:
        await _recount(work, day)
    return day, is_new


async def change_day(work: Work, day_id: UUID, body: CalendarDayPatch) -> CalendarDay:
    day = await _own_to_change(work, CalendarDay, day_id)
    if change(day, body.changes(), work.now):
        await _recount(work, day)
    return day


async def _recount(work: Work, day: CalendarDay) -> None:
    await work.session.flush()
    for recount in RECOUNTS:
        await recount(work, day.on.year)
    forget_rules(work)


def _new(work: Work, body: Any) -> dict[str, Any]:
    own = {"id": body.id or new_id(), "district": work.actor.district, "version": 1}
    return {**body.model_dump(exclude={"id"}), **own}


def _as_sent(body: Any) -> Any:
    return body.model_dump(mode="json", exclude_unset=True)


async def _sent_before(work: Work, model: type[R], body: Any) -> R | None:
    """The record the same creation made earlier; of another district, its id is taken."""
    standing = await work.sent_before(model, body.id, _as_sent(body)) if body.id else None
    if standing is not None and standing.district != work.actor.district:
        raise IdReused
    return standing


async def _own_to_change(work: Work, model: type[R], id: UUID) -> R:
    statement = select(model).where(model.id == id, in_own_district(model, work.actor)).with_for_update()
    row = await work.session.scalar(statement)
    if row is None:
        raise NotFound
    work.about(row)
    await work.match(row.version, etag_of(row.version))
    return row
