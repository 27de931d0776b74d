"""Counting what indicators need, in every group of a break-down, with at most one statement per population."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from app.core.codes import member_of
from app.core.unit_of_work import Reading
from app.core.walls import COUNTING
from app.intake.method_codes import Method
from app.statistics.cells import ways
from app.statistics.codes import Dimension, Population
from app.statistics.indicators import Indicator, Measure
from app.statistics.periods import Period, month_name
from app.statistics.problems import TooManyRows
from app.statistics.queries import Scope, spread

MAX_ROWS = 10_000

Key = tuple[Any, ...]
"""One group: a value for each dimension."""
Tally = dict[Key, Counter[tuple[Population, str]]]
"""What the measure of that name comes to in a population, by group; of a median, how often each value occurs."""
Wanted = dict[Population, dict[str, Measure]]
NOTHING: Counter[tuple[Population, str]] = Counter()


async def tally_of(
    reading: Reading, scope: Scope, period: Period, indicators: Iterable[Indicator], by: Sequence[Dimension]
) -> Tally:
    wanted: Wanted = {}
    for indicator in indicators:
        wanted.setdefault(indicator.population, {}).update({m.name: m for m in indicator.measures})
    stocks = {population: wanted.pop(population) for population in list(wanted) if _rolls(population, by)}
    for measures in stocks.values():
        for population in (Population.COHORT, Population.FLOW):
            wanted[population] = wanted.get(population, {}) | measures
    tally: Tally = defaultdict(Counter)
    for population, measures in wanted.items():
        await _count(reading, scope, population, period, measures, by, tally)
    if stocks:
        await _roll_forward(reading, scope, period, stocks, by, tally)
    return tally


def _rolls(population: Population, by: Sequence[Dimension]) -> bool:
    return population.is_stock and Dimension.MONTH in by


async def _count(
    reading: Reading,
    scope: Scope,
    population: Population,
    period: Period,
    measures: Mapping[str, Measure],
    by: Sequence[Dimension],
    tally: Tally,
) -> None:
    totalled = {name: measure for name, measure in measures.items() if not measure.is_median}
    for statement, sign in ways(scope, population, period, list(totalled.values()), by) if totalled else []:
        for row in await _rows(reading, statement):
            group = tally[_key(by, row)]
            for name, total in zip(totalled, row[-len(totalled) :], strict=True):
                group[population, name] += sign * total
    for measure in (measure for measure in measures.values() if measure.is_median):
        for row in await _rows(reading, spread(scope, population, period, measure, by)):
            values: Any = tally[_key(by, row)]
            occurs = values.setdefault((population, measure.name), Counter())
            occurs[row[-2]] += row[-1]


async def _rows(reading: Reading, statement: Any) -> Sequence[Any]:
    rows: Sequence[Any] = (
        await reading.session.execute(statement.limit(MAX_ROWS + 1), execution_options=COUNTING)
    ).all()
    check_size(len(rows))
    return rows


def _key(by: Sequence[Dimension], row: Sequence[Any]) -> Key:
    values = iter(row)
    return tuple(_value(dimension, next(values), values) for dimension in by)


def _value(dimension: Dimension, value: Any, rest: Any) -> Any:
    if dimension is Dimension.MONTH:
        return month_name(int(value), int(next(rest)))
    if dimension is Dimension.METHOD:
        return member_of(Method, value) if value else None  # a cell keeps none as an empty text
    return value.ljust(12, "0") if dimension is Dimension.PLACE else value


async def _roll_forward(
    reading: Reading,
    scope: Scope,
    period: Period,
    stocks: Mapping[Population, Mapping[str, Measure]],
    by: Sequence[Dimension],
    tally: Tally,
) -> None:
    """Open before the period, and month by month what came in less what was closed: open at each month's end, and so
    at the start of the next."""
    stock = {name: measure for measures in stocks.values() for name, measure in measures.items()}
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
            _put(tally, key, Population.OPENING, open_now)
            moved = tally.get(key, NOTHING)
            for name in stock:
                open_now[name] += moved[Population.COHORT, name] - moved[Population.FLOW, name]
            _put(tally, key, Population.STOCK, open_now)


def _put(tally: Tally, key: Key, population: Population, counts: Counter[str]) -> None:
    for name, count in counts.items():
        if count:
            tally[key][population, name] = count


def check_size(rows: int) -> None:
    if rows > MAX_ROWS:
        raise TooManyRows(limit=MAX_ROWS)
