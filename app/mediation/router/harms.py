"""Prevented harm over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.mediation.answers.harms import PreventedHarmList, PreventedHarmOut
from app.mediation.entries import listed_of, shown
from app.mediation.harms import approve_harm, decline_harm, propose_harm, withdraw_harm
from app.mediation.models import PreventedHarm
from app.mediation.schemas.harms import HarmReasonIn, PreventedHarmIn

router = guarded_router(tags=["mediation"])


@router.post("/cases/{case_id}/prevented-harms", status_code=201)
async def record_prevented_harm(
    case_id: PathId, body: PreventedHarmIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[PreventedHarmOut]:
    """防止激化记录: a suicide, criminal case, mass petition or group fight that was prevented, with how many people it
    concerned and why it is judged so; or a mass incident or petition that did happen. One live record of each kind; it
    counts once it is approved."""
    row, is_new = await propose_harm(work, case_id, body)
    return Answer(shown(row, PreventedHarmOut), status=201 if is_new else 200)


@router.get("/cases/{case_id}/prevented-harms")
async def list_prevented_harms(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> PreventedHarmList:
    """The records of a case in the order in which they were made, declined and withdrawn ones too."""
    return await listed_of(reading, case_id, PreventedHarm, PreventedHarmOut, PreventedHarmList, query)


@router.post("/prevented-harms/{harm_id}/approval")
async def approve_prevented_harm(
    harm_id: PathId, work: Annotated[Work, work(Permission.CASES_ASSIGN)]
) -> PreventedHarmOut:
    """From here on it counts. By somebody who neither recorded nor judged it, else 409 `own-record`."""
    return shown(await approve_harm(work, harm_id), PreventedHarmOut)  # type: ignore[no-any-return]


@router.post("/prevented-harms/{harm_id}/refusal")
async def decline_prevented_harm(
    harm_id: PathId, body: HarmReasonIn, work: Annotated[Work, work(Permission.CASES_ASSIGN)]
) -> PreventedHarmOut:
    """Declined, with the reason. It stays on the list; another record of the kind may follow."""
    return shown(await decline_harm(work, harm_id, body.reason), PreventedHarmOut)  # type: ignore[no-any-return]


@router.post("/prevented-harms/{harm_id}/withdrawal")
async def withdraw_prevented_harm(
    harm_id: PathId, body: HarmReasonIn, work: Annotated[Work, work(Permission.CASES_ASSIGN)]
) -> PreventedHarmOut:
    """What was approved turns out wrong: it counts no more, and stays on the list with the reason."""
    return shown(await withdraw_harm(work, harm_id, body.reason), PreventedHarmOut)  # type: ignore[no-any-return]
