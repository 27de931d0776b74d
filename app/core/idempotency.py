"""Repeating a request safely: the first answer to a key is kept, sealed, and given again for seven days."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy import Index, String, delete, exc, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, Json, Sealed
from app.core.database_errors import is_lock_timeout
from app.core.db import WAIT_SECONDS, Base, new_id
from app.core.dialects import insert_if_absent
from app.core.jurisdiction import Located, path_subject
from app.core.problems import IdempotencyKeyReused, NotFound, RequestInProgress
from app.core.unit_of_work import Reading, Work
from app.core.walls import KERNEL

KEPT = timedelta(days=7)
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


async def replay(work: Work) -> tuple[int, dict[str, str], bytes] | None:
    """Claims the key for this request, or gives the stored answer of the request that had it first."""
    asked, principal = work.asked, work.actor.id
    if asked.idempotency_key is None or principal is None:
        return None
    district = work.actor.district
    request_key = work.key.hash("idempotency", [asked.method, asked.path, asked.idempotency_key])
    request_hash = work.key.hash("request", asked.content)
    await _forget_old(work, district, principal)
    values: dict[str, Any] = {
        "id": new_id(),
        "principal": principal,
        "request_key": request_key,
        "request_hash": request_hash,
        "made_at": work.now,
        "status": 0,
        "headers": {},
        **work.actor.spot.columns,
    }
    if await _claim(work, values):
        return None
    record = await _find(work, request_key)
    if record.request_hash != request_hash:
        raise IdempotencyKeyReused
    await _still_visible(work)
    body = work.key.decrypt(record.body or b"", of=f"idempotency_records.body {record.id}")
    return record.status, record.headers | {"Idempotent-Replay": "true"}, body.encode()


async def _claim(work: Work, values: dict[str, Any]) -> bool:
    """Waits for a twin in another process."""
    try:
        return await insert_if_absent(work.session, IdempotencyRecord, values)
    except exc.DBAPIError as error:
        if is_lock_timeout(error):
            raise _in_progress() from None
        raise


async def store(work: Work, status: int, headers: dict[str, str], body: bytes) -> None:
    if work.asked.idempotency_key is None or work.actor.id is None:
        return
    request_key = work.key.hash("idempotency", [work.asked.method, work.asked.path, work.asked.idempotency_key])
    record = await _find(work, request_key)
    record.status, record.headers = status, headers
    record.body = work.key.encrypt(body.decode(), of=f"idempotency_records.body {record.id}")


async def _find(work: Work, request_key: str) -> IdempotencyRecord:
    """By principal: the account may have been moved to another place since."""
    statement = select(IdempotencyRecord).where(
        IdempotencyRecord.district == work.actor.district,
        IdempotencyRecord.principal == work.actor.id,
        IdempotencyRecord.request_key == request_key,
    )
    return (await work.session.execute(statement, execution_options=KERNEL)).scalar_one()


async def _forget_old(work: Work, district: str, principal: UUID) -> None:
    statement = delete(IdempotencyRecord).where(
        IdempotencyRecord.district == district,
        IdempotencyRecord.principal == principal,
        IdempotencyRecord.made_at < work.now - KEPT,
    )
    options = KERNEL | {"synchronize_session": False}
    await work.session.execute(statement, execution_options=options)


async def _still_visible(work: Work) -> None:
    """A replay is answered only while its caller may still see what the path names."""
    for name, value in work.asked.path_ids.items():
        find = path_subject(name)
        if find and await work.session.scalar(find(work.actor.district, UUID(value))) is None:
            raise NotFound
