"""Patrols over HTTP: recording and reading. What becomes of a finding is intake's."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.paging import listed
from app.core.route import guarded_router, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.inspections import queries, service
from app.inspections.answers import FindingOut, InspectionList, InspectionOut
from app.inspections.schemas import FindingIn, InspectionFilter, InspectionIn, InspectionPatch
from app.inspections.views import inspection_answer

router = guarded_router(prefix="/inspections", tags=["inspections"])


@router.post("", status_code=201)
async def record_inspection(
    body: InspectionIn, work: Annotated[Work, work(Permission.INSPECTIONS_RECORD)]
) -> Answer[InspectionOut]:
    """Records a patrol with what it found, or as a zero report. The same creation sent again answers 200."""
    inspection, is_new = await service.record_inspection(work, body)
    answer = await inspection_answer(work, inspection)
    return Answer(answer.body, answer.etag, f"/api/v1/inspections/{inspection.id}", 201 if is_new else 200)


@router.get("")
async def list_inspections(
    query: Annotated[InspectionFilter, Query()], reading: Annotated[Reading, read(Permission.INSPECTIONS_READ)]
) -> InspectionList:
    """Patrols within the caller's jurisdiction, the latest first."""
    return listed(InspectionList, *await queries.inspection_page(reading, query))


@router.get("/{inspection_id}")
async def read_inspection(
    inspection_id: PathId, reading: Annotated[Reading, read(Permission.INSPECTIONS_READ)]
) -> Answer[InspectionOut]:
    """One patrol with its findings and what became of them."""
    found = await queries.single_inspection(reading, inspection_id)
    return Answer(found, etag_of(found["version"], reading.actor.view))  # type: ignore[arg-type]


@router.patch("/{inspection_id}")
async def change_inspection(
    inspection_id: PathId, body: InspectionPatch, work: Annotated[Work, work(Permission.INSPECTIONS_RECORD)]
) -> Answer[InspectionOut]:
    """Corrects a patrol's date, kind or people under If-Match."""
    return await inspection_answer(work, await service.change_inspection(work, inspection_id, body))


@router.post("/{inspection_id}/findings", status_code=201)
async def add_finding(
    inspection_id: PathId, body: FindingIn, work: Annotated[Work, work(Permission.INSPECTIONS_RECORD)]
) -> Answer[FindingOut]:
    """Adds a finding to a patrol; one that had reported nothing is no zero report any more. The ETag is the
    patrol's."""
    inspection, finding, is_new = await service.add_finding(work, inspection_id, body)
    found = await queries.single_finding(work, finding.id)
    return Answer(found, etag_of(inspection.version, work.actor.view), status=201 if is_new else 200)  # type: ignore[arg-type]
