"""What is answered: a rate always with its numerator and denominator, rounded half up and only here."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, NotRequired
from uuid import UUID

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema
from typing_extensions import TypedDict

from app.intake.answers import CaseFigures, CaseItem
from app.intake.codes import DisputeCategory, Source
from app.intake.method_codes import Method
from app.statistics.codes import Population, Rounding
from app.statistics.indicators import REGISTRY, Condition, Indicator


class Figure(TypedDict):
    value: int
    cases: str


class Rate(TypedDict):
    numerator: int
    denominator: int
    value: str | None
    percent: str | None
    cases: str


class _ByIndicator:
    """Names the members in the OpenAPI document: one per indicator."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        figure, rate = handler(schema)["additionalProperties"]["anyOf"]
        members = {slug: rate if indicator.denominator else figure for slug, indicator in REGISTRY.items()}
        return {"type": "object", "additionalProperties": False, "properties": members}


class Row(TypedDict):
    month: NotRequired[str]
    category: NotRequired[DisputeCategory]
    method: NotRequired[Method | None]
    source: NotRequired[Source]
    place: NotRequired[str]
    organization: NotRequired[UUID | None]
    values: Annotated[dict[str, Figure | Rate], _ByIndicator]


Statistics = TypedDict(
    "Statistics",
    {
        "definition_version": int,
        "place": str,
        "from": date,
        "to": date,
        "as_of": datetime | None,
        "computed_at": datetime,
        "rows": list[Row],
    },
)


class FigureCases(TypedDict):
    items: list[CaseItem | CaseFigures]
    next: str | None
    total: NotRequired[int]


class ConditionOut(TypedDict):
    name: str
    zh: str
    en: str


class IndicatorOut(TypedDict):
    slug: str
    zh: str
    en: str
    meaning_zh: str
    meaning_en: str
    unit: str
    population: Population
    date_basis: str
    numerator: ConditionOut
    denominator: ConditionOut | None
    version: int


class Indicators(TypedDict):
    definition_version: int
    items: list[IndicatorOut]
    next: str | None
    total: NotRequired[int]


class PossibleRange(TypedDict):
    rounding: Rounding
    numerator_from: int
    numerator_to: int


class Nearest(TypedDict):
    numerator: int
    percent: str


class RegisterRate(TypedDict):
    indicator: str
    numerator: int
    denominator: int
    percent: str | None
    agrees: bool


class ClaimChecked(TypedDict):
    possible: list[PossibleRange]
    nearest: list[Nearest]
    register: NotRequired[RegisterRate]


def ratio(numerator: int, denominator: int) -> str | None:
    return _printed(numerator, denominator, 4)


def percent(numerator: int, denominator: int, decimals: int = 2) -> str | None:
    return _printed(100 * numerator, denominator, decimals)


def _printed(numerator: int, denominator: int, decimals: int) -> str | None:
    """Null, never 0 or 100, where there is nothing to divide by."""
    if denominator == 0:
        return None
    return str((Decimal(numerator) / denominator).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def indicator_out(indicator: Indicator) -> IndicatorOut:
    return {
        "slug": indicator.slug,
        "zh": indicator.zh,
        "en": indicator.en,
        "meaning_zh": indicator.meaning_zh,
        "meaning_en": indicator.meaning_en,
        "unit": indicator.unit,
        "population": indicator.population,
        "date_basis": indicator.date_basis,
        "numerator": _condition_out(indicator.numerator),
        "denominator": _condition_out(indicator.denominator) if indicator.denominator else None,
        "version": indicator.version,
    }


def _condition_out(condition: Condition) -> ConditionOut:
    return {"name": condition.name, "zh": condition.zh, "en": condition.en}
