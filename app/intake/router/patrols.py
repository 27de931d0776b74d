"""What becomes of the findings of patrols."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.route import guarded_router, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.inspections.answers import InspectionOut
from app.inspections.views import inspection_answer
from app.intake import findings, views
from app.intake.answers import (
    CaseOut,
    CoverageOut,
)
from app.intake.coverage import coverage
from app.intake.schemas import (
    CaseIn,
    CoverageQuery,
    LeadIn,
    PreventionIn,
)

router = guarded_router(prefix="/inspections", tags=["inspections"])


@router.get("/coverage")
async def read_coverage(
    query: Annotated[CoverageQuery, Query()], reading: Annotated[Reading, read(Permission.INSPECTIONS_READ)]
) -> CoverageOut:
    """Patrols, zero reports, findings, cases and prevented disputes of every village: a village that has not
    reported is not one where nothing was found."""
    return await coverage(reading, query)


@router.post("/{inspection_id}/findings/{finding_id}/lead")
async def make_lead(
    inspection_id: PathId,
    finding_id: PathId,
    body: LeadIn,
    work: Annotated[Work, work(Permission.INSPECTIONS_RECORD)],
) -> Answer[InspectionOut]:
    """转为线索. The finding is watched; it is later prevented or becomes a case."""
    return await inspection_answer(work, await findings.make_lead(work, inspection_id, finding_id, body))


@router.post("/{inspection_id}/findings/{finding_id}/prevention")
async def prevent_dispute(
    inspection_id: PathId,
    finding_id: PathId,
    body: PreventionIn,
    work: Annotated[Work, work(Permission.INSPECTIONS_RECORD)],
) -> Answer[InspectionOut]:
    """预防. A lead closed without becoming a dispute."""
    return await inspection_answer(work, await findings.prevent(work, inspection_id, finding_id, body))


@router.post("/{inspection_id}/findings/{finding_id}/case", status_code=201)
async def register_found_case(
    inspection_id: PathId, finding_id: PathId, body: CaseIn, work: Annotated[Work, work(Permission.CASES_REGISTER)]
) -> Answer[CaseOut]:
    """Registers the case of a finding, once. It is a registration like any other, and carries `inspection_id`."""
    return await views.case_made(work, *await findings.open_case(work, inspection_id, finding_id, body))
