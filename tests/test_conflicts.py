"""Conflict of interest: a mediator related to a party neither sees the case nor is given it, until withdrawn."""

import asyncio
from collections import Counter
from typing import Any

from app.core.audit import AuditRecord
from app.people.codes import Role
from tests.test_races import at_once, count, posting
from tests.world import (
    OTHER_DISTRICT_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    case,
    created,
    mediator,
    ok,
    refused,
    round_of,
    started_round,
)

YEAR = {"from": "2020-01-01", "to": "2020-12-31"}


def relation(caller_or_id: Any, **fields: Any) -> dict[str, Any]:
    id = caller_or_id.account.mediator_id if isinstance(caller_or_id, Caller) else caller_or_id
    return {"mediator_id": str(id), "relation": "relative", **fields}


async def assigned_case(village: Caller, clerk: Caller, *others: Any) -> dict[str, Any]:
    """Of the village's mediator, who leads its open round, and of others."""
    accepted = await accepted_case(village)
    team = {"mediators": [str(village.account.mediator_id), *map(str, others)]}
    await ok(clerk.post(f"/cases/{accepted['id']}/assignment", json=team))
    mediation = await started_round(village, accepted["id"])
    assert mediation["mediators"] == team["mediators"]
    return accepted | {"mediation_id": mediation["id"]}


async def test_for_a_related_mediator_the_case_no_longer_exists(world: World) -> None:
    village, clerk = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE), await world.caller(Role.OFFICE_CLERK, TOWN)
    colleague = await mediator(world, VILLAGE, "李某乙")
    hidden, seen = await assigned_case(village, clerk, colleague), await accepted_case(village)
    path = f"/cases/{hidden['id']}"
    body = relation(village, party_id=hidden["parties"][0]["id"], note="堂兄弟")
    declared = await created(village.post(f"{path}/conflicts", json=body))
    assert {name: declared[name] for name in body} == body
    assert (declared["declared_by"], declared["ended_at"]) == (str(village.account.id), None)
    reading = ["", "/timeline", "/actions", "/mediations", "/conflicts", "/possible-duplicates", "/related"]
    for part in reading:
        await refused(village.get(path + part), 404, "not-found")
    for part in ("", "/sessions", "/actions"):
        await refused(village.get(f"/mediations/{hidden['mediation_id']}{part}"), 404, "not-found")
    await refused(village.patch(path, json={"title": "改动"}, headers={"If-Match": '"1-full"'}), 404, "not-found")
    await refused(village.post(f"{path}/mediations", json=round_of()), 404, "not-found")
    identity = f"{path}/parties/{hidden['parties'][0]['id']}/identity"
    await refused(village.get(identity, params={"reason": "核对身份"}), 404, "not-found")
    listed = await ok(village.get("/cases", params={"total": "exact"}))
    assert ([item["id"] for item in listed["items"]], listed["total"]) == ([seen["id"]], 1)
    assert hidden["id"] not in (await village.get(f"/cases/{seen['id']}/possible-duplicates")).text
    for part in reading:
        await ok(clerk.get(path + part))


async def test_figures_count_what_their_reader_is_barred_from_and_do_not_show_it(world: World) -> None:
    village, clerk = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE), await world.caller(Role.OFFICE_CLERK, TOWN)
    hidden, seen = await accepted_case(village), await accepted_case(village)
    await created(clerk.post(f"/cases/{hidden['id']}/conflicts", json=relation(village)))
    for params in (YEAR, YEAR | {"by": "category"}):
        figures = [(await ok(who.get("/statistics", params=params | {"place": VILLAGE}))) for who in (village, clerk)]
        assert figures[0]["rows"] == figures[1]["rows"]
        assert figures[0]["rows"][0]["values"]["received"]["value"] == 2
    behind = await ok(village.get("/statistics/received/cases", params=YEAR | {"total": "exact"}))
    assert ([item["id"] for item in behind["items"]], behind["total"]) == ([seen["id"]], 1)


