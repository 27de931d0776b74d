"""Rows as comma-separated text, piece by piece, that a spreadsheet opens: with the mark of UTF-8, no cell a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

CSV_TYPE = "text/csv"
MARK = "\ufeff".encode()
"""By it Excel and WPS know UTF-8."""
_COMPUTES = re.compile(r"[\s\x00-\x1f\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
"""A text that begins so is taken by one spreadsheet or another for something to compute, or to run."""


def csv_piece(rows: Iterable[Sequence[Any]]) -> bytes:
    """Numbers stay numbers; null is an empty cell."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(value) for value in row] for row in rows)
    return text.getvalue().encode()


def harmless(value: Any) -> Any:
    """With an apostrophe before it, which spreadsheets take for `this is text`."""
    return f"'{value}" if isinstance(value, str) and _COMPUTES.match(value) else value
