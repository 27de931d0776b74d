"""What parties owe under agreements, and what becomes of it, over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.paging import listed
from app.core.route import guarded_router, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.intake.step_codes import Step
from app.mediation.actions import obligation_actions
from app.mediation.agreement_views import obligation_after
from app.mediation.answers.actions import ActionList
from app.mediation.answers.obligations import ObligationAfter, ObligationList
from app.mediation.owed import owed_page
from app.mediation.performing import change_obligation, perform, refuse_to_perform, urge
from app.mediation.schemas.obligations import (
    ObligationChangeIn,
    ObligationFilter,
    PerformanceIn,
    PerformanceRefusalIn,
    UrgingIn,
)

router = guarded_router(prefix="/obligations", tags=["mediation"])


@router.get("")
async def list_obligations(
    query: Annotated[ObligationFilter, Query()], reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> ObligationList:
    """Obligations of agreements in effect, in the order of their record; with `overdue=true` or `due_before` those that
    have a day ahead or behind (`next_due_on`), by that day."""
    return listed(ObligationList, *await owed_page(reading, query))


@router.get("/{obligation_id}/actions")
async def list_obligation_actions(
    obligation_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> ActionList:
    """The steps of an obligation: which are allowed now, and why the others are not."""
    return {"items": await obligation_actions(reading, obligation_id)}


@router.post("/{obligation_id}/performance")
async def record_performance(
    obligation_id: PathId, body: PerformanceIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[ObligationAfter]:
    """履行, in whole or in part. More than is still owed is 409."""
    return await obligation_after(work, *await perform(work, obligation_id, body), Step.PERFORMANCE)


@router.post("/{obligation_id}/urgings")
async def record_urging(
    obligation_id: PathId, body: UrgingIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[ObligationAfter]:
    """督促履行: the committee urged the party to perform (art. 31)."""
    return await obligation_after(work, *await urge(work, obligation_id, body), Step.URGING)


@router.post("/{obligation_id}/refusal")
async def record_performance_refusal(
    obligation_id: PathId, body: PerformanceRefusalIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[ObligationAfter]:
    """拒不履行, with the reason. The answer tells the ways open to the other party (`remedies`)."""
    taken = await refuse_to_perform(work, obligation_id, body)
    return await obligation_after(work, *taken, Step.PERFORMANCE_REFUSAL)


@router.post("/{obligation_id}/change")
async def record_obligation_change(
    obligation_id: PathId, body: ObligationChangeIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[ObligationAfter]:
    """Other terms, or a waiver, by the consent of all known parties. The old terms stay in the history."""
    return await obligation_after(work, *await change_obligation(work, obligation_id, body), Step.OBLIGATION_CHANGE)
