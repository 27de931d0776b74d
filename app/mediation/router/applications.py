"""Judicial confirmation, arbitration review and remedies over HTTP."""

from typing import Annotated

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.route import guarded_router, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.mediation.answers.applications import ConfirmationOut, RemedyOut, ReviewOut
from app.mediation.application_views import confirmation_out, review_out
from app.mediation.confirming import confirm
from app.mediation.remedies import remedy_out, take_remedy
from app.mediation.reviewing import review
from app.mediation.schemas.applications import ConfirmationIn, RemedyIn, ReviewIn

router = guarded_router(prefix="/cases", tags=["mediation"])


@router.get("/{case_id}/judicial-confirmation")
async def read_confirmation(
    case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> ConfirmationOut:
    """司法确认 of the case's agreement: where it stands, until when the parties may apply, every application."""
    return await confirmation_out(reading, case_id)


@router.post("/{case_id}/judicial-confirmation")
async def record_confirmation(
    case_id: PathId, body: ConfirmationIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> ConfirmationOut:
    """Records a step: applied for by all parties within thirty days of effect, under review, confirmed, denied, not
    accepted; or that the time lapsed."""
    await confirm(work, case_id, body)
    return await confirmation_out(work, case_id)


@router.get("/{case_id}/arbitration-review")
async def read_arbitration_review(
    case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> ReviewOut:
    """仲裁审查 of a labour agreement: where it stands, until when the parties may apply."""
    return await review_out(reading, case_id)


@router.post("/{case_id}/arbitration-review")
async def record_arbitration_review(
    case_id: PathId, body: ReviewIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> ReviewOut:
    """Records a step: applied for by all parties within fifteen days of effect, mediation document issued, refused."""
    await review(work, case_id, body)
    return await review_out(work, case_id)


@router.post("/{case_id}/agreement/remedies", status_code=201)
async def record_remedy(
    case_id: PathId, body: RemedyIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[RemedyOut]:
    """Records the way that a party took because the agreement was not performed. Those open stand in `open_remedies` of
    the agreement."""
    remedy, is_new = await take_remedy(work, case_id, body)
    return Answer(remedy_out(remedy), status=201 if is_new else 200)
