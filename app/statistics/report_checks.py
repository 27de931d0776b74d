"""What must hold among the figures of a report, whatever the register says: identities, and break-downs that sum to
their totals."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.statistics.codes import Dimension, Kind
from app.statistics.indicators import REGISTRY, Indicator
from app.statistics.report_answers import Check

_EQUALITIES = (
    (("carried_in", "received"), ("closed", "open_at_end")),
    (("succeeded", "failed", "withdrawn", "transferred"), ("closed",)),
)
_LIMITS = (
    (("succeeded",), ("closed",)),
    (("handled",), ("received",)),
    (("difficult",), ("closed",)),
    (("oral_agreements", "written_agreements", "settled_on_the_spot"), ("succeeded",)),
    (("zero_reports",), ("patrols",)),
)
_SUMMED = {Kind.COUNT, Kind.SUM}
Read = Callable[[str], Decimal]


def checks_of(figures: Mapping[str, Any]) -> list[Check]:
    def total(slug: str) -> Decimal:
        return Decimal(figures["total"][slug]["value"])

    checks = [_check("=", left, right, total) for left, right in _EQUALITIES]
    checks += [_check("≤", left, right, total) for left, right in _LIMITS]
    return checks + list(_sums(figures, total))


def _check(relation: str, left: tuple[str, ...], right: tuple[str, ...], total: Read) -> Check:
    name = f"{' + '.join(left)} {relation} {' + '.join(right)}"
    return _held(name, relation, sum(map(total, left), Decimal(0)), sum(map(total, right), Decimal(0)))


def _held(name: str, relation: str, left: Decimal, right: Decimal) -> Check:
    holds = left == right if relation == "=" else left <= right
    return {"name": name, "relation": relation, "left": str(left), "right": str(right), "holds": holds}


def _sums(figures: Mapping[str, Any], total: Read) -> Iterator[Check]:
    for name, rows in figures.items():
        if name == "total":
            continue
        for slug in figures["total"]:
            if _adds_up(REGISTRY.get(slug), name):
                parts = [Decimal(row["values"][slug]["value"]) for row in rows if slug in row["values"]]
                yield _held(f"{slug} by {name}", "=", sum(parts, Decimal(0)), total(slug))


def _adds_up(indicator: Indicator | None, dimension: str) -> bool:
    """Cases open at an instant do not add up over months; patrols are broken down by months alone."""
    if indicator is None or indicator.kind not in _SUMMED:
        return False
    if dimension == Dimension.MONTH:
        return not indicator.population.is_stock
    return indicator.population.is_of_cases
