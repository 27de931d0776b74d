"""Figures over HTTP: break-downs, the cases behind them, the definitions, and claims held against the register."""

from typing import Annotated, Any

from fastapi import Query
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from app.core.answers import Answer, FileAnswer, content_etag, file_responses
from app.core.auth import Permission
from app.core.csv_stream import CSV_TYPE
from app.core.openapi import may_refuse
from app.core.paging import listed, page_within
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery
from app.core.unit_of_work import Reading, Work
from app.statistics import service
from app.statistics.answers import ClaimChecked, FigureCases, Indicators, Statistics, indicator_out
from app.statistics.export_schemas import ExpositionQuery, FigureExportQuery
from app.statistics.exporting import export_figure_cases
from app.statistics.exposition import exposition
from app.statistics.indicators import REGISTRY, definition_version
from app.statistics.schemas import ClaimIn, StatisticsQuery

router = guarded_router(prefix="/statistics", tags=["statistics"])


@router.get("")
async def read_statistics(
    query: Annotated[StatisticsQuery, Query()], reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> Answer[Statistics]:
    """Indicators of a place and period, as one row or broken down. Every value links to the cases behind it."""
    figures: Any = await service.figures(reading, query)
    return Answer(figures | {"computed_at": reading.now}, content_etag(figures))


@router.get("/exposition", responses=file_responses("text/plain"))
async def read_exposition(
    query: Annotated[ExpositionQuery, Query()], reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> FileAnswer:
    """The main figures in the text format of Prometheus: gauges with place, name and period, for the year so far if no
    period is sent."""
    text = await exposition(reading, query)
    return FileAnswer(text, "figures.txt", len(text), CONTENT_TYPE_PLAIN_0_0_4, content_etag(text.decode()))


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


@router.post("/claims")
async def check_claim(body: ClaimIn, work: Annotated[Work, work(Permission.STATISTICS_READ)]) -> ClaimChecked:
    """Which whole numbers of `count` print as `percent`, under four ways of rounding; with a period, what the register
    says."""
    return await service.check_claim(work, body)
