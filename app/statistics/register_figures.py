"""The register's own figures, for claims and the narrative: asked through the same use case as everybody's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.jurisdiction import Spot
from app.core.problems import UnknownReference
from app.core.unit_of_work import Reading
from app.statistics import service
from app.statistics.indicators import REGISTRY
from app.statistics.periods import Period
from app.statistics.queries import place_and_children
from app.statistics.schemas import StatisticsQuery


@dataclass(frozen=True)
class Asked:
    """A place and a period."""

    place: str
    period: Period


async def place_asked(reading: Reading, named: str | None, pointer: str) -> tuple[str, Sequence[str]]:
    """The place, the caller's own if none is named, and its direct children."""
    code = named or reading.actor.spot.place
    codes = [row.code for row in await reading.session.execute(place_and_children(code))]
    if code not in codes or not reading.actor.jurisdiction.reaches(Spot.of_place(code)):
        raise UnknownReference(pointer)
    return code, [child for child in codes if child != code]


async def rows_of(reading: Reading, asked: Asked, slugs: Iterable[str], by: str = "") -> list[Any]:
    """Rows with `values` by indicator; slugs that the registry does not know have none."""
    known = [slug for slug in REGISTRY if slug in set(slugs)]
    if not known:
        return []
    period = {"from": asked.period.first, "to": asked.period.last}
    query = {"place": asked.place, "indicator": known, **period, **({"by": [by]} if by else {})}
    rows: list[Any] = (await service.figures(reading, StatisticsQuery.model_validate(query)))["rows"]
    return rows


async def values_of(reading: Reading, asked: Asked, slugs: Iterable[str]) -> dict[str, Any]:
    """Of the whole place and period."""
    rows = await rows_of(reading, asked, slugs)
    values: dict[str, Any] = rows[0]["values"] if rows else {}
    return values
