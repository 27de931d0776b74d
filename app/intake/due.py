"""The list of what is due: every deadline that runs, by the day it ends."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.core.paging import Order, page
from app.core.unit_of_work import Reading
from app.intake.answers import DueItem
from app.intake.filters import DeadlineFilter
from app.intake.models import Case, CaseDeadline
from app.intake.queries import within

_LISTED = tuple(getattr(Case if name == "number" else CaseDeadline, name) for name in DueItem.__annotations__)


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
