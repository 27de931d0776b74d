"""The case itself: registered, listed, read, changed; its history."""

from typing import Annotated, Any

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.paging import Order, listed, page, page_within
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.intake import notes, queries, service, views
from app.intake.access import find_case
from app.intake.answers import (
    CaseList,
    CaseOut,
    DuplicateList,
    NoteList,
    NoteOut,
    PartnerCase,
    RelatedCases,
    Timeline,
)
from app.intake.duplicates import duplicates_of
from app.intake.filters import CaseFilter, CaseSearch
from app.intake.models import CaseNote, CaseStep
from app.intake.related import related_cases
from app.intake.schemas import (
    CaseIn,
    CasePatch,
    NoteIn,
)
from app.intake.views import case_answer

router = guarded_router(prefix="/cases", tags=["cases"])


@router.post("", status_code=201)
async def register_case(
    body: CaseIn, work: Annotated[Work, work(Permission.CASES_REGISTER, appends_only=True)]
) -> Answer[CaseOut]:
    """Registers a dispute. Six fields are enough; the same creation sent again answers 200 with the case as it is
    now."""
    return await views.case_made(work, *await service.register(work, body))


@router.get("")
async def list_cases(
    query: Annotated[CaseFilter, Query()], reading: Annotated[Reading, read(Permission.CASES_LIST)]
) -> CaseList:
    """Cases within the caller's jurisdiction, as much of each as the role sees."""
    return await views.case_list(reading, query)


@router.post("/search")
async def search_cases(body: CaseSearch, work: Annotated[Work, work(Permission.CASES_LIST)]) -> CaseList:
    """The same list, asked for in a body: personal data has no place in an address. Also by a party's identity number
    or phone. Leaves an audit record, without what was sought."""
    return await views.case_list(work, body, *queries.identified(body, work.key))


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


@router.get("/{case_id}/timeline")
async def read_case_timeline(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> Timeline:
    """Every step of the case in order; history is never rewritten."""
    await find_case(reading, case_id)
    rows, following, total = await page(reading, queries.steps_of(case_id), query, Order(CaseStep.seq, CaseStep.id))
    return listed(Timeline, queries.all_shaped(rows), following, total)


@router.get("/{case_id}/notes")
async def list_notes(
    case_id: PathId, query: Annotated[PageQuery, Query()], reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> NoteList:
    """What those who handle the case have noted, in order."""
    await find_case(reading, case_id)
    rows, following, total = await page(reading, notes.notes_of(case_id), query, Order(CaseNote.seq, CaseNote.id))
    return listed(NoteList, queries.all_shaped(rows), following, total)


@router.post("/{case_id}/notes", status_code=201)
async def add_note(
    case_id: PathId, body: NoteIn, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> Answer[NoteOut]:
    """Adds a note to a case. Notes are never changed, and no partner sees them."""
    note, is_new = await notes.add_note(work, case_id, body)
    row = (await work.session.execute(notes.notes_of(case_id).where(CaseNote.id == note.id))).one()
    return Answer(row._asdict(), status=201 if is_new else 200)  # type: ignore[arg-type]


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
