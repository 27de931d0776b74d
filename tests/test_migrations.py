"""Migrations: up, in step with the models, down and up again with rows in the tables; append-only tables stay so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import alembic.command
import alembic.config
import anyio.to_thread
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from app.models import Base
from app.people.codes import Role
from migrations.append_only import PROTECTED
from tests.databases import ROOT
from tests.world import TOWN, VILLAGE, World, case, created, ok, opened_world, patrol, settled_case


def config(url: str, monkeypatch: pytest.MonkeyPatch) -> alembic.config.Config:
    monkeypatch.setenv("TIAOJIE_DATABASE_URL", url)
    return alembic.config.Config(ROOT / "alembic.ini")


def test_migrations_are_in_step_with_the_models(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrations = config(empty_database_url, monkeypatch)
    alembic.command.upgrade(migrations, "head")
    alembic.command.check(migrations)


def test_down_and_up_again(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrations = config(empty_database_url, monkeypatch)
    for _ in range(2):
        alembic.command.upgrade(migrations, "head")
        alembic.command.downgrade(migrations, "base")
    alembic.command.upgrade(migrations, "head")
    alembic.command.check(migrations)


async def _rows(url: str) -> dict[str, int]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return {
                table: (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
                for table in Base.metadata.tables
            }
    finally:
        await engine.dispose()


async def test_a_register_with_rows_goes_down_and_up(own_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first migration takes its tables with it: what matters is that neither rows nor triggers stop it."""
    pristine = await _rows(own_database_url)
    async with opened_world(own_database_url) as world:
        clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
        await settled_case(clerk)
        body = {"kind": "monthly", "from": "2020-03-01", "to": "2020-03-31"}
        await created(clerk.post("/statistics/reports", json=body))
    rows = await _rows(own_database_url)
    assert (rows["cases"], rows["reports"], rows["reported_cases"]) == (1, 1, 1)
    migrations = config(own_database_url, monkeypatch)
    await _apart(alembic.command.downgrade, migrations, "base")
    await _apart(alembic.command.upgrade, migrations, "head")
    assert await _rows(own_database_url) == pristine


async def test_standing_cases_are_found_by_their_external_ids(
    own_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened_world(own_database_url) as world:
        clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
        ids = [{"system": "12345", "value": "A-17"}, {"system": "网格", "value": "7"}]
        registered = await case(clerk, external_ids=ids)
    migrations = config(own_database_url, monkeypatch)
    await _apart(alembic.command.downgrade, migrations, "0001")
    await _apart(alembic.command.upgrade, migrations, "head")
    async with opened_world(own_database_url, is_new=False) as world:
        grid = await world.caller(Role.GRID_WORKER, VILLAGE)
        for one in ids:
            found = await ok(grid.get("/cases", params={"external_id": f"{one['system']}:{one['value']}"}))
            assert [item["id"] for item in found["items"]] == [registered["id"]]


async def test_cases_that_stand_already_are_found(own_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migration of the search fills the texts of a register that was kept without it."""
    migrations = config(own_database_url, monkeypatch)
    async with opened_world(own_database_url) as world:
        clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
        for title in ("屋檐", "彩礼"):
            await settled_case(clerk, title=title)
    before = await _texts(own_database_url)
    await _apart(alembic.command.downgrade, migrations, "0001")
    await _apart(alembic.command.upgrade, migrations, "head")
    assert await _texts(own_database_url) == before
    assert len(before) == 2
    async with opened_world(own_database_url, is_new=False) as world:
        reader = await world.caller(Role.GRID_WORKER, VILLAGE)
        for asked, count in (("屋檐", 2), ("彩礼", 1), ("张某乙", 2), ("〔2020〕2号", 1), ("借款", 0)):
            assert len((await ok(reader.get("/cases", params={"q": asked})))["items"]) == count, asked


async def test_a_prevented_dispute_tells_when_that_was_recorded(
    own_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept before there was a column for it: the instant is read from its event."""
    async with opened_world(own_database_url) as world:
        grid = await world.caller(Role.GRID_WORKER, VILLAGE)
        lead, left = [await created(grid.post("/inspections", json=patrol())) for _ in range(2)]
        path = f"/inspections/{lead['id']}/findings/{lead['findings'][0]['id']}"
        await ok(grid.post(f"{path}/lead", json={"on": "2020-03-02"}))
        prevented = await ok(grid.post(f"{path}/prevention", json={"on": "2020-03-04", "note": "已劝和。"}))
    migrations = config(own_database_url, monkeypatch)
    await _apart(alembic.command.downgrade, migrations, "files")
    await _apart(alembic.command.upgrade, migrations, "head")
    async with opened_world(own_database_url, is_new=False) as world:
        grid = await world.caller(Role.GRID_WORKER, VILLAGE)
        (found,), (known,) = (await ok(grid.get(f"/inspections/{lead['id']}")))["findings"], prevented["findings"]
        assert found == known | {"settled_at": found["settled_at"]}
        apart = datetime.fromisoformat(found["settled_at"]) - datetime.fromisoformat(known["settled_at"])
        assert timedelta(0) <= apart < timedelta(seconds=1)
        assert (await ok(grid.get(f"/inspections/{left['id']}")))["findings"] == left["findings"]


async def _texts(url: str) -> set[tuple[Any, ...]]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return set(await connection.execute(text("SELECT case_id, text, bigrams, place FROM case_texts")))
    finally:
        await engine.dispose()


async def _apart(command: Callable[..., None], *arguments: Any) -> None:
    """Alembic runs a loop of its own."""
    await anyio.to_thread.run_sync(lambda: command(*arguments))


@pytest.mark.parametrize("table", PROTECTED)
@pytest.mark.parametrize("change", ["UPDATE {} SET seq = seq + 1000", "DELETE FROM {}"])
async def test_append_only_tables_refuse_changes(own_world: World, table: str, change: str) -> None:
    await settled_case(await own_world.caller(Role.OFFICE_CLERK, TOWN))
    async with own_world.database.writes.connect() as connection:
        with pytest.raises(DBAPIError, match="append-only"):
            await connection.execute(text(change.format(table)))
