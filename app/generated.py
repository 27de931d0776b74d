"""Documents made from the code: the OpenAPI snapshot, the codebook, the indicators, the procedure of a case,
the settings."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from app.codebook.indicators import render as indicators_page
from app.codebook.page import render as codebook_page
from app.codebook.procedure import render as procedure_page
from app.core.crypto import FieldKey
from app.core.db import open_database
from app.core.settings import Settings
from app.main import create_app, wired

ROOT = Path(__file__).parent.parent


def documents() -> dict[Path, str]:
    return {
        ROOT / "openapi.json": openapi_document(),
        ROOT / "docs/codebook.md": codebook_page(),
        ROOT / "docs/indicators.md": indicators_page(),
        ROOT / "docs/procedure.md": procedure_page(),
        ROOT / "docs/settings.md": settings_page(),
    }


def openapi_document() -> str:
    database = open_database(Settings(database_url="sqlite+aiosqlite:///never-opened.db"))
    app = create_app(wired(database, FieldKey(bytes(32)), ""))
    return orjson.dumps(app.openapi(), option=orjson.OPT_INDENT_2).decode() + "\n"


def settings_page() -> str:
    return "\n".join(_settings_lines()) + "\n"


def _settings_lines() -> Iterator[str]:
    yield "# 设置 Settings"
    yield ""
    yield "全部由环境变量给出。 All are read from the environment. This page is generated: `make docs`."
    yield ""
    yield "| 变量 Variable | 默认 Default | 含义 Meaning |"
    yield "|---|---|---|"
    for name, field in Settings.model_fields.items():
        yield f"| `TIAOJIE_{name.upper()}` | {_default(field.default)} | {field.description} |"


def _default(value: Any) -> str:
    if value is None:
        return "–"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def outdated() -> list[Path]:
    return [path for path, text in documents().items() if not path.exists() or path.read_text("utf-8") != text]


def write() -> None:
    for path, text in documents().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
