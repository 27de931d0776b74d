"""Escalation reports and notices of rights over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.mediation.answers.duties import (
    EscalationReportList,
    EscalationReportOut,
    RightsNoticeList,
    RightsNoticeOut,
)
from app.mediation.duties import report_escalation, serve_notice
from app.mediation.entries import listed_of, shown
from app.mediation.models import EscalationReport, RightsNotice
from app.mediation.schemas.duties import EscalationReportIn, RightsNoticeIn

router = guarded_router(tags=["mediation"])


@router.post("/cases/{case_id}/escalation-reports", status_code=201)
async def report_case_escalation(
    case_id: PathId, body: EscalationReportIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[EscalationReportOut]:
    """激化报告 (art. 25): what was reported to the police or another department, and what was done meanwhile."""
    row, is_new = await report_escalation(work, case_id, body)
    return Answer(shown(row, EscalationReportOut), status=201 if is_new else 200)


@router.get("/cases/{case_id}/escalation-reports")
async def list_escalation_reports(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> EscalationReportList:
    """The reports of a case."""
    return await listed_of(reading, case_id, EscalationReport, EscalationReportOut, EscalationReportList, query)


@router.post("/cases/{case_id}/rights-notices", status_code=201)
async def serve_rights_notice(
    case_id: PathId, body: RightsNoticeIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[RightsNoticeOut]:
    """权利义务告知: served to a party; sent again with the day of acknowledgement, it is acknowledged."""
    row, is_new = await serve_notice(work, case_id, body)
    return Answer(shown(row, RightsNoticeOut), status=201 if is_new else 200)


@router.get("/cases/{case_id}/rights-notices")
async def list_rights_notices(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> RightsNoticeList:
    """Which parties were told of their rights and duties, and when."""
    return await listed_of(reading, case_id, RightsNotice, RightsNoticeOut, RightsNoticeList, query)
