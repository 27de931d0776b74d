"""The disk is full: what changes the register is refused with 503, nothing is damaged, and with space it goes on."""

import asyncio
import shutil
import signal
from collections import Counter
from pathlib import Path

import asyncpg
import httpx

from tests import postgres
from tests.databases import migrate, sqlite_copy, sqlite_url
from tests.service import Server, kept_ids, prepared
from tests.small_disk import SmallDisk, small_disk
from tests.test_killed import is_whole
from tests.world import dispute, opened_world

LONG = "屋檐滴水。" * 300


async def is_full_and_resumes(server: Server, token: str, disk: SmallDisk) -> set[str]:
    """Registers cases until the disk is full, a while longer, and again with space. Answers what was acknowledged."""
    await server.start()
    acknowledged = set()
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"{server.address}/api/v1", headers=headers, timeout=10) as client:
        for leaving in (300_000, 0):
            disk.fill(leaving=leaving)
            statuses: Counter[int] = Counter()
            while statuses[503] < 10:
                answer = await client.post("/cases", json=dispute(summary=LONG))
                statuses[answer.status_code] += 1
                assert set(statuses) <= {201, 503}, answer.text
                if answer.status_code == 201:
                    acknowledged.add(answer.json()["id"])
                    continue
                assert answer.json()["code"] == "unavailable"
                assert int(answer.headers["retry-after"]) >= 1
                assert (await client.get("/cases")).status_code == 200, "reading needs no space"
            assert (await client.get("/cases?limit=1&total=exact")).json()["total"] == len(acknowledged)
            disk.free()
            answer = await client.post("/cases", json=dispute(summary=LONG))
            assert answer.status_code == 201, "it goes on without a restart"
            acknowledged.add(answer.json()["id"])
            print(dict(statuses))  # noqa: T201 a figure to report
    assert await server.end(signal.SIGTERM) == 0
    return acknowledged


async def test_sqlite_on_a_full_disk(sqlite_template: Path, tmp_path: Path) -> None:
    prepared_server, token = await prepared(sqlite_copy(sqlite_template, tmp_path), tmp_path)
    with small_disk("4m") as disk:
        register = disk.folder / "register.db"
        shutil.copyfile(tmp_path / "register.db", disk.outside / "register.db")
        server = Server(sqlite_url(register), prepared_server.folder, launcher=disk.entering)
        acknowledged = await is_full_and_resumes(server, token, disk)
        shutil.copyfile(disk.outside / "register.db", tmp_path / "register.db")
    is_whole(tmp_path / "register.db")
    async with opened_world(sqlite_url(tmp_path / "register.db"), is_new=False) as world:
        assert await kept_ids(world) == acknowledged


async def test_postgresql_on_a_full_disk(tmp_path: Path) -> None:
    """Its tables are on the small disk, its journal is not: without room for that, PostgreSQL itself ends."""
    with small_disk("24m") as disk, postgres.running(within=disk.entering) as database:
        await make_database(database, disk)
        await asyncio.to_thread(migrate, database.url.replace("/tiaojie?", "/small?"))
        server, token = await prepared(database.url.replace("/tiaojie?", "/small?"), tmp_path)
        acknowledged = await is_full_and_resumes(server, token, disk)
        async with opened_world(server.url, is_new=False) as world:
            assert await kept_ids(world) == acknowledged


async def make_database(database: postgres.Server, disk: SmallDisk) -> None:
    postgres.make_private(disk.outside / "tables")
    connection = await asyncpg.connect(database.admin_url.replace("+asyncpg", ""))
    try:
        await connection.execute(f"CREATE TABLESPACE small LOCATION '{disk.folder}/tables'")
        await connection.execute("CREATE DATABASE small OWNER tiaojie TABLESPACE small")
    finally:
        await connection.close()
