"""The periods of a reporting year: each with its days, the instant of its cut-off, and the day to submit it by.

A month of a calendar runs from the day after one cut-off to the next, so months tile the year and years tile time.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.calendar.codes import ReportingPeriodKind
from app.core.clock import SHANGHAI

MIDNIGHT = "24:00"
"""The end of the last day."""
_LENGTHS = {
    ReportingPeriodKind.MONTH: 1,
    ReportingPeriodKind.QUARTER: 3,
    ReportingPeriodKind.HALF_YEAR: 6,
    ReportingPeriodKind.YEAR: 12,
}
_LETTERS = {ReportingPeriodKind.QUARTER: "-Q", ReportingPeriodKind.HALF_YEAR: "-H"}


@dataclass(frozen=True)
class ReportingRule:
    """When a year begins and its months are cut off; without a day, at the end of the month."""

    first_month: int
    cut_off_day: int | None
    cut_off_time: str
    submit_days: int


@dataclass(frozen=True)
class ReportingPeriod:
    kind: ReportingPeriodKind
    name: str
    """`2020-03` (the month in which it ends), `2020-Q1`, `2020-H1`, `2020`."""
    first: date
    last: date
    cut_off_at: datetime
    submit_by: date


def periods_of(rule: ReportingRule, year: int) -> list[ReportingPeriod]:
    """Of the reporting year that ends in `year`: twelve months, then quarters, half-years, the year."""
    return [period for kind, length in _LENGTHS.items() for period in _of_kind(rule, year, kind, length)]


def first_day(rule: ReportingRule, year: int) -> date:
    return _cut(rule, _start(rule, year) - 1) + timedelta(days=1)


def _of_kind(rule: ReportingRule, year: int, kind: ReportingPeriodKind, length: int) -> Iterator[ReportingPeriod]:
    start = _start(rule, year)
    for number in range(12 // length):
        end = start + (number + 1) * length - 1
        last = _cut(rule, end)
        yield ReportingPeriod(
            kind,
            _name(kind, year, number, end),
            _cut(rule, end - length) + timedelta(days=1),
            last,
            _instant(rule, last),
            last + timedelta(days=rule.submit_days),
        )


def _name(kind: ReportingPeriodKind, year: int, number: int, end: int) -> str:
    if kind is ReportingPeriodKind.MONTH:
        return f"{end // 12:04}-{end % 12 + 1:02}"
    return f"{year:04}{_LETTERS[kind]}{number + 1}" if kind in _LETTERS else f"{year:04}"


def _start(rule: ReportingRule, year: int) -> int:
    """The year's first month, counted from the year 0."""
    return (year if rule.first_month == 1 else year - 1) * 12 + rule.first_month - 1


def _cut(rule: ReportingRule, month: int) -> date:
    year, index = divmod(month, 12)
    return date(year, index + 1, rule.cut_off_day or calendar.monthrange(year, index + 1)[1])


def _instant(rule: ReportingRule, last: date) -> datetime:
    if rule.cut_off_time == MIDNIGHT:
        local = datetime.combine(last + timedelta(days=1), time(), SHANGHAI)
    else:
        local = datetime.combine(last, time.fromisoformat(rule.cut_off_time), SHANGHAI)
    return local.astimezone(UTC)
