"""The steps of a case that need no round of mediation."""

from typing import Annotated

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.route import guarded_router, work
from app.core.schemas import PathId
from app.core.unit_of_work import Work
from app.intake import clock, merging, service, standing
from app.intake.answers import (
    CaseOut,
)
from app.intake.schemas import (
    AcceptanceIn,
    AssignmentIn,
    ExtensionIn,
    MergeIn,
    ReasonIn,
    RefusalIn,
    ReopeningIn,
    ResumptionIn,
    SuspensionIn,
)
from app.intake.views import case_answer

router = guarded_router(prefix="/cases", tags=["cases"])


@router.post("/{case_id}/acceptance")
async def accept_case(
    case_id: PathId, body: AcceptanceIn, work: Annotated[Work, work(Permission.CASES_ACCEPT)]
) -> Answer[CaseOut]:
    """受理. The case gets its number and counts as received from `accepted_on`."""
    return await case_answer(work, await service.accept(work, case_id, body))


@router.post("/{case_id}/refusal")
async def refuse_case(
    case_id: PathId, body: RefusalIn, work: Annotated[Work, work(Permission.CASES_REFUSE)]
) -> Answer[CaseOut]:
    """不予受理, with reason and notice. Such a case never counts as received."""
    return await case_answer(work, await service.refuse(work, case_id, body))


@router.post("/{case_id}/assignment")
async def assign_case(
    case_id: PathId, body: AssignmentIn, work: Annotated[Work, work(Permission.CASES_ASSIGN)]
) -> Answer[CaseOut]:
    """指派. The mediators named replace those before; the first leads."""
    return await case_answer(work, await service.assign(work, case_id, body))


@router.post("/{case_id}/suspension")
async def suspend_case(
    case_id: PathId, body: SuspensionIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[CaseOut]:
    """中止. The limit of mediation stands still until the case is resumed."""
    return await case_answer(work, await clock.suspend(work, case_id, body))


@router.post("/{case_id}/resumption")
async def resume_case(
    case_id: PathId, body: ResumptionIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[CaseOut]:
    """恢复调解. The limit moves by the days for which it stood still."""
    return await case_answer(work, await clock.resume(work, case_id, body))


@router.post("/{case_id}/extension")
async def extend_case(
    case_id: PathId, body: ExtensionIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[CaseOut]:
    """延长. Agreed by all known parties before the limit ends, within what its rule allows, and added to it."""
    return await case_answer(work, await clock.extend(work, case_id, body))


@router.post("/{case_id}/merge")
async def merge_case(
    case_id: PathId, body: MergeIn, work: Annotated[Work, work(Permission.CASES_SUPERVISE)]
) -> Answer[CaseOut]:
    """并案. The case points to the one that goes on, and counts nowhere."""
    return await case_answer(work, await merging.merge(work, case_id, body))


@router.post("/{case_id}/separation")
async def separate_case(
    case_id: PathId, body: ReasonIn, work: Annotated[Work, work(Permission.CASES_SUPERVISE)]
) -> Answer[CaseOut]:
    """撤销并案. The case stands again as it did, while the other one has taken no further step."""
    return await case_answer(work, await merging.separate(work, case_id, body))


@router.post("/{case_id}/void")
async def void_case(
    case_id: PathId, body: ReasonIn, work: Annotated[Work, work(Permission.CASES_SUPERVISE)]
) -> Answer[CaseOut]:
    """作废. The case counts nowhere; its number is not given again."""
    return await case_answer(work, await standing.void(work, case_id, body))


@router.post("/{case_id}/reopening")
async def reopen_case(
    case_id: PathId, body: ReopeningIn, work: Annotated[Work, work(Permission.CASES_SUPERVISE)]
) -> Answer[CaseOut]:
    """重新启动. A case that ended goes on under its number; its steps stay. An archived case is not reopened."""
    return await case_answer(work, await standing.reopen(work, case_id, body))