async def test_a_related_mediator_leaves_the_case_and_its_open_round_and_is_not_named_again(world: World) -> None:
    village, clerk = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE), await world.caller(Role.OFFICE_CLERK, TOWN)
    colleague = await mediator(world, VILLAGE, "李某乙")
    told, related = await assigned_case(village, clerk, colleague), str(village.account.mediator_id)
    path, before = f"/cases/{told['id']}", await ok(clerk.get(f"/cases/{told['id']}"))
    conflict = await created(clerk.post(f"{path}/conflicts", json=relation(village)))
    after = await ok(clerk.get(path))
    assert (after["mediators"], after["version"]) == ([str(colleague)], before["version"] + 1)
    assert (await ok(clerk.get(f"/mediations/{told['mediation_id']}")))["mediators"] == [str(colleague)]
    step = (await ok(clerk.get(f"{path}/timeline")))["items"][-1]
    facts = {"conflict_id": conflict["id"], "mediator_id": related, "unassigned": True}
    assert (step["step"], step["facts"]) == ("conflict", facts)
    assert await count(world, AuditRecord, AuditRecord.action == "declare_case_conflict") == 3  # case, round, conflict
    team = {"mediators": [str(colleague), related]}
    problem = await refused(clerk.post(f"{path}/assignment", json=team), 409, "conflict-of-interest")
    assert problem["errors"][0]["pointer"] == "/mediators/1"
    await ok(clerk.post(f"/mediations/{told['mediation_id']}/conclusion", json=agreed(form="written")))
    signature = {"mediator_id": related, "on": "2020-03-05"}
    await refused(clerk.post(f"{path}/agreement/signatures", json=signature), 422, "unknown-reference")
    await created(clerk.post(f"{path}/agreement/signatures", json=signature | {"mediator_id": str(colleague)}))


async def test_neither_acceptance_nor_a_round_takes_a_related_mediator(world: World) -> None:
    clerk, related = await world.caller(Role.OFFICE_CLERK, TOWN), await mediator(world, VILLAGE)
    path = f"/cases/{(await case(clerk))['id']}"
    await created(clerk.post(f"{path}/conflicts", json=relation(related)))
    acceptance = {"accepted_on": "2020-03-02"}
    named: dict[str, Any] = {"mediators": [str(related)]}
    await refused(clerk.post(f"{path}/acceptance", json=acceptance | named), 409, "conflict-of-interest")
    await ok(clerk.post(f"{path}/acceptance", json=acceptance))
    await refused(clerk.post(f"{path}/mediations", json=round_of(**named)), 409, "conflict-of-interest")
    started = await created(clerk.post(f"{path}/mediations", json=round_of()))
    await ok(clerk.post(f"/mediations/{started['id']}/conclusion", json=agreed(form="written")))
    signature = {"mediator_id": str(related), "on": "2020-03-05"}
    await refused(clerk.post(f"{path}/agreement/signatures", json=signature), 422, "unknown-reference")


async def test_a_withdrawn_conflict_shows_the_case_again_and_assigns_nobody(world: World) -> None:
    village, clerk = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE), await world.caller(Role.OFFICE_CLERK, TOWN)
    told = await assigned_case(village, clerk)
    path = f"/cases/{told['id']}"
    conflict = await created(village.post(f"{path}/conflicts", json=relation(village)))
    end, because = f"{path}/conflicts/{conflict['id']}/withdrawal", {"reason": "关系登记有误"}
    await refused(village.post(end, json=because), 403, "forbidden")
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    await refused(grid.post(f"{path}/conflicts", json=relation(village)), 403, "forbidden")
    ended = await ok(clerk.post(end, json=because))
    assert (ended["ended_because"], ended["ended_by"]) == (because["reason"], str(clerk.account.id))
    assert (await ok(village.get(path)))["mediators"] == []
    await refused(clerk.post(end, json=because), 409, "conflict-ended")
    await ok(clerk.post(f"{path}/assignment", json={"mediators": [str(village.account.mediator_id)]}))
    again = await created(clerk.post(f"{path}/conflicts", json=relation(village)))
    listed = await ok(clerk.get(f"{path}/conflicts", params={"total": "exact"}))
    assert ([item["id"] for item in listed["items"]], listed["total"]) == ([conflict["id"], again["id"]], 2)
    assert [item["ended_at"] is None for item in listed["items"]] == [False, True]


