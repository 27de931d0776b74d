"""Sending it again: by the client's own id for ever, by an Idempotency-Key for seven days; never a second record."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from app.core.idempotency import IdempotencyRecord
from app.people.codes import Role
from app.people.models import Account
from app.people.passwords import hash_password
from tests.world import (
    OTHER_TOWN,
    OTHER_TOWN_VILLAGE,
    TOWN,
    VILLAGE,
    World,
    accepted_case,
    case,
    created,
    dispute,
    ok,
    operating,
    party,
    refused,
    round_of,
    settled_case,
    started_round,
)

KEY = {"Idempotency-Key": "key-1"}


async def test_the_same_creation_answers_with_the_record_as_it_is_now(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    body = dispute(id=str(uuid4()))
    registered = await created(village.post("/cases", json=body))
    assert registered["possible_duplicates"] == []
    await ok(clerk.post(f"/cases/{registered['id']}/acceptance", json={"accepted_on": "2020-03-02"}))
    for caller in (village, clerk):
        again = await ok(caller.post("/cases", json=body))
        assert (again["id"], again["status"]) == (registered["id"], "accepted")
        assert "possible_duplicates" not in again
    upper = await ok(clerk.post("/cases", json=body | {"id": body["id"].upper()}))
    assert upper["id"] == registered["id"]


async def test_an_id_stands_for_one_content_in_one_jurisdiction(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    stranger = await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    body = dispute(id=str(uuid4()))
    await created(clerk.post("/cases", json=body))
    await refused(clerk.post("/cases", json=body | {"summary": "另一件事。"}), 409, "id-reused")
    await refused(clerk.post("/cases", json=body | {"title": "多了标题"}), 409, "id-reused")
    await refused(stranger.post("/cases", json=body | {"place": OTHER_TOWN_VILLAGE}), 409, "id-reused")


async def test_a_partys_id_stands_once(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    id = str(uuid4())
    twice = [party(id=id), party("respondent", "张某乙", id=id)]
    await refused(clerk.post("/cases", json=dispute(parties=twice)), 422, "invalid-input")
    body = dispute(id=str(uuid4()), parties=[party(id=id), party("respondent", "张某乙")])
    registered = await created(clerk.post("/cases", json=body))
    assert registered["parties"][0]["id"] == id
    assert (await ok(clerk.post("/cases", json=body)))["id"] == registered["id"]
    await refused(clerk.post("/cases", json=dispute(parties=body["parties"])), 409, "id-reused")


async def test_rounds_and_sessions_are_made_once(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    path, body = f"/cases/{accepted['id']}/mediations", round_of(id=str(uuid4()))
    mediation = await created(clerk.post(path, json=body))
    session = {"id": str(uuid4()), "held_on": "2020-03-04", "form": "onsite", "record": "现场调解。"}
    sessions = f"/mediations/{mediation['id']}/sessions"
    await created(clerk.post(sessions, json=session))
    assert (await ok(clerk.post(path, json=body)))["version"] == 2
    assert (await ok(clerk.post(sessions, json=session)))["id"] == session["id"]
    await refused(clerk.post(path, json=body | {"method": "court"}), 409, "id-reused")
    await refused(clerk.post(sessions, json=session | {"record": "别的。"}), 409, "id-reused")
    assert len((await ok(clerk.get(sessions)))["items"]) == 1


async def test_of_the_same_creation_sent_at_once_one_is_new_and_all_are_answered(own_world: World) -> None:
    """Of each kind of record that takes an id: a twin that comes in the middle is not told a rule forbids it."""
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    admin = await own_world.caller(Role.DISTRICT_ADMIN, "500114000000")
    accepted = await accepted_case(clerk)
    mediation = round_of(id=str(uuid4()))
    session = {"id": str(uuid4()), "held_on": "2020-03-04", "form": "onsite", "record": "现场调解。"}
    committee = {"kind": "mediation_committee", "name": "某调委会", "place": TOWN, "number_prefix": "新调"}
    for caller, path, body in (
        (clerk, "/cases", dispute(id=str(uuid4()), parties=[party(id=str(uuid4())), party("respondent", "张某乙")])),
        (clerk, f"/cases/{accepted['id']}/mediations", mediation),
        (clerk, f"/mediations/{mediation['id']}/sessions", session),
        (admin, "/organizations", committee | {"id": str(uuid4())}),
    ):
        answers = await asyncio.gather(*(caller.post(path, json=body) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 200, 201], path
        assert {answer.json()["id"] for answer in answers} == {body["id"]}


async def test_the_same_content_under_another_case_or_round_is_another_creation(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted, other = await accepted_case(clerk), await accepted_case(clerk)
    body = round_of(id=str(uuid4()))
    await created(clerk.post(f"/cases/{accepted['id']}/mediations", json=body))
    await refused(clerk.post(f"/cases/{other['id']}/mediations", json=body), 409, "id-reused")
    await refused(clerk.post(f"/cases/{uuid4()}/mediations", json=body), 404, "not-found")
    session = {"id": str(uuid4()), "held_on": "2020-03-04", "form": "onsite", "record": "现场调解。"}
    await created(clerk.post(f"/mediations/{body['id']}/sessions", json=session))
    second = await started_round(clerk, other["id"])
    await refused(clerk.post(f"/mediations/{second['id']}/sessions", json=session), 409, "id-reused")
    await refused(clerk.post(f"/mediations/{uuid4()}/sessions", json=session), 404, "not-found")


async def test_a_key_replays_the_first_answer(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    first = await clerk.post("/cases", json=dispute(), headers=KEY)
    assert "idempotent-replay" not in first.headers
    await ok(clerk.post(f"/cases/{first.json()['id']}/acceptance", json={"accepted_on": "2020-03-02"}))
    again = await clerk.post("/cases", json=dispute(), headers=KEY)
    assert (again.status_code, again.headers["idempotent-replay"]) == (201, "true")
    assert again.content == first.content
    assert (again.headers["etag"], again.headers["location"]) == (first.headers["etag"], first.headers["location"])
    problem = clerk.post("/cases", json=dispute(summary="另一件事。"), headers=KEY)
    await refused(problem, 422, "idempotency-key-reused")


async def test_a_key_belongs_to_its_principal_and_path(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    ids = {(await created(caller.post("/cases", json=dispute(), headers=KEY)))["id"] for caller in (clerk, village)}
    assert len(ids) == 2
    for id in ids:
        accept = clerk.post(f"/cases/{id}/acceptance", json={"accepted_on": "2020-03-02"}, headers=KEY)
        assert (await ok(accept))["status"] == "accepted"


async def test_a_step_under_a_key_is_taken_once(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk)
    path, body = f"/cases/{registered['id']}/acceptance", {"accepted_on": "2020-03-02"}
    numbers = {(await ok(clerk.post(path, json=body, headers=KEY)))["number"] for _ in range(3)}
    assert len(numbers) == 1
    await refused(clerk.post(path, json=body), 409, "step-not-allowed")


async def test_after_a_refusal_the_key_is_free(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk)
    path = f"/cases/{registered['id']}/acceptance"
    await refused(clerk.post(path, json={"accepted_on": "2020-02-01"}, headers=KEY), 409, "dates-out-of-order")
    assert (await ok(clerk.post(path, json={"accepted_on": "2020-03-02"}, headers=KEY)))["status"] == "accepted"


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 201, "caf\xe9"])
async def test_keys_are_plain(world: World, key: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    headers: Any = {"Idempotency-Key": key.encode("latin-1")}
    problem = await refused(clerk.post("/cases", json=dispute(), headers=headers), 422, "invalid-input")
    assert problem["errors"][0]["pointer"] == "header:idempotency-key"


async def test_a_replay_asks_again_who_may_see(world: World) -> None:
    """401, 403 and 404 are checked anew: the session ended, the role changed, the case moved away."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    registered = await case(village)
    path, body = f"/cases/{registered['id']}/acceptance", {"accepted_on": "2020-03-02"}
    town = {"organization_id": str(world.organizations[TOWN])}
    await ok(clerk.post(path, json=body | town, headers=KEY))
    mediation = await started_round(village, registered["id"])
    session = {"held_on": "2020-03-04", "form": "onsite", "record": "现场调解。"}
    await created(village.post(f"/mediations/{mediation['id']}/sessions", json=session, headers=KEY))
    current = await clerk.get(f"/cases/{registered['id']}")
    moved = clerk.patch(
        f"/cases/{registered['id']}", json={"place": "500114109201"}, headers={"If-Match": current.headers["etag"]}
    )
    assert (await ok(moved))["place"] == "500114109201"
    await refused(village.post(f"/mediations/{mediation['id']}/sessions", json=session, headers=KEY), 404, "not-found")
    await ok(clerk.post(path, json=body | town, headers=KEY))
    await _change(world, clerk.account.id, role=Role.AUDITOR, place="500114000000")
    await refused(clerk.post(path, json=body | town, headers=KEY), 403, "forbidden")
    await _change(world, clerk.account.id, disabled_at=world.kernel.clock.now())
    await refused(clerk.post(path, json=body | town, headers=KEY), 401, "not-signed-in")


