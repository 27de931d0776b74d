"""Prevented harm: it counts once another person has approved it, and what was wrong stays on the list."""

import asyncio
from typing import Any
from uuid import uuid4

from app.people.codes import Role
from tests.samples import HARM
from tests.tables import changed, content, rows
from tests.world import (
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    case,
    created,
    mediator,
    ok,
    refused,
)

REASON = {"reason": "判断有误。"}


async def people(world: World) -> tuple[Caller, Caller, str]:
    """A mediator of the village, its chair, and the address of the records of a case there."""
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    chair = await world.caller(Role.COMMITTEE_CHAIR, VILLAGE, mediator_id=await mediator(world, VILLAGE, "李某乙"))
    return village, chair, f"/cases/{(await accepted_case(village))['id']}/prevented-harms"


async def test_a_record_counts_once_another_person_has_approved_it(world: World) -> None:
    village, chair, path = await people(world)
    judge = str(village.account.mediator_id)
    body = HARM | {"id": str(uuid4()), "mediator_id": judge}
    made = await created(village.post(path, json=body))
    assert made.items() > {**body, "state": "proposed", "recorded_by": str(village.account.id)}.items()
    assert await ok(village.post(path, json=body)) == made
    await refused(village.post(path, json=body | {"people_count": 3}), 409, "id-reused")
    url = f"/prevented-harms/{made['id']}"
    await refused(village.post(f"{url}/approval"), 403, "forbidden")
    for caller in (
        await world.caller(Role.COMMITTEE_CHAIR, OTHER_VILLAGE),
        await world.caller(Role.OFFICE_HEAD, OTHER_TOWN),
    ):
        await refused(caller.post(f"{url}/approval"), 404, "not-found")
        await refused(caller.get(path), 404, "not-found")
    await refused(chair.post(f"{url}/withdrawal", json=REASON), 409, "harm-step-not-allowed")
    stale = chair.post(f"{url}/approval", headers={"If-Match": '"1-full"'})
    await refused(stale, 412, "precondition-failed")
    approved = await ok(chair.post(f"{url}/approval"))
    assert approved.items() > {"state": "approved", "decided_by": str(chair.account.id)}.items()
    assert approved["decided_at"] >= approved["recorded_at"] == made["recorded_at"]
    for step, sent in (("approval", {}), ("refusal", {"json": REASON})):
        await refused(chair.post(f"{url}/{step}", **sent), 409, "harm-step-not-allowed")
    assert (await ok(village.get(path)))["items"] == [approved]


async def test_nobody_approves_what_they_recorded_or_judged(world: World) -> None:
    _, chair, path = await people(world)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    own = await created(chair.post(path, json=HARM))
    judged = await created(clerk.post(path, json=HARM | {"kind": "group_fight", "mediator_id": _mediator(chair)}))
    before = await content(world)
    for one in (own, judged):
        said = await refused(chair.post(f"/prevented-harms/{one['id']}/approval"), 409, "own-record")
        assert "登记人、判断人以外" in said["detail"]
    assert changed(before, await content(world)) == {}
    assert (await ok(clerk.post(f"/prevented-harms/{own['id']}/approval")))["state"] == "approved"
    assert (await ok(chair.post(f"/prevented-harms/{judged['id']}/refusal", json=REASON)))["state"] == "declined"


async def test_one_live_record_of_a_kind_and_the_wrong_ones_stay(world: World) -> None:
    village, chair, path = await people(world)
    first = await created(village.post(path, json=HARM))
    said = await refused(village.post(path, json=HARM | {"people_count": 9}), 409, "harm-stands")
    assert "防止民间纠纷引起自杀" in said["detail"]
    for kind in ("civil_to_criminal", "mass_petition", "group_fight", "mass_incident_formed", "mass_petition_formed"):
        await created(village.post(path, json=HARM | {"kind": kind}))
    declined = await ok(chair.post(f"/prevented-harms/{first['id']}/refusal", json=REASON))
    assert (declined["state"], declined["declined_because"]) == ("declined", REASON["reason"])
    second = await created(village.post(path, json=HARM | {"people_count": 9}))
    await ok(chair.post(f"/prevented-harms/{second['id']}/approval"))
    await refused(village.post(path, json=HARM), 409, "harm-stands")
    await refused(village.post(f"/prevented-harms/{second['id']}/withdrawal", json=REASON), 403, "forbidden")
    gone = await ok(chair.post(f"/prevented-harms/{second['id']}/withdrawal", json=REASON))
    assert (gone["state"], gone["withdrawn_because"]) == ("withdrawn", REASON["reason"])
    assert gone["withdrawn_at"] >= gone["decided_at"] is not None
    await refused(chair.post(f"/prevented-harms/{second['id']}/approval"), 409, "harm-step-not-allowed")
    await created(village.post(path, json=HARM))
    listed = (await ok(village.get(path)))["items"]
    assert [one["state"] for one in listed if one["kind"] == "suicide"] == ["declined", "withdrawn", "proposed"]


