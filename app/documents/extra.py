"""The extra `forms`, loaded when the first form is made: a worker that makes none does without its 20 MB."""

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from app.documents.codes import DocumentForm, ReportPaper
from app.documents.problems import FormsNotInstalled


def render(form: DocumentForm | ReportPaper, words: dict[str, Any], folder: Path | None) -> bytes:
    made: bytes = _rendering().render(form, words, folder)
    return made


def write_templates(folder: Path) -> int:
    """Ours, for an office to change; those that stand there already are left alone. Tells how many are new."""
    written: int = _rendering().write_templates(folder)
    return written


@cache
def _rendering() -> ModuleType:
    try:
        return import_module("app.documents.rendering")
    except ImportError:
        raise FormsNotInstalled(headers={"Retry-After": "3600"}) from None
