"""The audit, for the auditor of the district."""

from typing import Annotated

from fastapi import Query

from app.core.auth import Permission
from app.core.paging import listed
from app.core.route import guarded_router, read
from app.core.unit_of_work import Reading
from app.exchange.queries import audit_page
from app.exchange.schemas import AuditEventList, AuditEventOut, AuditFilter

router = guarded_router(prefix="/audit-events", tags=["audit"])


@router.get("")
async def list_audit_events(
    query: Annotated[AuditFilter, Query()], reading: Annotated[Reading, read(Permission.AUDIT_READ)]
) -> AuditEventList:
    """Who did what to which record, and which fields it touched, the latest first; never what was in them."""
    rows, following, total = await audit_page(reading, query)
    items = [{name: getattr(row, name) for name in AuditEventOut.__annotations__} for row in rows]
    return listed(AuditEventList, items, following, total)
