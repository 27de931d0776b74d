"""Machine clients: what they may be given, how they come in, and how their secrets are changed and ended."""

import asyncio
import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import event as sqlalchemy_event

from app.core.auth import OPERATOR, Permission
from app.people.codes import Role
from app.people.permissions import SCOPES
from tests.contract import ContractClient
from tests.signing import ELSEWHERE, wait
from tests.tables import changed, content, rows
from tests.world import (
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_DISTRICT_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    World,
    case,
    created,
    dispute,
    ok,
    refused,
)

ALL = ["cases:list", "cases:read", "cases:register", "statistics:read"]


async def new_client(world: World, scopes: list[str] | None = None, place: str = VILLAGE) -> dict[str, Any]:
    admin = await world.caller(Role.DISTRICT_ADMIN, f"{place[:6]}000000")
    body = {"name": "样例网格系统", "place": place, "scopes": ALL if scopes is None else scopes}
    made: dict[str, Any] = await created(admin.post("/clients", json=body))
    return made


async def new_secret(world: World, client: dict[str, Any], **fields: Any) -> dict[str, Any]:
    admin = await world.caller(Role.DISTRICT_ADMIN, f"{client['place'][:6]}000000")
    made: dict[str, Any] = await created(admin.post(f"/clients/{client['id']}/secrets", json=fields))
    return made


async def ask_token(
    world: World, id: Any, secret: str | None, source: str = "127.0.0.1", headers: Any = None, **form: str
) -> httpx.Response:
    client = ContractClient(world.app, headers or {}, source)
    named = {"client_id": str(id), "client_secret": secret} if secret is not None else {}
    return await client.post("/oauth/token", data={"grant_type": "client_credentials", **named, **form})


async def token_of(world: World, client: dict[str, Any], secret: dict[str, Any], **form: str) -> str:
    body = await ok(ask_token(world, client["id"], secret["secret"], **form))
    return str(body["access_token"])


def using(world: World, token: str) -> ContractClient:
    return world.client(Authorization=f"Bearer {token}")


async def come_in(world: World, scopes: list[str] | None = None, place: str = VILLAGE) -> ContractClient:
    client = await new_client(world, scopes, place)
    return using(world, await token_of(world, client, await new_secret(world, client)))


async def change(world: World, client: dict[str, Any], **fields: Any) -> dict[str, Any]:
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    etag = (await admin.get(f"/clients/{client['id']}")).headers["etag"]
    changed_: dict[str, Any] = await ok(
        admin.patch(f"/clients/{client['id']}", json=fields, headers={"If-Match": etag})
    )
    return changed_


async def test_a_machine_brings_a_case_and_is_named_in_the_audit(world: World) -> None:
    client = await new_client(world)
    assert (client["scopes"], client["secrets"], client["disabled"], client["version"]) == (ALL, [], False, 1)
    answer = await ok(ask_token(world, client["id"], (await new_secret(world, client))["secret"]))
    assert set(answer) == {"access_token", "token_type", "expires_in", "scope"}
    assert (answer["token_type"], answer["expires_in"], answer["scope"]) == ("Bearer", 900, " ".join(ALL))
    machine = using(world, answer["access_token"])
    body, key = dispute(id=str(uuid4())), {"Idempotency-Key": "a-machines-key"}
    registered = await created(machine.post("/cases", json=body, headers=key))
    again = await machine.post("/cases", json=body, headers=key)
    assert (again.headers["idempotent-replay"], again.json()) == ("true", registered)
    assert (await machine.post("/cases", json=body)).status_code == 200
    assert registered["registered_by"] is None
    auditor = await world.caller(Role.AUDITOR, DISTRICT)
    records = (await ok(auditor.get(f"/audit-events?actor_id={client['id']}")))["items"]
    assert {(r["action"], r["role"]) for r in records} == {("register_case", "client"), ("issue_tokens", "client")}
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    step = (await ok(clerk.get(f"/cases/{registered['id']}/timeline")))["items"][0]
    assert (step["actor_id"], step["role"]) == (client["id"], "client")
    stored = await rows(world, "idempotency_records")
    assert str(client["id"]) in {str(record["principal"]) for record in stored}


