"""A period beside the same one a year before, or the one before it: both counted in one snapshot, as known at once."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from app.core.input_errors import refuse_fields, rule
from app.core.unit_of_work import Reading
from app.statistics import service
from app.statistics.answers import Value
from app.statistics.codes import Dimension, Kind, Unit
from app.statistics.comparison_answers import Compared
from app.statistics.indicators import REGISTRY, Indicator
from app.statistics.periods import Period
from app.statistics.reporting_units import refuse_not_begun
from app.statistics.table_schemas import ComparisonQuery
from app.statistics.values import ten_thousands

rule(
    "months_do_not_match",
    "两个时期的月份不能一一对应，不能按月比较",
    "the months of the two periods do not match one to one: they cannot be compared by month",
)
Key = tuple[Any, ...]


async def compared(reading: Reading, query: ComparisonQuery) -> dict[str, Any]:
    """Everything of the answer but the instant it was computed."""
    refuse_not_begun(reading, query)
    before = query.compared_with.of(query.period)
    months = _months(query, before)
    now = await service.figures(reading, query)
    then = await service.figures(reading, query.model_copy(update={"first": before.first, "last": before.last}))
    rows = _rows(query.by, _by_key(query.by, now["rows"], {}), _by_key(query.by, then["rows"], months))
    same = {name: now[name] for name in ("definition_version", "place", "from", "to", "as_of")}
    return same | {"with": query.compared_with, "then": {"from": before.first, "to": before.last}, "rows": rows}


def _months(query: ComparisonQuery, before: Period) -> dict[str, str]:
    """From a month then to the month now that stands beside it."""
    if Dimension.MONTH not in query.by:
        return {}
    now, then = list(query.period.months()), list(before.months())
    if len(now) != len(then) or before.first.day != query.first.day:
        refuse_fields("months_do_not_match", ["query:by"])
    return dict(zip(then, now, strict=True))


def _by_key(by: Sequence[Dimension], rows: Sequence[Any], months: Mapping[str, str]) -> dict[Key, Any]:
    return {tuple(months.get(row[name], row[name]) for name in by): row["values"] for row in rows}


def _rows(by: Sequence[Dimension], now: Mapping[Key, Any], then: Mapping[Key, Any]) -> list[Any]:
    keys = sorted({*now, *then}, key=lambda key: [(value is None, str(value)) for value in key])
    return [
        {**dict(zip((name.value for name in by), key, strict=True)), "values": _values(now.get(key), then.get(key))}
        for key in keys
    ]


def _values(now: Mapping[str, Value] | None, then: Mapping[str, Value] | None) -> dict[str, Compared]:
    """Where one of them has no row, nothing counted."""
    return {
        slug: change(REGISTRY[slug], now[slug] if now else None, then[slug] if then else None)
        for slug in now or then or {}
    }


def change(indicator: Indicator, now: Value | None, then: Value | None) -> Compared:
    """Of counts the difference and its percentage of then, of rates percentage points: from the exact numbers, rounded
    once. Null where there is nothing to compare with."""
    both: Compared = {"now": now, "then": then}
    a, b = _exact(indicator, now), _exact(indicator, then)
    difference = None if a is None or b is None else a - b
    if indicator.kind is Kind.RATE:
        both["percentage_points"] = None if difference is None else _shown(100 * difference)
        return both
    both["difference"] = None if difference is None else _difference(indicator, difference)
    both["change_percent"] = _shown(100 * difference / b) if difference is not None and b else None
    return both


def _exact(indicator: Indicator, value: Any) -> Fraction | None:
    if "denominator" in (value or {}):
        return Fraction(value["numerator"], value["denominator"]) if value["denominator"] else None
    if value is None:
        return None if indicator.kind in {Kind.RATE, Kind.MEAN, Kind.MEDIAN} else Fraction(0)
    return None if value["value"] is None else Fraction(value["value"])


def _difference(indicator: Indicator, difference: Fraction) -> str:
    """Counts as whole numbers, yuan to the fen, days as they are shown."""
    if indicator.unit is Unit.TEN_THOUSAND_YUAN:
        return ten_thousands(Decimal(_shown(difference * 10_000)))
    return _shown(difference, {Kind.COUNT: 0, Kind.SUM: 0, Kind.MEAN: 2, Kind.MEDIAN: 1}[indicator.kind])


def _shown(value: Fraction, decimals: int = 2) -> str:
    exact = Decimal(value.numerator) / value.denominator
    return str(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0)
