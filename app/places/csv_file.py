"""A place tree in a CSV file: `code,name,level,parent,valid_from,valid_to`, one place a row, mistakes told with the
row."""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.schemas import EARLIEST, LATEST
from app.places.codes import PlaceLevel, parent_of

COLUMNS = ("code", "name", "level", "parent", "valid_from", "valid_to")
_CODE = re.compile("[1-9][0-9]{11}")
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_NAME = 100


class BadPlaces(Exception):
    """The file cannot be taken; the message is one sentence in Chinese and English."""

    @classmethod
    def at(cls, line: int, zh: str, en: str) -> "BadPlaces":
        return cls(f"第 {line} 行：{zh}。 Row {line}: {en}.")


@dataclass(frozen=True)
class PlaceRow:
    line: int
    code: str
    name: str
    level: PlaceLevel
    parent: str | None
    valid_from: date
    valid_to: date | None

    @property
    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in COLUMNS[1:]}


def read_places(content: bytes) -> list[PlaceRow]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadPlaces(
            "文件不是 UTF-8 编码，请另存为 CSV UTF-8。 The file is not UTF-8: save it as CSV UTF-8."
        ) from None
    names, lines = _table(text)
    if missing := [name for name in COLUMNS if name not in names]:
        raise BadPlaces(f"首行缺少列：{', '.join(missing)}。 The first row lacks the columns {', '.join(missing)}.")
    rows: dict[str, PlaceRow] = {}
    for line, cells in enumerate(lines, start=2):
        if not any(isinstance(cell, str) and cell.strip() for cell in cells.values()):
            continue
        row = _row(line, {name: (cells[name] or "").strip() for name in COLUMNS})
        if row.code in rows:
            raise BadPlaces.at(
                line, f"代码与第 {rows[row.code].line} 行重复", f"the code stands in row {rows[row.code].line} too"
            )
        rows[row.code] = row
    if not rows:
        raise BadPlaces("文件中没有地区。 There is no place in the file.")
    return list(rows.values())


def _table(text: str) -> tuple[Sequence[str], list[dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        return reader.fieldnames or (), list(reader)
    except csv.Error:
        raise BadPlaces("文件不是 CSV，请另存为 CSV UTF-8。 The file is no CSV: save it as CSV UTF-8.") from None


def _row(line: int, cells: dict[str, str]) -> PlaceRow:
    code, name, level, parent = (
        cells["code"],
        unicodedata.normalize("NFC", cells["name"]),
        cells["level"],
        cells["parent"] or None,
    )
    if not _CODE.fullmatch(code):
        raise BadPlaces.at(
            line, "code 应为 12 位数字（表格软件请按文本导入）", "code should be 12 digits, kept as text"
        )
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise BadPlaces.at(line, "name 应为 1–100 个字", "name should have 1 to 100 characters")
    if level != PlaceLevel.of(code):
        expected = PlaceLevel.of(code)
        raise BadPlaces.at(line, f"按代码，level 应为 {expected}", f"by its code, level should be {expected}")
    if parent != parent_of(code):
        expected_parent = parent_of(code) or "空 empty"
        raise BadPlaces.at(
            line, f"按代码，parent 应为 {expected_parent}", f"by its code, parent should be {expected_parent}"
        )
    first, last = _day(line, cells, "valid_from"), _day(line, cells, "valid_to") if cells["valid_to"] else None
    if last is not None and last < first:
        raise BadPlaces.at(line, "valid_to 早于 valid_from", "valid_to lies before valid_from")
    return PlaceRow(line, code, name, PlaceLevel.of(code), parent, first, last)


def _day(line: int, cells: dict[str, str], column: str) -> date:
    try:
        day = date.fromisoformat(cells[column]) if _DATE.fullmatch(cells[column]) else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        raise BadPlaces.at(
            line, f"{column} 应为 2020-03-09 这样的日期", f"{column} should be a date such as 2020-03-09"
        )
    return day
