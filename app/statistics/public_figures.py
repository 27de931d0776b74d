"""The figures anybody may see: of a district or township and a year that is over, as they were known at the start of
the quarter, so that nobody sees a single case arrive; small counts left out."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select

from app.core.clock import SHANGHAI, shanghai_date
from app.core.codes import member_of
from app.core.input_errors import refuse_fields, rule
from app.core.problems import NotFound, UnknownReference
from app.core.unit_of_work import Reading
from app.inspections.dispute_codes import DisputeCategory
from app.intake.method_codes import Method
from app.places.codes import PlaceLevel
from app.places.models import Place
from app.statistics.codes import Dimension, Population
from app.statistics.disclosure import NONE, Grid, Kinds, added, hidden_parts, is_tellable
from app.statistics.indicators import REGISTRY
from app.statistics.periods import Period
from app.statistics.public_answers import NamedPlace, PublicFigures, PublicQuery, PublicRow, PublicTables
from app.statistics.queries import Scope
from app.statistics.schemas import FigureFilter
from app.statistics.tallies import tally_of
from app.statistics.values import percent

rule("year_not_over", "只公布已结束的年度", "only years that are over are published")
KEPT = 100
"""Years of districts that are kept once they are made."""
TOP = [member for member in DisputeCategory if member.parent is None]
METHODS = [*Method, None]


@dataclass(frozen=True)
class DistrictYear:
    """What is told of a district's year and its townships."""

    totals: Mapping[str, Kinds]
    hides_all: bool
    places: set[str]
    categories: Grid
    methods: Grid


async def public_tables(reading: Reading, query: PublicQuery) -> PublicTables:
    least = reading.kernel.public_minimum
    if least is None:
        raise NotFound
    year = query.year or reading.today.year - 1
    if year >= reading.today.year:
        refuse_fields("year_not_over", ["query:year"])
    places = await _places(reading, query.place)
    district, place = next(iter(places)), query.place or next(iter(places))
    as_of = _start_of_quarter(reading.today)
    key, kept = (district, year, as_of, least), reading.kernel.published
    if key not in kept:
        made = await _district_year(reading, district, year, as_of, least)
        if len(kept) >= KEPT:
            kept.clear()
        kept[key] = made
    return {
        "place": place,
        "name": places[place],
        "year": year,
        "as_of": as_of,
        "minimum": least,
        "places": [NamedPlace(code=code, name=name) for code, name in places.items()],
        **_tables(kept[key], place, district, places),  # type: ignore[typeddict-item]
    }


async def _places(reading: Reading, named: str | None) -> dict[str, str]:
    """The district and its townships by code: villages are too small."""
    first = select(Place.code).where(Place.level == PlaceLevel.DISTRICT).order_by(Place.code).limit(1)
    code = named or await reading.session.scalar(first)
    if code is None:
        raise NotFound
    above = (Place.district == code[:6], Place.level.in_([PlaceLevel.DISTRICT, PlaceLevel.TOWNSHIP]))
    rows = await reading.session.execute(select(Place.code, Place.name).where(*above).order_by(Place.code))
    places = {row.code: row.name for row in rows}
    if named and named not in places:
        raise UnknownReference("query:place")
    return places


def _start_of_quarter(today: date) -> datetime:
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    return datetime.combine(first, time(), SHANGHAI).astimezone(UTC)


async def _district_year(reading: Reading, district: str, year: int, as_of: datetime, least: int) -> DistrictYear:
    period = Period(date(year, 1, 1), date(year, 12, 31))
    query = FigureFilter.model_construct(first=period.first, last=period.last, as_of=as_of)
    scope = Scope(district, query, shanghai_date(as_of))
    counted = {}
    for dimension in (Dimension.CATEGORY, Dimension.METHOD):
        asked = [REGISTRY[slug] for slug in ("handling_rate", "success_rate")]
        counted[dimension] = _cells(await tally_of(reading, scope, period, asked, [Dimension.PLACE, dimension]))
    return await asyncio.to_thread(guarded, counted[Dimension.CATEGORY], counted[Dimension.METHOD], least)


def _cells(tally: Mapping[tuple[Any, ...], Mapping[tuple[Population, str], int]]) -> dict[tuple[Any, Any], Kinds]:
    """By place and column, a category under the one that includes it."""
    parts: dict[tuple[Any, Any], list[Kinds]] = defaultdict(list)
    for (place, column), counts in tally.items():
        received, handled, succeeded = (counts[Population.COHORT, name] for name in ("all", "handled", "succeeded"))
        top = _top(column) if isinstance(column, DisputeCategory) else column
        parts[place, top].append((succeeded, handled - succeeded, received - handled))
    return {cell: added(kinds) for cell, kinds in parts.items()}


def _top(category: DisputeCategory) -> DisputeCategory:
    while category.parent is not None:
        category = member_of(DisputeCategory, category.parent)
    return category


def guarded(categories: Mapping[Any, Kinds], methods: Mapping[Any, Kinds], least: int) -> DistrictYear:
    """What may be told of these counts by place and category, and by place and method."""
    rows = sorted({place for place, _ in categories})
    totals = {row: added(kinds for (place, _), kinds in categories.items() if place == row) for row in rows}
    places = hidden_parts(totals, least)
    return DistrictYear(
        totals,
        not is_tellable(added(totals.values()), least),
        places,
        Grid(categories, rows, TOP, places, least),
        Grid(methods, rows, METHODS, places, least),
    )


def _tables(year: DistrictYear, place: str, district: str, names: Mapping[str, str]) -> Any:
    of_district = place == district
    total = added(year.totals.values()) if of_district else year.totals.get(place, NONE)
    hides_place = year.hides_all or (not of_district and place in year.places)
    below = names if of_district else {}
    return {
        "total": _figures(total, is_hidden=hides_place),
        "by_category": _rows(year, year.categories, place, of_district=of_district),
        "by_method": _rows(year, year.methods, place, of_district=of_district),
        "by_place": [
            _named(code, name, name, year.totals.get(code, NONE), is_hidden=year.hides_all or code in year.places)
            for code, name in below.items()
        ],
    }


def _rows(year: DistrictYear, grid: Grid, place: str, *, of_district: bool) -> list[PublicRow]:
    """Columns that count nothing and hide nothing are not named."""
    rows = []
    for column, total in grid.sums().items():
        kinds = total if of_district else grid.of(place, column)
        is_hidden = column in grid.columns if of_district else (place, column) in grid.hidden
        if any(kinds) or (is_hidden and not year.hides_all):
            zh, en = (column.zh, column.en) if column else ("尚未开始调解", "No round yet")
            rows.append(_named(column, zh, en, kinds, is_hidden=is_hidden or year.hides_all))
    return [] if year.hides_all else rows


def _named(code: Any, zh: str, en: str, kinds: Kinds, *, is_hidden: bool) -> PublicRow:
    return {"code": code, "zh": zh, "en": en, **_figures(kinds, is_hidden=is_hidden)}


def _figures(kinds: Kinds, *, is_hidden: bool) -> PublicFigures:
    succeeded, otherwise, unhandled = kinds
    handled = succeeded + otherwise
    received = handled + unhandled
    return {
        "is_hidden": is_hidden,
        "received": None if is_hidden else received,
        "handled": None if is_hidden else handled,
        "succeeded": None if is_hidden else succeeded,
        "handling_percent": None if is_hidden else percent(handled, received),
        "success_percent": None if is_hidden else percent(succeeded, handled),
    }
