"""What is asked of the narrative, a place and a year or period; and answered, two texts and what backs each number."""

from datetime import date, datetime
from typing import Annotated, NotRequired, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from app.core.input_errors import rule
from app.core.schemas import AnyDate, PlaceCode, Query, WholeNumber
from app.statistics.periods import Period

rule("year_or_period", "请给出 year，或 from 和 to，二者取一", "give either year, or from and to")


class NarrativeQuery(Query):
    """A calendar year, or the days `from` to `to`."""

    place: PlaceCode | None = Field(None, description="The place and all below it; the caller's own, if not sent.")
    year: Annotated[WholeNumber, Field(ge=1900, le=2100)] | None = None
    first: AnyDate | None = Field(None, alias="from", description="First day of the period.")
    last: AnyDate | None = Field(None, alias="to", description="Last day of the period.")

    @model_validator(mode="after")
    def one_period(self) -> Self:
        days = [day for day in (self.first, self.last) if day is not None]
        if len(days) != (2 if self.year is None else 0):
            raise PydanticCustomError("year_or_period", "not one period")
        if days and days[0] > days[1]:
            raise PydanticCustomError("reversed_period", "reversed period")
        return self

    @property
    def period(self) -> Period:
        if self.first and self.last:
            return Period(self.first, self.last)
        year = self.year or 0
        return Period(date(year, 1, 1), date(year, 12, 31))


class BackedNumber(TypedDict):
    """A number of both texts, by its offsets in code points. A count has `value`, a rate its numerator, denominator and
    percent; of a change, `before` is the same figure a year earlier. `cases` lists what was counted."""

    zh_span: list[int]
    en_span: list[int]
    indicator: str
    value: NotRequired[int]
    numerator: NotRequired[int]
    denominator: NotRequired[int]
    percent: NotRequired[str | None]
    before: NotRequired["Before"]
    cases: str


class Before(TypedDict):
    value: NotRequired[int]
    numerator: NotRequired[int]
    denominator: NotRequired[int]
    percent: NotRequired[str | None]
    cases: str


Narrative = TypedDict(
    "Narrative",
    {
        "definition_version": int,
        "place": str,
        "place_name": str,
        "from": date,
        "to": date,
        "zh": str,
        "en": str,
        "numbers": list[BackedNumber],
        "computed_at": datetime,
    },
)
