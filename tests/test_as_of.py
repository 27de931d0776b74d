"""What was known at an instant stays what was known: whatever is recorded, corrected or undone later."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from app.people.codes import Role
from app.statistics.indicators import REGISTRY
from tests.test_recount import ids_behind
from tests.world import (
    DISTRICT,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    failed,
    ok,
    refused,
    settled_case,
    started_round,
)

WHY = {"reason": "样例原因。"}
YEAR = {"from": "2020-01-01", "to": "2020-12-31"}
OF_CASES = ",".join(slug for slug, indicator in REGISTRY.items() if indicator.population.is_of_cases)


async def asked(caller: Caller, **query: Any) -> list[Any]:
    """Values alone: the links name the instant that was asked for."""
    answer = await ok(caller.get("/statistics", params=YEAR | {"indicator": OF_CASES} | query))
    return [
        row | {"values": {slug: {**value, "cases": None} for slug, value in row["values"].items()}}
        for row in answer["rows"]
        if any(value.get("value") or value.get("denominator") for value in row["values"].values())
    ]


async def known(callers: list[Caller]) -> list[Any]:
    return [[await asked(caller, by=by) for by in ("category", "place", "month")] for caller in callers]


async def test_every_instant_keeps_its_figures(world: World) -> None:
    clerk, head = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.OFFICE_HEAD, TOWN)
    callers = [clerk, await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)]
    moments: list[tuple[datetime, list[Any]]] = []

    async def remember() -> None:
        moments.append((datetime.now(UTC), await known(callers)))

    await remember()
    settled = await settled_case(clerk)
    await remember()
    lost = await accepted_case(clerk, OTHER_VILLAGE)
    mediation = await started_round(clerk, lost["id"], "police")
    await remember()
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=failed()))
    await ok(clerk.post(f"/cases/{lost['id']}/closure", json={"closed_on": "2020-04-01"}))
    await remember()
    tag = {"If-Match": (await clerk.get(f"/cases/{lost['id']}")).headers["etag"]}
    await ok(clerk.patch(f"/cases/{lost['id']}", json={"category": "labor"}, headers=tag))
    await remember()
    tag = {"If-Match": (await clerk.get(f"/cases/{lost['id']}")).headers["etag"]}
    await ok(clerk.patch(f"/cases/{lost['id']}", json={"place": VILLAGE}, headers=tag))
    await remember()
    await ok(head.post(f"/cases/{lost['id']}/reopening", json=WHY | {"on": "2020-04-02"}))
    await remember()
    twin = await accepted_case(clerk, on="2020-01-15", reported_on="2020-01-15")  # entered late
    await remember()
    await ok(head.post(f"/cases/{twin['id']}/merge", json=WHY | {"into": settled["id"]}))
    await remember()
    await ok(head.post(f"/cases/{settled['id']}/void", json=WHY))
    await remember()
    assert all(before != after for (_, before), (_, after) in pairwise(moments))
    for instant, figures in moments:
        then = {"as_of": instant.isoformat()}
        found = [[await asked(caller, by=by, **then) for by in ("category", "place", "month")] for caller in callers]
        assert found == figures, instant


async def test_the_cases_behind_are_those_known_then(world: World) -> None:
    clerk, head = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.OFFICE_HEAD, TOWN)
    first = await accepted_case(clerk)
    before = datetime.now(UTC)
    second = await accepted_case(clerk)
    mediation = await started_round(clerk, first["id"])
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed()))
    await ok(head.post(f"/cases/{second['id']}/void", json=WHY))

    async def behind(slug: str, **query: Any) -> list[str]:
        answer = await ok(clerk.get("/statistics", params=YEAR | {"indicator": slug} | query))
        return sorted(await ids_behind(clerk, answer["rows"][0]["values"][slug]["cases"]))

    assert await behind("received") == [first["id"]]
    assert await behind("open_at_end") == []
    then = {"as_of": before.isoformat()}
    assert await behind("received", **then) == await behind("open_at_end", **then) == [first["id"]]
    both = {"as_of": (datetime.now(UTC) - timedelta(milliseconds=1)).isoformat()}
    assert await behind("received", **both) == [first["id"]]
    assert (await ok(clerk.get("/statistics", params=YEAR | then)))["as_of"] is not None


async def test_only_an_instant_that_has_passed_can_be_asked_for(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for wrong in ("2020-01-01", "2020-01-01T00:00:00", "2099-01-01T00:00:00Z", "now"):
        problem = await refused(clerk.get("/statistics", params=YEAR | {"as_of": wrong}), 422, "invalid-input")
        assert problem["errors"][0]["pointer"] == "query:as_of"
