"""Which days are working days, and what comes of counting them: 国务院办公厅 moves days off and on each year (调休).

A district's own table comes first; then the published notices that the `holidays` package holds; in a year without
either only weekends are known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from holidays import country_holidays
from holidays.countries.china import ChinaStaticHolidays

from app.calendar.codes import DayKind

PUBLISHED = frozenset(ChinaStaticHolidays.special_public_holidays)
"""The years whose notice the package holds. For others it would only estimate, and without make-up days."""
_NATION = country_holidays("CN")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDays:
    """The calendar of a district; `overrides` is its own table."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        return _NATION.is_working_day(day) if day.year in PUBLISHED else day.weekday() < 5

    def knows(self, first: date, last: date) -> bool:
        """Whether the notice of every year from the first day to the last is known."""
        return all(year in PUBLISHED or year in self._own_years for year in range(first.year, last.year + 1))

    @cached_property
    def _own_years(self) -> frozenset[int]:
        return frozenset(day.year for day in self.overrides)

    def due(self, starts_on: date, days: int, kind: DayKind, *, rolls: bool = False) -> date:
        """The last day of a limit: the first one counted is the day after the start (民法典第二百零一条)."""
        if kind is DayKind.WORKING:
            return self._after(starts_on, days)
        last = starts_on + timedelta(days=days)
        while rolls and not self.is_working(last):
            last += _DAY
        return last

    def _after(self, day: date, working_days: int) -> date:
        while working_days:
            day += _DAY
            working_days -= self.is_working(day)
        return day

    def between(self, first: date, last: date, kind: DayKind) -> int:
        """Days from one date to another, counted as for a limit: without the first, with the last."""
        span = (last - first).days
        if kind is DayKind.CALENDAR:
            return span
        return sum(self.is_working(first + timedelta(days=number)) for number in range(1, span + 1))
