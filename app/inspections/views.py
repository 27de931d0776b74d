"""A patrol as it is answered after a change."""

from app.core.answers import Answer, etag_of
from app.core.unit_of_work import Work
from app.inspections.answers import InspectionOut
from app.inspections.models import Inspection
from app.inspections.queries import single_inspection


async def inspection_answer(work: Work, inspection: Inspection) -> Answer[InspectionOut]:
    await work.session.flush()
    body = await single_inspection(work, inspection.id)
    return Answer(body, etag_of(inspection.version, work.actor.view))  # type: ignore[arg-type]
