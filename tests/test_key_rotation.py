"""Changing the field key: nothing is lost or missed before, during and after it, whenever it is killed."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from app import rotation
from app.core import resealing
from app.core.audit import AuditRecord
from app.core.auth import OPERATOR
from app.core.crypto import FieldKey, Suite, make_key_file, read_key_file, replace_key_file
from app.core.installation import Installation, key_check
from app.core.resealing import sealed_models
from app.core.settings import Settings
from app.core.unit_of_work import operate
from app.intake.codes import IdKind
from app.intake.identity import number_hashes, phone_hashes, seal
from app.intake.models import Party
from app.opening import CannotStart, opened_register
from app.people.codes import Role
from tests.samples import ID_NUMBER, PHONE
from tests.test_starting import TIAOJIE
from tests.world import HEAD, KEY_BYTES, TOWN, World, created, dispute, ok, opened_world, operating, party, refused

AGENT = {"kind": "entrusted", "power": "general", "name": "张某丙", "phone": "13900000000"}


def body() -> dict[str, Any]:
    parties = [party(id_number=ID_NUMBER, phone=PHONE, agent=AGENT), party("respondent", "张某乙")]
    return dispute(id=str(uuid4()), parties=parties)


@dataclass
class Register:
    """A register that was made with a file of old, and what a clerk has sent to it."""

    settings: Settings
    token: str
    sent: dict[str, Any]
    answer: dict[str, Any]

    @property
    def keys(self) -> FieldKey:
        return read_key_file(self.settings.key_path)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[World]:
        """Served with the file as it stands."""
        async with opened_register(self.settings) as kernel:
            assert kernel.key.hash("a", "b") == self.keys.hash("a", "b")
        async with opened_world(self.settings.database_url, is_new=False) as world:
            world.kernel = world.app.state.kernel = replace(world.kernel, key=self.keys)
            yield world

    async def holds(self) -> None:
        """The case is read, found by number and phone, and known again when it is sent again."""
        async with self.opened() as world:
            clerk = world.client(Authorization=f"Bearer {self.token}")
            read = await ok(clerk.get(f"/cases/{self.sent['id']}"))
            assert read["parties"][:2] == self.answer["parties"]
            assert await ok(clerk.post("/cases", json=self.sent)) == read
            changed = self.sent | {"summary": "另一件事。"}
            await refused(clerk.post("/cases", json=changed), 409, "id-reused")
            again = await clerk.post("/cases", json=self.sent, headers={"Idempotency-Key": "the-first"})
            assert (again.headers["idempotent-replay"], again.json()) == ("true", self.answer)
            other = clerk.post("/cases", json=changed, headers={"Idempotency-Key": "the-first"})
            await refused(other, 422, "idempotency-key-reused")
            assert self.answer["parties"][0]["id"] in await found(world)

    async def add(self) -> dict[str, Any]:
        """A new case, of the same people."""
        async with self.opened() as world:
            clerk = world.client(Authorization=f"Bearer {self.token}")
            made = await created(clerk.post("/cases", json=body(), headers={"Idempotency-Key": str(uuid4())}))
            assert made["parties"][0]["id"] in await found(world)
            return made

    async def rotation_began(self) -> bool:
        async with self.opened() as world, operating(world) as work:
            return (await work.session.get_one(Installation, 1)).rotation_began_at is not None

    async def numbers_of_keys(self) -> set[int]:
        """Of the keys that sealed what is there."""
        async with self.opened() as world, operating(world) as work:
            return {
                self.keys.opened(sealed, of=f"{model.__tablename__}.{name} {row.id}")[1].number
                for model, names in sealed_models().items()
                for row in await work.session.scalars(select(model))
                for name in names
                if (sealed := getattr(row, name)) is not None
            }


async def found(world: World) -> list[str]:
    """The parties that a look-up by number and phone finds; both find the same."""
    key = world.kernel.key
    async with operating(world) as work:
        by_number = select(Party.id).where(Party.id_number_hash.in_(number_hashes(key, IdKind.RESIDENT_ID, ID_NUMBER)))
        by_phone = select(Party.id).where(Party.phone_hash.in_(phone_hashes(key, PHONE)))
        ids = [str(id) for id in await work.session.scalars(by_number.order_by(Party.id))]
        assert ids == [str(id) for id in await work.session.scalars(by_phone.order_by(Party.id))]
    return ids


async def made(url: str, folder: Path, suite: Suite | None = None) -> Register:
    """Under a key of that suite, or with a file of the time before keys had numbers."""
    path = folder / "register.key"
    make_key_file(path, suite) if suite else path.write_bytes(KEY_BYTES)
    settings = Settings(database_url=url, key_file=path, cipher="sm" if suite is None else suite)
    sent = body()
    async with opened_world(url) as world:
        world.kernel = world.app.state.kernel = replace(world.kernel, key=read_key_file(path))
        async with operating(world) as work:
            work.session.add(Installation(id=1, key_check=key_check(work.key), is_demo=False, made_at=work.now))
        clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
        answer = await created(clerk.post("/cases", json=sent, headers={"Idempotency-Key": "the-first"}))
    return Register(settings, clerk.token, sent, answer)


async def rotate(register: Register) -> None:
    told: list[rotation.Progress] = []
    await rotation.rotate(register.settings, told.append)
    assert told[0].done == 0
    assert told[-1].is_over
    assert told[-1].done == told[-1].total > 0


@pytest.fixture(autouse=True)
def already_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registers here are, and to look takes longer than a rotation."""
    monkeypatch.setattr("app.opening.migrate", lambda _: HEAD)


