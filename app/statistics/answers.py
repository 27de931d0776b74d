"""What is answered of figures and definitions: a rate always with its numerator and denominator."""

from datetime import date, datetime
from typing import Annotated, Any, NotRequired
from uuid import UUID

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema
from typing_extensions import TypedDict

from app.intake.answers import CaseFigures, CaseItem
from app.intake.codes import DisputeCategory, Source
from app.intake.method_codes import Method
from app.statistics.codes import Kind, Population, Rounding, Unit
from app.statistics.indicators import REGISTRY, Indicator, Measure


class Figure(TypedDict):
    value: int
    cases: str


class Amount(TypedDict):
    """10,000 yuan, to the fen."""

    value: str
    cases: str


class Rate(TypedDict):
    numerator: int
    denominator: int
    value: str | None
    percent: str | None
    cases: str


class Mean(TypedDict):
    numerator: int
    denominator: int
    value: str | None
    cases: str


class Median(TypedDict):
    value: str | None
    cases: str


Value = Figure | Amount | Rate | Mean | Median


class _ByIndicator:
    """Names the members in the OpenAPI document: one per indicator."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        figure, amount, rate, mean, median = handler(schema)["additionalProperties"]["anyOf"]
        shapes = {Kind.COUNT: figure, Kind.SUM: figure, Kind.RATE: rate, Kind.MEAN: mean, Kind.MEDIAN: median}
        members = {
            slug: amount if indicator.unit is Unit.TEN_THOUSAND_YUAN else shapes[indicator.kind]
            for slug, indicator in REGISTRY.items()
        }
        return {"type": "object", "additionalProperties": False, "properties": members}


class Row(TypedDict):
    month: NotRequired[str]
    category: NotRequired[DisputeCategory]
    method: NotRequired[Method | None]
    source: NotRequired[Source]
    place: NotRequired[str]
    organization: NotRequired[UUID | None]
    values: Annotated[dict[str, Value], _ByIndicator]


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


class MeasureOut(TypedDict):
    name: str
    zh: str
    en: str


class IndicatorOut(TypedDict):
    slug: str
    zh: str
    en: str
    meaning_zh: str
    meaning_en: str
    kind: Kind
    unit: Unit
    population: Population
    date_basis: str
    numerator: MeasureOut
    denominator: MeasureOut | None
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


def indicator_out(indicator: Indicator) -> IndicatorOut:
    return {
        "slug": indicator.slug,
        "zh": indicator.zh,
        "en": indicator.en,
        "meaning_zh": indicator.meaning_zh,
        "meaning_en": indicator.meaning_en,
        "kind": indicator.kind,
        "unit": indicator.unit,
        "population": indicator.population,
        "date_basis": indicator.date_basis,
        "numerator": _measure_out(indicator.numerator),
        "denominator": _measure_out(indicator.denominator) if indicator.denominator else None,
        "version": indicator.version,
    }


def _measure_out(measure: Measure) -> MeasureOut:
    return {"name": measure.name, "zh": measure.zh, "en": measure.en}
