"""From what was counted to what is answered: rounded half up, only here; null where there is nothing to divide by."""

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import Any

from app.statistics.answers import Value
from app.statistics.codes import Kind, Unit
from app.statistics.indicators import Indicator


def value_of(indicator: Indicator, counts: Sequence[Any], cases: str) -> Value:
    if indicator.kind is Kind.MEDIAN:
        return {"value": _middle(counts[0] or Counter()), "cases": cases}
    if indicator.unit is Unit.TEN_THOUSAND_YUAN:
        return {"value": ten_thousands(Decimal(counts[0])), "cases": cases}
    if indicator.kind in {Kind.COUNT, Kind.SUM}:
        return {"value": counts[0], "cases": cases}
    numerator, denominator = counts
    divided: dict[str, Any] = {"numerator": numerator, "denominator": denominator, "cases": cases}
    if indicator.kind is Kind.MEAN:
        return divided | {"value": _printed(numerator, denominator, 2)}  # type: ignore[return-value]
    return divided | {"value": ratio(numerator, denominator), "percent": percent(numerator, denominator)}  # type: ignore[return-value]


def ratio(numerator: int, denominator: int) -> str | None:
    return _printed(numerator, denominator, 4)


def percent(numerator: int, denominator: int, decimals: int = 2) -> str | None:
    return _printed(100 * numerator, denominator, decimals)


def ten_thousands(yuan: Decimal) -> str:
    """Exact, with two decimals at least: a fen is the sixth."""
    exact = f"{yuan / 10_000:.6f}"
    return exact[:-4] + exact[-4:].rstrip("0")


def _printed(numerator: int, denominator: int, decimals: int) -> str | None:
    """Null, never 0 or 100, where there is nothing to divide by."""
    if denominator == 0:
        return None
    return str((Decimal(numerator) / denominator).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _middle(occurs: Counter[int]) -> str | None:
    """The middle value, or half way between the two in the middle."""
    if not occurs:
        return None
    values = sorted(occurs)
    reached = list(accumulate(occurs[value] for value in values))
    count = reached[-1]
    low, high = (next(v for v, r in zip(values, reached, strict=True) if r > n) for n in ((count - 1) // 2, count // 2))
    return _printed(low + high, 2, 1)
