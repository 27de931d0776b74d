"""Counting what indicators need, in every group of a break-down, with at most one statement per population."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from app.core.unit_of_work import Reading
from app.core.walls import COUNTING
from app.statistics.codes import Dimension, Population
from app.statistics.indicators import Condition, Indicator
from app.statistics.periods import Period, month_name
from app.statistics.problems import TooManyRows
from app.statistics.queries import Scope, counts

MAX_ROWS = 10_000

Key = tuple[Any, ...]
"""One group: a value for each dimension."""
Tally = dict[Key, Counter[tuple[Population, str]]]
"""How many cases of a population meet the condition of that name, by group."""
Wanted = dict[Population, dict[str, Condition]]
NOTHING: Counter[tuple[Population, str]] = Counter()


async def tally_of(
    reading: Reading, scope: Scope, period: Period, indicators: Iterable[Indicator], by: Sequence[Dimension]
) -> Tally:
    wanted: Wanted = {}
    for indicator in indicators:
        wanted.setdefault(indicator.population, {}).update({c.name: c for c in indicator.conditions})
    stock = wanted.pop(Population.STOCK, None) if Dimension.MONTH in by else None
    if stock:
        for population in (Population.COHORT, Population.FLOW):
            wanted[population] = wanted.get(population, {}) | stock
    tally: Tally = defaultdict(Counter)
    for population, conditions in wanted.items():
        await _count(reading, scope, population, period, conditions, by, tally)
    if stock:
        await _roll_forward(reading, scope, period, stock, by, tally)
    return tally


async def _count(
    reading: Reading,
    scope: Scope,
    population: Population,
    period: Period,
    conditions: Mapping[str, Condition],
    by: Sequence[Dimension],
    tally: Tally,
) -> None:
    statement = counts(scope, population, period, conditions.values(), by).limit(MAX_ROWS + 1)
    rows = (await reading.session.execute(statement, execution_options=COUNTING)).all()
    check_size(len(rows))
    width = -len(conditions)
    for row in rows:
        for name, count in zip(conditions, row[width:], strict=True):
            tally[_key(by, row)][population, name] += count


def _key(by: Sequence[Dimension], row: Sequence[Any]) -> Key:
    values = iter(row)
    return tuple(_value(dimension, next(values), values) for dimension in by)


def _value(dimension: Dimension, value: Any, rest: Any) -> Any:
    if dimension is Dimension.MONTH:
        return month_name(int(value), int(next(rest)))
    return value.ljust(12, "0") if dimension is Dimension.PLACE else value


async def _roll_forward(
    reading: Reading, scope: Scope, period: Period, stock: dict[str, Condition], by: Sequence[Dimension], tally: Tally
) -> None:
    """Open before the period, and month by month what came in less what was closed: open at each month's end."""
    before = Period(period.first, period.first - timedelta(days=1))
    others = [dimension for dimension in by if dimension is not Dimension.MONTH]
    opening: Tally = defaultdict(Counter)
    await _count(reading, scope, Population.STOCK, before, stock, others, opening)
    place = by.index(Dimension.MONTH)
    groups = {*opening, *(key[:place] + key[place + 1 :] for key in tally)}
    months = period.months()
    check_size(len(groups) * len(months))
    for group in groups:
        open_now = Counter({name: opening[group][Population.STOCK, name] for name in stock})
        for month in months:
            key = (*group[:place], month, *group[place:])
            moved = tally.get(key, NOTHING)
            for name in stock:
                open_now[name] += moved[Population.COHORT, name] - moved[Population.FLOW, name]
                if open_now[name]:
                    tally[key][Population.STOCK, name] = open_now[name]


def check_size(rows: int) -> None:
    if rows > MAX_ROWS:
        raise TooManyRows(limit=MAX_ROWS)
