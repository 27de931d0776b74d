"""A table as it is printed and opened elsewhere: one sheet of text and numbers, as CSV or as a formatted XLSX."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.clock import shanghai_date
from app.statistics.periods import Period

Check = tuple[str, str, str, str, str, bool]


@dataclass(frozen=True)
class Sheet:
    title: str
    place: str
    period: Period | None
    known_at: datetime
    heads: Sequence[tuple[str, ...]]
    """Per column, from section to leaf. The first two name the row."""
    rows: Sequence[Sequence[Any]]
    total: Sequence[Any]
    checks: Sequence[Check] = ()
    """In words: what, where, left, relation, right, whether it holds."""
    definition_version: int | None = None

    @property
    def period_text(self) -> str:
        if self.period is None:
            return f"截至 {_day(shanghai_date(self.known_at))}"
        return f"{_day(self.period.first)}至{_day(self.period.last)}"

    @property
    def name(self) -> str:
        dates = f"{self.period.first}至{self.period.last}" if self.period else str(shanghai_date(self.known_at))
        return f"{self.title}-{self.place}-{dates}"


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def lines_of(sheet: Sheet) -> list[list[Any]]:
    """For CSV: one line of heads, each whole, so that a program can read it too; then the rows and the total."""
    return [["·".join(head) for head in sheet.heads], *map(list, sheet.rows), list(sheet.total)]
