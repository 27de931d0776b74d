"""Counting days: the vectors of the law's practice, and the arithmetic against a naive count from day to day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.codes import DayKind
from app.calendar.working_days import PUBLISHED, WorkingDays

NATION = WorkingDays()
DAY = timedelta(days=1)
DATES = st.dates(date(1990, 1, 1), date(2040, 12, 31))
CALENDARS = st.dictionaries(st.dates(date(2019, 12, 1), date(2021, 2, 1)), st.booleans(), max_size=40).map(WorkingDays)


def iso(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("starts_on", "days", "kind", "rolls", "due_on"),
    [
        ("2020-09-01", 30, DayKind.CALENDAR, True, "2020-10-09"),  # the 30th day is the first of the National Day week
        ("2020-09-01", 30, DayKind.CALENDAR, False, "2020-10-01"),
        ("2020-03-01", 30, DayKind.CALENDAR, False, "2020-03-31"),
        ("2020-03-01", 60, DayKind.CALENDAR, False, "2020-04-30"),
        ("2020-09-25", 3, DayKind.WORKING, False, "2020-09-29"),  # Sunday 27 September was worked
        ("2020-09-30", 1, DayKind.WORKING, False, "2020-10-09"),
        ("2020-10-09", 1, DayKind.WORKING, False, "2020-10-10"),  # a Saturday, worked
        ("2020-01-23", 1, DayKind.WORKING, False, "2020-02-03"),  # the Spring Festival that was made longer
        ("2021-12-31", 1, DayKind.WORKING, False, "2022-01-04"),
    ],
)
def test_known_limits_end_on_known_days(starts_on: str, days: int, kind: DayKind, rolls: bool, due_on: str) -> None:
    assert NATION.due(iso(starts_on), days, kind, rolls=rolls) == iso(due_on)


def test_a_year_without_a_notice_knows_weekends_alone_until_its_days_are_entered() -> None:
    unknown = max(PUBLISHED) + 1
    new_year = date(unknown, 1, 1)
    assert [NATION.is_working(new_year + number * DAY) for number in range(7)] == [
        (new_year + number * DAY).weekday() < 5 for number in range(7)
    ]
    assert not NATION.knows(new_year - DAY, new_year)
    assert NATION.knows(new_year - 2 * DAY, new_year - DAY)
    entered = WorkingDays({new_year: False})
    assert not entered.is_working(new_year)
    assert entered.knows(new_year - DAY, new_year)
    assert not entered.knows(new_year, date(unknown + 1, 1, 1))


@given(CALENDARS, DATES, st.integers(1, 120))
def test_a_limit_in_working_days_has_that_many_after_its_start_and_ends_on_one(
    calendar: WorkingDays, starts_on: date, days: int
) -> None:
    due_on = calendar.due(starts_on, days, DayKind.WORKING)
    counted, day = 0, starts_on
    while counted < days:
        day += DAY
        if calendar.is_working(day):
            counted += 1
    assert due_on == day
    assert calendar.is_working(due_on)
    assert calendar.between(starts_on, due_on, DayKind.WORKING) == days


@given(CALENDARS, DATES, st.integers(1, 120))
def test_a_rolling_limit_ends_on_the_first_working_day_not_before_its_last(
    calendar: WorkingDays, starts_on: date, days: int
) -> None:
    plain, rolled = (calendar.due(starts_on, days, DayKind.CALENDAR, rolls=rolls) for rolls in (False, True))
    assert plain == starts_on + days * DAY
    assert calendar.is_working(rolled)
    assert not any(calendar.is_working(plain + number * DAY) for number in range((rolled - plain).days))


@given(CALENDARS, DATES, st.integers(1, 60), st.integers(0, 60), st.integers(0, 60), st.sampled_from(DayKind))
def test_a_pause_moves_the_end_so_that_the_days_that_ran_are_the_limit(
    calendar: WorkingDays, starts_on: date, days: int, ran: int, stood: int, kind: DayKind
) -> None:
    """What ran before the pause and what runs after it are together the limit."""
    stopped, resumed = starts_on + ran * DAY, starts_on + (ran + stood) * DAY
    paused = calendar.between(stopped, resumed, kind)
    before = calendar.between(starts_on, stopped, kind)
    due_on = calendar.due(starts_on, days + paused, kind)
    if before < days:
        assert calendar.between(resumed, due_on, kind) == days - before