async def test_what_is_sent_of_a_record(world: World) -> None:
    village, _, path = await people(world)
    for wrong in (
        {"people_count": 0},
        {"kind": "quarrel"},
        {"judged_on": "2100-01-01"},
        {"basis": ""},
        {"state": "approved"},
    ):
        await refused(village.post(path, json=HARM | wrong), 422, "invalid-input")
    unknown = await refused(village.post(path, json=HARM | {"mediator_id": str(uuid4())}), 422, "unknown-reference")
    assert unknown["errors"][0]["pointer"] == "/mediator_id"
    await refused(village.post(path, json=HARM | {"judged_on": "2020-02-29"}), 409, "dates-out-of-order")
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    await refused(grid.post(path, json=HARM), 403, "forbidden")
    assert (await ok(village.get(path)))["items"] == []
    await created(village.post(path, json=HARM))


async def test_every_step_of_it_is_the_cases_and_tells_no_words(world: World) -> None:
    village, chair, path = await people(world)
    one, other = [await created(village.post(path, json=HARM | {"kind": k})) for k in ("suicide", "group_fight")]
    await ok(chair.post(f"/prevented-harms/{one['id']}/approval"))
    await ok(chair.post(f"/prevented-harms/{one['id']}/withdrawal", json=REASON))
    await ok(chair.post(f"/prevented-harms/{other['id']}/refusal", json=REASON))
    case_id = one["case_id"]
    steps = (await ok(village.get(f"/cases/{case_id}/timeline")))["items"]
    kept = [(s["step"], s["on"] == HARM["judged_on"], s.get("reason")) for s in steps if "harm_id" in s["facts"]]
    assert kept == [
        ("prevented_harms", True, None),
        ("prevented_harms", True, None),
        ("harm_approval", False, None),
        ("harm_withdrawal", False, REASON["reason"]),
        ("harm_refusal", False, REASON["reason"]),
    ]
    events = [event for event in await rows(world, "events") if "harm_id" in event["facts"]]
    assert len(events) == 5
    assert all(event["facts"].keys() == {"status", "version", "harm_id", "kind"} for event in events)
    audited = [r for r in await rows(world, "audit_records") if r["target_type"] == "prevented_harm"]
    assert [(r["action"], r["reason"]) for r in audited if r["action"] != "record_prevented_harm"] == [
        ("approve_prevented_harm", None),
        ("withdraw_prevented_harm", REASON["reason"]),
        ("decline_prevented_harm", REASON["reason"]),
    ]


async def test_of_a_locked_case_nothing_is_recorded_or_decided(world: World) -> None:
    head = await world.caller(Role.OFFICE_HEAD, TOWN)
    village, chair, path = await people(world)
    made = await created(village.post(path, json=HARM))
    url, case_path = f"/prevented-harms/{made['id']}", path.removesuffix("/prevented-harms")
    survivor = await case(head)
    await ok(head.post(f"{case_path}/merge", json={"into": survivor["id"], "reason": "同一纠纷。"}))

    async def locked(code: str) -> None:
        before = await content(world)
        await refused(village.post(path, json=HARM | {"kind": "group_fight"}), 409, code)
        for step, sent in (("approval", {}), ("refusal", {"json": REASON}), ("withdrawal", {"json": REASON})):
            await refused(chair.post(f"{url}/{step}", **sent), 409, code)
        assert changed(before, await content(world)) == {}

    await locked("step-not-allowed")
    await ok(head.post(f"{case_path}/separation", json=REASON))
    await ok(chair.post(f"{url}/approval"))
    await ok(village.post(f"{case_path}/withdrawal", json={"on": "2020-03-06", "reason": "自行和解。"}))
    await ok(head.post(f"{case_path}/archive", json={"statement": "材料另存。"}))
    await locked("case-locked")


async def test_a_mediator_with_a_conflict_reaches_no_record(world: World) -> None:
    village, chair, path = await people(world)
    made = await created(chair.post(path, json=HARM))
    case_path = path.removesuffix("/prevented-harms")
    relation = {"mediator_id": _mediator(village), "relation": "relative"}
    await created(chair.post(f"{case_path}/conflicts", json=relation))
    await refused(village.get(path), 404, "not-found")
    await refused(village.post(path, json=HARM), 404, "not-found")
    assert (await ok(chair.get(path)))["items"] == [made]


async def test_two_at_once_leave_one_live_record_and_one_decision(own_world: World) -> None:
    village, chair, path = await people(own_world)
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    answers = await asyncio.gather(*(village.post(path, json=HARM) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    made: dict[str, Any] = next(answer.json() for answer in answers if answer.status_code == 201)
    url = f"/prevented-harms/{made['id']}"
    both = await asyncio.gather(chair.post(f"{url}/approval"), clerk.post(f"{url}/refusal", json=REASON))
    assert sorted(answer.status_code for answer in both) == [200, 409]
    (row,) = await rows(own_world, "prevented_harms")
    assert row["state"] == next(answer.json()["state"] for answer in both if answer.status_code == 200)


def _mediator(caller: Caller) -> str:
    assert caller.account.mediator_id is not None
    return str(caller.account.mediator_id)
