"""How our own templates are laid out: A4, titles in 宋体, text in 仿宋, ruled tables. An office may replace each.

The fonts are named, not brought: every office machine in the country has them.
"""

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

SONG, FANGSONG, HEI = "宋体", "仿宋", "黑体"
_WIDTH = 15.6
"""Of the text, in centimetres: A4 less the margins."""


def day(name: str) -> str:
    """A date to be filled in, or a blank for a pen."""
    return f"{{{{ {name} or '      年   月   日' }}}}"


class Sheet:
    """A form being drawn from top to bottom. What stands in `{{ }}` and `{% %}` is filled in later."""

    def __init__(self, title: str = "", *, size: int = 22) -> None:
        self.document = Document()
        _clear(self.document)
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.7)
        section.top_margin, section.bottom_margin = Cm(2.8), Cm(2.5)
        if title:
            self.title(title, size)

    def title(self, text: str, size: int = 22, *, before: float = 0, after: float = 14) -> None:
        paragraph = self._paragraph(text, SONG, size, bold=True)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)

    def line(self, text: str, *, indent: bool = False, size: int = 14, with_next: bool = False) -> None:
        """`with_next`: on the page of what follows, so that no seal stands on a page alone."""
        paragraph = self._paragraph(text, FANGSONG, size)
        paragraph.paragraph_format.keep_with_next = with_next
        if indent:
            paragraph.paragraph_format.first_line_indent = Pt(size * 2)

    def head(self, text: str) -> None:
        self._paragraph(text, HEI, 14)

    def right(self, text: str, *, with_next: bool = False) -> None:
        paragraph = self._paragraph(text, FANGSONG, 14)
        paragraph.alignment, paragraph.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.RIGHT, with_next

    def tag(self, tag: str) -> None:
        """A paragraph of the template alone: it does not stand in the form."""
        self.document.add_paragraph(f"{{%p {tag} %}}")

    def new_page(self) -> None:
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def rows(self, rows: Sequence[tuple[str, str, float]]) -> None:
        """A ruled table of two columns: label, content, least height in centimetres."""
        table = self._table([3.2, _WIDTH - 3.2])
        for label, text, height in rows:
            cells = _add_row(table, height)
            _put(cells[0], label, HEI, 13, center=True)
            _put(cells[1], text, FANGSONG, 13)

    def grid(self, columns: Sequence[tuple[str, str, float]], each: str, blank_rows: int = 0) -> None:
        """A ruled table with a row for each: heading, content, width in centimetres; then blank rows."""
        table = self._table([width for _, _, width in columns])
        heads = _add_row(table, 1.0)
        for cell, (heading, _, _) in zip(heads, columns, strict=True):
            _put(cell, heading, HEI, 12, center=True)
        table.add_row().cells[0].text = f"{{%tr for {each} %}}"
        for cell, (_, text, _) in zip(_add_row(table, 0.9), columns, strict=True):
            _put(cell, text, FANGSONG, 12, center=text.endswith(("seq }}", "pages }}", "_page }}", "count }}")))
        table.add_row().cells[0].text = "{%tr endfor %}"
        for _ in range(blank_rows):
            _add_row(table, 0.9)

    def _paragraph(self, text: str, font: str, size: int, *, bold: bool = False) -> Any:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.line_spacing = Pt(size * 1.6)
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, text, font, size, bold=bold)
        return paragraph

    def _table(self, widths: Sequence[float]) -> Any:
        table = self.document.add_table(rows=0, cols=len(widths))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        table._widths = widths
        _pad(table)
        return table


def _clear(document: Any) -> None:
    """The library's own template says who made it, and when: neither is true of the form."""
    core = document.core_properties
    core.author = core.comments = core.title = core.last_modified_by = ""
    document.styles["Normal"].font.name = FANGSONG
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), FANGSONG)


def _pad(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "80")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _add_row(table: Any, height: float) -> Any:
    row = table.add_row()
    row.height, row.height_rule = Cm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
    for cell, width in zip(row.cells, table._widths, strict=True):
        cell.width = Cm(width)
        middle = OxmlElement("w:vAlign")
        middle.set(qn("w:val"), "center")
        cell._tc.get_or_add_tcPr().append(middle)
    return row.cells


def _put(cell: Any, text: str, font: str, size: int, *, center: bool = False) -> None:
    first, *more = text.split("\n")
    paragraphs = [cell.paragraphs[0], *(cell.add_paragraph() for _ in more)]
    for paragraph, line in zip(paragraphs, (first, *more), strict=True):
        paragraph.paragraph_format.line_spacing, paragraph.paragraph_format.space_after = Pt(size * 1.5), Pt(0)
        if center:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, line, font, size)


def _run(paragraph: Any, text: str, font: str, size: int, *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
