"""The main figures of a year in the text that Prometheus scrapes: one series for each place directly below."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import select

from app.core.unit_of_work import Reading
from app.places.models import Place
from app.statistics.codes import Dimension
from app.statistics.export_schemas import ExpositionQuery
from app.statistics.indicators import REGISTRY, Indicator
from app.statistics.schemas import StatisticsQuery
from app.statistics.service import figures

COUNTS = ("received", "handled", "closed", "succeeded", "failed", "open_at_end")
RATES = ("handling_rate", "success_rate", "agreement_rate")
LABELS = ("place", "name", "period")


async def exposition(reading: Reading, query: ExpositionQuery) -> bytes:
    """Of a rate also its two numbers: rates of several places are added up by these, never averaged. Where there is
    nothing to divide by, the rate has no sample."""
    first, last = query.first or date(reading.today.year, 1, 1), query.last or reading.today
    asked = {"place": query.place, "from": first, "to": last, "by": [Dimension.PLACE], "indicator": [*COUNTS, *RATES]}
    found = await figures(reading, StatisticsQuery.model_validate({k: v for k, v in asked.items() if v is not None}))
    period = f"{first}/{last}" if query.first else str(first.year)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(found["rows"], await _names(reading, found["rows"]), period))
    return generate_latest(registry)


async def _names(reading: Reading, rows: Sequence[Any]) -> dict[str, str]:
    codes = [row["place"] for row in rows]
    found = await reading.session.execute(select(Place.code, Place.name).where(Place.code.in_(codes)))
    return {row.code: row.name for row in found}


class _Families:
    """What a registry collects from: families whose samples stand already."""

    def __init__(self, rows: Sequence[Any], names: dict[str, str], period: str) -> None:
        self.rows, self.names, self.period = rows, names, period

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for slug in COUNTS:
            yield self._family(f"tiaojie_cases_{slug}", slug, "value")
        for slug in RATES:
            yield self._family(f"tiaojie_{slug}", slug, "value")
            yield self._family(f"tiaojie_{slug}_numerator", slug, "numerator")
            yield self._family(f"tiaojie_{slug}_denominator", slug, "denominator")

    def _family(self, name: str, slug: str, part: str) -> GaugeMetricFamily:
        family = GaugeMetricFamily(name, _meaning(REGISTRY[slug], part), labels=LABELS)
        for row in self.rows:
            value = row["values"][slug][part]
            if value is not None:
                family.add_metric([row["place"], self.names[row["place"]], self.period], float(value))
        return family


def _meaning(indicator: Indicator, part: str) -> str:
    words = {"numerator": "Numerator of ", "denominator": "Denominator of "}.get(part, "")
    return re.sub(r"\s+", " ", f"{words}{indicator.en} ({indicator.zh}). {indicator.meaning_en}")
