"""Frozen reports over HTTP: making, checking, confirming, locking, and what has changed since."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.paging import listed
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.statistics import reports
from app.statistics.correction_notes import correction_note
from app.statistics.differences import difference
from app.statistics.report_answers import CorrectionNote, Difference, ReportedCases, ReportList, ReportOut
from app.statistics.report_queries import counted_page, report_page, single_report
from app.statistics.report_schemas import DifferenceQuery, ReportFilter, ReportIn, ReportReasonIn, SupersessionIn

router = guarded_router(prefix="/statistics/reports", tags=["statistics"])


@router.post("", status_code=201)
async def make_report(body: ReportIn, work: Annotated[Work, work(Permission.REPORTS_MAKE)]) -> Answer[ReportOut]:
    """A draft: every indicator of a place and period, counted as known at `cut_off_at` and kept with the ids counted.
    One chain of versions per place, kind and period, else 409 `report-stands`. The same creation sent again: 200."""
    report_id, is_new = await reports.make_report(work, body)
    return await _made(work, report_id, is_new)


@router.get("")
async def list_reports(
    query: Annotated[ReportFilter, Query()], reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> ReportList:
    """Reports within the caller's jurisdiction in every state, the latest period first; without their figures."""
    return listed(ReportList, *await report_page(reading, query))


@router.get("/{report_id}")
async def read_report(
    report_id: PathId, reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> Answer[ReportOut]:
    """One report with its figures, their definitions, its checks, and what has changed in earlier periods."""
    return await _shown(reading, report_id)


@router.get("/{report_id}/cases")
async def list_reported_cases(
    report_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.STATISTICS_READ)],
) -> ReportedCases:
    """The ids it counted: with them anyone computes `content_hash` again."""
    await single_report(reading, report_id)
    rows, following, total = await counted_page(reading, report_id, query)
    return listed(ReportedCases, [{"case_id": r.case_id, "counted_id": r.counted_id} for r in rows], following, total)


@router.post("/{report_id}/check")
async def check_report(report_id: PathId, work: Annotated[Work, work(Permission.REPORTS_MAKE)]) -> Answer[ReportOut]:
    """Draft → checked. 409 `report-does-not-add-up` with the checks in `failing`."""
    await reports.check(work, report_id)
    return await _shown(work, report_id)


@router.post("/{report_id}/confirmation")
async def confirm_report(
    report_id: PathId, work: Annotated[Work, work(Permission.REPORTS_CONFIRM)]
) -> Answer[ReportOut]:
    """Checked → confirmed, by a head who did not make it; an office with one head alone is let through."""
    await reports.confirm(work, report_id)
    return await _shown(work, report_id)


@router.post("/{report_id}/locking")
async def lock_report(report_id: PathId, work: Annotated[Work, work(Permission.REPORTS_CONFIRM)]) -> Answer[ReportOut]:
    """Confirmed → locked. The version before it becomes `superseded`."""
    await reports.lock(work, report_id)
    return await _shown(work, report_id)


@router.post("/{report_id}/supersession", status_code=201)
async def supersede_report(
    report_id: PathId, body: SupersessionIn, work: Annotated[Work, work(Permission.REPORTS_MAKE)]
) -> Answer[ReportOut]:
    """The next version of a locked report, as a draft with the reason. The locked one stays as it is, and readable."""
    made, is_new = await reports.supersede(work, report_id, body)
    return await _made(work, made, is_new)


@router.post("/{report_id}/discarding")
async def discard_report(
    report_id: PathId, body: ReportReasonIn, work: Annotated[Work, work(Permission.REPORTS_MAKE)]
) -> Answer[ReportOut]:
    """A report that is not locked yet is given up, with the reason. It stays on the list."""
    await reports.discard(work, report_id, body.reason)
    return await _shown(work, report_id)


@router.get("/{report_id}/difference")
async def read_report_difference(
    report_id: PathId,
    query: Annotated[DifferenceQuery, Query()],
    reading: Annotated[Reading, read(Permission.STATISTICS_READ)],
) -> Difference:
    """As reported against as known now: every indicator and, paged, each case that counts otherwise in some."""
    return await difference(reading, report_id, query)


@router.get("/{report_id}/correction-note")
async def read_correction_note(
    report_id: PathId, reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> CorrectionNote:
    """更正说明: each figure that has changed, and for which reasons, in Chinese and English."""
    return await correction_note(reading, report_id)


async def _made(work: Work, report_id: UUID, is_new: bool) -> Answer[ReportOut]:
    answer = await _shown(work, report_id)
    return Answer(answer.body, answer.etag, f"/api/v1/statistics/reports/{report_id}", 201 if is_new else 200)


async def _shown(reading: Reading, report_id: UUID) -> Answer[ReportOut]:
    found: Any = await single_report(reading, report_id)
    return Answer(found, etag_of(found["version"], reading.actor.view))
