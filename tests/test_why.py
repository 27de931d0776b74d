"""Why a case counts is what counted it: of every case the answer agrees with a plain recount."""

from itertools import product
from typing import Any

from app.people.codes import Role
from tests.recount import DEFINITIONS, FIRST, LAST, PERIOD, below, recount, register
from tests.world import OTHER_TOWN, TOWN, VILLAGE, Caller, World, case, ok, refused, settled_case

YEAR = {"from": "2020-01-01", "to": "2020-12-31"}


async def why(caller: Caller, slug: str, case_id: Any, **query: Any) -> Any:
    return await ok(caller.get(f"/statistics/{slug}/why/{case_id}", params=PERIOD | query))


def failing(answer: Any) -> list[str]:
    return [one["name"] for one in answer["conditions"] if not one["holds"]]


async def test_it_agrees_with_a_recount(world: World) -> None:
    cases = await register(world, 5, 60)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    ours = [one for one in cases if below(TOWN, one["place"])][:14]
    figures = recount(cases, VILLAGE, FIRST, LAST, [])[()]
    counted = 0
    for one, slug in product(ours, DEFINITIONS):
        answer = await why(clerk, slug, one["id"], place=VILLAGE)
        numerator, denominator = figures[slug]
        assert answer["counts"] is (str(one["id"]) in numerator), answer
        if DEFINITIONS[slug].denominator:
            others = [name for name in failing(answer) if name != "numerator"]
            assert (not others) is (str(one["id"]) in denominator), answer
        counted += answer["counts"]
    assert counted > 10


async def test_each_reason_is_named(world: World) -> None:
    clerk, head = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.OFFICE_HEAD, TOWN)
    settled, registered = await settled_case(clerk), await case(clerk)
    assert failing(await why(clerk, "succeeded", settled["id"], **YEAR)) == []
    assert failing(await why(clerk, "failed", settled["id"], **YEAR)) == ["numerator"]
    assert failing(await why(clerk, "succeeded", settled["id"], **{"from": "2020-04-01", "to": "2020-04-30"})) == [
        "period"
    ]
    assert failing(await why(clerk, "succeeded", settled["id"], place=TOWN[:9] + "201", **YEAR)) == ["place"]
    never = await why(clerk, "received", registered["id"], **YEAR)
    assert (never["counts"], never["conditions"][0]["zh"]) == (False, "案件没有受理")
    early = await why(clerk, "received", settled["id"], **YEAR, as_of="2020-06-01T00:00:00Z")
    assert failing(early) == ["counted"]
    await ok(head.post(f"/cases/{registered['id']}/void", json={"reason": "重复登记"}))
    voided = await why(clerk, "received", registered["id"], **YEAR)
    assert voided["conditions"][0]["en"] == "The case was voided"


async def test_outside_the_jurisdiction_there_is_nothing_to_explain(world: World) -> None:
    settled = await settled_case(await world.caller(Role.OFFICE_CLERK, TOWN))
    other = await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    for slug in ("received", "happiness", "patrols"):
        await refused(other.get(f"/statistics/{slug}/why/{settled['id']}", params=YEAR), 404, "not-found")
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    foreign = clerk.get(f"/statistics/received/why/{settled['id']}", params=YEAR | {"place": OTHER_TOWN})
    await refused(foreign, 422, "unknown-reference")
