"""Months added up give what a recount gives: after every kind of change, folded or not, and built anew."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select, update

from app.core.auth import OPERATOR
from app.core.unit_of_work import Work, operate
from app.people.codes import Role
from app.statistics.areas import area_figures
from app.statistics.codes import Dimension
from app.statistics.folding import counted_districts, fold, rebuild_areas, rebuild_district
from app.statistics.models import AreaCell, DistrictCell, RollupDelta
from app.statistics.periods import Period
from app.statistics.verifying import miscounted_cases, wrong_cells
from tests.recount import DEFINITIONS, recount, register, statistics
from tests.statements import statements
from tests.test_recount import assert_same
from tests.world import (
    DISTRICT,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    case,
    failed,
    ok,
    settled_case,
    started_round,
)

MONTHS = {"from": "2019-12-01", "to": "2020-03-31"}
FIRST, LAST = date(2019, 12, 1), date(2020, 3, 31)
ROLLED = [[], ["month"], ["category"], ["method", "source"], ["month", "category", "method", "source"]]
WHY = {"reason": "样例原因。"}


async def viewer(world: World) -> Caller:
    return await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)


def operator(world: World) -> Any:
    return operate(world.kernel, OPERATOR, "test")


async def counted(work: Work, model: type[Any]) -> int:
    return await work.session.scalar(select(func.count(model.id))) or 0


async def found(world: World) -> list[str]:
    async with operator(world) as work:
        return [str(id) async for id in miscounted_cases(work)] + [group async for group in wrong_cells(work)]


async def test_a_district_answers_from_its_cells_what_a_recount_finds(world: World) -> None:
    cases = await register(world, 9, 150)
    caller = await viewer(world)
    for by in ROLLED:
        query = {"by": ",".join(by)} if by else {}
        with statements(which=lambda sent: "\nFROM counted_cases" in sent) as sent:
            answer = await statistics(caller, **MONTHS, **query)
        assert not sent
        assert_same(answer, recount(cases, DISTRICT, FIRST, LAST, by), by, DISTRICT)
        known_now = {"as_of": datetime.now(UTC).isoformat()}
        assert (await statistics(caller, **MONTHS, **query, **known_now))["rows"] is not None
    for query in ({"category": "labor"}, {"category": "labor", "exact": "category"}, {"method": "none,police"}):
        filtered = await statistics(caller, by="month,source", **MONTHS, **query)
        direct = await statistics(caller, by="month,source", as_of=datetime.now(UTC).isoformat(), **MONTHS, **query)
        assert plain(filtered) == plain(direct)


def plain(answer: Any) -> Any:
    """Without the links, which name the instant that was asked for."""
    return [
        {k: v for k, v in row.items() if k != "values"}
        | {slug: {k: v for k, v in value.items() if k != "cases"} for slug, value in row["values"].items()}
        for row in answer["rows"]
    ]


async def life_of_cases(world: World) -> None:
    """Every kind of change that moves a figure."""
    clerk, head = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.OFFICE_HEAD, TOWN)
    settled = await settled_case(clerk)
    lost = await accepted_case(clerk, OTHER_VILLAGE)
    mediation = await started_round(clerk, lost["id"], "police")
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=failed()))
    await ok(clerk.post(f"/cases/{lost['id']}/closure", json={"closed_on": "2020-04-01"}))
    tag = {"If-Match": (await clerk.get(f"/cases/{lost['id']}")).headers["etag"]}
    await ok(clerk.patch(f"/cases/{lost['id']}", json={"category": "labor", "difficulty": "major"}, headers=tag))
    await ok(head.post(f"/cases/{lost['id']}/reopening", json=WHY | {"on": "2020-04-02"}))
    await ok(clerk.post(f"/cases/{lost['id']}/withdrawal", json=WHY | {"on": "2020-04-03"}))
    wrong = await accepted_case(clerk)
    await ok(head.post(f"/cases/{wrong['id']}/void", json=WHY))
    twin = await accepted_case(clerk)
    await ok(head.post(f"/cases/{twin['id']}/merge", json=WHY | {"into": settled["id"]}))
    await ok(head.post(f"/cases/{twin['id']}/separation", json=WHY))
    await accepted_case(clerk)
    await case(clerk)


async def test_the_cells_agree_through_the_life_of_cases(world: World) -> None:
    caller = await viewer(world)
    await life_of_cases(world)
    query = {"by": "month,category,method,source", "from": "2020-01-01", "to": "2020-12-31"}
    waiting = plain(await statistics(caller, **query))
    async with operator(world) as work:
        assert await counted(work, RollupDelta) > 10
    assert await found(world) == []
    async with operator(world) as work:
        assert await fold(work, least=1000) == 0
        assert await fold(work) > 10
        assert await fold(work) == 0
    assert plain(await statistics(caller, **query)) == waiting
    direct = await statistics(caller, as_of=datetime.now(UTC).isoformat(), **query)
    assert [row for row in waiting if any(numbers(row))] == plain(direct)
    assert await found(world) == []


def numbers(row: dict[str, Any]) -> list[int]:
    return [value.get("value") or value.get("denominator") for slug, value in row.items() if slug in DEFINITIONS]


async def test_what_differs_is_named_and_mended(world: World) -> None:
    await register(world, 3, 60)
    async with operator(world) as work:
        wrong = (await work.session.scalars(select(DistrictCell.id).limit(1))).one()
        await work.session.execute(update(DistrictCell).where(DistrictCell.id == wrong).values(cases=999))
    named = await found(world)
    assert len(named) == 4
    assert sum(group.startswith("500114 ") for group in named) == 1
    for district in ("500114",):
        async with operator(world) as work:
            assert await counted_districts(work) == [district]
            assert await rebuild_district(work, district) == await counted(work, DistrictCell)
    async with operator(world) as work:
        await rebuild_areas(work)
    assert await found(world) == []


async def test_areas_add_up_their_districts(world: World) -> None:
    cases = await register(world, 4, 80)
    await life_of_cases(world)
    (total,) = (await statistics(await viewer(world), **MONTHS))["rows"]
    async with operator(world) as work:
        for area in ("5001", "50", ""):
            answer = await area_figures(work, area, Period(FIRST, LAST), [])
            for slug in ("received", "closed", "succeeded"):
                assert answer["rows"][0]["values"][slug]["value"] == total["values"][slug]["value"]
        by_month = await area_figures(work, "50", Period(FIRST, LAST), [Dimension.MONTH, Dimension.METHOD])
        assert {row["month"] for row in by_month["rows"]} <= {"2019-12", "2020-01", "2020-02", "2020-03"}
        assert await area_figures(work, "51", Period(FIRST, LAST), [Dimension.MONTH]) | {"rows": []} == by_month | {
            "area": "51",
            "rows": [],
        }
    assert len(cases) == 80


async def test_two_fold_at_once_and_nothing_counts_twice(own_world: World) -> None:
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    for _ in range(4):
        await accepted_case(clerk)

    async def folding() -> None:
        for _ in range(3):
            async with operator(own_world) as work:
                await fold(work)

    async def working() -> None:
        for _ in range(3):
            accepted = await accepted_case(clerk, VILLAGE)
            mediation = await started_round(clerk, accepted["id"])
            await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed()))

    async def rebuilding() -> None:
        async with operator(own_world) as work:
            await rebuild_district(work, "500114")

    await asyncio.gather(folding(), folding(), working(), working(), rebuilding())
    async with operator(own_world) as work:
        await rebuild_areas(work)
    assert await found(own_world) == []
    async with operator(own_world) as work:
        assert await counted(work, AreaCell) == 3 * await counted(work, DistrictCell)
