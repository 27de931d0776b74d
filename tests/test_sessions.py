"""Sessions with who was there and what was corrected; domestic violence; how many statements a long case takes."""

from uuid import uuid4

import pytest

from app.people.codes import OrganizationKind, Role
from tests.test_fast_path import counted
from tests.test_staffing import alerts, mediated, session
from tests.world import (
    DISTRICT,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    created,
    failed,
    mediator,
    ok,
    organization,
    party,
    refused,
    round_of,
)

FLAG = {"domestic_violence": True}
SAFE = {"at_risk_agreed": True, "safety_measures": "民警在场，分开到达。"}


async def etag(caller: Caller, path: str) -> dict[str, str]:
    return {"If-Match": (await caller.get(path)).headers["etag"]}


async def test_a_session_says_who_was_there_and_when(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    present, gone = str(await mediator(world, VILLAGE)), str(await mediator(world, VILLAGE, "李某乙"))
    told, round_id = await mediated(clerk, gone)
    replacement = {"leaves": gone, "joins": present, "on": "2020-03-05", "reason": "reassigned"}
    await ok(clerk.post(f"/mediations/{round_id}/replacement", json=replacement))
    path, ids = f"/mediations/{round_id}/sessions", [p["id"] for p in told["parties"]]
    times = {"started_at": "2020-03-06T09:00:00+08:00", "ended_at": "2020-03-06T11:30:00+08:00"}
    known = {"parties": ids, "mediators": [present], "is_public": False, "recorder": "庹某甲"}
    body = session(id=str(uuid4()), held_on="2020-03-06", attendees=["村民代表"], **known, **times)
    held = await created(clerk.post(path, json=body))
    assert {name: held[name] for name in (*known, "attendees")} == known | {"attendees": ["村民代表"]}
    assert (held["started_at"], held["participants"], held["corrections"]) == ("2020-03-06T01:00:00Z", [], [])
    assert await ok(clerk.post(path, json=body)) == held
    for fields in (
        {"mediators": [gone]},  # no longer that day
        {"parties": [round_id]},
        {"parties": [ids[0], ids[0]]},
        {"started_at": "2020-03-05T09:00:00+08:00"},
        {"ended_at": "2020-03-06T08:00:00+08:00"},
        {"ended_at": "2100-03-05T09:00:00+08:00"},
    ):
        assert (await clerk.post(path, json=body | {"id": str(uuid4())} | fields)).status_code == 422, fields
    await created(clerk.post(path, json=session(mediators=[gone])))


async def test_who_was_at_a_session_stays_a_party(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    told, round_id = await mediated(clerk)
    path = f"/cases/{told['id']}"
    await created(clerk.post(f"{path}/parties", json=party("third_party", "张某丙")))
    attended = session(parties=[told["parties"][0]["id"]])
    await created(clerk.post(f"/mediations/{round_id}/sessions", json=attended))
    removal = clerk.delete(f"{path}/parties/{told['parties'][0]['id']}", headers=await etag(clerk, path))
    await refused(removal, 409, "party-named")
    await ok(clerk.delete(f"{path}/parties/{told['parties'][1]['id']}", headers=await etag(clerk, path)))


async def test_a_record_is_corrected_beside_it(world: World) -> None:
    clerk, grid = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.GRID_WORKER, VILLAGE)
    told, round_id = await mediated(clerk)
    held = await created(clerk.post(f"/mediations/{round_id}/sessions", json=session()))
    await ok(clerk.post(f"/mediations/{round_id}/conclusion", json=failed()))
    before = await ok(clerk.get(f"/mediations/{round_id}"))
    path = f"/mediations/{round_id}/sessions/{held['id']}/corrections"
    body = {"id": str(uuid4()), "text": "“东侧”应为“西侧”。"}
    await refused(grid.post(path, json=body), 403, "forbidden")
    first = await created(clerk.post(path, json=body))
    assert await ok(clerk.post(path, json=body)) == first
    await refused(clerk.post(path, json=body | {"text": "别的"}), 409, "id-reused")
    await created(clerk.post(path, json={"text": "补记到场人数。"}))
    [now] = (await ok(clerk.get(f"/mediations/{round_id}/sessions")))["items"]
    assert [(c["seq"], c["text"]) for c in now.pop("corrections")] == [(1, body["text"]), (2, "补记到场人数。")]
    assert now == {name: value for name, value in held.items() if name != "corrections"}
    after = await ok(clerk.get(f"/mediations/{round_id}"))
    assert (after["version"], after["case_version"]) == (before["version"] + 2, before["case_version"] + 2)
    _, other_round = await mediated(clerk)
    foreign = f"/mediations/{other_round}/sessions/{held['id']}/corrections"
    await refused(clerk.post(foreign, json={"text": "样例"}), 404, "not-found")
    await ok(clerk.post(f"/cases/{told['id']}/closure", json={"closed_on": "2020-03-06"}))
    await ok(clerk.post(f"/cases/{told['id']}/archive"))
    await refused(clerk.post(path, json={"text": "样例"}), 409, "case-locked")


async def test_under_domestic_violence_the_parties_do_not_meet_by_default(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    told, round_id = await mediated(clerk, **FLAG)
    assert told["domestic_violence"]
    assert await alerts(world) == ["domestic_violence"]
    path = f"/mediations/{round_id}/sessions"
    for form in ("face_to_face", "onsite", "video", "hearing", "yard_meeting"):
        problem = await refused(clerk.post(path, json=session(form=form)), 409, "violence-risk")
        assert "第十条" in problem["detail"]
    for part, value in SAFE.items():
        await refused(clerk.post(path, json=session(**{part: value})), 409, "violence-risk")
    for form in ("back_to_back", "phone"):
        await created(clerk.post(path, json=session(form=form)))
    held = await created(clerk.post(path, json=session(form="face_to_face") | SAFE))
    assert {name: held[name] for name in SAFE} == SAFE
    actions = {item["step"]: item for item in (await ok(clerk.get(f"/mediations/{round_id}/actions")))["items"]}
    assert (actions["sessions"]["allowed"], actions["sessions"]["pointer"]) == (True, "/form")


async def test_the_flag_is_set_later_and_warns_once(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    told, round_id = await mediated(clerk)
    assert not told["domestic_violence"]
    await created(clerk.post(f"/mediations/{round_id}/sessions", json=session()))
    path = f"/cases/{told['id']}"
    for flag, alerted in ((True, 1), (True, 1), (False, 1), (True, 2)):
        patch = clerk.patch(path, json={"domestic_violence": flag}, headers=await etag(clerk, path))
        assert (await ok(patch))["domestic_violence"] == flag
        assert len(await alerts(world)) == alerted
    await refused(clerk.post(f"/mediations/{round_id}/sessions", json=session()), 409, "violence-risk")


async def test_a_partner_sees_none_of_it(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    police = await organization(world, TOWN, kind=OrganizationKind.POLICE_STATION)
    liaison = await world.caller(Role.LIAISON_POLICE, DISTRICT, organization_id=police)
    told = await accepted_case(clerk, domestic_violence=True)
    referral = round_of("police")["referral"] | {"partner_id": str(police)}
    started = await created(clerk.post(f"/cases/{told['id']}/mediations", json=round_of("police", referral=referral)))
    assert "domestic_violence" not in await ok(liaison.get(f"/cases/{told['id']}"))
    assert "mediators" not in await ok(liaison.get(f"/mediations/{started['id']}"))
    for part in ("sessions", "participants", "investigations", "evidence", "escalation-reports", "rights-notices"):
        await refused(liaison.get(f"/cases/{told['id']}/{part}"), 403, "forbidden")
    for part in ("sessions", "mediators"):
        await refused(liaison.get(f"/mediations/{started['id']}/{part}"), 403, "forbidden")


async def long_case(clerk: Caller, mediators: list[str], rounds: int, sessions: int) -> str:
    told = await accepted_case(clerk)
    path, ids = f"/cases/{told['id']}", [p["id"] for p in told["parties"]]
    for number in range(rounds):
        on = f"2020-03-{number + 3:02}"
        started = await created(clerk.post(f"{path}/mediations", json=round_of(on=on, mediators=mediators)))
        held = session(held_on=on, parties=ids, mediators=mediators)
        for _ in range(sessions):
            await created(clerk.post(f"/mediations/{started['id']}/sessions", json=held))
        await ok(clerk.post(f"/mediations/{started['id']}/conclusion", json=failed(on)))
    return path


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_long_case_is_read_in_five_statements(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    mediators = [str(await mediator(world, VILLAGE)), str(await mediator(world, VILLAGE, "李某乙"))]
    path = await long_case(clerk, mediators, rounds=5, sessions=6)
    await ok(clerk.get(path))  # the caller is known from here on
    with counted(world) as sent:
        await ok(clerk.get(path))
        rounds = (await ok(clerk.get(f"{path}/mediations")))["items"]
        sessions = (await ok(clerk.get(f"{path}/sessions")))["items"]
    statements = [statement for statement in sent if not statement.startswith(("BEGIN", "COMMIT"))]
    assert ([one["mediators"] for one in rounds], len(sessions)) == ([mediators] * 5, 30)
    assert all(len(one["parties"]) == 2 and one["mediators"] == mediators for one in sessions)
    assert len(statements) <= 5, statements
