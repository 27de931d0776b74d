"""A break-down as lines for a spreadsheet: heads in the reader's language, a rate with its two numbers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.core.codes import Code
from app.core.locale import Language
from app.core.unit_of_work import Reading
from app.places.models import Place
from app.statistics.codes import Dimension, Kind
from app.statistics.indicators import REGISTRY, Indicator
from app.statistics.schemas import StatisticsQuery

_NAME = {Language.ZH: "名称", Language.EN: "name"}
_PARTS = {Language.ZH: ("分子", "分母"), Language.EN: ("numerator", "denominator")}
_CODED = {Dimension.CATEGORY, Dimension.METHOD, Dimension.SOURCE}


async def lines(reading: Reading, query: StatisticsQuery, rows: Sequence[Any]) -> list[list[Any]]:
    """A dimension of terms or places takes two columns, code and name."""
    language, by = reading.asked.language, query.by
    names = await _names(reading, rows) if Dimension.PLACE in by else {}
    slugs = list(rows[0]["values"]) if rows else list(query.indicator or [])
    heads = [head for dimension in by for head in _heads(dimension, language)]
    heads += [head for slug in slugs for head in _value_heads(REGISTRY[slug], language)]
    return [heads, *(_line(by, row, slugs, names, language) for row in rows)]


async def _names(reading: Reading, rows: Sequence[Any]) -> Mapping[str, str]:
    places = select(Place.code, Place.name).where(Place.code.in_({row["place"] for row in rows}))
    return {row.code: row.name for row in await reading.session.execute(places)}


def _heads(dimension: Dimension, language: Language) -> list[str]:
    head = getattr(dimension, language)
    is_named = dimension in _CODED or dimension is Dimension.PLACE
    return [head, f"{head} {_NAME[language]}"] if is_named else [head]


def _value_heads(indicator: Indicator, language: Language) -> list[str]:
    name, unit = getattr(indicator, language), getattr(indicator.unit, language)
    parts = [f"{name} {part}" for part in _PARTS[language]] if indicator.denominator else []
    return [*parts, f"{name} ({unit})"]


def _line(
    by: Sequence[Dimension], row: Any, slugs: Sequence[str], names: Mapping[str, str], language: Language
) -> list[Any]:
    keys = [cell for dimension in by for cell in _key_cells(dimension, row[dimension.value], names, language)]
    return keys + [cell for slug in slugs for cell in _value_cells(REGISTRY[slug], row["values"][slug])]


def _key_cells(dimension: Dimension, key: Any, names: Mapping[str, str], language: Language) -> Iterator[Any]:
    yield "" if key is None else str(key)
    if dimension is Dimension.PLACE:
        yield names.get(key, "")
    elif dimension in _CODED:
        yield getattr(key, language) if isinstance(key, Code) else ""


def _value_cells(indicator: Indicator, value: Any) -> list[Any]:
    shown = value["percent"] if indicator.kind is Kind.RATE else value["value"]
    return [value["numerator"], value["denominator"], shown] if indicator.denominator else [shown]
