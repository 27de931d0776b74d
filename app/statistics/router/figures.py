"""Figures over HTTP: break-downs, the cases behind them, the definitions, and claims held against the register."""

from typing import Annotated, Any

from fastapi import Header, Query

from app.core.answers import Answer, FileAnswer, content_etag, file_responses
from app.core.auth import Permission
from app.core.csv_text import CSV_TYPE, csv_file
from app.core.openapi import may_refuse
from app.core.paging import listed, page_within
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.statistics import service
from app.statistics.answers import ClaimChecked, FigureCases, Indicators, Statistics, indicator_out
from app.statistics.claim_answers import ClaimRead
from app.statistics.claim_checking import check_text
from app.statistics.claim_keeping import claim_page, keep_claim, one_claim
from app.statistics.claim_schemas import ReportClaimFilter, ReportClaimIn, ReportClaimList, ReportClaimOut
from app.statistics.export_schemas import FigureExportQuery
from app.statistics.exporting import export_figure_cases
from app.statistics.figure_lines import lines
from app.statistics.indicators import REGISTRY, definition_version
from app.statistics.narrative import narrate
from app.statistics.narrative_schemas import Narrative, NarrativeQuery
from app.statistics.schemas import ClaimIn, Span
from app.statistics.table_schemas import FiguresQuery, format_of
from app.statistics.why import why
from app.statistics.why_answers import Why

router = guarded_router(prefix="/statistics", tags=["statistics"])


@router.get("", responses=file_responses(CSV_TYPE))
async def read_statistics(
    query: Annotated[FiguresQuery, Query()],
    reading: Annotated[Reading, read(Permission.STATISTICS_READ)],
    accept: Annotated[str, Header(include_in_schema=False)] = "*/*",
) -> Answer[Statistics] | FileAnswer:
    """Indicators of a place and period, as one row or broken down. Every value links to the cases behind it. As CSV
    with heads in the reader's language."""
    figures: Any = await service.figures(reading, query)
    if format_of(query.format, accept) == "csv":
        table = await lines(reading, query, figures["rows"])
        return csv_file(table, f"{figures['place']}-{query.first}-{query.last}", content_etag([figures, table[0]]))
    return Answer(figures | {"computed_at": reading.now}, content_etag(figures))


@router.get("/indicators")
async def list_indicators(
    query: Annotated[PageQuery, Query()], reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> Answer[Indicators]:
    """What each indicator means, exactly: its cases, its dates, its numerator and denominator."""
    definitions = [indicator_out(indicator) for indicator in REGISTRY.values()]
    answer = listed(Indicators, *page_within(reading, definitions, query))
    answer["definition_version"] = definition_version()
    return Answer(answer, content_etag(answer))


@router.get("/{indicator}/cases", responses=file_responses(CSV_TYPE) | may_refuse(429))
async def list_figure_cases(
    indicator: str,
    query: Annotated[FigureExportQuery, Query()],
    reading: Annotated[Reading, read(Permission.STATISTICS_READ, also=Permission.CASES_LIST)],
) -> FigureCases | FileAnswer:
    """The cases behind a figure, by the date that counts them; over all pages as many as the figure says. As CSV all of
    them at once, streamed. A machine client needs the scope `cases:list` besides."""
    if query.format == "csv":
        return await export_figure_cases(reading, indicator, query)
    return await service.figure_cases(reading, indicator, query)


@router.get("/{indicator}/why/{case_id}")
async def read_why(
    indicator: str,
    case_id: PathId,
    query: Annotated[Span, Query()],
    reading: Annotated[Reading, read(Permission.STATISTICS_READ, also=Permission.CASES_LIST)],
) -> Why:
    """Why a case counts in an indicator of the place and period (of a rate: in its numerator), or not: condition by
    condition."""
    return await why(reading, indicator, case_id, query)


@router.post("/claims")
async def check_claim(
    body: ClaimIn, work: Annotated[Work, work(Permission.STATISTICS_READ)]
) -> Answer[ClaimChecked | ClaimRead]:
    """Which whole numbers of `count` print as `percent`, under four ways of rounding; or what a sentence of a report
    (`text`) claims, number by number, and whether it can be. With a period, what the register says."""
    if body.text is not None:
        return Answer(await check_text(work, body, body.text))
    return Answer(await service.check_claim(work, body))


@router.post("/report-claims", status_code=201)
async def keep_report_claim(
    body: ReportClaimIn, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> Answer[ReportClaimOut]:
    """Keeps what an old report printed, with what can be said of it against the register as it stands. It is no figure,
    and counts nowhere."""
    claim_id, is_new = await keep_claim(work, body)
    claim = await one_claim(work, claim_id)
    location = f"/api/v1/statistics/report-claims/{claim_id}" if is_new else None
    return Answer(claim, None, location, 201 if is_new else 200)


@router.get("/report-claims")
async def list_report_claims(
    query: Annotated[ReportClaimFilter, Query()], reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> ReportClaimList:
    """What old reports printed, as it was kept."""
    return listed(ReportClaimList, *await claim_page(reading, query))


@router.get("/report-claims/{claim_id}")
async def read_report_claim(
    claim_id: PathId, reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> ReportClaimOut:
    """One of them, number by number."""
    return await one_claim(reading, claim_id)


@router.get("/narrative")
async def read_narrative(
    query: Annotated[NarrativeQuery, Query()], reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> Answer[Narrative]:
    """The paragraph of the yearly report in Chinese and English; `numbers` says of each number in it where it stands,
    which figure it is, and which cases it counts. As docx: `/statistics/narrative/document`."""
    narrative = await narrate(reading, query)
    return Answer(narrative, content_etag([narrative["place_name"], narrative["numbers"], narrative["zh"]]))
