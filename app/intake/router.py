"""Intake over HTTP."""

from typing import Annotated, Any

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.paging import Order, listed, page
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.inspections.answers import InspectionOut
from app.inspections.views import inspection_answer
from app.intake import findings, merging, notes, parties, queries, service, standing, views
from app.intake.access import find_case
from app.intake.answers import (
    CaseList,
    CaseOut,
    CoverageOut,
    Identity,
    NoteList,
    NoteOut,
    PartnerCase,
    PartyList,
    PartyOut,
    Timeline,
)
from app.intake.coverage import coverage
from app.intake.filters import CaseFilter
from app.intake.models import CaseNote, CaseStep, Party
from app.intake.party_schemas import PartyIn, PartyPatch
from app.intake.reveal import reveal_identity
from app.intake.schemas import (
    AcceptanceIn,
    AssignmentIn,
    CaseIn,
    CasePatch,
    CoverageQuery,
    LeadIn,
    MergeIn,
    NoteIn,
    PreventionIn,
    ReasonIn,
    RefusalIn,
    ReopeningIn,
    RevealQuery,
)
from app.intake.views import case_answer

router = guarded_router(prefix="/cases", tags=["cases"])
inspections_router = guarded_router(prefix="/inspections", tags=["inspections"])


@router.post("", status_code=201)
async def register_case(body: CaseIn, work: Annotated[Work, work(Permission.CASES_REGISTER)]) -> Answer[CaseOut]:
    """Registers a dispute. Six fields are enough; the same creation sent again answers 200 with the case as it is
    now."""
    return await views.case_made(work, *await service.register(work, body))


@router.get("")
async def list_cases(
    query: Annotated[CaseFilter, Query()], reading: Annotated[Reading, read(Permission.CASES_LIST)]
) -> CaseList:
    """Cases within the caller's jurisdiction, as much of each as the role sees."""
    views.refuse_unseen(query, reading.actor.view)
    statement = views.case_rows(reading.actor.view).where(*queries.filtered(query))
    rows, following, total = await page(reading, statement, query, queries.order_of(query.sort))
    return listed(CaseList, [views.case_item(row) for row in rows], following, total)


@router.get("/{case_id}")
async def read_case(
    case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_READ)]
) -> Answer[CaseOut | PartnerCase]:
    """One case with its parties, identities masked."""
    case: Any = await views.single_case(reading, case_id)
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


@router.get("/{case_id}/parties")
async def list_parties(
    case_id: PathId, query: Annotated[PageQuery, Query()], reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> PartyList:
    """The parties of a case in the order they were named, identities masked."""
    await find_case(reading, case_id)
    statement = views.party_rows(case_id)
    rows, following, total = await page(reading, statement, query, Order(Party.position, Party.id))
    return listed(PartyList, [views.party_out(row, reading.key) for row in rows], following, total)


@router.post("/{case_id}/parties", status_code=201)
async def add_party(
    case_id: PathId, body: PartyIn, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> Answer[PartyOut]:
    """Names a further party, until an agreement is reached. The ETag is the case's."""
    case, party, is_new = await parties.add_party(work, case_id, body)
    etag = etag_of(case.version, work.actor.view)
    return Answer(views.party_out(party, work.key), etag, status=201 if is_new else 200)


@router.patch("/{case_id}/parties/{party_id}")
async def change_party(
    case_id: PathId, party_id: PathId, body: PartyPatch, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> Answer[PartyOut]:
    """Changes a party, its consent or its agent under the case's ETag; the answer carries the new one."""
    case, party = await parties.change_party(work, case_id, party_id, body)
    return Answer(views.party_out(party, work.key), etag_of(case.version, work.actor.view))


@router.delete("/{case_id}/parties/{party_id}")
async def remove_party(
    case_id: PathId, party_id: PathId, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> Answer[CaseOut]:
    """Removes a party under the case's ETag and answers with the case; two must remain."""
    return await case_answer(work, await parties.remove_party(work, case_id, party_id))


@router.get("/{case_id}/notes")
async def list_notes(
    case_id: PathId, query: Annotated[PageQuery, Query()], reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> NoteList:
    """What those who handle the case have noted, in order."""
    await find_case(reading, case_id)
    rows, following, total = await page(reading, notes.notes_of(case_id), query, Order(CaseNote.seq, CaseNote.id))
    return listed(NoteList, [queries.shaped(row) for row in rows], following, total)


@router.post("/{case_id}/notes", status_code=201)
async def add_note(
    case_id: PathId, body: NoteIn, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> Answer[NoteOut]:
    """Adds a note to a case. Notes are never changed, and no partner sees them."""
    note, is_new = await notes.add_note(work, case_id, body)
    row = (await work.session.execute(notes.notes_of(case_id).where(CaseNote.id == note.id))).one()
    return Answer(row._asdict(), status=201 if is_new else 200)  # type: ignore[arg-type]


@inspections_router.get("/coverage")
async def read_coverage(
    query: Annotated[CoverageQuery, Query()], reading: Annotated[Reading, read(Permission.INSPECTIONS_READ)]
) -> CoverageOut:
    """Patrols, zero reports, findings, cases and prevented disputes of every village: a village that has not
    reported is not one where nothing was found."""
    return await coverage(reading, query)


@inspections_router.post("/{inspection_id}/findings/{finding_id}/lead")
async def make_lead(
    inspection_id: PathId,
    finding_id: PathId,
    body: LeadIn,
    work: Annotated[Work, work(Permission.INSPECTIONS_RECORD)],
) -> Answer[InspectionOut]:
    """转为线索. The finding is watched; it is later prevented or becomes a case."""
    return await inspection_answer(work, await findings.make_lead(work, inspection_id, finding_id, body))


@inspections_router.post("/{inspection_id}/findings/{finding_id}/prevention")
async def prevent_dispute(
    inspection_id: PathId,
    finding_id: PathId,
    body: PreventionIn,
    work: Annotated[Work, work(Permission.INSPECTIONS_RECORD)],
) -> Answer[InspectionOut]:
    """预防. A lead closed without becoming a dispute."""
    return await inspection_answer(work, await findings.prevent(work, inspection_id, finding_id, body))


@inspections_router.post("/{inspection_id}/findings/{finding_id}/case", status_code=201)
async def register_found_case(
    inspection_id: PathId, finding_id: PathId, body: CaseIn, work: Annotated[Work, work(Permission.CASES_REGISTER)]
) -> Answer[CaseOut]:
    """Registers the case of a finding, once. It is a registration like any other, and carries `inspection_id`."""
    return await views.case_made(work, *await findings.open_case(work, inspection_id, finding_id, body))
