"""The two engines and their connections: one writer and several readers on SQLite, one pool on PostgreSQL."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, cast
from uuid import UUID

import orjson
import uuid_utils.compat
from sqlalchemy import Date, MetaData, Table, Uuid, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from app.core.columns import Instant, Yuan
from app.core.settings import Settings

WAIT_SECONDS = 5
"""How long a request waits for a connection, a lock, or its own twin, before it is told to come back."""

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "2",  # FULL: an acknowledged write has reached the disk
    "foreign_keys": "1",
    "busy_timeout": str(WAIT_SECONDS * 1000),
    "trusted_schema": "0",
    "secure_delete": "1",
    "cell_size_check": "1",
    "temp_store": "2",
}


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant, date: Date, UUID: Uuid, Decimal: Yuan}


def table_of(model: type[Any]) -> Table:
    return cast(Table, model.__table__)


def new_id() -> UUID:
    """A UUIDv7: unique, and near in the index to what was made at the same time."""
    return uuid_utils.compat.uuid7()


def json_text(value: Any) -> str:
    """A tenth of the time that the standard library takes."""
    return orjson.dumps(value).decode()


JSON: dict[str, Any] = {"json_serializer": json_text, "json_deserializer": orjson.loads}


@dataclass(frozen=True)
class Database:
    writes: AsyncEngine
    reads: AsyncEngine
    """A snapshot for as many statements as an answer takes."""
    singles: AsyncEngine
    """For one statement, which is a transaction by itself: two round trips less."""

    @property
    def is_sqlite(self) -> bool:
        return self.writes.dialect.name == "sqlite"

    async def close(self) -> None:
        await self.reads.dispose()
        await self.writes.dispose()


def open_database(settings: Settings) -> Database:
    return _sqlite(settings) if settings.sqlite_path else _postgresql(settings)


def _postgresql(settings: Settings) -> Database:
    limits = {
        "statement_timeout": "10000",
        "lock_timeout": str(WAIT_SECONDS * 1000),
        "idle_in_transaction_session_timeout": "15000",
        "timezone": "UTC",
        "application_name": "tiaojie",
        "synchronous_commit": "on",  # an acknowledged write has reached the disk, whatever the server's default
    }
    writes = create_async_engine(
        settings.database_url,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        pool_recycle=1800,
        pool_use_lifo=True,
        hide_parameters=True,
        **JSON,
        connect_args={"server_settings": limits, "timeout": WAIT_SECONDS},
    )
    # One snapshot for the whole answer: a list and its total, a figure and its cases agree.
    reads = writes.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(writes, reads, writes.execution_options(isolation_level="AUTOCOMMIT"))


def _sqlite(settings: Settings) -> Database:
    """One writer connection: SQLite before 3.51.3 can damage a WAL that several connections write (see decisions)."""
    url = settings.database_url
    common = {
        "pool_timeout": WAIT_SECONDS,
        "max_overflow": 0,
        "hide_parameters": True,
        "json_serializer": _as_jsonb,
        "json_deserializer": orjson.loads,
    }
    writes = create_async_engine(url, pool_size=1, **common)
    reads = create_async_engine(url, pool_size=settings.pool_size, **common)
    _prepare_sqlite(writes, begin="BEGIN IMMEDIATE", read_only=False)
    _prepare_sqlite(reads, begin="BEGIN", read_only=True)
    return Database(writes, reads, reads)


def _as_jsonb(value: Any) -> str:
    """Keys in the order in which PostgreSQL keeps them, so that both engines answer alike: the shorter first."""
    return json_text(_ordered(value))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=lambda key: (len(key.encode()), key.encode()))}
    return [_ordered(item) for item in value] if isinstance(value, list | tuple) else value


def _prepare_sqlite(engine: AsyncEngine, *, begin: str, read_only: bool) -> None:
    """The driver's own transactions start late and fail on a lock upgrade whatever the time-out: ours begin by hand."""

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma, value in SQLITE_PRAGMAS.items():
            cursor.execute(f"PRAGMA {pragma}={value}")
            cursor.execute(f"PRAGMA {pragma}")
            if str(cursor.fetchone()[0]) != value:
                raise RuntimeError(f"SQLite did not take PRAGMA {pragma}={value}")
        cursor.execute("PRAGMA journal_size_limit=67108864")
        cursor.execute(f"PRAGMA query_only={int(read_only)}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)
