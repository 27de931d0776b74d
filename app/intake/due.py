"""Reading deadlines: those of one case with their explanation, and all that run, by the day they are due."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.paging import Order, page
from app.core.unit_of_work import Reading
from app.intake.answers import Deadline, DueItem
from app.intake.filters import DeadlineFilter
from app.intake.models import Case, CaseDeadline
from app.intake.queries import within

_ONE = tuple(getattr(CaseDeadline, name) for name in Deadline.__annotations__)
_LISTED = tuple(getattr(Case if name == "number" else CaseDeadline, name) for name in DueItem.__annotations__)


async def deadlines_out(reading: Reading, case_id: UUID) -> list[dict[str, Any]]:
    statement = select(*_ONE).where(CaseDeadline.case_id == case_id)
    rows = await reading.session.execute(statement.order_by(CaseDeadline.starts_on, CaseDeadline.id))
    return [dict(row._mapping) for row in rows]


async def due_page(reading: Reading, query: DeadlineFilter) -> tuple[Sequence[Any], str | None, int | None]:
    statement = select(*_LISTED).join(Case, Case.id == CaseDeadline.case_id).where(CaseDeadline.ended_on.is_(None))
    if query.place:
        statement = statement.where(*within(query.place, CaseDeadline))
    if query.code:
        statement = statement.where(CaseDeadline.code.in_(query.code))
    if query.due_from:
        statement = statement.where(CaseDeadline.due_on >= query.due_from)
    if query.due_to:
        statement = statement.where(CaseDeadline.due_on <= query.due_to)
    if query.overdue is not None:
        late = CaseDeadline.is_overdue(reading.today)
        statement = statement.where(late if query.overdue else ~late)
    return await page(reading, statement, query, Order(CaseDeadline.due_on, CaseDeadline.id))
