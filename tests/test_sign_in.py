"""Signing in: passwords, opaque tokens that end at once, rotation, and guessing that gets nowhere."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from app.core.auth import OPERATOR
from app.core.unit_of_work import Asked, Reading, perform
from app.people import throttle
from app.people.codes import Role
from app.people.models import Account, SignIn, SignInAttempt, Token
from tests.contract import ContractClient
from tests.signing import (
    ELSEWHERE,
    HOME,
    SERIOUS,
    Session,
    administrator,
    ask,
    new_account,
    quick_passwords,
    refresh,
    session,
    sign_in,
    try_password,
    wait,
)
from tests.world import DISTRICT, TOWN, World, ok, refused

__all__ = ["quick_passwords"]
NEW_PASSWORD = "屋檐滴水 2020 lishui"


async def is_alive(one: Session) -> bool:
    return (await one.client.get("/me")).status_code == 200


def said(response: httpx.Response) -> Any:
    """The problem but for the request's own id."""
    return response.status_code, response.json() | {"instance": ""}


async def test_a_password_gives_tokens_and_the_tokens_the_account(world: World) -> None:
    account = await new_account(world)
    response = await try_password(world, account["username"], account["initial_password"])
    body = response.json()
    assert set(body) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
    assert response.headers["cache-control"] == "no-store"
    me = await ok(session(world, response).client.get("/me"))
    assert (me["id"], me["role"], me["view"]) == (account["id"], "grid_worker", "full")
    assert "cases:register" in me["permissions"]
    assert "cases:accept" not in me["permissions"]
    shouted = await try_password(world, f" {account['username'].upper()} ", account["initial_password"])
    assert shouted.status_code == 200


async def test_nobody_learns_who_has_an_account(world: World) -> None:
    account, gone = await new_account(world), await new_account(world)
    admin = await administrator(world)
    disabled = {"disabled": True}
    await ok(admin.patch(f"/accounts/{gone['id']}", json=disabled, headers={"If-Match": '"1-full"'}))
    wrong = await try_password(world, account["username"], "not the password")
    assert wrong.status_code == 400
    assert wrong.json()["error"] == "invalid_grant"
    for username, password in [
        ("nobody.at.all", "not the password"),
        (gone["username"], gone["initial_password"]),
        ("张某甲", "not the password"),
        ("\x00' OR 1=1 --", "not the password"),
        ("x" * 5000, "not the password"),
        (account["username"], "\x00"),
        (account["username"], "x" * 100_000),
    ]:
        assert said(await try_password(world, username, password)) == said(wrong)
    assert account["username"] not in wrong.text


async def test_refusals_name_themselves_as_the_standard_does(world: World) -> None:
    for form, error in [
        ({}, "invalid_request"),
        ({"grant_type": "password", "username": "someone"}, "invalid_request"),
        ({"grant_type": "password", "password": "something"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "never given \x00"}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "invalid_request"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"grant_type": "password\x00"}, "unsupported_grant_type"),
    ]:
        response = await ask(world, **form)
        assert (response.status_code, response.json()["error"]) == (400, error), form
        assert response.json()["code"] == error.replace("_", "-")
    account = await new_account(world)
    known = {"grant_type": "password", "username": account["username"], "password": account["initial_password"]}
    assert (await ask(world, scope="all", client_id="app", **known)).status_code == 200
    client = world.client()
    await refused(client.post("/oauth/token", json=known), 415, "unsupported-media-type")
    english = await client.post("/oauth/token", data={"grant_type": "x"}, headers={"Accept-Language": "en"})
    assert english.json()["detail"].startswith("This grant type is not supported")
    raw = await client.post(
        "/oauth/token",
        content=b"grant_type=password&username=%FF%FE&password=%ED%A0%80",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert raw.json()["error"] == "invalid_grant"


async def test_a_refresh_token_is_used_once_and_its_reuse_ends_the_session(world: World) -> None:
    account = await new_account(world)
    first, bystander = await sign_in(world, account), await sign_in(world, account)
    second = session(world, await refresh(world, first.refresh_token))
    assert await is_alive(first)
    assert await is_alive(second)
    stolen = await refresh(world, first.refresh_token)
    assert said(stolen) == said(await refresh(world, "never given"))
    assert not await is_alive(first)
    assert not await is_alive(second)
    assert (await refresh(world, second.refresh_token)).json()["error"] == "invalid_grant"
    assert await is_alive(bystander)


async def test_of_two_refreshes_at_once_one_is_a_reuse(world: World) -> None:
    one = await sign_in(world, await new_account(world))
    answers = await asyncio.gather(refresh(world, one.refresh_token), refresh(world, one.refresh_token))
    assert sorted(a.status_code for a in answers) == [200, 400]
    renewed = session(world, next(a for a in answers if a.status_code == 200))
    assert not await is_alive(renewed)


async def test_each_token_serves_its_own_purpose(world: World) -> None:
    one = await sign_in(world, await new_account(world))
    await refused(world.client(Authorization=f"Bearer {one.refresh_token}").get("/me"), 401, "not-signed-in")
    assert (await refresh(world, one.access_token)).json()["error"] == "invalid_grant"
    for strange in ("Bearer", "Bearer ", "Basic eDp5", "Bearer é", f"Bearer {one.access_token}x"):
        headers = [(b"authorization", strange.encode("latin-1"))]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(world.app), base_url="http://tests") as client:
            response = await client.get("/api/v1/me", headers=headers)
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


