"""Keeping the months added up: folded while the service runs; verified, folded and rebuilt by command."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

import orjson
from sqlalchemy.exc import SQLAlchemyError

from app.core.auth import OPERATOR
from app.core.logs import log
from app.core.settings import Settings
from app.core.unit_of_work import Kernel, operate
from app.opening import CannotStart, opened_register
from app.statistics.areas import area_figures
from app.statistics.codes import Dimension
from app.statistics.folding import WORTH_FOLDING, counted_districts, fold, rebuild_areas, rebuild_district
from app.statistics.periods import Period
from app.statistics.verifying import miscounted_cases, wrong_cells

PAUSE = 5.0
"""Seconds between two looks at what waits to be folded."""
MOST_TOLD = 20


@asynccontextmanager
async def folded_meanwhile(kernel: Kernel) -> AsyncIterator[None]:
    """Folds as long as the service runs. Nothing depends on it but the time that reading takes."""
    task = asyncio.create_task(_go_on_folding(kernel))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _go_on_folding(kernel: Kernel) -> None:
    while True:
        try:
            while await _fold_once(kernel, least=WORTH_FOLDING):
                pass
        except (SQLAlchemyError, OSError) as error:
            log.warning("fold_failed", error=type(error).__name__)
        await asyncio.sleep(PAUSE)


async def _fold_once(kernel: Kernel, *, least: int = 1) -> int:
    async with operate(kernel, OPERATOR, "fold_rollups") as work:
        return await fold(work, least=least)


@dataclass
class Found:
    cases: list[str]
    cells: list[str]


async def verify(settings: Settings, *, demo: bool) -> None:
    """Says that all agrees, or raises with what does not."""
    async with opened_register(settings, demo=demo) as kernel, operate(kernel, OPERATOR, "verify_rollups") as work:
        cases = [str(id) async for id in miscounted_cases(work)]
        cells = [group async for group in wrong_cells(work)]
    if not (cases or cells):
        print("统计与登记簿一致。 The figures agree with the register.")
        return
    for found in [*cases[:MOST_TOLD], *cells[:MOST_TOLD]]:
        print(found)
    raise CannotStart(
        f"{len(cases)} 件案件、{len(cells)} 组合计与登记簿不符；合计可用 tiaojie rollup rebuild 重建",
        f"{len(cases)} cases and {len(cells)} sums differ from the register: sums are mended by tiaojie rollup rebuild",
    )


async def rebuild(settings: Settings, *, demo: bool) -> None:
    async with opened_register(settings, demo=demo) as kernel:
        async with operate(kernel, OPERATOR, "rebuild_rollups") as work:
            districts = await counted_districts(work)
        for district in districts:
            async with operate(kernel, OPERATOR, "rebuild_rollups") as work:
                cells = await rebuild_district(work, district)
            print(f"{district}：{cells} 组合计 sums", flush=True)
        async with operate(kernel, OPERATOR, "rebuild_rollups") as work:
            await rebuild_areas(work)


async def fold_all(settings: Settings, *, demo: bool) -> None:
    folded = 0
    async with opened_register(settings, demo=demo) as kernel:
        while batch := await _fold_once(kernel):
            folded += batch
    print(f"已合并 {folded} 项变动。 {folded} changes were folded.")


async def tell_area(settings: Settings, area: str, period: Period, by: list[Dimension], *, demo: bool) -> None:
    """The figures of a city, a province or the country, as JSON."""
    async with opened_register(settings, demo=demo) as kernel, operate(kernel, OPERATOR, "read_area_figures") as work:
        answer = await area_figures(work, area, period, by)
    print(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rollup = commands.add_parser("rollup", help="汇总 the months added up: verify, fold, rebuild")
    rollup.add_argument("what", choices=["verify", "fold", "rebuild"])
    rollup.add_argument("--demo", action="store_true", help="a register that generate or demo has made")
    rollup.set_defaults(run=_rollup)
    area = commands.add_parser("area", help="上级统计 the figures of a city, a province or the country, as JSON")
    area.add_argument("code", help="first four or two digits of its districts' codes, or 0 for the country")
    area.add_argument("--from", dest="first", type=_month, required=True, help="first month, such as 2020-01")
    area.add_argument("--to", dest="last", type=_month, required=True, help="last month")
    area.add_argument("--by", type=_dimensions, default=[], help="such as month,category,method,source")
    area.add_argument("--demo", action="store_true", help="a register that generate or demo has made")
    area.set_defaults(run=_area)


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _dimensions(text: str) -> list[Dimension]:
    return [next(d for d in Dimension if d == name) for name in text.split(",")]


async def _rollup(arguments: argparse.Namespace) -> None:
    command = {"verify": verify, "fold": fold_all, "rebuild": rebuild}[arguments.what]
    await command(Settings(), demo=arguments.demo)


async def _area(arguments: argparse.Namespace) -> None:
    if arguments.first > arguments.last:
        raise CannotStart("起始月份晚于截止月份", "the first month should not be after the last")
    code = "" if arguments.code == "0" else arguments.code
    period = Period.of_months(arguments.first, arguments.last)
    await tell_area(Settings(), code, period, arguments.by, demo=arguments.demo)
