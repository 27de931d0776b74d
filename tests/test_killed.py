"""Killed without warning, twenty times under load: what was acknowledged is there, and the register is whole."""

import asyncio
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.service import Load, kept_ids, prepared
from tests.world import World, opened_world

KILLS, CLIENTS = 20, 8


@pytest.mark.timeout(240)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_no_acknowledged_case_is_lost_by_twenty_kills(own_database_url: str, tmp_path: Path) -> None:
    await _killed(own_database_url, tmp_path, KILLS)
    is_whole(Path(own_database_url.removeprefix("sqlite+aiosqlite:///")))


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


def is_whole(path: Path) -> None:
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