async def test_tokens_end_with_their_time(world: World) -> None:
    one = await sign_in(world, await new_account(world))
    wait(world, minutes=14)
    assert await is_alive(one)
    wait(world, minutes=16)
    assert not await is_alive(one)
    renewed = session(world, await refresh(world, one.refresh_token))
    assert await is_alive(renewed)
    wait(world, days=31)
    assert (await refresh(world, renewed.refresh_token)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_signing_out_acts_on_the_next_request(world: World, which: str) -> None:
    account = await new_account(world)
    one, other = await sign_in(world, account), await sign_in(world, account)
    answer = await world.client().post("/oauth/revoke", data={"token": getattr(one, which)})
    assert (answer.status_code, answer.json()) == (200, {})
    assert not await is_alive(one)
    assert (await refresh(world, one.refresh_token)).status_code == 400
    assert await is_alive(other)
    unknown = await world.client().post("/oauth/revoke", data={"token": "never given"})
    assert (unknown.status_code, unknown.json()) == (200, {})
    assert (await world.client().post("/oauth/revoke")).json()["error"] == "invalid_request"


async def fail(world: World, username: str, times: int, source: str = HOME) -> Counter[int]:
    answers = [await try_password(world, username, "not the password", source) for _ in range(times)]
    return Counter(answer.status_code for answer in answers)


async def test_ten_failures_are_all_a_stranger_has(world: World) -> None:
    account = await new_account(world)
    assert await fail(world, account["username"], 12) == {400: 10, 429: 2}
    right = await try_password(world, account["username"], account["initial_password"], ELSEWHERE)
    assert right.json()["code"] == "too-many-requests"
    assert 0 < int(right.headers["retry-after"]) <= 900
    assert right.json()["retry_after"] == int(right.headers["retry-after"])
    assert await fail(world, "nobody.at.all", 12) == {400: 10, 429: 2}
    wait(world, minutes=15, seconds=5)
    await sign_in(world, account, source=ELSEWHERE)


async def test_strangers_cannot_lock_out_the_owner(world: World) -> None:
    account = await new_account(world)
    await sign_in(world, account, source=HOME)
    assert await fail(world, account["username"], 5, HOME) == {400: 5}
    assert await fail(world, account["username"], 11, ELSEWHERE) == {400: 10, 429: 1}
    await sign_in(world, account, source=HOME)
    assert await fail(world, account["username"], 6, HOME) == {400: 5, 429: 1}
    refused_at_home = await try_password(world, account["username"], account["initial_password"], HOME)
    assert refused_at_home.status_code == 429


async def test_tries_at_once_do_not_slip_past_the_count(world: World) -> None:
    account = await new_account(world)
    tries = (try_password(world, account["username"], "not the password") for _ in range(30))
    counted = Counter(answer.status_code for answer in await asyncio.gather(*tries))
    assert counted[400] <= 10
    assert counted[400] + counted[429] == 30
    assert (await try_password(world, account["username"], account["initial_password"])).status_code == 429


async def test_one_address_may_not_try_many_usernames(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "PER_SOURCE", 5)
    answers = [await try_password(world, f"somebody{n}", "not the password", ELSEWHERE) for n in range(7)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429] * 2
    account = await new_account(world)
    await sign_in(world, account, source=HOME)


async def scalars(world: World, statement: Any) -> list[Any]:
    reading = Reading(world.kernel, OPERATOR, Asked("test"))

    async def run() -> list[Any]:
        return list(await reading.session.scalars(statement))

    return await perform(reading, run)


async def test_old_tries_and_tokens_are_forgotten_in_passing(world: World) -> None:
    account = await new_account(world)
    await sign_in(world, account)
    await fail(world, "nobody.at.all", 2)
    assert await scalars(world, select(func.count()).select_from(SignInAttempt)) == [3]
    wait(world, days=31)
    await sign_in(world, account)
    assert await scalars(world, select(func.count()).select_from(SignInAttempt)) == [1]
    of_account = select(SignIn.id).where(SignIn.account_id == UUID(account["id"]))
    assert len(await scalars(world, of_account)) == 1
    assert len(await scalars(world, select(Token.id).where(Token.sign_in_id.in_(of_account)))) == 2


async def test_nothing_kept_opens_the_door(world: World) -> None:
    account = await new_account(world)
    one = await sign_in(world, account)
    hashes = await scalars(world, select(Account.password_hash).where(Account.username == account["username"]))
    assert hashes[0].startswith("$argon2id$")
    assert SERIOUS.hash("any").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    kept = await scalars(world, select(Token.hash))
    assert not {one.access_token, one.refresh_token} & set(kept)
    assert all(len(one_hash) == 64 for one_hash in kept)
    usernames = await scalars(world, select(SignInAttempt.username_hash))
    assert account["username"] not in usernames


async def test_a_try_is_audited_at_the_place_of_the_account(world: World) -> None:
    account = await new_account(world)
    await fail(world, account["username"], 1)
    await sign_in(world, account)
    auditor = await world.caller(Role.AUDITOR, DISTRICT)
    records = (await ok(auditor.get(f"/audit-events?target_id={account['id']}")))["items"]
    assert [(r["action"], r["role"], r["actor_id"]) for r in records] == [
        ("issue_tokens", "grid_worker", account["id"]),
        ("try_password", "visitor", None),
        ("try_password", "visitor", None),
        ("add_account", "district_admin", str((await administrator(world)).account.id)),
    ]


async def test_a_key_is_ignored_when_signing_in(world: World) -> None:
    account = await new_account(world)
    form = {"grant_type": "password", "username": account["username"], "password": account["initial_password"]}
    headers = {"Idempotency-Key": "k-1"}
    first, second = [await world.client().post("/oauth/token", data=form, headers=headers) for _ in range(2)]
    assert first.json()["access_token"] != second.json()["access_token"]
    assert "idempotent-replay" not in second.headers


def change(current: str, new: str = NEW_PASSWORD) -> dict[str, str]:
    return {"current_password": current, "new_password": new}


async def test_everyone_changes_their_own_password(world: World) -> None:
    account = await new_account(world)
    one, other = await sign_in(world, account), await sign_in(world, account)
    initial = account["initial_password"]
    problem = await refused(one.client.post("/me/password", json=change("wrong")), 422, "wrong-password")
    assert problem["errors"][0]["pointer"] == "/current_password"
    for weak in ("short", "1234567890", "aaaaaaaaaab", "９８７６５４３２１０"):
        await refused(one.client.post("/me/password", json=change(initial, weak)), 422, "invalid-input")
    for alike in (initial, f"{account['username']}1"):
        await refused(one.client.post("/me/password", json=change(initial, alike)), 422, "weak-password")
    changed = await ok(one.client.post("/me/password", json=change(initial)))
    assert changed["version"] == 2
    assert await is_alive(one)
    assert not await is_alive(other)
    assert (await try_password(world, account["username"], initial)).status_code == 400
    await sign_in(world, account, NEW_PASSWORD)


async def test_changing_a_password_twice_with_one_key_answers_alike(world: World) -> None:
    account = await new_account(world)
    one = await sign_in(world, account)
    body, headers = change(account["initial_password"]), {"Idempotency-Key": "change-1"}
    first = await one.client.post("/me/password", json=body, headers=headers)
    again = await one.client.post("/me/password", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"


async def test_the_current_password_cannot_be_guessed_from_a_found_session(world: World) -> None:
    account = await new_account(world)
    thief = await sign_in(world, account)
    answers = [await thief.client.post("/me/password", json=change(f"guess {n}")) for n in range(12)]
    assert Counter(answer.status_code for answer in answers) == {422: 10, 429: 2}


async def test_a_refused_change_of_password_changes_nothing(world: World) -> None:
    account = await new_account(world)
    one = await sign_in(world, account)
    stale = {"If-Match": '"9-full"'}
    problem = await one.client.post("/me/password", json=change(account["initial_password"]), headers=stale)
    assert (problem.status_code, problem.json()["current_version"]) == (412, 1)
    await sign_in(world, account)


async def test_a_liaison_signs_in_to_what_was_referred(world: World) -> None:
    admin = await administrator(world)
    station = {"kind": "police_station", "name": "示例派出所", "place": TOWN}
    organization = (await admin.post("/organizations", json=station)).json()["id"]
    account = await new_account(world, Role.LIAISON_POLICE, DISTRICT, organization_id=organization)
    one = await sign_in(world, account)
    me = await ok(one.client.get("/me"))
    assert (me["view"], me["organization_id"]) == ("partner", organization)
    assert (await ok(one.client.get("/cases")))["items"] == []
    client = ContractClient(world.app, {"Authorization": f"bearer {one.access_token}"})
    assert (await client.get("/me")).status_code == 200