async def _change(world: World, account_id: Any, **values: Any) -> None:
    async with operating(world) as work:
        await work.session.execute(update(Account).where(Account.id == account_id).values(**values))


async def test_kept_answers_are_sealed_and_forgotten_after_seven_days(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    first = await created(clerk.post("/cases", json=dispute(summary="一件只此一次的事。"), headers=KEY))
    async with operating(world) as work:
        record = (await work.session.scalars(select(IdempotencyRecord))).one()
        assert "一件只此一次的事".encode() not in (record.body or b"")
        record.made_at -= timedelta(days=8)
    second = await created(clerk.post("/cases", json=dispute(summary="一件只此一次的事。"), headers=KEY))
    assert second["id"] != first["id"]


async def test_a_client_id_outlives_its_key(world: World) -> None:
    """Four hundred days later, on another device: the same case."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    settled = await settled_case(clerk, id=str(uuid4()))
    async with operating(world) as work:
        for record in await work.session.scalars(select(IdempotencyRecord)):
            record.made_at -= timedelta(days=400)
    again = await ok(clerk.post("/cases", json=dispute(id=settled["id"])))
    assert (again["id"], again["status"]) == (settled["id"], "closed_success")


async def test_a_key_means_nothing_at_sign_in(world: World) -> None:
    """Two sign-ins under one key are two sessions: no token is ever kept or given again. A bad key does not matter."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    password = "river-stone-lamp-7"
    await _change(world, clerk.account.id, password_hash=await hash_password(password))
    form = {"grant_type": "password", "username": clerk.account.username, "password": password}
    tokens = set()
    for key in ("key-1", "key-1", "k" * 201):
        answer = await world.client().post("/oauth/token", data=form, headers={"Idempotency-Key": key})
        assert (answer.status_code, "idempotent-replay" in answer.headers) == (200, False)
        tokens.add(answer.json()["access_token"])
    assert len(tokens) == 3
    async with operating(world) as work:
        assert (await work.session.scalars(select(IdempotencyRecord))).all() == []
