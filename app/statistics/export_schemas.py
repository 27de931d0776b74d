"""How figures are asked for by other programs: the cases behind one as a whole table, and the rates of a period."""

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import rule
from app.core.schemas import AnyDate, PlaceCode, Query
from app.statistics.schemas import FigureCasesQuery

rule("no_pages", "csv 一次给出全部案件，不分页", "a CSV holds all cases at once and has no pages")


class FigureExportQuery(FigureCasesQuery):
    format: Literal["json", "csv"] = Field("json", description="`csv`: all cases in one table, without pages.")

    @model_validator(mode="after")
    def all_at_once(self) -> Self:
        if self.format == "csv" and self.model_fields_set & {"limit", "cursor", "total"}:
            raise PydanticCustomError("no_pages", "no pages")
        return self


class ExpositionQuery(Query):
    place: PlaceCode | None = Field(
        None, description="One series for each place directly below; the caller's own, if not sent."
    )
    first: AnyDate | None = Field(None, alias="from", description="With `to`; the year so far, if neither is sent.")
    last: AnyDate | None = Field(None, alias="to")

    @model_validator(mode="after")
    def whole_period(self) -> Self:
        if (self.first is None) != (self.last is None):
            raise PydanticCustomError("half_a_period", "half a period")
        if self.first and self.last and self.first > self.last:
            raise PydanticCustomError("reversed_period", "reversed period")
        return self
