"""Conflicts of interest over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.auth import Permission
from app.core.jurisdiction import CaseConflict
from app.core.paging import Order, listed, page
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.intake.access import find_case
from app.mediation.answers.conflicts import ConflictList, ConflictOut
from app.mediation.conflicts import conflict_out, conflicts_of, declare_conflict, withdraw_conflict
from app.mediation.schemas.conflicts import ConflictEndIn, ConflictIn

router = guarded_router(tags=["mediation"])


@router.post("/cases/{case_id}/conflicts", status_code=201)
async def declare_case_conflict(
    case_id: PathId, body: ConflictIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> ConflictOut:
    """回避. The mediator, oneself or another, leaves the case; to the mediator's own account it no longer exists."""
    return conflict_out(await declare_conflict(work, case_id, body))  # type: ignore[return-value]


@router.get("/cases/{case_id}/conflicts")
async def list_case_conflicts(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> ConflictList:
    """Conflicts of interest in a case, in the order of their declaration, withdrawn ones too."""
    await find_case(reading, case_id)
    rows, following, total = await page(reading, conflicts_of(case_id), query, Order(None, CaseConflict.id))
    return listed(ConflictList, [conflict_out(row) for row in rows], following, total)


@router.post("/cases/{case_id}/conflicts/{conflict_id}/withdrawal")
async def withdraw_case_conflict(
    case_id: PathId, conflict_id: PathId, body: ConflictEndIn, work: Annotated[Work, work(Permission.CASES_ASSIGN)]
) -> ConflictOut:
    """Ends a conflict of interest, with the reason. The mediator sees the case again; assigning is another step."""
    return conflict_out(await withdraw_conflict(work, case_id, conflict_id, body))  # type: ignore[return-value]
