"""The database goes and comes back while the service runs: until then 503, afterwards work as before, no restart."""

import asyncio
import functools
import json
import os
import re
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from asyncpg.transaction import Transaction

from app.core import unit_of_work
from app.people.codes import Role
from tests import postgres
from tests.databases import ROOT, Postgres, migrate
from tests.service import Load, kept_ids, prepared
from tests.world import TOWN, World, created, dispute, ok, opened_world, refused

CLIENTS, POOL = 8, 10
PATIENCE = 6
"""Seconds within which every request is answered, whatever has become of the database."""
RECOVERY = 5


@pytest.fixture
def database() -> Iterator[postgres.Server]:
    with postgres.running() as server:
        migrate(server.url)
        yield server


@asynccontextmanager
async def loaded(url: str, folder: Path) -> AsyncIterator[tuple[Load, httpx.AsyncClient]]:
    """The service under load. At the end everything acknowledged is kept, and little else."""
    server, token = await prepared(url, folder)
    load = Load(server.address, token)
    await server.start()
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=server.address, headers=headers, timeout=PATIENCE) as client:
        async with asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(load.client())
            yield load, client
            load.is_over = True
        assert await server.end(signal.SIGTERM) == 0
    async with opened_world(url, is_new=False) as world:
        kept = await kept_ids(world)
    assert load.acknowledged - kept == set()
    assert len(kept - load.acknowledged) <= CLIENTS


async def more_acknowledged(load: Load) -> None:
    before = len(load.acknowledged)
    while len(load.acknowledged) < before + CLIENTS:  # noqa: ASYNC110 another process does the work
        await asyncio.sleep(0.01)


def requests() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """One of every operation, enough of it to come to the database."""
    for path, operations in json.loads((ROOT / "openapi.json").read_text())["paths"].items():
        for method, operation in operations.items():
            yield method, re.sub(r"\{\w+\}", str(uuid4()), path), _content(operation)


def _content(operation: dict[str, Any]) -> dict[str, Any]:
    kind = next(iter(operation.get("requestBody", {}).get("content", {})), None)
    if kind == "application/x-www-form-urlencoded":
        return {"data": {"grant_type": "password", "username": "a", "password": "b", "token": "c"}}
    if kind == "multipart/form-data":
        return {"files": {"file": b"%PDF-1.7"}}
    return {"content": b"{}", "headers": {"content-type": kind}} if kind else {}


async def all_are_told_to_come_back(client: httpx.AsyncClient) -> None:
    """With a token of nobody known, so that nothing is answered from memory; and what a clerk may do."""
    stranger = {"authorization": f"Bearer {uuid4()}"}
    for method, path, content in requests():
        headers = content.pop("headers", {}) | stranger
        answer = await client.request(method, path, **content, headers=headers)
        if path == "/healthz":
            assert answer.status_code == 200
        else:
            _comes_back(answer)
    _comes_back(await client.post("/api/v1/cases", json=dispute()))
    _comes_back(await client.get("/api/v1/cases"))


