"""Figures above the district, for operators alone: of a city, a province, the country, by whole months."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from app.core.unit_of_work import Reading
from app.statistics.cells import ROLLED, are_rolled, of_cells, signed
from app.statistics.codes import Dimension, Population
from app.statistics.indicators import REGISTRY, definition_version
from app.statistics.models import AreaCell, CountedCase
from app.statistics.periods import Period, month_name
from app.statistics.queries import DATES, columns_of
from app.statistics.values import value_of

INDICATORS = [i for i in REGISTRY.values() if i.population in ROLLED and are_rolled(i.population, i.measures)]
"""What months added up can tell without a look at any case."""


async def area_figures(reading: Reading, area: str, period: Period, by: Sequence[Dimension]) -> dict[str, Any]:
    """Rows in the order of their keys, as `GET /statistics` has them, without links: nobody sees those cases here."""
    groups: dict[tuple[Any, ...], Counter[tuple[Population, str]]] = defaultdict(Counter)
    for population in ROLLED:
        measures = list({m.name: m for i in INDICATORS if i.population is population for m in i.measures}.values())
        cells = of_cells(AreaCell, [AreaCell.area == area], population, period, measures, by)
        keys = [key for dimension in by for key in columns_of(dimension, population)]
        waiting = (CountedCase.district.startswith(area), DATES[population].between(period.first, period.last))
        for statement in (cells, signed(keys, measures).where(*waiting).group_by(*keys)):
            for row in await reading.session.execute(statement):
                counts = groups[_key(by, row)]
                for measure, total in zip(measures, row[-len(measures) :], strict=True):
                    counts[population, measure.name] += total or 0
    names = [dimension.value for dimension in by]
    rows = [dict(zip(names, key, strict=True)) | {"values": _values(groups[key])} for key in _ordered(groups)]
    return {
        "definition_version": definition_version(),
        "area": area or "0",
        "from": period.first,
        "to": period.last,
        "rows": rows,
    }


def _key(by: Sequence[Dimension], row: Any) -> tuple[Any, ...]:
    values = iter(row)
    return tuple(
        month_name(int(value), int(next(values))) if dimension is Dimension.MONTH else value or None
        for dimension, value in ((dimension, next(values)) for dimension in by)
    )


def _ordered(groups: Any) -> list[tuple[Any, ...]]:
    return sorted(groups, key=lambda key: [(value is None, str(value)) for value in key])


def _values(counts: Counter[tuple[Population, str]]) -> dict[str, Any]:
    values = {}
    for indicator in INDICATORS:
        value: Any = value_of(indicator, [counts[indicator.population, m.name] for m in indicator.measures], "")
        values[indicator.slug] = {name: part for name, part in value.items() if name != "cases"}
    return values
