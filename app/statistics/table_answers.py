"""What is answered of the official tables: their columns, rows and total, and whether they foot."""

from datetime import date, datetime
from typing import Any, NotRequired

from typing_extensions import TypedDict

from app.people.codes import CommitteeType
from app.statistics.codes import Unit


class TableHead(TypedDict):
    zh: str
    en: str


class TableColumn(TypedDict):
    key: str
    heads: list[TableHead]
    """From section to leaf."""
    unit: Unit
    indicators: list[str]
    """Whose values are added up; see `/statistics/indicators`."""
    codes: NotRequired[list[str]]
    """Categories or sources that count here."""


class TableRow(TypedDict):
    place: str
    name: str
    values: dict[str, int | str]


class FootCheck(TypedDict):
    name: str
    zh: str
    en: str
    place: str | None
    left: str
    relation: str
    right: str
    holds: bool


class CommitteeCounts(TypedDict):
    committees: int
    mediators: int
    full_time: int
    part_time: int


class CommitteeRow(CommitteeCounts):
    committee_type: CommitteeType


class CommitteeTable(TypedDict):
    title: str
    place: str
    name: str
    on: date
    rows: list[CommitteeRow]
    total: CommitteeCounts


OfficialTable = TypedDict(
    "OfficialTable",
    {
        "definition_version": int,
        "title": str,
        "place": str,
        "name": str,
        "from": date,
        "to": date,
        "as_of": datetime | None,
        "computed_at": datetime,
        "columns": list[TableColumn],
        "rows": list[TableRow],
        "total": dict[str, Any],
        "checks": list[FootCheck],
        "foots": bool,
    },
)
