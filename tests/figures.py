"""After every test: whatever it did to cases, what figures are counted from is what the register says."""

from app.core.auth import OPERATOR
from app.core.unit_of_work import operate
from app.statistics.verifying import miscounted_cases, wrong_cells
from tests.world import World


async def agree(world: World) -> None:
    async with operate(world.kernel, OPERATOR, "verify_rollups") as work:
        wrong = [str(id) async for id in miscounted_cases(work)] + [group async for group in wrong_cells(work)]
    assert wrong == [], wrong
