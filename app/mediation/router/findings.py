"""Investigations and evidence over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.mediation.answers.findings import EvidenceList, EvidenceOut, InvestigationList, InvestigationOut
from app.mediation.entries import listed_of, shown
from app.mediation.findings import add_evidence, record_investigation, withdraw_evidence
from app.mediation.models import EvidenceItem, Investigation
from app.mediation.schemas.findings import EvidenceIn, EvidenceWithdrawalIn, InvestigationIn

router = guarded_router(tags=["mediation"])


@router.post("/cases/{case_id}/investigations", status_code=201)
async def record_case_investigation(
    case_id: PathId, body: InvestigationIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[InvestigationOut]:
    """调查记录 (form 3): who was asked, where, when, by whom, and what was said."""
    row, is_new = await record_investigation(work, case_id, body)
    return Answer(shown(row, InvestigationOut), status=201 if is_new else 200)


@router.get("/cases/{case_id}/investigations")
async def list_investigations(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> InvestigationList:
    """The investigations of a case by date."""
    return await listed_of(
        reading, case_id, Investigation, InvestigationOut, InvestigationList, query, Investigation.investigated_on
    )


@router.post("/cases/{case_id}/evidence", status_code=201)
async def add_case_evidence(
    case_id: PathId, body: EvidenceIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[EvidenceOut]:
    """证据材料 (form 4): one item at the end of the list."""
    row, is_new = await add_evidence(work, case_id, body)
    return Answer(shown(row, EvidenceOut), status=201 if is_new else 200)


@router.get("/cases/{case_id}/evidence")
async def list_evidence(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> EvidenceList:
    """The list of evidence in its order; what was taken back stays on it."""
    return await listed_of(reading, case_id, EvidenceItem, EvidenceOut, EvidenceList, query, EvidenceItem.seq)


@router.post("/cases/{case_id}/evidence/{evidence_id}/withdrawal")
async def withdraw_case_evidence(
    case_id: PathId,
    evidence_id: PathId,
    body: EvidenceWithdrawalIn,
    work: Annotated[Work, work(Permission.CASES_MEDIATE)],
) -> EvidenceOut:
    """Takes an item of evidence back, with the reason. It keeps its number and stays on the list."""
    return shown(await withdraw_evidence(work, case_id, evidence_id, body), EvidenceOut)  # type: ignore[no-any-return]
