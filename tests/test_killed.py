"""Killed without warning, twenty times under load: what was acknowledged is there, and the register is whole."""

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from app.core.installation import Installation, key_check
from app.intake.models import Case
from app.people.codes import Role
from tests.test_starting import free_port
from tests.world import KEY_BYTES, TOWN, World, dispute, opened_world, operating

KILLS, CLIENTS = 20, 8
TIAOJIE = Path(sys.executable).with_name("tiaojie")


@dataclass
class Load:
    """Clients that register cases under ids of their own, and retry until they are answered."""

    address: str
    token: str
    acknowledged: set[str] = field(default_factory=set)
    is_over: bool = False

    async def client(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=self.address, headers=headers, timeout=10) as client:
            while not self.is_over:
                await self.register(client, str(uuid4()))

    async def register(self, client: httpx.AsyncClient, id: str) -> None:
        while not self.is_over:
            with suppress(httpx.TransportError):
                answer = await client.post("/api/v1/cases", json=dispute(id=id))
                assert answer.status_code in {200, 201, 503}, answer.text
                if answer.status_code != 503:
                    self.acknowledged.add(answer.json()["id"])
                    return
            await asyncio.sleep(0.02)


@dataclass
class Server:
    """The service in a process of its own, over a register that the test has prepared."""

    url: str
    folder: Path
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "TIAOJIE_DATABASE_URL": self.url,
            "TIAOJIE_KEY_FILE": str(self.folder / "killed.key"),
            "TIAOJIE_PORT": str(self.port),
            "TIAOJIE_LOG_LEVEL": "ERROR",
        }
        self.process = await asyncio.create_subprocess_exec(TIAOJIE, "serve", env=environment, cwd=self.folder)
        async with httpx.AsyncClient(base_url=self.address) as client:
            for _ in range(400):
                with suppress(httpx.TransportError):
                    if (await client.get("/readyz")).status_code == 200:
                        return
                assert self.process.returncode is None, "the server did not start"
                await asyncio.sleep(0.05)
        raise AssertionError("the server is not ready")

    async def end(self, with_signal: int) -> int:
        assert self.process is not None
        self.process.send_signal(with_signal)
        return await self.process.wait()


async def prepared(url: str, folder: Path) -> tuple[Server, str]:
    """A register with a clerk, and the key file it was made with."""
    (folder / "killed.key").write_bytes(KEY_BYTES)
    async with opened_world(url) as world:
        async with operating(world) as work:
            work.session.add(Installation(id=1, key_check=key_check(work.key), is_demo=False, made_at=work.now))
        clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    return Server(url, folder), clerk.token


async def kept_ids(world: World) -> set[str]:
    async with operating(world) as work:
        return {str(id) for id in await work.session.scalars(select(Case.id))}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_no_acknowledged_case_is_lost_by_twenty_kills(own_database_url: str, tmp_path: Path) -> None:
    await _killed(own_database_url, tmp_path, KILLS)
    _is_whole(Path(own_database_url.removeprefix("sqlite+aiosqlite:///")))


@pytest.mark.timeout(120)
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_no_acknowledged_case_is_lost_on_postgresql(own_database_url: str, tmp_path: Path) -> None:
    await _killed(own_database_url, tmp_path, KILLS // 4)


async def _killed(url: str, folder: Path, kills: int) -> None:
    server, token = await prepared(url, folder)
    load = Load(server.address, token)
    async with asyncio.TaskGroup() as group:
        for _ in range(CLIENTS):
            group.create_task(load.client())
        for number in range(kills):
            await server.start()
            before = len(load.acknowledged)
            await asyncio.sleep(0.2 + 0.02 * number)
            while len(load.acknowledged) == before:  # noqa: ASYNC110 on a busy machine nothing may have been done yet
                await asyncio.sleep(0.02)
            assert await server.end(signal.SIGKILL) == -signal.SIGKILL
        load.is_over = True
    async with opened_world(url, is_new=False) as world:
        kept = await kept_ids(world)
    print(len(load.acknowledged), "acknowledged,", len(kept), "kept,", kills, "kills")  # noqa: T201 a figure to report
    assert len(load.acknowledged) > kills, "the load was no load"
    assert load.acknowledged - kept == set()
    # A write may be kept whose answer was lost: that is what the client's own id is for. Never more than one a client.
    assert len(kept - load.acknowledged) <= CLIENTS


def _is_whole(path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    seqs = [
        row[0] for row in connection.execute("SELECT seq FROM audit_records WHERE district = '500114' ORDER BY seq")
    ]
    seqs += [row[0] for row in connection.execute("SELECT seq FROM events WHERE district = '500114'")]
    assert sorted(seqs) == list(range(1, len(seqs) + 1)), "audit records and events are numbered without a gap"
    connection.close()


async def test_a_writer_syncs_every_commit(own_world: World) -> None:
    """An acknowledged write has reached the disk, not only the system's cache."""
    async with own_world.database.writes.connect() as connection:
        if own_world.database.is_sqlite:
            assert (await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one() == 2
        else:
            assert (await connection.exec_driver_sql("SHOW synchronous_commit")).scalar_one() == "on"


async def test_sigterm_finishes_what_was_received(own_database_url: str, tmp_path: Path) -> None:
    server, token = await prepared(own_database_url, tmp_path)
    await server.start()
    load = Load(server.address, token)
    async with asyncio.TaskGroup() as group:
        for _ in range(CLIENTS):
            group.create_task(load.client())
        await asyncio.sleep(1)
        assert await server.end(signal.SIGTERM) == 0
        load.is_over = True
    async with opened_world(own_database_url, is_new=False) as world:
        kept = await kept_ids(world)
    assert load.acknowledged
    assert load.acknowledged == kept
