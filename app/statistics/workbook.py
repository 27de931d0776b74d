"""A sheet as XLSX for Excel, WPS and LibreOffice: heads in levels, frozen, set up for print, sums that can be traced.

Every figure is written as a value; below the total a row of formulas adds the rows up, with what they come to.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import groupby
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from app.core.clock import SHANGHAI
from app.statistics.sheets import Sheet

_A3, _A4 = 8, 9
_FEW = 20
"""Columns that fit across A4."""
_TOP = 2
"""Title and period stand above the heads."""
_NAMES = 2
"""Columns that name a row."""
_HEIGHTS = [20, 46, 128]
"""Of section, group and leaf."""
_SIGN = "填报人：＿＿＿＿＿＿　　　　审核人：＿＿＿＿＿＿　　　　负责人：＿＿＿＿＿＿　　　　填报日期：＿＿＿＿＿＿"


class _Span(NamedTuple):
    first_row: int
    first_col: int
    last_row: int
    last_col: int
    text: str


class _Styles(NamedTuple):
    title: Format
    line: Format
    head: Format
    name: Format
    count: Format
    amount: Format
    sum_name: Format
    sum_count: Format
    sum_amount: Format


def as_xlsx(sheet: Sheet) -> bytes:
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        made = sheet.known_at.astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": f"{sheet.place}{sheet.title}", "created": made})
        styles = _styles(book)
        _fill(book.add_worksheet("统计表"), sheet, styles)
        if sheet.checks:
            _list_checks(book.add_worksheet("核对"), sheet, styles)
    return content.getvalue()


def _styles(book: Workbook) -> _Styles:
    framed = {"border": 1, "valign": "vcenter", "font_name": "宋体", "font_size": 10}
    grey, counts, amounts = (
        {"bg_color": "#F2F2F2", "bold": True},
        {"num_format": "#,##0"},
        {"num_format": "#,##0.00####"},
    )
    return _Styles(
        book.add_format({"font_name": "宋体", "font_size": 20, "bold": True, "align": "center", "valign": "vcenter"}),
        book.add_format({"font_name": "宋体", "font_size": 11, "valign": "vcenter"}),
        book.add_format(framed | grey | {"align": "center", "text_wrap": True}),
        book.add_format(framed | {"num_format": "@"}),
        book.add_format(framed | counts),
        book.add_format(framed | amounts),
        book.add_format(framed | grey),
        book.add_format(framed | grey | counts),
        book.add_format(framed | grey | amounts),
    )


def _fill(page: Worksheet, sheet: Sheet, styles: _Styles) -> None:
    last_col = len(sheet.heads) - 1
    depth = max(len(head) for head in sheet.heads)
    first_row = _TOP + depth + 1
    known = sheet.known_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    page.merge_range(0, 0, 0, last_col, f"{sheet.place}{sheet.title}", styles.title)
    page.merge_range(1, 0, 1, last_col, f"统计期：{sheet.period_text}　　数据截至：{known}（北京时间）", styles.line)
    _write_heads(page, sheet.heads, depth, styles)
    for number, row in enumerate([*sheet.rows, sheet.total], first_row):
        _write_row(page, number, row, styles, is_sum=row is sheet.total)
    _write_sums(page, sheet, first_row, styles)
    below = first_row + len(sheet.rows) + 3
    page.merge_range(below, 0, below, last_col, _SIGN, styles.line)
    _set_up(page, sheet, first_row)


def _write_heads(page: Worksheet, heads: Sequence[tuple[str, ...]], depth: int, styles: _Styles) -> None:
    for span in _spans(heads, depth):
        if (span.first_row, span.first_col) == (span.last_row, span.last_col):
            page.write_string(span.first_row, span.first_col, span.text, styles.head)
        else:
            page.merge_range(*span, styles.head)
    page.write_row(_TOP + depth, 0, ["栏次", "", *range(1, len(heads) - _NAMES + 1)], styles.head)


def _spans(heads: Sequence[tuple[str, ...]], depth: int) -> Iterator[_Span]:
    """Neighbours under one head share its cell; a leaf reaches down to the last level."""
    for level in range(depth):
        paths = [head[: level + 1] for head in heads]
        for path, group in groupby(range(len(heads)), paths.__getitem__):
            columns = list(group)
            if len(path) <= level:
                continue
            is_leaf = path == heads[columns[0]]
            yield _Span(
                _TOP + level,
                columns[0],
                _TOP + (depth - 1 if is_leaf else level),
                columns[-1],
                _text(path[level]) if is_leaf else path[level],
            )


def _text(leaf: str) -> str:
    """Its unit on a line of its own."""
    return leaf.replace("（", "\n（")


def _write_row(page: Worksheet, number: int, row: Sequence[Any], styles: _Styles, *, is_sum: bool) -> None:
    name, count, amount = styles[6:] if is_sum else styles[3:6]
    for column, value in enumerate(row):
        if isinstance(value, str):
            page.write_string(number, column, value, name)
        else:
            page.write_number(number, column, value, count if isinstance(value, int) else amount)


def _write_sums(page: Worksheet, sheet: Sheet, first_row: int, styles: _Styles) -> None:
    end = first_row + len(sheet.rows)
    page.write_row(end + 1, 0, ["各行相加（公式）", ""], styles.name)
    for column in range(_NAMES, len(sheet.heads)):
        value = sum(row[column] for row in sheet.rows)
        formula = f"=SUM({xl_range(first_row, column, end - 1, column)})"
        style = styles.count if isinstance(value, int) else styles.amount
        page.write_formula(end + 1, column, formula, style, value if isinstance(value, int) else float(value))


def _set_up(page: Worksheet, sheet: Sheet, first_row: int) -> None:
    is_wide = len(sheet.heads) > _FEW
    heights = _HEIGHTS[-(first_row - _TOP - 1) :] if is_wide else [30] * (first_row - _TOP - 1)
    for row, height in enumerate([36, 22, *heights, 16]):
        page.set_row(row, height)
    for row in range(first_row, first_row + len(sheet.rows) + 4):
        page.set_row(row, 24)
    page.set_column(0, 0, 17 if is_wide else 34)
    page.set_column(1, 1, 13 if is_wide else 20)
    page.set_column(_NAMES, len(sheet.heads) - 1, 4.6 if is_wide else 16)
    for column, value in enumerate(sheet.total):
        if not isinstance(value, int | str):
            page.set_column(column, column, 10)
    page.freeze_panes(first_row, _NAMES)
    page.set_landscape()
    page.set_paper(_A3 if is_wide else _A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_TOP, first_row - 1)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    page.set_footer("&C第 &P 页，共 &N 页")


def _list_checks(page: Worksheet, sheet: Sheet, styles: _Styles) -> None:
    heads = ["核对", "单位（空为合计）", "左", "关系", "右", "结果"]
    page.write_row(0, 0, heads, styles.head)
    for number, (*cells, holds) in enumerate(sheet.checks, 1):
        for column, text in enumerate([*cells, "相符" if holds else "不符"]):
            page.write_string(number, column, text, styles.name)
    for column, width in enumerate((48, 18, 14, 6, 14, 8)):
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)
    page.fit_to_pages(1, 0)
