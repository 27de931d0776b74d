"""What is asked of figures: a place, a period, filters, and by what to break down; and claims to be checked."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.core.input_errors import refuse_fields, rule
from app.core.schemas import (
    MAX_VALUES,
    NOT_SENT,
    AnyDate,
    Count,
    PageQuery,
    PastInstant,
    PlaceCode,
    Query,
    Several,
    Strict,
)
from app.core.text import clean_text
from app.intake.filters import Classification
from app.statistics.codes import Dimension, Part
from app.statistics.indicators import REGISTRY
from app.statistics.periods import Period

rule(
    "unknown_indicator",
    "没有这项指标，请查 /api/v1/statistics/indicators",
    "is no indicator; see /api/v1/statistics/indicators",
)
rule(
    "not_a_percent",
    '应为文本，0–100，至多四位小数，如 "97.56"',
    'should be text, 0–100, at most four decimals: "97.56"',
)
rule("half_a_period", "from 和 to 须一并填写", "from and to belong together")
rule("text_or_numbers", "text 与 count、percent 只能填一种", "send either text, or count and percent")


def _percent(value: Any) -> Any:
    if not isinstance(value, str) or not _PERCENT.fullmatch(value) or Decimal(value) > 100:
        raise PydanticCustomError("not_a_percent", "not a percentage")
    return Decimal(value)


_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")
Percent = Annotated[
    Decimal,
    BeforeValidator(_percent),
    WithJsonSchema({"type": "string", "pattern": f"^{_PERCENT.pattern}$", "examples": ["97.56"]}),
]
"""A percentage as it was printed: its number of decimals says how it was rounded."""


class Slug(str):
    """The slug of an indicator. Its choices are read from the registry when they are asked for: `main` may have joined
    more than ours."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls._known, core_schema.str_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, _: CoreSchema, __: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "enum": list(REGISTRY)}

    @classmethod
    def _known(cls, value: str) -> Self:
        if value not in REGISTRY:
            raise PydanticCustomError("unknown_indicator", "unknown indicator")
        return cls(value)


def _distinct(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


class Span(Query):
    """A place, a period, and from when it is looked at."""

    place: PlaceCode | None = Field(None, description="The place and all below it; the caller's own, if not sent.")
    first: AnyDate = Field(alias="from", description="First day of the period.")
    last: AnyDate = Field(alias="to", description="Last day of the period.")
    as_of: PastInstant | None = Field(
        None, description="As it was known at that instant; now, if not sent. Nothing recorded later counts."
    )

    @model_validator(mode="after")
    def forwards(self) -> Self:
        if self.first > self.last:
            raise PydanticCustomError("reversed_period", "reversed period")
        return self

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)


class FigureFilter(Classification, Span):
    """Which cases a figure looks at."""

    exact: Annotated[list[Literal["category", "source", "place"]], Several, AfterValidator(_distinct)] = Field(
        [], max_length=10, description="Parameters that mean the code named alone, without what it includes."
    )


class StatisticsQuery(FigureFilter):
    indicator: Annotated[list[Slug] | None, Several, MAX_VALUES, AfterValidator(_distinct)] = Field(
        None, description="All, if not sent."
    )
    by: Annotated[list[Dimension], Several, MAX_VALUES, AfterValidator(_distinct)] = Field(
        [], description="What to break down by; nothing, if not sent."
    )


class FigureCasesQuery(FigureFilter, PageQuery):
    part: Part = Field(Part.NUMERATOR, description="Of a rate: which of its two numbers.")


ClaimText = Annotated[str, AfterValidator(clean_text), Field(min_length=1, max_length=2000)]


def _one_or_the_other(schema: dict[str, Any]) -> None:
    for name in ("count", "percent"):
        schema["properties"][name].pop("default", None)
    schema["oneOf"] = [{"required": ["count", "percent"]}, {"required": ["text"]}]


class ClaimIn(Strict):
    """A printed rate, of `count` cases `percent`; or the sentence that says it, `text`."""

    model_config = ConfigDict(json_schema_extra=_one_or_the_other)

    count: Count = NOT_SENT
    percent: Percent = NOT_SENT
    text: ClaimText | None = Field(None, description="As printed; instead of count and percent.")
    place: PlaceCode | None = None
    first: AnyDate | None = Field(None, alias="from")
    last: AnyDate | None = Field(None, alias="to")

    @model_validator(mode="after")
    def one_or_the_other(self) -> Self:
        sent = self.model_fields_set & {"count", "percent"}
        if self.text is None:
            refuse_fields("missing", [f"/{name}" for name in {"count", "percent"} - sent])
        else:
            refuse_fields("text_or_numbers", [f"/{name}" for name in sent])
        return self

    @model_validator(mode="after")
    def whole_period(self) -> Self:
        if (self.first is None) != (self.last is None):
            raise PydanticCustomError("half_a_period", "half a period")
        if self.first and self.last and self.first > self.last:
            raise PydanticCustomError("reversed_period", "reversed period")
        return self

    @property
    def period(self) -> Period | None:
        return Period(self.first, self.last) if self.first and self.last else None