async def test_a_machine_does_what_its_scopes_name_within_its_place(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    inside, outside = await case(clerk, VILLAGE, title="院坝排水"), await case(clerk, OTHER_VILLAGE)
    reader = await come_in(world, ["cases:list", "cases:read"])
    listed = (await ok(reader.get("/cases")))["items"]
    assert [item["id"] for item in listed] == [inside["id"]]
    assert listed[0]["title"] == "院坝排水"
    await ok(reader.get(f"/cases/{inside['id']}"))
    await refused(reader.get(f"/cases/{outside['id']}"), 404, "not-found")
    for path in ("/me", "/places", "/accounts", "/clients", "/audit-events", f"/cases/{inside['id']}/timeline"):
        await refused(reader.get(path), 403, "forbidden")
    await refused(reader.post("/cases", json=dispute()), 403, "forbidden")
    lister = await come_in(world, ["cases:list"])
    figures = (await ok(lister.get("/cases")))["items"]
    assert "title" not in figures[0]
    assert "parties" not in figures[0]
    assert (await lister.get("/cases", params={"risk_level": "high"})).status_code == 422
    bringer = await come_in(world, ["cases:register"])
    await created(bringer.post("/cases", json=dispute()))
    await refused(bringer.post("/cases", json=dispute(OTHER_VILLAGE)), 422, "unknown-reference")
    await refused(bringer.get("/cases"), 403, "forbidden")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_machine_is_never_given_what_a_person_answers_for(world: World) -> None:
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    for permission in Permission:
        body = {"name": "样例系统", "place": VILLAGE, "scopes": [str(permission)]}
        answer = await admin.post("/clients", json=body)
        assert (answer.status_code == 201) == (permission in SCOPES), permission
    for scopes in ([], ["cases:everything"], "cases:list", None):
        wrong: dict[str, Any] = {"name": "样例系统", "place": VILLAGE, "scopes": scopes}
        await refused(admin.post("/clients", json=wrong), 422, "invalid-input")
    twice = await new_client(world, ["cases:read", "cases:list", "cases:read"])
    assert twice["scopes"] == ["cases:list", "cases:read"]
    for place in (OTHER_DISTRICT_TOWN, "500114109999"):
        body = {"name": "样例系统", "place": place, "scopes": ["cases:list"]}
        await refused(admin.post("/clients", json=body), 422, "unknown-reference")
    assert not {"cases:reveal", "cases:supervise", "accounts:manage", "clients:manage", "self"} & SCOPES


async def test_a_client_is_made_once(world: World) -> None:
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    body = {"id": str(uuid4()), "name": "样例系统", "place": VILLAGE, "scopes": ["cases:list"]}
    first = await admin.post("/clients", json=body)
    assert (first.status_code, first.headers["location"]) == (201, f"/api/v1/clients/{body['id']}")
    assert (await admin.post("/clients", json=body)).status_code == 200
    await refused(admin.post("/clients", json=body | {"name": "另一个"}), 409, "id-reused")
    there = await world.caller(Role.DISTRICT_ADMIN, OTHER_DISTRICT)
    await refused(there.post("/clients", json=body), 409, "id-reused")
    assert (await ok(admin.get(f"/clients?place={TOWN}&total=exact")))["total"] == 1
    assert (await ok(there.get("/clients")))["items"] == []


async def test_a_secret_is_told_once_and_two_hold_at_a_time(world: World) -> None:
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    client = await new_client(world)
    path = f"/clients/{client['id']}/secrets"
    soon = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    first, second = await new_secret(world, client), await new_secret(world, client, expires_at=soon)
    assert len(first["secret"]) > 43
    assert first["secret"] != second["secret"]
    await refused(admin.post(path, json={}), 409, "too-many-secrets")
    told = await admin.get(f"/clients/{client['id']}")
    assert [secret["id"] for secret in told.json()["secrets"]] == [first["id"], second["id"]]
    assert told.json()["version"] == 3
    for secret in (first, second):
        assert secret["secret"] not in told.text
        assert secret["secret"] not in str(await rows(world, "client_secrets"))
        await token_of(world, client, secret)
    for wrong in ("yesterday", "2020-03-09T09:00:00+08:00", "2030-03-09T09:00:00", "2030-13-09T09:00:00Z", 7):
        await refused(admin.post(path, json={"expires_at": wrong}), 422, "invalid-input")
    wait(world, minutes=12)
    assert (await ask_token(world, client["id"], second["secret"])).status_code == 401
    third = await new_secret(world, client)
    await token_of(world, client, third)
    shown = (await ok(admin.get(f"/clients/{client['id']}")))["secrets"]
    assert [secret["id"] for secret in shown] == [first["id"], third["id"]], "the expired one is forgotten"


async def test_a_secret_is_changed_without_a_pause(world: World) -> None:
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    client = await new_client(world)
    old = await new_secret(world, client)
    before = using(world, await token_of(world, client, old))
    new = await new_secret(world, client)
    await ok(before.get("/cases"))
    after = using(world, await token_of(world, client, new))
    ended = f"/clients/{client['id']}/secrets/{old['id']}/revocation"
    left = await ok(admin.post(ended))
    assert [secret["id"] for secret in left["secrets"]] == [new["id"]]
    await refused(before.get("/cases"), 401, "not-signed-in")
    await ok(after.get("/cases"))
    await refused(ask_token(world, client["id"], old["secret"]), 401, "invalid-client")
    await refused(admin.post(ended), 404, "not-found")
    there = await world.caller(Role.DISTRICT_ADMIN, OTHER_DISTRICT)
    await refused(there.post(f"/clients/{client['id']}/secrets/{new['id']}/revocation"), 404, "not-found")
    other = await new_client(world)
    await refused(admin.post(f"/clients/{other['id']}/secrets/{new['id']}/revocation"), 404, "not-found")
    auditor = await world.caller(Role.AUDITOR, DISTRICT)
    record = (await ok(auditor.get(f"/audit-events?target_id={client['id']}&action=end_client_secret")))["items"][0]
    assert (record["target_type"], record["fields"]) == ("client", ["secrets"])


async def test_disabling_a_client_acts_on_its_next_request_and_for_good(world: World) -> None:
    client = await new_client(world)
    secret = await new_secret(world, client)
    machine = using(world, await token_of(world, client, secret))
    await ok(machine.get("/cases"))
    assert (await change(world, client, disabled=True))["disabled"] is True
    await refused(machine.get("/cases"), 401, "not-signed-in")
    await refused(ask_token(world, client["id"], secret["secret"]), 401, "invalid-client")
    await change(world, client, disabled=False)
    await refused(machine.get("/cases"), 401, "not-signed-in")
    await token_of(world, client, secret)


async def test_other_scopes_and_another_place_act_on_the_next_request(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk, VILLAGE)
    client = await new_client(world)
    machine = using(world, await token_of(world, client, await new_secret(world, client)))
    await ok(machine.get(f"/cases/{registered['id']}"))
    await change(world, client, place=OTHER_VILLAGE)
    await refused(machine.get(f"/cases/{registered['id']}"), 404, "not-found")
    await change(world, client, place=VILLAGE, scopes=["cases:list", "mediations:read"])
    await refused(machine.get(f"/cases/{registered['id']}"), 403, "forbidden")
    assert "parties" not in (await ok(machine.get("/cases")))["items"][0]
    await refused(machine.get(f"/mediations/{uuid4()}"), 403, "forbidden")


async def test_a_token_is_for_the_scopes_asked_for(world: World) -> None:
    client = await new_client(world)
    secret = await new_secret(world, client)
    narrow = await ok(ask_token(world, client["id"], secret["secret"], scope="statistics:read cases:list"))
    assert narrow["scope"] == "cases:list statistics:read"
    machine = using(world, narrow["access_token"])
    assert (await machine.get("/cases")).status_code == 200
    await refused(machine.post("/cases", json=dispute()), 403, "forbidden")
    for scope in ("cases:reveal", "cases:list cases:mediate", "everything", " "):
        answer = await ask_token(world, client["id"], secret["secret"], scope=scope)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope"), scope
    for _ in range(12):
        assert (await ask_token(world, client["id"], secret["secret"], scope="everything")).status_code == 400


def basic(id: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{id}:{secret}'.encode()).decode()}"}


async def test_a_client_names_itself_in_the_form_or_by_basic(world: World) -> None:
    client = await new_client(world)
    secret = (await new_secret(world, client))["secret"]
    await ok(ask_token(world, None, None, headers=basic(client["id"], secret)))
    both = await ask_token(world, client["id"], secret, headers=basic(client["id"], secret))
    assert (both.status_code, both.json()["error"]) == (400, "invalid_request")
    for form in ({}, {"client_id": client["id"]}, {"client_secret": secret}):
        lacking = await ask_token(world, None, None, **form)
        assert (lacking.status_code, lacking.json()["error"]) == (400, "invalid_request"), form
    said = []
    for headers in (
        basic(client["id"], "another"),
        basic(str(uuid4()), secret),
        basic(client["id"].upper(), secret),
        basic("", ""),
        {"Authorization": f"Bearer {secret}"},
        {"Authorization": "Basic"},
        {"Authorization": "Basic %%%"},
        {"Authorization": f"Basic {base64.b64encode(bytes([255, 58])).decode()}"},
    ):
        answer = await ask_token(world, None, None, headers=headers, source=ELSEWHERE)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), headers
        assert answer.headers["www-authenticate"].startswith("Basic ")
        said.append(answer.json() | {"instance": ""})
    assert all(one == said[0] for one in said)


async def test_an_unknown_client_and_a_wrong_secret_take_the_same_work_and_leave_a_counted_try(world: World) -> None:
    client = await new_client(world)
    await new_secret(world, client)
    statements: dict[str, int] = {}
    for name, id in (("known", client["id"]), ("unknown", uuid4())):
        before = await content(world)
        statements[name] = await _statements(world, id)
        left = changed(before, await content(world))
        assert set(left) <= {"sign_in_attempts", "audit_records", "number_counters"}
        assert "sign_in_attempts" in left
    assert statements["known"] == statements["unknown"] > 5


async def _statements(world: World, id: Any) -> int:
    """How many statements a wrong try takes; the records of the audit are written in more for a known client."""
    seen = []

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "audit_records" not in statement and "number_counters" not in statement:
            seen.append(statement)

    engines = {world.database.writes.sync_engine}
    if world.database.is_sqlite:
        engines.add(world.database.reads.sync_engine)
    for engine in engines:
        sqlalchemy_event.listen(engine, "before_cursor_execute", count)
    try:
        await refused(ask_token(world, id, "not the secret"), 401, "invalid-client")
    finally:
        for engine in engines:
            sqlalchemy_event.remove(engine, "before_cursor_execute", count)
    return len(seen)


async def test_tries_are_limited_as_those_of_passwords_are(world: World) -> None:
    client = await new_client(world)
    secret = (await new_secret(world, client))["secret"]
    guesses = [await ask_token(world, client["id"], "a guess", ELSEWHERE) for _ in range(11)]
    assert [answer.status_code for answer in guesses] == [401] * 10 + [429]
    assert guesses[-1].headers["retry-after"]
    other = await new_client(world)
    await token_of(world, other, await new_secret(world, other))
    wait(world, minutes=16)
    assert (await ask_token(world, client["id"], secret)).status_code == 200
    guesses = [await ask_token(world, client["id"], "a guess", ELSEWHERE) for _ in range(11)]
    assert guesses[-1].status_code == 429
    assert (await ask_token(world, client["id"], secret)).status_code == 200, "where it came in before it still does"


async def test_a_token_ends_after_its_time_with_its_secret_or_when_it_is_given_back(world: World) -> None:
    client = await new_client(world)
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    short = await new_secret(world, client, expires_at=soon)
    answer = await ok(ask_token(world, client["id"], short["secret"]))
    assert 200 < answer["expires_in"] <= 300
    lasting = await new_secret(world, client)
    token = await token_of(world, client, lasting)
    machine, other = using(world, token), using(world, await token_of(world, client, lasting))
    for _ in range(2):
        assert (await ok(world.client().post("/oauth/revoke", data={"token": token}))) == {}
    await refused(machine.get("/cases"), 401, "not-signed-in")
    await ok(other.get("/cases"))
    wait(world, minutes=6)
    await refused(using(world, answer["access_token"]).get("/cases"), 401, "not-signed-in")
    await ok(other.get("/cases"))
    wait(world, minutes=16)
    await refused(other.get("/cases"), 401, "not-signed-in")
    await token_of(world, client, lasting)
    kept = await rows(world, "client_tokens")
    assert len(kept) == 1, "what no longer holds is forgotten"


async def test_of_secrets_made_at_once_two_are_made(own_world: World) -> None:
    world = own_world
    client = await new_client(world)
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    path = f"/clients/{client['id']}/secrets"
    answers = await asyncio.gather(*(admin.post(path, json={}) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]
    secret = next(answer.json() for answer in answers if answer.status_code == 201)
    ends = await asyncio.gather(*(admin.post(f"{path}/{secret['id']}/revocation") for _ in range(4)))
    assert sorted(answer.status_code for answer in ends) == [200, 404, 404, 404]


async def test_a_token_got_while_its_secret_ends_is_none_or_ends_with_it(own_world: World) -> None:
    world = own_world
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    for _ in range(5):
        client = await new_client(world)
        secret = await new_secret(world, client)
        got = [ask_token(world, client["id"], secret["secret"]) for _ in range(3)]
        *answers, ended = await asyncio.gather(
            *got, admin.post(f"/clients/{client['id']}/secrets/{secret['id']}/revocation")
        )
        assert ended.status_code == 200
        for answer in answers:
            if answer.status_code == 200:
                await refused(using(world, answer.json()["access_token"]).get("/cases"), 401, "not-signed-in")
            else:
                assert answer.status_code == 401, answer.text
    assert await rows(world, "client_tokens") == []


async def test_a_stale_etag_changes_no_client(world: World) -> None:
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    client = await new_client(world)
    path, stale = f"/clients/{client['id']}", {"If-Match": '"1-full"'}
    secret = await new_secret(world, client)
    await refused(admin.patch(path, json={"name": "改名"}, headers=stale), 412, "precondition-failed")
    await refused(admin.post(f"{path}/secrets", json={}, headers=stale), 412, "precondition-failed")
    await refused(admin.post(f"{path}/secrets/{secret['id']}/revocation", headers=stale), 412, "precondition-failed")
    await refused(admin.patch(path, json={"name": "改名"}), 428, "precondition-required")
    assert (await change(world, client, name="改名"))["version"] == 3


def test_an_actor_that_is_a_machine_names_no_account() -> None:
    machine = replace(OPERATOR, id=uuid4(), is_machine=True)
    assert (machine.account_id, replace(machine, is_machine=False).account_id) == (None, machine.id)
