"""How the audit is read: within the reader's district, the latest first, in the order of commits."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.core.audit import AuditRecord
from app.core.clock import SHANGHAI
from app.core.paging import Order, page
from app.core.unit_of_work import Reading
from app.exchange.schemas import AuditEventOut, AuditFilter

_COLUMNS = [getattr(AuditRecord, name) for name in AuditEventOut.__annotations__]


async def audit_page(reading: Reading, query: AuditFilter) -> tuple[Sequence[Any], str | None, int | None]:
    statement = select(*_COLUMNS)
    for column, value in (
        (AuditRecord.actor_id, query.actor_id),
        (AuditRecord.action, query.action),
        (AuditRecord.target_id, query.target_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if query.first:
        statement = statement.where(AuditRecord.recorded_at >= _midnight(query.first))
    if query.last:
        statement = statement.where(AuditRecord.recorded_at < _midnight(query.last) + timedelta(days=1))
    return await page(reading, statement, query, Order(None, AuditRecord.seq, descending=True))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
