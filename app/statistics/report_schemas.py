"""Frozen reports as clients ask for them: what to freeze, why a step is taken, and which to list."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import rule
from app.core.schemas import MAX_VALUES, AnyDate, Id, PageQuery, PastInstant, PlaceCode, Several, Strict
from app.core.text import Line, Text
from app.statistics.report_codes import ReportKind, ReportState

rule(
    "not_such_a_period",
    "统计期的天数与报表类别不符",
    "is not as long as such a period is",
)
_CUT_OFF = Field(None, description="What was known at that instant counts; now, if not sent.")


class ReportIn(Strict):
    """The period and the instant of a report; its figures are counted, never sent."""

    id: Id | None = None
    place: PlaceCode | None = Field(None, description="The caller's own, if not sent.")
    kind: ReportKind
    first: AnyDate = Field(alias="from")
    last: AnyDate = Field(alias="to")
    cut_off_at: PastInstant | None = _CUT_OFF
    remark: Text | None = None

    @model_validator(mode="after")
    def is_a_period(self) -> Self:
        if self.first > self.last:
            raise PydanticCustomError("reversed_period", "reversed period")
        if not self.kind.fits((self.last - self.first).days + 1):
            raise PydanticCustomError("not_such_a_period", "not such a period")
        return self


class SupersessionIn(Strict):
    id: Id | None = Field(None, description="Of the new version.")
    reason: Annotated[Line, Field(min_length=2)]
    cut_off_at: PastInstant | None = _CUT_OFF
    remark: Text | None = None


class ReportReasonIn(Strict):
    reason: Annotated[Line, Field(min_length=2)]


class ReportFilter(PageQuery):
    place: PlaceCode | None = Field(None, description="The place and all below it.")
    kind: Annotated[list[ReportKind] | None, Several, MAX_VALUES] = None
    state: Annotated[list[ReportState] | None, Several, MAX_VALUES] = None
    first: AnyDate | None = Field(None, alias="from", description="Reports whose period ends on that day or later.")
    last: AnyDate | None = Field(None, alias="to", description="Reports whose period begins on that day or earlier.")
    sort: Literal["-last_on", "last_on"] = "-last_on"

    @model_validator(mode="after")
    def forwards(self) -> Self:
        if self.first and self.last and self.first > self.last:
            raise PydanticCustomError("reversed_period", "reversed period")
        return self


class DifferenceQuery(PageQuery):
    late: bool = Field(False, description="Late entries (补录) alone: cases accepted on record after the cut-off.")
