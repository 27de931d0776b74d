"""The only ways to get hold of a case to change it: found within the jurisdiction, own where the role asks for it,
current, locked."""

from uuid import UUID

from sqlalchemy import select

from app.core.answers import etag_of
from app.core.problems import NotFound
from app.core.unit_of_work import Reading, Work
from app.intake.models import Case, CaseMediator


async def case_to_change(work: Work, case_id: UUID) -> Case:
    """The case, locked until the end of the unit of work, which is about it from here on (404, then 412)."""
    case = await find_case(work, case_id, lock=True)
    await require_current(work, case)
    return case


async def require_current(work: Work, case: Case) -> None:
    work.about(case)
    await work.match(case.version, etag_of(case.version, work.actor.view))


async def find_case(reading: Reading, case_id: UUID, *, lock: bool = False) -> Case:
    statement = select(Case).where(Case.id == case_id)
    case = await reading.session.scalar(statement.with_for_update() if lock else statement)
    if case is None:
        raise NotFound
    return case


async def is_own(reading: Reading, case: Case) -> bool:
    """Own case: the caller registered it or is one of its mediators."""
    actor = reading.actor
    if actor.id is not None and case.registered_by == actor.id:
        return True
    mine = select(CaseMediator.id).where(CaseMediator.case_id == case.id, CaseMediator.mediator_id == actor.mediator_id)
    return actor.mediator_id is not None and await reading.session.scalar(mine) is not None
