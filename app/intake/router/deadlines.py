"""What is due."""

from typing import Annotated

from fastapi import Query

from app.core.auth import Permission
from app.core.paging import listed
from app.core.route import guarded_router, read
from app.core.unit_of_work import Reading
from app.intake import queries
from app.intake.answers import (
    DueList,
)
from app.intake.due import due_page
from app.intake.filters import DeadlineFilter

router = guarded_router(prefix="/deadlines", tags=["cases"])


@router.get("")
async def list_deadlines(
    query: Annotated[DeadlineFilter, Query()], reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> DueList:
    """The deadlines that run, soonest first. One whose clock stands still (`paused_on`) moves on resumption."""
    rows, following, total = await due_page(reading, query)
    return listed(DueList, queries.all_shaped(rows), following, total)
