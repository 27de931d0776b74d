"""How a record is entered under a case: once, however often it is sent, with the case's version raised and an event."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.paging import Order, listed, page
from app.core.schemas import PageQuery, Strict
from app.core.unit_of_work import Reading, Work
from app.intake.access import find_case, require_current
from app.intake.models import Case
from app.intake.steps import raise_version

Row = TypeVar("Row", bound=Any)
L = TypeVar("L")


def as_sent(parent: UUID, body: Strict) -> dict[str, Any]:
    """The same creation is the same content under the same parent."""
    return {"parent": str(parent), **body.model_dump(mode="json", exclude_unset=True)}


async def to_enter(work: Work, model: type[Row], case_id: UUID, body: Any) -> tuple[Case, Row | None]:
    """The case, locked and current; or with it the record that the same creation made before."""
    case = await find_case(work, case_id, lock=True)
    # Looked for under the lock: its twin may have been in the middle of it.
    if body.id and (standing := await work.sent_before(model, body.id, as_sent(case_id, body))):
        return case, standing
    await require_current(work, case)
    return case, None


async def enter(work: Work, case: Case, model: type[Row], body: Any, parent: UUID, /, **columns: Any) -> Row:
    """`IdReused` where the id stands for something else."""
    sent = {name: value for name, value in body if name in model.__mapper__.column_attrs}
    row: Row = model(
        **{**sent, "id": body.id or new_id(), **columns},
        **Spot.of(case).columns,
        case_id=case.id,
        recorded_by=work.actor.account_id,
        recorded_at=work.now,
    )
    row, _ = await work.claim(row, as_sent(parent, body))
    work.touch(model.part)
    return row


async def changed(work: Work, case: Case, what: str, **facts: Any) -> None:
    """For what is no step of the procedure: the case's version and an event of ids and codes."""
    await raise_version(work, case)
    work.event(f"case.{what}", "case", case, status=case.status, version=case.version, **facts)


def shown(row: Any, out: Any) -> Any:
    """A record in the words of its answer."""
    return {name: getattr(row, name) for name in out.__annotations__}


async def listed_of(
    reading: Reading, case_id: UUID, model: Any, out: Any, kind: type[L], query: PageQuery, by: Any = None
) -> L:
    """A page of a case's records. That the case is there at all is asked only where none are."""
    names: Mapping[str, Any] = out.__annotations__
    statement = select(*(getattr(model, name) for name in names)).where(model.case_id == case_id)
    rows, following, total = await page(reading, statement, query, Order(by, model.id))
    if not rows:
        await find_case(reading, case_id)
    return listed(kind, [dict(zip(names, row, strict=False)) for row in rows], following, total)
