"""Official forms, the volume of a case, and its archiving, over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer, FileAnswer, file_responses
from app.core.auth import Permission
from app.core.codes import member_of
from app.core.openapi import may_refuse
from app.core.problems import NotFound
from app.core.route import guarded_router, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.documents import archiving, making, reporting
from app.documents.answers import DossierOut, FormList
from app.documents.codes import DocumentForm
from app.documents.completeness import form_out
from app.documents.queries import volume_of
from app.documents.schemas import ArchiveIn
from app.intake.answers import CaseOut
from app.intake.views import case_answer
from app.statistics.narrative_schemas import NarrativeQuery

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

router = guarded_router(prefix="/cases/{case_id}", tags=["documents"])
reports_router = guarded_router(prefix="/statistics/narrative", tags=["documents"])
ZIP = "application/zip"


@router.get("/documents")
async def list_forms(case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]) -> FormList:
    """The twelve official forms: which are required, which can be made now, and what each lacks."""
    volume = await volume_of(reading, case_id)
    return {"items": [form_out(form, volume) for form in DocumentForm]}


@router.get("/documents/{form}", responses=file_responses(DOCX) | may_refuse(409))
async def make_form(
    case_id: PathId, form: str, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> FileAnswer:
    """One form, filled from the case, as docx. Identity numbers and phones are masked; what is not recorded is left
    blank."""
    if form not in set(DocumentForm):
        raise NotFound
    wanted = member_of(DocumentForm, form)
    volume, content = await making.make_form(reading, case_id, wanted)
    name = f"{volume.case.number or ''}{wanted.zh}.docx"
    return FileAnswer(content, name, len(content), DOCX)


@reports_router.get("/document", responses=file_responses(DOCX) | may_refuse(409))
async def make_narrative(
    query: Annotated[NarrativeQuery, Query()], reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> FileAnswer:
    """The paragraph of the yearly report as docx, with the meaning of each figure; in Chinese, from a template that an
    office may replace."""
    name, content = await reporting.make_narrative(reading, query)
    return FileAnswer(content, name, len(content), DOCX)


@router.get("/dossier")
async def read_dossier(case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]) -> DossierOut:
    """卷宗. Its papers in their order with their pages, what is missing, and what was said when it was closed."""
    return await archiving.dossier(reading, case_id)


@router.get("/dossier/content", responses=file_responses(ZIP) | may_refuse(409))
async def download_dossier(case_id: PathId, work: Annotated[Work, work(Permission.CASES_CHANGE)]) -> FileAnswer:
    """The whole volume as a zip: cover, index, forms, attachments. Leaves an audit record; proofs of identity are left
    out for whoever may not reveal a party's identity."""
    volume, content = await making.make_volume(work, case_id)
    return FileAnswer(content, f"{volume.case.number or ''}卷宗.zip", None, ZIP)


@router.post("/archive")
async def archive_case(
    case_id: PathId, work: Annotated[Work, work(Permission.CASES_ARCHIVE)], body: ArchiveIn | None = None
) -> Answer[CaseOut]:
    """归档. From here on nothing of the case changes. What art. 27 requires is missing only with a `statement` why."""
    return await case_answer(work, await archiving.archive(work, case_id, body or ArchiveIn()))
