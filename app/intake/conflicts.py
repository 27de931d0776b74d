"""A mediator related to a party is never given the case: whoever names mediators asks here first."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.core.jurisdiction import CaseConflict
from app.core.unit_of_work import Reading
from app.intake.problems import ConflictOfInterest


async def mediators_barred(reading: Reading, case_id: UUID) -> set[UUID]:
    statement = select(CaseConflict.mediator_id).where(CaseConflict.case_id == case_id, CaseConflict.ended_at.is_(None))
    return set(await reading.session.scalars(statement))


async def refuse_conflicts(reading: Reading, case_id: UUID, mediators: Sequence[UUID], pointer: str) -> None:
    barred = await mediators_barred(reading, case_id)
    for position, id in enumerate(mediators):
        if id in barred:
            raise ConflictOfInterest(f"{pointer}/{position}")
