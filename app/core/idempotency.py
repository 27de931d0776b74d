"""Repeating a request safely: the first answer to a key is kept, sealed, and given again for seven days."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, Json, Sealed
from app.core.db import Base, new_id
from app.core.dialects import insert_if_absent
from app.core.jurisdiction import Located, path_subject
from app.core.problems import IdempotencyKeyReused, NotFound
from app.core.unit_of_work import Work
from app.core.walls import KERNEL

KEPT = timedelta(days=7)


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


async def replay(work: Work) -> tuple[int, dict[str, str], bytes] | None:
    """Claims the key for this request, or gives the stored answer of the request that had it first."""
    asked, principal = work.asked, work.actor.id
    if asked.idempotency_key is None or principal is None:
        return None
    district = work.actor.district
    request_key, *older = _request_keys(work)
    if older and (record := await _find(work, older)):
        return await _stored(work, record)
    await _forget_old(work, district, principal)
    values: dict[str, Any] = {
        "id": new_id(),
        "principal": principal,
        "request_key": request_key,
        "request_hash": work.key.hash("request", asked.content),
        "made_at": work.now,
        "status": 0,
        "headers": {},
        **work.actor.spot.columns,
    }
    if await insert_if_absent(work.session, IdempotencyRecord, values):
        return None
    record = await _find(work, [request_key])
    return await _stored(work, record) if record else None


async def _stored(work: Work, record: IdempotencyRecord) -> tuple[int, dict[str, str], bytes]:
    if not work.key.matches(record.request_hash, "request", work.asked.content):
        raise IdempotencyKeyReused
    await _still_visible(work)
    body = work.key.decrypt(record.body or b"", of=f"idempotency_records.body {record.id}")
    return record.status, record.headers | {"Idempotent-Replay": "true"}, body.encode()


async def store(work: Work, status: int, headers: dict[str, str], body: bytes) -> None:
    if work.asked.idempotency_key is None or work.actor.id is None:
        return
    record = await _find(work, _request_keys(work)[:1])
    if record is None:
        raise AssertionError("replay claims the key first")
    record.status, record.headers = status, headers
    record.body = work.key.encrypt(body.decode(), of=f"idempotency_records.body {record.id}")


def _request_keys(work: Work) -> list[str]:
    """As the current key makes it, then as older ones made it."""
    return work.key.hashes("idempotency", [work.asked.method, work.asked.path, work.asked.idempotency_key])


async def _find(work: Work, request_keys: list[str]) -> IdempotencyRecord | None:
    """By principal: the account may have been moved to another place since."""
    statement = select(IdempotencyRecord).where(
        IdempotencyRecord.district == work.actor.district,
        IdempotencyRecord.principal == work.actor.id,
        IdempotencyRecord.request_key.in_(request_keys),
    )
    return (await work.session.execute(statement, execution_options=KERNEL)).scalar_one_or_none()


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
