"""Repeating a request safely: the first answer to a key is kept, sealed, and given again for seven days."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy import Index, String, bindparam, delete, exc, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, Json, Sealed
from app.core.database_errors import is_lock_timeout
from app.core.db import WAIT_SECONDS, Base, new_id, table_of
from app.core.jurisdiction import Located, path_subject
from app.core.problems import IdempotencyKeyReused, NotFound, RequestInProgress
from app.core.records import complete, values_of
from app.core.unit_of_work import Reading, Work
from app.core.walls import KERNEL

KEPT = timedelta(days=7)
SWEPT_EVERY = timedelta(hours=1)
RUNNING: WeakValueDictionary[tuple[Any, ...], asyncio.Lock] = WeakValueDictionary()
"""The keys under which this process has a request. Twins wait here and take no connection: SQLite has one to write."""


class IdempotencyRecord(Located, Base):
    __tablename__ = "idempotency_records"
    __table_args__ = (
        Index("uq_idempotency_records_request", "district", "principal", "request_key", unique=True),
        Index("ix_idempotency_records_made", "principal", "made_at"),
    )
    of_kernel: ClassVar[bool] = True

    principal: Mapped[UUID]
    request_key: Mapped[str] = mapped_column(String(64))
    """Keyed hash of method, path and the client's key."""
    request_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[int] = mapped_column(default=0)
    headers: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    body: Mapped[bytes | None] = mapped_column(Sealed)


_RECORDS = table_of(IdempotencyRecord)


StoredAnswer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""


@asynccontextmanager
async def no_twin(unit: Reading) -> AsyncIterator[None]:
    """One request at a time under a key; who waits too long comes back for the answer."""
    asked = unit.asked
    if asked.idempotency_key is None:
        yield
        return
    lock = RUNNING.setdefault((unit.actor.id, asked.method, asked.path, asked.idempotency_key), asyncio.Lock())
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await lock.acquire()
    except TimeoutError:
        raise _in_progress() from None
    try:
        yield
    finally:
        lock.release()


def _in_progress() -> RequestInProgress:
    return RequestInProgress(headers={"Retry-After": "1"})


async def replay(work: Work) -> StoredAnswer | None:
    """The stored answer of the request that had the key first; else the key is this request's.

    It is claimed at once, so that a twin in another process waits. Work that only appends takes it with its last
    statement instead: the slower twin fails there, starts over and finds the answer.
    """
    asked, principal = work.asked, work.actor.id
    if asked.idempotency_key is None or principal is None:
        return None
    request_keys = work.key.hashes("idempotency", [asked.method, asked.path, asked.idempotency_key])
    takes_it_last, kept = asked.appends_only and not work.kernel.database.is_sqlite, None
    if takes_it_last or len(request_keys) > 1:
        kept = await _find(work, request_keys)
    if kept and kept.made_at > work.now - KEPT:
        return await _stored(work, kept)
    takes_it_last = takes_it_last and not kept  # what was kept too long has to make room first
    await _forget_old(work)
    record = IdempotencyRecord(
        id=new_id(),
        principal=principal,
        request_key=request_keys[0],
        request_hash=work.key.hash("request", asked.content),
        made_at=work.now,
        **work.actor.spot.columns,
    )
    if takes_it_last or await _claimed(work, record):
        work.idempotency_record, work.takes_key_last = record, takes_it_last
        return None
    return await _stored(work, await _find(work, request_keys[:1]))


async def replay_meanwhile(work: Work) -> StoredAnswer | None:
    """After a refusal: a twin in another process may have been first, and what it did stood in our way."""
    if work.idempotency_record is None or not work.takes_key_last:
        return None
    await work.close()
    return await replay(work)


async def _stored(work: Work, kept: Any) -> StoredAnswer:
    if not work.key.matches(kept.request_hash, "request", work.asked.content):
        raise IdempotencyKeyReused
    await _still_visible(work)
    body = work.key.decrypt(kept.body or b"", of=f"idempotency_records.body {kept.id}")
    return kept.status, kept.headers | {"Idempotent-Replay": "true"}, body.encode()


async def _claimed(work: Work, record: IdempotencyRecord) -> bool:
    """A key that was used longer ago than answers are kept is free again. Waits for a twin in another process."""
    connection = await work.connection()
    values = values_of(complete(record)) | {"kept_since": work.now - KEPT}
    try:
        claimed = await connection.execute(_claim(connection.dialect.name), values, execution_options=KERNEL)
    except exc.DBAPIError as error:
        raise (_in_progress() if is_lock_timeout(error) else error) from None
    return claimed.first() is not None


@cache
def _claim(dialect: str) -> Any:
    statement = (sqlite if dialect == "sqlite" else postgresql).insert(IdempotencyRecord)
    return statement.on_conflict_do_update(
        index_elements=["district", "principal", "request_key"],
        set_={name: statement.excluded[name] for name in _RECORDS.c.keys()},  # noqa: SIM118 no mapping of its keys
        where=_RECORDS.c.made_at < bindparam("kept_since", type_=Instant()),
    ).returning(_RECORDS.c.id)


async def store(work: Work, status: int, headers: dict[str, str], body: bytes) -> None:
    if (record := work.idempotency_record) is None:
        return
    sealed = work.key.encrypt(body.decode(), of=f"idempotency_records.body {record.id}")
    if work.takes_key_last:
        record.status, record.headers, record.body = status, headers, sealed
        work.append(record)
        return
    values = {"record": record.id, "status": status, "headers": headers, "body": sealed}
    await (await work.connection()).execute(_STORE, values, execution_options=KERNEL)


_STORE = (
    update(_RECORDS)
    .where(_RECORDS.c.id == bindparam("record"))
    .values(status=bindparam("status"), headers=bindparam("headers"), body=bindparam("body"))
)


async def _find(work: Work, request_keys: list[str]) -> Any:
    """By principal: the account may have been moved to another place since."""
    values = {"district": work.actor.district, "principal": work.actor.id, "request_keys": request_keys}
    found = await work.kernel_rows(_FIND, values)
    return found[0] if found else None


_FIND = select(
    *(_RECORDS.c[name] for name in ("id", "request_hash", "made_at", "status", "headers", "body")),
).where(
    _RECORDS.c.district == bindparam("district"),
    _RECORDS.c.principal == bindparam("principal"),
    _RECORDS.c.request_key.in_(bindparam("request_keys", expanding=True)),
)


async def _forget_old(work: Work) -> None:
    """Once an hour for each principal: a statement in every request would cost more than it clears."""
    if work.kernel.swept.get(work.actor.id, work.now - KEPT) > work.now - SWEPT_EVERY:
        return
    work.kernel.swept[work.actor.id] = work.now
    columns = _RECORDS.c
    old = delete(_RECORDS).where(
        columns.district == work.actor.district,
        columns.principal == work.actor.id,
        columns.made_at < work.now - KEPT,
    )
    await (await work.connection()).execute(old, execution_options=KERNEL)


async def _still_visible(work: Work) -> None:
    """A replay is answered only while its caller may still see what the path names, but what it removed itself."""
    named = list(work.asked.path_ids.items())
    for name, value in named[:-1] if work.asked.method == "DELETE" else named:
        find = path_subject(name)
        if find and await work.session.scalar(find(work.actor.district, UUID(value))) is None:
            raise NotFound
