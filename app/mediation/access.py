"""Getting hold of a round to change it: the case is locked first, then its round, always in this order."""

from uuid import UUID

from sqlalchemy import select

from app.core.answers import etag_of
from app.core.auth import View
from app.core.problems import NotFound
from app.core.unit_of_work import Work
from app.intake.access import find_case
from app.intake.models import Case
from app.mediation.models import Mediation


async def round_to_change(work: Work, mediation_id: UUID) -> tuple[Case, Mediation]:
    """Locked until the end of the unit of work, which is about them from here on (404, then 412)."""
    case, mediation = await locked_round(work, mediation_id)
    await require_current_round(work, case, mediation)
    return case, mediation


async def locked_round(work: Work, mediation_id: UUID) -> tuple[Case, Mediation]:
    case_id = await work.session.scalar(select(Mediation.case_id).where(Mediation.id == mediation_id))
    if case_id is None:
        raise NotFound
    case = await find_case(work, case_id, lock=True)
    # Read after the lock: whoever held the case may have concluded the round, or ended the partner's sight of it.
    mediation = await work.session.get(Mediation, mediation_id)
    if mediation is None:
        raise NotFound
    return case, mediation


async def require_current_round(work: Work, case: Case, mediation: Mediation) -> None:
    work.about(case)
    work.about(mediation)
    seen = None if work.actor.view is View.PARTNER else case.version
    await work.match(mediation.version, etag_of(mediation.version, work.actor.view, seen))
