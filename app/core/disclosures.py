"""Who saw a person's identity, by the audit: how often an account did within the hour, and who saw whose.

Both are read wherever in the district they were recorded: an account or a case may have been moved since.
"""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, select

from app.core.audit import REVEAL, AuditRecord
from app.core.counters import take_numbers
from app.core.paging import Order, page
from app.core.problems import TooManyRequests
from app.core.schemas import PageQuery
from app.core.unit_of_work import Reading, Work
from app.core.walls import KERNEL

WINDOW = timedelta(hours=1)
SHOWN, DENIED = "identity", "identity denied"
"""What the audit names as touched."""
TARGET = "party"


async def refuse_further(work: Work) -> None:
    """Of reveals sent at once no more than the limit pass: each holds its account's number until it ends."""
    await take_numbers(work.session, work.actor.district, f"reveals/{work.actor.id}")
    since, per_hour = work.now - WINDOW, work.kernel.reveals_per_hour
    shown = (
        select(AuditRecord.recorded_at)
        .where(AuditRecord.district == work.actor.district, AuditRecord.actor_id == work.actor.id)
        .where(AuditRecord.action == REVEAL, AuditRecord.recorded_at > since)
        .where(AuditRecord.target_type == TARGET, cast(AuditRecord.fields, String).contains(f'"{SHOWN}"'))
    )
    nth_latest = shown.order_by(AuditRecord.recorded_at.desc()).offset(per_hour - 1).limit(1)
    at = await work.session.scalar(nth_latest, execution_options=KERNEL)
    if at is not None:
        seconds = max(1, math.ceil((at - since).total_seconds()))
        raise TooManyRequests(headers={"Retry-After": str(seconds)}, retry_after=seconds)


async def disclosures_page(
    reading: Reading, party_ids: Sequence[UUID], query: PageQuery
) -> tuple[Sequence[Any], str | None, int | None]:
    """Of parties that the caller has found within the own jurisdiction, the latest first."""
    statement = select(
        AuditRecord.target_id.label("party_id"),
        AuditRecord.recorded_at,
        AuditRecord.actor_id,
        AuditRecord.role,
        AuditRecord.reason,
        AuditRecord.fields,
    ).where(
        AuditRecord.district == reading.actor.district,
        AuditRecord.target_id.in_(party_ids),
        AuditRecord.action == REVEAL,
    )
    return await page(
        reading, statement.execution_options(**KERNEL), query, Order(None, AuditRecord.seq, descending=True)
    )
