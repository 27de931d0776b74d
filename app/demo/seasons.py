"""When disputes come in: more by daylight weeks than on Sundays, a little more each year, each kind in its season."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from app.demo.disputes import TOPICS, Topic

YEARS = 4
_WEEKDAYS = (1.2, 1.1, 1.0, 1.0, 1.0, 0.5, 0.3)
_GROWTH = 1.06
"""By year."""


def incoming(chance: Random, cases: int, until: date) -> Iterator[tuple[date, int]]:
    """How many disputes are reported on each day of the years up to `until`; days without any are left out."""
    days = [until - timedelta(number) for number in range(365 * YEARS, 0, -1)]
    weights = [_weight(day, days[0]) for day in days]
    yield from sorted(Counter(chance.choices(days, weights, k=cases)).items())


def _weight(day: date, first: date) -> float:
    season = sum(topic.weight_in(day.month) for topic in TOPICS)
    growth: float = _GROWTH ** ((day - first).days / 365)
    return season * _WEEKDAYS[day.weekday()] * growth


def topics_by_month() -> dict[int, Sequence[Topic]]:
    """For each month a list to choose from, in which a topic stands as often as it is likely."""
    return {month: [t for t in TOPICS for _ in range(round(t.weight_in(month) * 4))] for month in range(1, 13)}