def _comes_back(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable"), (answer.url, answer.text)
    assert int(answer.headers["retry-after"]) >= 1


async def seconds_until_ready(load: Load, client: httpx.AsyncClient) -> float:
    """Once it is ready, the dead connections it still holds show to nobody."""
    began = time.monotonic()
    while (await client.get("/readyz")).status_code == 503:  # noqa: ASYNC110 another process does the work
        await asyncio.sleep(0.01)
    seconds = time.monotonic() - began
    for _ in range(2 * CLIENTS):
        answer = await client.post("/api/v1/cases", json=dispute())
        assert answer.status_code == 201, answer.text
        load.acknowledged.add(answer.json()["id"])
    return seconds


async def test_the_service_waits_for_its_database(database: postgres.Server, tmp_path: Path) -> None:
    async with loaded(database.url, tmp_path) as (load, client):
        for how in (signal.SIGKILL, signal.SIGINT):
            await more_acknowledged(load)
            await asyncio.to_thread(database.end, how)
            await all_are_told_to_come_back(client)
            await asyncio.to_thread(database.launch)
            seconds = await seconds_until_ready(load, client)
            print(f"{how.name}: {seconds:.2f} s until ready, {len(load.acknowledged)} acknowledged")  # noqa: T201
            assert seconds < RECOVERY
        await more_acknowledged(load)


async def test_a_silent_database_is_not_waited_for(database: postgres.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind a cable that was pulled: nothing is refused, and nothing comes back."""
    monkeypatch.setattr(unit_of_work, "DEADLINE", 1)
    async with opened_world(database.url) as world:
        clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
        await ok(clerk.get("/cases"))
        silent = await _server_processes(database)
        try:
            for pid in silent:
                os.kill(pid, signal.SIGSTOP)
            began = time.monotonic()
            await refused(clerk.get("/cases"), 503, "unavailable")
            assert time.monotonic() - began < PATIENCE
        finally:
            for pid in silent:
                os.kill(pid, signal.SIGCONT)
        await ok(clerk.get("/cases"))


async def _server_processes(database: postgres.Server) -> list[int]:
    connection = await asyncpg.connect(database.admin_url.replace("+asyncpg", ""))
    try:
        query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        return [row["pid"] for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def end_connections(admin_url: str, name: str | None) -> None:
    """All of the service's, as an administrator or a failing network would."""
    connection = await asyncpg.connect(admin_url.replace("+asyncpg", ""))
    try:
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    finally:
        await connection.close()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_connections_that_ended_are_replaced(own_world: World, postgres_databases: Postgres) -> None:
    name = own_world.database.writes.url.database
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    for _ in range(3):
        listings = await asyncio.gather(*(clerk.get("/cases") for _ in range(POOL)))
        assert {answer.status_code for answer in listings} == {200}
        await end_connections(postgres_databases.admin_url, name)
        for _ in range(POOL):
            await created(clerk.post("/cases", json=dispute()))


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_connections_that_end_in_the_middle_lose_nothing(own_world: World, postgres_databases: Postgres) -> None:
    name = own_world.database.writes.url.database
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    answers: Counter[int] = Counter()
    acknowledged: set[str] = set()
    is_over = False

    async def client() -> None:
        while not is_over:
            answer = await clerk.post("/cases", json=dispute())
            answers[answer.status_code] += 1
            acknowledged.update([answer.json()["id"]] if answer.status_code == 201 else [])

    async with asyncio.TaskGroup() as group:
        for _ in range(CLIENTS):
            group.create_task(client())
        for _ in range(6):
            await asyncio.sleep(0.4)
            await end_connections(postgres_databases.admin_url, name)
        is_over = True
    print(dict(answers))  # noqa: T201 a figure to report
    assert set(answers) <= {201, 503}
    assert acknowledged
    assert acknowledged <= await kept_ids(own_world)


@pytest.mark.parametrize("is_kept", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_commit_whose_answer_is_lost_is_not_sent_again(
    own_world: World, postgres_databases: Postgres, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    """The connection ends just before or just after the commit. The caller hears that nobody knows, and repeats."""
    name, commit = own_world.database.writes.url.database, Transaction.commit
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)

    async def breaking(transaction: Transaction) -> None:
        if is_kept:
            await commit(transaction)
        await end_connections(postgres_databases.admin_url, name)
        await transaction._connection.execute("SELECT 1")

    send = functools.partial(clerk.post, "/cases", json=dispute(), headers={"Idempotency-Key": "once"})
    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "commit", breaking)
        problem = await refused(send(), 503, "unavailable")
    assert "无法确认" in problem["detail"]
    assert len(await kept_ids(own_world)) == int(is_kept)
    again = await send()
    assert again.status_code == 201
    assert ("idempotent-replay" in again.headers) == is_kept
    assert len(await kept_ids(own_world)) == 1
