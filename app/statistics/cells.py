"""Which questions the months added up can answer, and how: cells, and whatever is not yet folded into them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, case, extract, func, literal, select, type_coerce

from app.core.schemas import EARLIEST
from app.intake.filters import NONE
from app.places.codes import PlaceLevel
from app.statistics.codes import Dimension, Population
from app.statistics.definitions import agreements, cases
from app.statistics.indicators import Measure
from app.statistics.models import Cell, CountedCase, DistrictCell, RollupDelta
from app.statistics.periods import Period
from app.statistics.queries import Scope, counts, in_period, keys_of

ROLLED: Mapping[Population, Mapping[str, Measure]] = {
    Population.COHORT: {"cases": cases.ALL, "handled": cases.HANDLED, "succeeded": cases.SUCCEEDED},
    Population.FLOW: {
        "cases": cases.ALL,
        "succeeded": cases.SUCCEEDED,
        "failed": cases.FAILED,
        "withdrawn": cases.WITHDRAWN,
        "transferred": cases.TRANSFERRED,
        "decided": cases.DECIDED,
        "difficult": cases.DIFFICULT,
        "parties": cases.PARTIES,
        "days": cases.DAYS,
        "working_days": cases.WORKING_DAYS,
        "agreed": agreements.AGREED,
        "oral": agreements.ORAL,
        "written": agreements.WRITTEN,
        "on_the_spot": agreements.ON_THE_SPOT,
        "amount": agreements.AMOUNT,
    },
}
"""The column of a cell that adds up each measure."""
COLUMNS = tuple(dict.fromkeys(column for measures in ROLLED.values() for column in measures))
_COLUMN_OF = {
    population: {measure.name: column for column, measure in measures.items()}
    for population, measures in ROLLED.items()
}
_DIMENSIONS = {Dimension.MONTH, Dimension.CATEGORY, Dimension.METHOD, Dimension.SOURCE}


def ways(
    scope: Scope, population: Population, period: Period, measures: Sequence[Measure], by: Sequence[Dimension]
) -> list[tuple[Select[Any], int]]:
    """The statements that count the measures, each with the sign of what it counts."""
    if population.is_stock:
        until = period.last if population is Population.STOCK else period.first - timedelta(days=1)
        since = Period(EARLIEST, until)
        if all(_answers(scope, moved, since, measures, by) for moved in (Population.COHORT, Population.FLOW)):
            received = _from_cells(scope, Population.COHORT, since, measures, by)
            closed = _from_cells(scope, Population.FLOW, since, measures, by)
            return [(statement, 1) for statement in received] + [(statement, -1) for statement in closed]
    elif _answers(scope, population, period, measures, by):
        return [(statement, 1) for statement in _from_cells(scope, population, period, measures, by)]
    return [(counts(scope, population, period, measures, by), 1)]


def _from_cells(
    scope: Scope, population: Population, period: Period, measures: Sequence[Measure], by: Sequence[Dimension]
) -> list[Select[Any]]:
    """Shaped like `queries.counts`: from the cells of the district, and from what is not yet folded into them."""
    at = (DistrictCell.district == scope.place[:6], *_chosen(scope, DistrictCell))
    keys = [key for dimension in by for key in keys_of(dimension, scope, population)]
    within = (*scope.chosen(), in_period(population, period, scope.today))
    return [
        of_cells(DistrictCell, at, population, period, measures, by),
        signed(keys, measures).where(*within).group_by(*keys),
    ]


def _answers(
    scope: Scope, population: Population, period: Period, measures: Iterable[Measure], by: Sequence[Dimension]
) -> bool:
    """Whole months of a district as known now, broken down by what a cell tells apart."""
    query = scope.query
    return (
        PlaceLevel.of(scope.place) is PlaceLevel.DISTRICT
        and query.as_of is None
        and not query.organization_id
        and "place" not in query.exact
        and _DIMENSIONS.issuperset(by)
        and period.is_of_months
        and are_rolled(population, measures)
    )


def are_rolled(population: Population, measures: Iterable[Measure]) -> bool:
    return all(measure.name in _COLUMN_OF.get(population, {}) for measure in measures)


def of_cells(
    model: type[Cell],
    at: Iterable[ColumnElement[bool]],
    population: Population,
    period: Period,
    measures: Iterable[Measure],
    by: Sequence[Dimension],
) -> Select[Any]:
    keys = [key for dimension in by for key in _keys(dimension, model)]
    columns = [getattr(model, _COLUMN_OF[population][measure.name]) for measure in measures]
    within = (model.basis == population, model.month.between(period.first, period.last))
    # Of no cells at all the sum would be null.
    sums = [func.coalesce(func.sum(column), literal(0, Integer)) for column in columns]
    return select(*keys, *sums).where(*at, *within).group_by(*keys)


def _keys(dimension: Dimension, model: type[Cell]) -> list[Any]:
    if dimension is Dimension.MONTH:
        return [extract("year", model.month), extract("month", model.month)]
    return [getattr(model, dimension.value)]


def _chosen(scope: Scope, model: type[Cell]) -> list[ColumnElement[bool]]:
    query = scope.query
    conditions: list[ColumnElement[bool]] = []
    for column, values, name in ((model.category, query.category, "category"), (model.source, query.source, "source")):
        if values:
            wanted: Sequence[Any] = values
            included = wanted if name in query.exact else [m for code in wanted for m in code.with_children()]
            conditions.append(column.in_(included))
    if query.method:
        conditions.append(model.method.in_(["" if method == NONE else str(method) for method in query.method]))
    return conditions


def signed(keys: Sequence[Any], measures: Iterable[Measure]) -> Select[Any]:
    """Deltas, each with the measures of its row, taken away where the row has ended."""
    return select(*keys, *(_signed(measure) for measure in measures)).join_from(
        RollupDelta, CountedCase, CountedCase.id == RollupDelta.counted_id
    )


def _signed(measure: Measure) -> Any:
    if measure.of is None:
        return func.coalesce(func.sum(case((measure.clause, RollupDelta.sign), else_=0)), 0)
    amount = type_coerce(measure.of, BigInteger) * RollupDelta.sign
    return type_coerce(func.coalesce(func.sum(case((measure.clause, amount), else_=0)), 0), measure.of.type)
