"""The public figures as a page: made here and whole, without a script, in the reader's language."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup
from pydantic import Field

from app.core.clock import shanghai_date
from app.core.locale import Language
from app.statistics.public_answers import PublicQuery, PublicTables

_OURS = files("app.web").joinpath("static")
YEARS = 5
"""Of which the page has links; others are found by the address."""
_TEXTS: dict[Language, dict[str, Any]] = {
    Language.ZH: {
        "tag": "zh-CN",
        "lang": "zh",
        "other": "en",
        "switch": "English",
        "title": "矛盾纠纷调解统计",
        "choose": "年度和地区",
        "total": "合计",
        "by_category": "按纠纷类别",
        "by_method": "按调解方式",
        "by_place": "按地区",
        "category": "纠纷类别",
        "method": "调解方式",
        "place": "地区",
        "columns": ("受理（件）", "调处（件）", "调解成功（件）", "调处率", "调处成功率"),
        "hidden": "数字过小，不予公布",
        "itself": "{0}本级",
        "note": "* 为保护当事人，不足 {least} 的件数（0 除外）以及可据以推算的数字不予公布。"
        "统计当年受理的案件，按 {day} 前的登记；以后的补登和更正在下一季度计入。",
    },
    Language.EN: {
        "tag": "en",
        "lang": "en",
        "other": "zh",
        "switch": "中文",
        "title": "Mediation of disputes",
        "choose": "Year and place",
        "total": "Total",
        "by_category": "By category",
        "by_method": "By method",
        "by_place": "By place",
        "category": "Category",
        "method": "Method",
        "place": "Place",
        "columns": ("Received", "Handled", "Succeeded", "Handling rate", "Success rate"),
        "hidden": "Too small to be published",
        "itself": "{0} itself",
        "note": "* To protect the parties, counts below {least}, but zero, are left out, and whatever would tell them. "
        "Cases received in the year, as registered before {day}; what is registered or put right later comes in with "
        "the next quarter.",
    },
}


class PublicPageQuery(PublicQuery):
    lang: Literal["zh", "en"] | None = Field(None, description="The browser's language, if not sent.")


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_OURS.joinpath("public.html").read_text("utf-8"))


@cache
def _style() -> str:
    return _OURS.joinpath("public.css").read_text("utf-8")


@cache
def public_style_hash() -> str:
    """What a Content-Security-Policy allows the style in the page by."""
    return base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()


def public_html(tables: PublicTables, language: Language, today: date) -> str:
    texts = _TEXTS[language]

    def named(rows: Sequence[Any]) -> list[tuple[str, Any]]:
        # In the table by place the place itself stands for what was registered at it and not below.
        return [
            (texts["itself"].format(row["zh"]) if row["code"] == tables["place"] else row[texts["lang"]], row)
            for row in rows
        ]

    return _template().render(
        t=texts,
        tables=tables,
        years=range(today.year - 1, today.year - 1 - YEARS, -1),
        style=Markup(_style()),  # noqa: S704 our own file
        day=shanghai_date(tables["as_of"]),
        named=named,
        percent=lambda value: "–" if value is None else f"{value}%",
    )