async def test_a_register_goes_through_two_rotations(own_database_url: str, tmp_path: Path) -> None:
    register = await made(own_database_url, tmp_path)
    await register.holds()
    assert await register.numbers_of_keys() == {0}
    old = register.settings.key_path.read_bytes()
    await rotate(register)
    assert [(key.number, key.suite) for key in register.keys.keys] == [(1, "sm"), (0, "aes")]
    assert await register.numbers_of_keys() == {1}
    assert not await register.rotation_began()
    await register.holds()
    await register.add()
    await register.holds()
    new = register.settings.key_path.read_bytes()
    register.settings.key_path.write_bytes(old)
    with pytest.raises(CannotStart, match="is not the one"):
        async with opened_register(register.settings):
            pass
    register.settings.key_path.write_bytes(new)
    register.settings = register.settings.model_copy(update={"cipher": "aes"})
    await rotate(register)
    assert [key.number for key in register.keys.keys] == [2, 1, 0]
    assert await register.numbers_of_keys() == {2}
    await register.holds()


async def test_after_a_rotation_the_new_key_alone_finds_everybody(own_database_url: str, tmp_path: Path) -> None:
    register = await made(own_database_url, tmp_path)
    await rotate(register)
    async with register.opened() as world:
        world.kernel = replace(world.kernel, key=FieldKey(register.keys.current))
        assert await found(world) == [register.answer["parties"][0]["id"]]
        world.kernel = replace(world.kernel, key=FieldKey(register.keys.keys[1]))
        assert await found(world) == []


async def test_the_audit_tells_of_a_rotation_and_no_version_is_raised(own_database_url: str, tmp_path: Path) -> None:
    register = await made(own_database_url, tmp_path)
    await rotate(register)
    async with register.opened() as world:
        clerk = world.client(Authorization=f"Bearer {register.token}")
        assert (await ok(clerk.get(f"/cases/{register.sent['id']}")))["version"] == register.answer["version"]
        async with operating(world) as work:
            told = select(AuditRecord.action, AuditRecord.role, AuditRecord.fields).order_by(AuditRecord.seq)
            records = list(await work.session.execute(told.where(AuditRecord.role == "operator")))
    assert records[-2:] == [
        ("begin_key_rotation", "operator", ["key_check"]),
        ("finish_key_rotation", "operator", ["key_check"]),
    ]


class Killed(Exception):
    pass


@contextmanager
def killed_at(statement: int) -> Iterator[list[str]]:
    """The n-th statement that a rotation sends is not sent any more."""
    sent: list[str] = []

    def count(_: Any, __: Any, words: str, *___: Any) -> None:
        if not words.startswith("BEGIN"):
            sent.append(words)
        if len(sent) == statement:
            raise Killed

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", count)


