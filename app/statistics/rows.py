"""A break-down as rows: which members have one, in which order, and the link from each figure to its cases."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from app.intake.filters import NONE
from app.statistics.answers import Row, Value
from app.statistics.codes import Dimension, Population
from app.statistics.indicators import Indicator
from app.statistics.periods import Period
from app.statistics.queries import Scope
from app.statistics.tallies import NOTHING, Key, Tally, check_size
from app.statistics.values import value_of


def rows_of(
    scope: Scope, by: Sequence[Dimension], indicators: Sequence[Indicator], tally: Tally, members: Sequence[Key]
) -> list[Row]:
    """`members` have a row whether or not anything counts; others only if something does."""
    counting = {key for key, counts in tally.items() if any(counts[n] for i in indicators for n in _names(i))}
    keys = sorted(counting.union(members), key=_order)
    check_size(len(keys))
    months = scope.query.period.months() if Dimension.MONTH in by else {}
    return [_row(scope, by, indicators, key, tally, months) for key in keys]


def _names(indicator: Indicator) -> list[tuple[Any, str]]:
    return [(indicator.population, measure.name) for measure in indicator.measures]


def _order(key: Key) -> list[tuple[bool, str]]:
    return [(value is None, str(value)) for value in key]


def _row(
    scope: Scope,
    by: Sequence[Dimension],
    indicators: Sequence[Indicator],
    key: Key,
    tally: Tally,
    months: dict[str, Period],
) -> Any:
    asked = narrowed(scope, by, key, months)
    counts = tally.get(key, NOTHING)
    values: dict[str, Value] = {
        i.slug: value_of(i, [counts[n] for n in _names(i)], _link(i, asked)) for i in indicators
    }
    return {**dict(zip((dimension.value for dimension in by), key, strict=True)), "values": values}


_PATROLS_BEHIND = {Population.PATROLS: {}, Population.FINDINGS: {"finding_state": "prevented"}}


def _link(indicator: Indicator, asked: dict[str, str]) -> str:
    """To what a figure counts; of findings, to the patrols that made them, whenever that was."""
    if indicator.population.is_of_cases:
        return f"/api/v1/statistics/{indicator.slug}/cases?{urlencode(asked, safe=',:')}"
    query = {"place": asked["place"]} | _PATROLS_BEHIND[indicator.population]
    if indicator.population is Population.PATROLS:
        query |= {"inspected_from": asked["from"], "inspected_to": asked["to"]}
    return f"/api/v1/inspections?{urlencode(query)}"


def narrowed(scope: Scope, by: Sequence[Dimension], key: Key, months: dict[str, Period]) -> dict[str, str]:
    """The question's parameters, narrowed to one row. A stored code that includes others is marked as meant exactly."""
    query = scope.query
    asked: dict[str, Any] = {"place": scope.place, "from": query.first, "to": query.last}
    if query.as_of:
        asked["as_of"] = query.as_of.isoformat()
    for name in ("category", "source", "method", "organization_id"):
        if values := getattr(query, name):
            asked[name] = ",".join(str(value) for value in values)
    exact: set[str] = set(query.exact)
    for dimension, value in zip(by, key, strict=True):
        if dimension is Dimension.MONTH:
            asked |= {"from": months[value].first, "to": months[value].last}
        elif dimension is Dimension.ORGANIZATION:
            asked["organization_id"] = value or NONE
        elif dimension is Dimension.METHOD:
            asked["method"] = value or NONE
        else:
            asked[dimension.value] = value
            if _includes_others(scope, dimension, value):
                exact.add(dimension.value)
    return {name: str(value) for name, value in asked.items()} | ({"exact": ",".join(sorted(exact))} if exact else {})


def _includes_others(scope: Scope, dimension: Dimension, value: Any) -> bool:
    if dimension is Dimension.PLACE:
        return bool(value == scope.place)
    return len(value.with_children()) > 1
