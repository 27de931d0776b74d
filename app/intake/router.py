"""Intake over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.paging import Order, listed, page
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.intake import queries, service
from app.intake.access import find_case
from app.intake.answers import CaseList, CaseOut, Identity, PartnerCase, Timeline
from app.intake.filters import CaseFilter, CaseSearch
from app.intake.models import CaseStep
from app.intake.reveal import reveal_identity
from app.intake.schemas import AcceptanceIn, AssignmentIn, CaseIn, CasePatch, RefusalIn, RevealQuery
from app.intake.views import case_answer, case_list, complete_case

router = guarded_router(prefix="/cases", tags=["cases"])


@router.post("", status_code=201)
async def register_case(body: CaseIn, work: Annotated[Work, work(Permission.CASES_REGISTER)]) -> Answer[CaseOut]:
    """Registers a dispute. Six fields are enough; the same creation sent again answers 200 with the case as it is
    now."""
    case, is_new = await service.register(work, body)
    answer = await case_answer(work, case)
    if is_new:
        answer.body["possible_duplicates"] = []
    return Answer(answer.body, answer.etag, f"/api/v1/cases/{case.id}", 201 if is_new else 200)


@router.get("")
async def list_cases(
    query: Annotated[CaseFilter, Query()], reading: Annotated[Reading, read(Permission.CASES_LIST)]
) -> CaseList:
    """Cases within the caller's jurisdiction, as much of each as the role sees."""
    return await case_list(reading, query)


@router.post("/search")
async def search_cases(body: CaseSearch, work: Annotated[Work, work(Permission.CASES_LIST)]) -> CaseList:
    """The same list, asked for in a body: personal data has no place in an address. Also by a party's identity number
    or phone. Leaves an audit record, without what was sought."""
    return await case_list(work, body, *queries.identified(body, work.key))


@router.get("/{case_id}")
async def read_case(
    case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_READ)]
) -> Answer[CaseOut | PartnerCase]:
    """One case with its parties, identities masked."""
    case = await queries.single_case(reading, case_id)
    return Answer(await complete_case(reading, case), etag_of(case["version"], reading.actor.view))


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
