"""The list of obligations: what parties owe under agreements that are in effect, and what of it is overdue."""

from typing import Any

from sqlalchemy import select

from app.core.paging import Order, page
from app.core.schemas import money_text
from app.core.unit_of_work import Reading
from app.intake.models import Case
from app.intake.queries import within
from app.intake.step_codes import ALLOWED_FROM, Step
from app.mediation.answers.obligations import ObligationItem
from app.mediation.models import Agreement, Obligation
from app.mediation.schemas.obligations import ObligationFilter

_LISTED = tuple(getattr(Case if name == "number" else Obligation, name) for name in ObligationItem.__annotations__)


async def owed_page(reading: Reading, query: ObligationFilter) -> tuple[list[dict[str, Any]], str | None, int | None]:
    statement = (
        select(*_LISTED)
        .join(Case, Case.id == Obligation.case_id)
        .join(Agreement, Agreement.id == Obligation.agreement_id)
        .where(Case.status.in_(ALLOWED_FROM[Step.PERFORMANCE]), Agreement.effective_on.is_not(None))
    )
    if query.place:
        statement = statement.where(*within(query.place, Obligation))
    if query.case_id:
        statement = statement.where(Obligation.case_id == query.case_id)
    if query.status:
        codes = {member for code in query.status for member in code.with_children()}
        statement = statement.where(Obligation.status.in_(codes))
    if query.due_before:
        statement = statement.where(Obligation.next_due_on < query.due_before)
    if query.overdue is True:
        statement = statement.where(Obligation.next_due_on < reading.today)
    if query.overdue is False:
        statement = statement.where((Obligation.next_due_on >= reading.today) | Obligation.next_due_on.is_(None))
    order = Order(Obligation.next_due_on if query.by_day else None, Obligation.id)
    rows, following, total = await page(reading, statement, query, order)
    return [_item(row) for row in rows], following, total


def _item(row: Any) -> dict[str, Any]:
    names = ObligationItem.__annotations__
    item = dict(zip(names, row[: len(names)], strict=True))
    return item | {name: money_text(item[name]) for name in ("amount", "performed_amount")}
