"""Accounts made as an administrator makes them, and sign-ins with their passwords."""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from app.people import passwords
from app.people.codes import Role
from tests.contract import ContractClient
from tests.world import DISTRICT, VILLAGE, World, created

HOME, ELSEWHERE = "127.0.0.1", "10.9.9.9"

SERIOUS, QUICK = passwords._HASHER, Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 at its least: these tests try hundreds of passwords. For the modules that import it."""
    monkeypatch.setattr(passwords, "_HASHER", QUICK)


@dataclass
class Session:
    client: ContractClient
    access_token: str
    refresh_token: str


class Later:
    """A clock that is ahead."""

    def __init__(self, **ahead: float) -> None:
        self.ahead = timedelta(**ahead)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def wait(world: World, **ahead: float) -> None:
    """From now on the application's clock is that far ahead of today's."""
    world.app.state.kernel = replace(world.kernel, clock=Later(**ahead))


async def new_account(
    world: World, role: Role = Role.GRID_WORKER, place: str = VILLAGE, **fields: Any
) -> dict[str, Any]:
    """What the administrator of the district is told: the account with its initial password."""
    admin = await world.caller(Role.DISTRICT_ADMIN, f"{place[:6]}000000")
    username = f"{role.replace('_', '-')}.{secrets.token_hex(4)}"
    body = {"username": username, "name": "庹某甲", "role": role, "place": place, **fields}
    made: dict[str, Any] = await created(admin.post("/accounts", json=body))
    return made


async def ask(world: World, source: str = HOME, **form: str) -> httpx.Response:
    return await ContractClient(world.app, {}, source).post("/api/v1/oauth/token", data=form)


async def try_password(world: World, username: str, password: str, source: str = HOME) -> httpx.Response:
    return await ask(world, source, grant_type="password", username=username, password=password)


async def sign_in(world: World, account: dict[str, Any], password: str | None = None, source: str = HOME) -> Session:
    response = await try_password(world, account["username"], password or account["initial_password"], source)
    assert response.status_code == 200, response.text
    return session(world, response)


def session(world: World, response: httpx.Response) -> Session:
    body = response.json()
    client = world.client(Authorization=f"Bearer {body['access_token']}")
    return Session(client, body["access_token"], body["refresh_token"])


async def refresh(world: World, token: str) -> httpx.Response:
    return await ask(world, grant_type="refresh_token", refresh_token=token)


async def administrator(world: World) -> Any:
    return await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
