"""Tables as comma-separated text that spreadsheets open: UTF-8 with its mark, and no cell a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from app.core.answers import FileAnswer

CSV_TYPE = "text/csv"
MARK = "\ufeff".encode()
"""By it Excel and WPS know UTF-8."""
_COMPUTES = re.compile(r"[\s\x00-\x1f\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
"""Excel, WPS or LibreOffice takes a text that begins so for something to compute, or to run."""


def csv_of(rows: Iterable[Sequence[Any]]) -> bytes:
    return MARK + csv_piece(rows)


def csv_piece(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows that follow others. Numbers stay numbers; null is an empty cell."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(value) for value in row] for row in rows)
    return text.getvalue().encode()


def csv_file(rows: Iterable[Sequence[Any]], name: str, etag: str) -> FileAnswer:
    content = csv_of(rows)
    return FileAnswer(content, f"{name}.csv", len(content), f"{CSV_TYPE}; charset=utf-8", etag)


def harmless(value: Any) -> Any:
    """With an apostrophe before it, which spreadsheets take for `this is text`."""
    return f"'{value}" if isinstance(value, str) and _COMPUTES.match(value) else value