async def test_what_is_declared_names_people_of_the_case_and_stands_once(world: World) -> None:
    clerk, related = await world.caller(Role.OFFICE_CLERK, TOWN), await mediator(world, VILLAGE)
    told, other = await case(clerk), await case(clerk)
    path = f"/cases/{told['id']}/conflicts"
    far = await mediator(world, OTHER_DISTRICT_TOWN)
    for fields, pointer in (
        (relation(far), "/mediator_id"),
        (relation(related, party_id=other["parties"][0]["id"]), "/party_id"),
    ):
        problem = await refused(clerk.post(path, json=fields), 422, "unknown-reference")
        assert problem["errors"][0]["pointer"] == pointer
    first = await created(clerk.post(path, json=relation(related)))
    await refused(clerk.post(path, json=relation(related, relation="interest")), 409, "conflict-stands")
    await refused(
        clerk.post(path, json=relation(related), headers={"If-Match": '"1-full"'}), 412, "precondition-failed"
    )
    elsewhere = f"/cases/{other['id']}/conflicts/{first['id']}/withdrawal"
    await refused(clerk.post(elsewhere, json={"reason": "关系登记有误"}), 404, "not-found")
    neighbour = await world.caller(Role.VILLAGE_MEDIATOR, OTHER_VILLAGE)
    await refused(neighbour.post(path, json=relation(neighbour)), 404, "not-found")


async def test_only_accounts_of_that_mediator_are_barred_and_a_replay_is_refused(world: World) -> None:
    village, clerk = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE), await world.caller(Role.OFFICE_CLERK, TOWN)
    id = village.account.mediator_id
    twin = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE, mediator_id=id)
    chair = await world.caller(Role.COMMITTEE_CHAIR, VILLAGE, mediator_id=id)
    colleague = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE, mediator_id=await mediator(world, VILLAGE))
    told = [await case(village) for _ in range(3)]
    for number, one in enumerate(told[:2]):
        send = {"json": relation(village), "headers": {"Idempotency-Key": f"key-{number}"}}
        await created(village.post(f"/cases/{one['id']}/conflicts", **send))
        await refused(village.post(f"/cases/{one['id']}/conflicts", **send), 404, "not-found")
    for barred in (village, twin, chair):
        assert [item["id"] for item in (await ok(barred.get("/cases")))["items"]] == [told[2]["id"]]
    for free in (colleague, clerk):
        assert len((await ok(free.get("/cases")))["items"]) == 3


async def test_a_conflict_and_an_assignment_at_once_never_leave_both(own_world: World) -> None:
    clerk, related = await own_world.caller(Role.OFFICE_CLERK, TOWN), await mediator(own_world, VILLAGE)
    for _ in range(5):
        path = f"/cases/{(await accepted_case(clerk))['id']}"
        declaring = posting(clerk, f"{path}/conflicts", relation(related))
        assigning = posting(clerk, f"{path}/assignment", {"mediators": [str(related)]})
        declared, assigned = await asyncio.gather(
            at_once([declaring] * 5, clients=5), at_once([assigning] * 5, clients=5)
        )
        assert Counter(answer.status_code for answer in declared) == {201: 1, 409: 4}
        assert {answer.status_code for answer in assigned} <= {200, 409}
        assert (await ok(clerk.get(path)))["mediators"] == []