async def test_killed_at_any_statement_it_is_taken_up_again(
    own_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run is killed one statement later than the last, until one goes through; cases come in meanwhile."""
    monkeypatch.setattr(resealing, "BATCH", 1)
    register = await made(own_database_url, tmp_path)
    for _ in range(3):
        await register.add()
    kills, mixed = 0, 0
    for statement in range(1, 200):
        try:
            with killed_at(statement):
                await rotate(register)
            break
        except Killed:
            kills += 1
        assert len(register.keys.keys) <= 2, "a key was added at each try"
        if await register.rotation_began():
            mixed += len(await register.numbers_of_keys()) == 2
            if kills % 8 == 0:
                await register.holds()
            if kills % 10 == 0:
                await register.add()
    print(kills, "kills,", mixed, "with values of two keys")  # noqa: T201 figures to report
    assert kills > 20
    assert mixed > 3
    assert await register.numbers_of_keys() == {1}
    assert [key.number for key in register.keys.keys] == [1, 0]
    assert not await register.rotation_began()
    await register.holds()


async def test_killed_between_the_file_and_the_register(
    own_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = await made(own_database_url, tmp_path)

    def written(path: Path, key: FieldKey) -> None:
        replace_key_file(path, key)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "replace_key_file", written)
        with pytest.raises(Killed):
            await rotate(register)
    assert len(register.keys.keys) == 2
    assert not await register.rotation_began()
    await register.holds()
    await register.add()
    assert await register.numbers_of_keys() == {0, 1}
    await rotate(register)
    assert len(register.keys.keys) == 2
    assert await register.numbers_of_keys() == {1}
    await register.holds()


async def test_without_its_older_key_a_rotation_says_what_is_missing(own_database_url: str, tmp_path: Path) -> None:
    register = await made(own_database_url, tmp_path)

    def kill(_: rotation.Progress) -> None:
        raise Killed

    with pytest.raises(Killed):
        await rotation.rotate(register.settings, kill)
    assert await register.rotation_began()
    kept = register.settings.key_path.read_text("utf-8")
    register.settings.key_path.write_text("\n".join(kept.splitlines()[:-1]) + "\n", "utf-8")
    with pytest.raises(CannotStart, match=r"no key of the file opens \w+\.\w+ "):
        await rotate(register)
    register.settings.key_path.write_text(kept, "utf-8")
    await rotate(register)
    await register.holds()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_register_that_is_served_keeps_its_key(own_database_url: str, tmp_path: Path) -> None:
    register = await made(own_database_url, tmp_path)
    async with register.opened() as world:
        assert await found(world)
        with pytest.raises(CannotStart, match="is being served"):
            await rotate(register)
    assert len(register.keys.keys) == 1
    await rotate(register)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_national_suite_from_the_first_start(own_database_url: str, tmp_path: Path) -> None:
    register = await made(own_database_url, tmp_path, "sm")
    assert [(key.number, key.suite) for key in register.keys.keys] == [(1, "sm")]
    await register.holds()
    assert await register.numbers_of_keys() == {1}
    await rotate(register)
    assert [(key.number, key.suite) for key in register.keys.keys] == [(2, "sm"), (1, "sm")]
    await register.holds()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("cipher", ["aes", "sm"])
async def test_a_new_register_is_of_the_suite_of_the_setting(
    own_database_url: str, tmp_path: Path, cipher: Suite
) -> None:
    settings = Settings(database_url=own_database_url, cipher=cipher)
    async with opened_register(settings) as kernel:
        assert (kernel.key.current.number, kernel.key.current.suite) == (1, cipher)
    other = settings.model_copy(update={"cipher": "aes" if cipher == "sm" else "sm"})
    async with opened_register(other) as kernel:
        assert kernel.key.current.suite == cipher, "the key that stands keeps its suite"


MANY = 2000


async def fill(register: Register) -> None:
    """Parties enough that a rotation takes a while."""
    async with register.opened() as world, operate(world.kernel, OPERATOR, "test_fill") as work:
        one = await work.session.get_one(Party, UUID(register.answer["parties"][1]["id"]))
        columns = {name: getattr(one, name) for name in Party.__mapper__.columns.keys()}  # noqa: SIM118
        rows = []
        for position in range(2, MANY):
            id = uuid4()
            text = seal(work.key, "phone", id, f"139{position:08}")
            rows.append(columns | {"id": id, "position": position, "phone": text, "phone_hash": None})
        await work.insert(Party, rows)


async def command(register: Register) -> asyncio.subprocess.Process:
    environment = {
        "TIAOJIE_DATABASE_URL": register.settings.database_url,
        "TIAOJIE_KEY_FILE": str(register.settings.key_path),
        "TIAOJIE_CIPHER": "sm",
        "PATH": os.environ["PATH"],
    }
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(TIAOJIE, "rotate-key", env=environment, stdout=pipe, stderr=pipe)


async def test_a_command_that_is_killed_is_run_again(own_database_url: str, tmp_path: Path) -> None:
    register = await made(own_database_url, tmp_path)
    await fill(register)
    for _ in range(2):
        process = await command(register)
        assert process.stdout is not None
        assert b"The new key stands in" in await process.stdout.readline()
        process.kill()
        await process.communicate()
        assert await register.rotation_began(), "it was not killed in the middle"
        assert len(register.keys.keys) == 2
    process = await command(register)
    told, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")
    assert f"{MANY + 1} rows are under key 1 (sm)" in told.decode()
    assert await register.numbers_of_keys() == {1}
    await register.holds()
    if register.settings.sqlite_path:
        with closing(sqlite3.connect(register.settings.sqlite_path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
