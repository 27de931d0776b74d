"""Tables as comma-separated text that spreadsheets open: UTF-8 with its mark, and no cell a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from app.core.answers import FileAnswer

CSV_TYPE = "text/csv"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Excel, WPS and LibreOffice take a text that begins so for something to compute, or to run."""


def csv_of(rows: Iterable[Sequence[Any]]) -> bytes:
    """Numbers stay numbers; null is an empty cell."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def csv_file(rows: Iterable[Sequence[Any]], name: str, etag: str) -> FileAnswer:
    content = csv_of(rows)
    return FileAnswer(content, f"{name}.csv", len(content), f"{CSV_TYPE}; charset=utf-8", etag)


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
