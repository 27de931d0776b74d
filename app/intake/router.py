"""Intake over HTTP."""

from typing import Annotated, Any

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.paging import Order, listed, page
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.intake import merging, queries, service, standing
from app.intake.access import find_case
from app.intake.answers import CaseList, CaseOut, Identity, PartnerCase, Timeline
from app.intake.filters import CaseFilter
from app.intake.models import CaseStep
from app.intake.reveal import reveal_identity
from app.intake.schemas import (
    AcceptanceIn,
    AssignmentIn,
    CaseIn,
    CasePatch,
    MergeIn,
    ReasonIn,
    RefusalIn,
    ReopeningIn,
    RevealQuery,
)
from app.intake.views import case_answer, refuse_unseen

router = guarded_router(prefix="/cases", tags=["cases"])


@router.post("", status_code=201)
async def register_case(body: CaseIn, work: Annotated[Work, work(Permission.CASES_REGISTER)]) -> Answer[CaseOut]:
    """Registers a dispute. Six fields are enough; the same creation sent again answers 200 with the case as it is
    now."""
    case, parties = await service.register(work, body)
    if parties is None:
        again = await case_answer(work, case)
        return Answer(again.body, again.etag, f"/api/v1/cases/{case.id}", 200)
    answer: Any = queries.new_case(case, parties, work.key) | {"possible_duplicates": []}
    return Answer(answer, etag_of(case.version, work.actor.view), f"/api/v1/cases/{case.id}", 201)


@router.get("")
async def list_cases(
    query: Annotated[CaseFilter, Query()], reading: Annotated[Reading, read(Permission.CASES_LIST)]
) -> CaseList:
    """Cases within the caller's jurisdiction, as much of each as the role sees."""
    refuse_unseen(query, reading.actor.view)
    statement = queries.case_rows(reading.actor.view).where(*queries.filtered(query))
    rows, following, total = await page(reading, statement, query, queries.order_of(query.sort))
    return listed(CaseList, [queries.case_item(row) for row in rows], following, total)


@router.get("/{case_id}")
async def read_case(
    case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_READ)]
) -> Answer[CaseOut | PartnerCase]:
    """One case with its parties, identities masked."""
    case: Any = await queries.single_case(reading, case_id)
    return Answer(case, etag_of(case["version"], reading.actor.view))


@router.patch("/{case_id}")
async def change_case(
    case_id: PathId, body: CasePatch, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> Answer[CaseOut]:
    """Changes fields of a case under If-Match. Another place within the jurisdiction moves it."""
    return await case_answer(work, await service.change(work, case_id, body))


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


@router.post("/{case_id}/archive")
async def archive_case(case_id: PathId, work: Annotated[Work, work(Permission.CASES_ARCHIVE)]) -> Answer[CaseOut]:
    """归档. From here on nothing of the case changes."""
    return await case_answer(work, await standing.archive(work, case_id))


@router.get("/{case_id}/parties/{party_id}/identity")
async def reveal_party_identity(
    case_id: PathId,
    party_id: PathId,
    query: Annotated[RevealQuery, Query()],
    work: Annotated[Work, work(Permission.CASES_REVEAL)],
) -> Identity:
    """The party's identity number and phone in full. Needs a reason, and leaves an audit record."""
    return await reveal_identity(work, case_id, party_id, query.reason)


@router.get("/{case_id}/timeline")
async def read_case_timeline(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> Timeline:
    """Every step of the case in order; history is never rewritten."""
    await find_case(reading, case_id)
    rows, following, total = await page(reading, queries.steps_of(case_id), query, Order(CaseStep.seq, CaseStep.id))
    return listed(Timeline, [queries.shaped(row) for row in rows], following, total)
