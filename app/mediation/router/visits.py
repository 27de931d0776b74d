"""Return visits over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.paging import Order, listed, page
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.intake.access import find_case
from app.mediation.answers.visits import ReturnVisitList, ReturnVisitOut
from app.mediation.models import ReturnVisit
from app.mediation.schemas.visits import ReturnVisitIn
from app.mediation.visiting import visit, visits_of

router = guarded_router(prefix="/cases", tags=["mediation"])


@router.post("/{case_id}/return-visits", status_code=201)
async def record_return_visit(
    case_id: PathId, body: ReturnVisitIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[ReturnVisitOut]:
    """回访: what was found. A sampled visit is made and recorded by somebody who did not mediate the case."""
    row, is_new = await visit(work, case_id, body)
    await work.session.flush()
    found = (await work.session.execute(visits_of(case_id).where(ReturnVisit.id == row.id))).one()
    return Answer(found._asdict(), status=201 if is_new else 200)  # type: ignore[arg-type]


@router.get("/{case_id}/return-visits")
async def list_return_visits(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> ReturnVisitList:
    """The return visits of a case by day."""
    await find_case(reading, case_id)
    order = Order(ReturnVisit.visited_on, ReturnVisit.id)
    rows, following, total = await page(reading, visits_of(case_id), query, order)
    items = [dict(zip(ReturnVisitOut.__annotations__, row, strict=False)) for row in rows]
    return listed(ReturnVisitList, items, following, total)
