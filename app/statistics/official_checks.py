"""What must foot in the official table. Each side is counted by itself: nothing here is made to fit."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from app.statistics.codes import Dimension
from app.statistics.official_columns import CATEGORIES, REFERRERS, SUBJECTS, Column
from app.statistics.table_answers import FootCheck

Values = Mapping[str, Any]
"""Of one row, by column."""


class _Rule(NamedTuple):
    name: str
    zh: str
    en: str
    left: Sequence[str]
    """Columns that are added up."""
    relation: str
    right: str


def _of(dimension: Dimension, codes: Sequence[str] | Mapping[Any, Any]) -> list[str]:
    return [f"{dimension}_{code}" for code in codes]


_RULES = [
    _Rule("subjects", "各主体之和＝总数", "All committees = all", _of(Dimension.ORGANIZATION, SUBJECTS), "=", "cases"),
    _Rule(
        "sources",
        "三种来源之和＝总数",
        "Three sources = all",
        _of(Dimension.SOURCE, ["proactive", "application", "referral"]),
        "=",
        "cases",
    ),
    _Rule("categories", "各类别之和＝总数", "All categories = all", _of(Dimension.CATEGORY, CATEGORIES), "=", "cases"),
    _Rule(
        "referrals",
        "五类委托移送之和＝委托移送",
        "Five referrers = referrals",
        _of(Dimension.SOURCE, REFERRERS),
        "=",
        "source_referral",
    ),
    _Rule("success", "调解成功≤总数", "With success ≤ all", ["succeeded"], "≤", "cases"),
    _Rule("difficult", "疑难复杂≤总数", "Difficult ≤ all", ["difficult"], "≤", "cases"),
    _Rule("forms", "口头＋书面≤调解成功", "Oral + written ≤ with success", ["oral", "written"], "≤", "succeeded"),
    _Rule(
        "labor",
        "劳动争议的其中项之和≤劳动争议",
        "Kinds of labour disputes ≤ all of them",
        _of(Dimension.CATEGORY, ["migrant_wage_arrears", "labor_other"]),
        "≤",
        "category_labor",
    ),
    _Rule(
        "consumer",
        "消费纠纷的其中项之和≤消费纠纷",
        "Kinds of consumer disputes ≤ all of them",
        _of(Dimension.CATEGORY, ["tourism", "e_commerce", "consumer_other"]),
        "≤",
        "category_consumer",
    ),
]


def checks(columns: Sequence[Column], rows: Mapping[str, Values], total: Values) -> list[FootCheck]:
    """Of every reporting unit, of the total (no place), and that the units come to the total, column by column."""
    by_place: list[tuple[str | None, Values]] = [*rows.items(), (None, total)]
    return [*_within(by_place), *_down(columns, rows, total)]


def _within(by_place: Sequence[tuple[str | None, Values]]) -> Iterator[FootCheck]:
    for place, values in by_place:
        for rule in _RULES:
            left, right = sum(values[key] for key in rule.left), values[rule.right]
            yield {
                "name": rule.name,
                "zh": rule.zh,
                "en": rule.en,
                "place": place,
                "left": _text(left),
                "relation": rule.relation,
                "right": _text(right),
                "holds": left == right if rule.relation == "=" else left <= right,
            }


def _down(columns: Sequence[Column], rows: Mapping[str, Values], total: Values) -> Iterator[FootCheck]:
    for column in columns:
        left, right = sum(values[column.key] for values in rows.values()), total[column.key]
        yield {
            "name": f"units_{column.key}",
            "zh": f"各单位“{'·'.join(head.zh for head in column.heads[1:])}”之和＝合计",
            "en": f"All units = total: {', '.join(head.en for head in column.heads[1:])}",
            "place": None,
            "left": _text(left),
            "relation": "=",
            "right": _text(right),
            "holds": left == right,
        }


def _text(value: Any) -> str:
    """Yuan as they are kept, counts as whole numbers."""
    return str(value) if isinstance(value, int) else f"{Decimal(value):.2f}"
