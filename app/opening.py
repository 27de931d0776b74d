"""Opening a register on this machine: one process at a time on SQLite, migrated, with the field key it was made with.

Whatever is wrong is said in one sentence that tells what to do, before anything is served.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import alembic.command
import alembic.config
from alembic.script import ScriptDirectory
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.core.auth import OPERATOR, TokenLife
from app.core.crypto import FieldKey, WrongKey, make_key_file, read_key_file
from app.core.db import Database, open_database
from app.core.files import MIB, Files, Folder
from app.core.installation import Installation, key_check, made_with
from app.core.logs import log
from app.core.object_files import HAS_OBJECT_STORES, object_store
from app.core.settings import Settings
from app.core.unit_of_work import Asked, Kernel, Reading, operate, perform
from app.main import wired
from app.statistics.taking_up import is_uncounted, take_up

ROOT = Path(__file__).parent.parent


class CannotStart(Exception):
    """Why the service does not start, and what to do, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


@asynccontextmanager
async def opened_register(settings: Settings, *, demo: bool = False) -> AsyncIterator[Kernel]:
    with _locked(settings.sqlite_path):
        version = await asyncio.to_thread(migrate, settings)
        database = open_database(settings)
        try:
            key = await _key(settings, database, demo=demo)
            _say_engine(database)
            kernel = wired(database, key, version, TokenLife.of(settings))
            await _take_up(kernel)
            yield replace(
                kernel,
                reveals_per_hour=settings.reveals_per_hour,
                forms=settings.forms,
                files=_files(settings),
                incidents_until_risk=settings.incidents_until_risk,
                incidents_within_days=settings.incidents_within_days,
                public_minimum=settings.public_minimum if settings.public_statistics else None,
            )
        finally:
            await database.close()


async def _take_up(kernel: Kernel) -> None:
    """What an older version registered is counted once, for the figures."""
    async with operate(kernel, OPERATOR, "take_up_register") as work:
        if await is_uncounted(work):
            log.info("register_taken_up", cases=await take_up(work))


@contextmanager
def _locked(path: Path | None) -> Iterator[None]:
    """SQLite: the service and every command share one lock, since only one process may write (see decisions)."""
    if path is None:
        yield
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        raise CannotStart(
            f"无法写入文件夹 {path.parent}，请检查权限或磁盘空间",
            f"cannot write to the folder {path.parent}: check its permissions and the disk space",
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise CannotStart(
            f"{path} 正被另一进程使用，请先停止它", f"{path} is in use by another process: stop that one first"
        ) from None
    finally:
        os.close(descriptor)


def migrate(settings: Settings) -> str:
    """Brings the tables up to this version, which is returned."""
    config = alembic.config.Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", settings.database_url.replace("%", "%%"))
    try:
        if settings.sqlite_path:
            settings.sqlite_path.touch(0o600)
        alembic.command.upgrade(config, "head")
    except (SQLAlchemyError, OSError, sqlite3.Error) as error:
        raise CannotStart(
            f"无法打开数据库（{type(error).__name__}），请检查 TIAOJIE_DATABASE_URL、数据库服务和文件权限",
            f"cannot open the database ({type(error).__name__}): check TIAOJIE_DATABASE_URL, the server, permissions",
        ) from None
    return ScriptDirectory.from_config(config).get_current_head() or ""


def _files(settings: Settings) -> Files:
    place, most = settings.files_place, settings.max_file_mib * MIB
    if not place.startswith("s3://"):
        return Files(Folder(Path(place)), most)
    if not HAS_OBJECT_STORES:
        raise CannotStart(
            "TIAOJIE_FILES 指向 S3，但未安装 s3 附加包：pip install 'tiaojie[s3]'",
            "TIAOJIE_FILES names an S3 store, but the extra is missing: pip install 'tiaojie[s3]'",
        )
    return Files(object_store(place), most)


async def _key(settings: Settings, database: Database, *, demo: bool) -> FieldKey:
    """The key of the encrypted fields: made on the first run, and from then on the only one that opens the register."""
    path = settings.key_path
    installation = await _installation(database)
    if installation is None and not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_key_file(path, settings.cipher)
    key = _read_key(path)
    if installation is None:
        await _install(database, key, demo=demo)
    elif not made_with(installation, key):
        raise _wrong_key(path)
    elif installation.is_demo != demo:
        raise _wrong_kind(demo=demo)
    elif installation.rotation_began_at is not None:
        log.info("key_rotation_unfinished")
    return key


def _read_key(path: Path) -> FieldKey:
    try:
        return read_key_file(path)
    except FileNotFoundError:
        raise CannotStart(
            f"缺少字段密钥文件 {path}，请从备份恢复它，否则证件号码和电话无法读取",
            f"the field key {path} is missing: restore it from your backup, without it identities cannot be read",
        ) from None
    except (OSError, ValueError, WrongKey):
        raise _wrong_key(path) from None


def _wrong_key(path: Path) -> CannotStart:
    return CannotStart(
        f"字段密钥文件 {path} 与此数据库不符，请恢复建库时的密钥文件",
        f"the field key {path} is not the one this database was made with: restore that one",
    )


def _wrong_kind(*, demo: bool) -> CannotStart:
    if demo:
        return CannotStart("此数据库是正式登记簿，不能当作演示运行", "this database is a real register, not the demo")
    return CannotStart(
        "此数据库是演示库，请将 TIAOJIE_DATABASE_URL 指向正式数据库",
        "this database is the demo: point TIAOJIE_DATABASE_URL to a real one",
    )


async def _installation(database: Database) -> Installation | None:
    reading = Reading(wired(database, FieldKey(bytes(32)), ""), OPERATOR, Asked("open"))

    async def find() -> Installation | None:
        found: Installation | None = await reading.session.scalar(select(Installation))
        return found

    return await perform(reading, find)


async def _install(database: Database, key: FieldKey, *, demo: bool) -> None:
    async with operate(wired(database, key, ""), OPERATOR, "install") as work:
        work.session.add(Installation(id=1, key_check=key_check(key), is_demo=demo, made_at=work.now))


def _say_engine(database: Database) -> None:
    version = f"SQLite {sqlite3.sqlite_version}" if database.is_sqlite else "PostgreSQL"
    log.info("register_open", engine=version)
