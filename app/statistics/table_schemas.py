"""What is asked of the official tables, and in which form they are given."""

from typing import Literal

from pydantic import Field

from app.core.csv_text import CSV_TYPE
from app.core.schemas import PlaceCode, Query
from app.statistics.comparison_codes import ComparedWith
from app.statistics.schemas import Span, StatisticsQuery

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Format = Literal["json", "csv", "xlsx"]


class FiguresQuery(StatisticsQuery):
    format: Literal["json", "csv"] | None = Field(None, description="JSON, if neither this nor `Accept` says CSV.")


class ComparisonQuery(StatisticsQuery):
    compared_with: ComparedWith = Field(
        alias="with", description="The same period a year before, or the one before it."
    )


class CommitteeQuery(Query):
    place: PlaceCode | None = Field(None, description="The place and all below it; the caller's own, if not sent.")
    format: Format | None = Field(None, description="JSON, if neither this nor `Accept` asks for another.")


class TableQuery(Span):
    format: Format | None = Field(None, description="JSON, if neither this nor `Accept` asks for another.")


def format_of(query_format: Format | None, accept: str) -> Format:
    """A spreadsheet asks by its address alone, so the parameter decides before the header."""
    if query_format:
        return query_format
    ranges = [part.split(";")[0].strip().lower() for part in accept.split(",")]
    wanted = next((one for one in ranges if one in {CSV_TYPE, XLSX_TYPE}), None)
    return {CSV_TYPE: "csv", XLSX_TYPE: "xlsx"}.get(wanted or "", "json")  # type: ignore[return-value]
