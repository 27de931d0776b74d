"""A template and the words of a case become a docx: an office's own template where it has put one, else ours.

Every value is escaped, and a template can do nothing but print: it runs in Jinja's sandbox.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from app.core.logs import log
from app.documents.problems import FormTemplateBroken
from app.documents.templates import DRAWN, Paper, template_of


class Blank(dict[str, str]):
    """A record that is not there yet: every word of it is empty, to be filled in by hand."""

    def __missing__(self, _: str) -> str:
        return ""


def render(form: Paper, words: dict[str, Any], folder: Path | None) -> bytes:
    written = io.BytesIO()
    try:
        template = DocxTemplate(_template(form, folder))
        environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_paragraphs)
        template.render(words | {"blank": Blank()}, environment, autoescape=True)
        template.save(written)
    except (TemplateError, PackageNotFoundError, XMLSyntaxError, zipfile.BadZipFile, *_FAULTS) as error:
        log.error("form_template_broken", kind=type(error).__name__)
        raise FormTemplateBroken from None
    return _undated(written)


def _undated(written: io.BytesIO) -> bytes:
    """Without the hour of its making in every entry: the same record gives the same file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w") as target:
        for entry in source.infolist():
            target.writestr(zipfile.ZipInfo(entry.filename), source.read(entry), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


_FAULTS = (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, ZeroDivisionError, OSError)
"""What a template's own expressions can come to."""


def write_templates(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    new = [form for form in DRAWN if not (folder / f"{form}.docx").exists()]
    for form in new:
        (folder / f"{form}.docx").write_bytes(template_of(form))
    return len(new)


def _paragraphs(value: Any) -> Any:
    """Lines of a text become paragraphs, which the library marks with a bell."""
    return value.replace("\n", "\a") if isinstance(value, str) else value


def _template(form: Paper, folder: Path | None) -> io.BytesIO:
    own = folder / f"{form}.docx" if folder else None
    return io.BytesIO(own.read_bytes() if own and own.exists() else template_of(form))
