"""The official tables over HTTP, each as JSON, CSV and XLSX; and two periods side by side."""

import asyncio
from typing import Annotated, Any

from fastapi import Header, Query

from app.core.answers import Answer, FileAnswer, content_etag, file_responses
from app.core.auth import Permission
from app.core.csv_text import CSV_TYPE, csv_file
from app.core.route import guarded_router, read
from app.core.unit_of_work import Reading
from app.statistics.committee_table import as_sheet as sheet_of_committees
from app.statistics.committee_table import committee_table
from app.statistics.comparing import compared
from app.statistics.comparison_answers import Comparison
from app.statistics.official_table import official_table
from app.statistics.sheets import Sheet, lines_of
from app.statistics.table_answers import CommitteeTable, OfficialTable
from app.statistics.table_forms import as_json, as_sheet
from app.statistics.table_schemas import XLSX_TYPE, CommitteeQuery, ComparisonQuery, Format, TableQuery, format_of
from app.statistics.workbook import as_xlsx

router = guarded_router(prefix="/statistics", tags=["statistics"])
Accept = Annotated[str, Header(include_in_schema=False)]


@router.get("/comparison")
async def read_comparison(
    query: Annotated[ComparisonQuery, Query()], reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> Answer[Comparison]:
    """同比、环比. Figures of the period and of another, both as known at the same instant: of counts the difference and
    its percentage, of rates percentage points; null where then is nothing to compare with."""
    answer: Any = await compared(reading, query)
    return Answer(answer | {"computed_at": reading.now}, content_etag(answer))


@router.get("/official-table", responses=file_responses(CSV_TYPE, XLSX_TYPE))
async def read_official_table(
    query: Annotated[TableQuery, Query()],
    reading: Annotated[Reading, read(Permission.STATISTICS_READ)],
    accept: Accept = "*/*",
) -> Answer[OfficialTable] | FileAnswer:
    """The official case table: a row for the place and each directly below it, and a total that is counted again, with
    what must foot in it. With `format` or `Accept` as CSV or as a formatted XLSX, under the Chinese heads."""
    table = await official_table(reading, query)
    answer: Any = as_json(table)
    form = format_of(query.format, accept)
    if form == "json":
        return Answer(answer | {"computed_at": reading.now}, content_etag(answer))
    return await _file(form, as_sheet(reading, table), content_etag([form, answer]))


@router.get("/committee-table", responses=file_responses(CSV_TYPE, XLSX_TYPE))
async def read_committee_table(
    query: Annotated[CommitteeQuery, Query()],
    reading: Annotated[Reading, read(Permission.STATISTICS_READ)],
    accept: Accept = "*/*",
) -> Answer[CommitteeTable] | FileAnswer:
    """Mediation committees of the place and all below it by type, with their full-time and part-time mediators, as they
    stand today. With `format` or `Accept` as CSV or XLSX."""
    table: Any = await committee_table(reading, query.place)
    form = format_of(query.format, accept)
    if form == "json":
        return Answer(table, content_etag(table))
    return await _file(form, sheet_of_committees(reading, table), content_etag([form, table]))


async def _file(form: Format, sheet: Sheet, etag: str) -> FileAnswer:
    if form == "csv":
        return csv_file(lines_of(sheet), sheet.name, etag)
    content = await asyncio.to_thread(as_xlsx, sheet)
    return FileAnswer(content, f"{sheet.name}.xlsx", len(content), XLSX_TYPE, etag)
