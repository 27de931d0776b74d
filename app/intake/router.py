"""Intake over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.openapi import may_refuse
from app.core.paging import Order, listed, page, page_within
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.intake import queries, service
from app.intake.access import find_case
from app.intake.answers import (
    CaseList,
    CaseOut,
    DisclosureList,
    DuplicateList,
    Identity,
    PartnerCase,
    RelatedCases,
    Timeline,
)
from app.intake.disclosures import disclosures_of_party, disclosures_of_person
from app.intake.duplicates import duplicates_at_creation, duplicates_of
from app.intake.filters import CaseFilter
from app.intake.models import CaseStep
from app.intake.related import related_cases
from app.intake.reveal import reveal_identity
from app.intake.schemas import AcceptanceIn, AssignmentIn, CaseIn, CasePatch, PersonIn, RefusalIn, RevealQuery
from app.intake.views import case_answer, case_items, complete_case, refuse_unseen

router = guarded_router(prefix="/cases", tags=["cases"])
disclosures = guarded_router(prefix="/disclosures", tags=["cases"])


@router.post("", status_code=201)
async def register_case(body: CaseIn, work: Annotated[Work, work(Permission.CASES_REGISTER)]) -> Answer[CaseOut]:
    """Registers a dispute. Six fields are enough; the same creation sent again answers 200 with the case as it is
    now."""
    case, is_new = await service.register(work, body)
    answer = await case_answer(work, case)
    if is_new:
        answer.body["possible_duplicates"] = await duplicates_at_creation(work, case, body)
    return Answer(answer.body, answer.etag, f"/api/v1/cases/{case.id}", 201 if is_new else 200)


@router.get("")
async def list_cases(
    query: Annotated[CaseFilter, Query()], reading: Annotated[Reading, read(Permission.CASES_LIST)]
) -> CaseList:
    """Cases within the caller's jurisdiction, as much of each as the role sees."""
    refuse_unseen(query, reading.actor.view)
    statement = queries.case_rows(reading.actor.view).where(*queries.filtered(query))
    rows, following, total = await page(reading, statement, query, queries.order_of(query.sort))
    return listed(CaseList, await case_items(reading, rows), following, total)


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


@router.get("/{case_id}/parties/{party_id}/identity", responses=may_refuse(429))
async def reveal_party_identity(
    case_id: PathId,
    party_id: PathId,
    query: Annotated[RevealQuery, Query()],
    work: Annotated[Work, work(Permission.CASES_REVEAL)],
) -> Identity:
    """The party's identity number and phone in full. Needs a reason, and leaves an audit record. An account reveals 30
    in an hour, if the setting says nothing else."""
    return await reveal_identity(work, case_id, party_id, query.reason)


@router.get("/{case_id}/parties/{party_id}/disclosures")
async def list_party_disclosures(
    case_id: PathId,
    party_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_SUPERVISE)],
) -> DisclosureList:
    """Who saw this party's identity or was denied it, when and why, the latest first."""
    return await disclosures_of_party(reading, case_id, party_id, query)


@disclosures.post("/search")
async def search_disclosures(
    body: PersonIn,
    query: Annotated[PageQuery, Query()],
    work: Annotated[Work, work(Permission.CASES_SUPERVISE)],
) -> DisclosureList:
    """The same for a person in all cases of the jurisdiction, found by identity number. Itself recorded."""
    return await disclosures_of_person(work, body, query)


@router.get("/{case_id}/possible-duplicates")
async def list_possible_duplicates(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> DuplicateList:
    """Cases of the jurisdiction that may be the same quarrel, with the reasons. A hint: nothing depends on it."""
    return listed(DuplicateList, *page_within(reading, await duplicates_of(reading, case_id), query))


@router.get("/{case_id}/related")
async def find_related_cases(case_id: PathId, work: Annotated[Work, work(Permission.CASES_FOLLOW)]) -> RelatedCases:
    """Committees elsewhere in the district that handle a case with a party of this one, by identity number: ask them.

    Nothing of their cases is told. Each look leaves an audit record.
    """
    return {"items": await related_cases(work, case_id)}


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
