"""Adding up months: what has changed is folded into the cells in batches, or all cells of a district are built anew.
Whoever reads adds what is not yet folded, so that a figure is never stale."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, delete, extract, func, select

from app.core.bulk import Row, add_up, hold_still, load
from app.core.db import new_id
from app.core.unit_of_work import Work
from app.statistics.cells import COLUMNS, ROLLED, signed
from app.statistics.codes import Population
from app.statistics.models import GROUP, AreaCell, CountedCase, DistrictCell, RollupDelta
from app.statistics.queries import DATES

BATCH = 1000
WORTH_FOLDING = 200
"""Fewer changes than that are added by whoever reads in less time than a fold takes."""
AREAS = (4, 2, 0)
"""Digits of a city's, a province's and the country's code."""


async def fold(work: Work, *, least: int = 1) -> int:
    """For the operator: one batch of changes, if there are so many; how many it was. Two may fold at once."""
    waiting = select(RollupDelta.id).limit(BATCH).with_for_update(skip_locked=True)
    ids = list(await work.session.scalars(waiting))
    if len(ids) < max(least, 1):
        return 0
    cells = await _changes(work, RollupDelta.id.in_(ids))
    await add_up(work, DistrictCell, [_located(cell) for cell in cells], ("district", *GROUP), COLUMNS)
    await add_up(work, AreaCell, _by_area(cells), ("area", *GROUP), COLUMNS)
    await work.session.execute(delete(RollupDelta).where(RollupDelta.id.in_(ids)))
    return len(ids)


async def changed_cells(work: Work, district: str) -> list[Row]:
    """What is not yet folded, as it would be."""
    return await _changes(work, RollupDelta.district == district)


async def _changes(work: Work, condition: Any) -> list[Row]:
    return [
        _cell(population, row)
        for population in ROLLED
        for row in await work.session.execute(_changed(population).where(condition))
    ]


def _keys(population: Population) -> list[Any]:
    day = DATES[population]
    month = [extract("year", day), extract("month", day)]
    return [CountedCase.district, *month, CountedCase.category, CountedCase.method, CountedCase.source]


def _changed(population: Population) -> Select[Any]:
    keys = _keys(population)
    return signed(keys, ROLLED[population].values()).where(DATES[population].is_not(None)).group_by(*keys)


def _standing(population: Population, district: str) -> Select[Any]:
    keys, day = _keys(population), DATES[population]
    totals = [measure.total() for measure in ROLLED[population].values()]
    present = (CountedCase.district == district, CountedCase.known_until.is_(None), day.is_not(None))
    return select(*keys, *totals).where(*present).group_by(*keys)


def _cell(population: Population, row: Any) -> Row:
    district, year, month, category, method, source, *totals = row
    group = {
        "district": district,
        "basis": population,
        "month": date(int(year), int(month), 1),
        "category": category,
        "method": method or "",
        "source": source,
    }
    return group | _NOTHING | dict(zip(ROLLED[population], totals, strict=True))


_NOTHING = dict.fromkeys(COLUMNS, 0) | {"amount": Decimal(0)}


def _located(cell: Row) -> Row:
    district = cell["district"]
    return cell | {"id": new_id(), "township": f"{district}000", "place": f"{district}000000"}


def _by_area(cells: Sequence[Row]) -> list[Row]:
    """The cells of every city, province and the country to which these districts belong."""
    areas: dict[tuple[Any, ...], Row] = {}
    for cell in cells:
        for digits in AREAS:
            area = cell["district"][:digits]
            group = {name: cell[name] for name in GROUP}
            sums = areas.setdefault((area, *group.values()), {"id": new_id(), "area": area, **group, **_NOTHING})
            for column in COLUMNS:
                sums[column] += cell[column]
    return list(areas.values())


async def cells_of(work: Work, district: str) -> list[Row]:
    """As a recount of the district's present rows makes them."""
    return [
        _cell(population, row)
        for population in ROLLED
        for row in await work.session.execute(_standing(population, district))
    ]


async def rebuild_district(work: Work, district: str) -> int:
    """For the operator: how many cells the district now has. Whoever changes a case, or folds, waits meanwhile; the
    areas are rebuilt after the last of the districts."""
    await hold_still(work, RollupDelta)
    for model in (RollupDelta, DistrictCell):
        await work.session.execute(delete(model).where(model.district == district))
    cells = await cells_of(work, district)
    await load(work, DistrictCell, [_located(cell) for cell in cells])
    return len(cells)


async def rebuild_areas(work: Work) -> None:
    """From the cells of all districts, as they stand."""
    await hold_still(work, RollupDelta)
    await work.session.execute(delete(AreaCell))
    for area in areas_of(await counted_districts(work)):
        cells = await summed_cells(work, area)
        await load(work, AreaCell, [cell | {"id": new_id(), "area": area} for cell in cells])


def areas_of(districts: Sequence[str]) -> list[str]:
    return sorted({district[:digits] for district in districts for digits in AREAS})


async def summed_cells(work: Work, area: str) -> list[Row]:
    """Its districts' cells added up."""
    group = [getattr(DistrictCell, name) for name in GROUP]
    sums = [func.sum(getattr(DistrictCell, name)).label(name) for name in COLUMNS]
    statement = select(*group, *sums).where(DistrictCell.district.startswith(area)).group_by(*group)
    # A sum of bigints is a decimal to PostgreSQL.
    return [
        {name: int(value) if isinstance(value, Decimal) and name != "amount" else value for name, value in row.items()}
        for row in (await work.session.execute(statement)).mappings()
    ]


async def standing_cells(work: Work, model: Any, *conditions: Any) -> list[Row]:
    names = ("district" if model is DistrictCell else "area", *GROUP, *COLUMNS)
    rows = await work.session.execute(select(*(getattr(model, name) for name in names)).where(*conditions))
    return [dict(row) for row in rows.mappings()]


async def counted_districts(work: Work) -> list[str]:
    """With cells or with cases: those that lost their last case have cells to lose."""
    found = {*await work.session.scalars(select(CountedCase.district).distinct())}
    return sorted(found | {*await work.session.scalars(select(DistrictCell.district).distinct())})
