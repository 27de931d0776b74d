"""What the tests themselves stand on: a register without entries each time, a real PostgreSQL, no network."""

import socket
from datetime import date

import httpx
import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from app.models import Base
from app.places.models import Place
from tests import postgres

VILLAGE = {"code": "500114104201", "name": "样例村", "level": "village", "valid_from": date(2020, 1, 1)}


def connect(url: str) -> AsyncEngine:
    return create_async_engine(url, poolclass=NullPool)


@pytest.mark.parametrize("time", ["first", "second"])
async def test_what_a_test_commits_is_gone_in_the_next(database_url: str, time: str) -> None:
    async with connect(database_url).begin() as connection:
        assert await connection.scalar(select(func.count()).select_from(Place)) == 0, time
        await connection.execute(insert(Place), VILLAGE)


async def test_the_migrations_make_every_table(own_database_url: str) -> None:
    async with connect(own_database_url).begin() as connection:
        for table in Base.metadata.sorted_tables:
            assert await connection.scalar(select(func.count()).select_from(table)) is not None


async def test_our_own_postgresql_is_the_18_of_the_lock_and_the_app_no_superuser_and_it_survives_a_kill() -> None:
    with postgres.running(durable=True) as server:
        engine = connect(server.url)
        async with engine.connect() as connection:
            assert str(await connection.scalar(text("SHOW server_version"))).startswith("18.")
            assert not await connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = user"))
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE kept (n int)"))
        for round_number in range(1, 4):
            async with engine.begin() as connection:
                await connection.execute(text("INSERT INTO kept VALUES (1)"))
            server.kill()
            server.launch()
            async with engine.connect() as connection:
                assert await connection.scalar(text("SELECT count(*) FROM kept")) == round_number


async def test_nothing_leaves_this_machine() -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(RuntimeError, match=r"tried to reach example\.org"):
            await client.get("http://example.org/")
    with pytest.raises(RuntimeError, match=r"tried to reach 192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
