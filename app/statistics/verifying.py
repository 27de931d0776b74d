"""Whether what figures are counted from is what the register says: every counted row against its case, every cell
against a recount."""

from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID

from app.core.bulk import Row
from app.core.unit_of_work import Work
from app.intake.models import Case
from app.statistics.cells import COLUMNS
from app.statistics.counting import differs, with_counted
from app.statistics.folding import (
    areas_of,
    cells_of,
    changed_cells,
    counted_districts,
    standing_cells,
    summed_cells,
)
from app.statistics.models import GROUP, AreaCell, DistrictCell

BATCH = 2000


async def miscounted_cases(work: Work) -> AsyncIterator[UUID]:
    """Received cases whose present row says something else than the register, is missing, or is one too many."""
    page = with_counted().order_by(Case.id).limit(BATCH)
    last = UUID(int=0)
    while rows := (await work.session.execute(page.where(Case.id > last))).mappings().all():
        for row in rows:
            if row["counts"] != (row["present_id"] is not None) or (row["counts"] and differs(row)):
                yield row["case_id"]
        last = rows[-1]["case_id"]


async def wrong_cells(work: Work) -> AsyncIterator[str]:
    """District by district, then the areas: the group of every cell that a recount finds otherwise."""
    districts = await counted_districts(work)
    for district in districts:
        standing = await standing_cells(work, DistrictCell, DistrictCell.district == district)
        unfolded = await changed_cells(work, district)
        for group in _differing([*standing, *unfolded], await cells_of(work, district), "district"):
            yield group
    for area in areas_of(districts):
        standing = await standing_cells(work, AreaCell, AreaCell.area == area)
        summed = [cell | {"area": area} for cell in await summed_cells(work, area)]
        for group in _differing(standing, summed, "area"):
            yield group


def _differing(one: list[Row], other: list[Row], of: str) -> list[str]:
    sums: dict[tuple[str, ...], Counter[str]] = {}
    for cells, sign in ((one, 1), (other, -1)):
        for cell in cells:
            group = sums.setdefault(tuple(str(cell[name]) for name in (of, *GROUP)), Counter())
            for column in COLUMNS:
                group[column] += sign * cell[column]
    return [" ".join(group) for group, columns in sorted(sums.items()) if any(columns.values())]
