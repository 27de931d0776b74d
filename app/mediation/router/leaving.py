"""How a case leaves mediation over HTTP, and what can be done next with it."""

from typing import Annotated

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.route import guarded_router, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.intake.answers import CaseOut
from app.intake.views import case_answer
from app.mediation.actions import case_actions
from app.mediation.answers.actions import ActionList
from app.mediation.closure import close
from app.mediation.leaving import transfer, withdraw
from app.mediation.schemas.leaving import ClosureIn, TransferIn, WithdrawalIn

router = guarded_router(tags=["mediation"])


@router.post("/cases/{case_id}/withdrawal")
async def withdraw_case(
    case_id: PathId, body: WithdrawalIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[CaseOut]:
    """撤回, before an agreement. An open round ends with it."""
    return await case_answer(work, await withdraw(work, case_id, body))


@router.post("/cases/{case_id}/transfer")
async def transfer_case(
    case_id: PathId, body: TransferIn, work: Annotated[Work, work(Permission.CASES_TRANSFER)]
) -> Answer[CaseOut]:
    """移送. To a committee of the district: it takes over as the case stands, under its number, and assigns anew. To a
    body outside: the case ends as transferred, an open round with it."""
    return await case_answer(work, await transfer(work, case_id, body))


@router.post("/cases/{case_id}/closure")
async def close_case(
    case_id: PathId, body: ClosureIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[CaseOut]:
    """结案: on an effective agreement, after a failed round, or where a party refused after acceptance."""
    return await case_answer(work, await close(work, case_id, body))


@router.get("/cases/{case_id}/actions")
async def list_case_actions(case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]) -> ActionList:
    """The steps of a case: which are allowed now to this caller, and why the others are not."""
    return {"items": await case_actions(reading, case_id)}
