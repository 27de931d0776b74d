"""What is sent and answered about time limits, the calendar of working days and reporting calendars."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from app.calendar.codes import DayKind, DeadlineCode, ReportingPeriodKind
from app.core.input_errors import rule
from app.core.paging import PageOf
from app.core.schemas import (
    MAX_VALUES,
    NOT_SENT,
    AnyDate,
    Id,
    PageQuery,
    Patch,
    Query,
    Several,
    Strict,
    WholeNumber,
)
from app.core.text import Title

rule("reversed_effect", "effective_to 不能早于 effective_from", "effective_to should not be before effective_from")

MOST_DAYS = 366
Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]


class DeadlineRuleOut(TypedDict):
    id: UUID
    version: int
    district: str | None
    code: DeadlineCode
    days: int
    kind: DayKind
    rolls: bool
    extension_days: int
    extension_count: int
    basis_zh: str
    basis_en: str
    effective_from: date
    effective_to: date | None


class DeadlineRuleList(PageOf):
    items: list[DeadlineRuleOut]


class DeadlineRuleFilter(PageQuery):
    code: Annotated[list[DeadlineCode] | None, Several, MAX_VALUES] = None
    on: AnyDate | None = Field(None, description="Rules in force that day.")


class DeadlineRuleIn(Strict):
    """A rule of the caller's district. It comes before the nation's, and the later one before the earlier."""

    id: Id | None = None
    code: DeadlineCode
    days: Days
    kind: DayKind
    rolls: bool = Field(False, description="A last day that is none of work moves to the next that is.")
    extension_days: Annotated[int, Field(ge=0, le=MOST_DAYS, description="The longest of one extension.")] = 0
    extension_count: Annotated[int, Field(ge=0, le=10)] = 0
    basis_zh: Title
    basis_en: Title
    effective_from: AnyDate
    effective_to: AnyDate | None = None

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise PydanticCustomError("reversed_effect", "reversed")
        return self


class DeadlineRulePatch(Patch):
    """A rule is never rewritten: its end is set, and a new one added."""

    effective_to: AnyDate | None = None


class CalendarDayOut(TypedDict):
    id: UUID
    version: int
    district: str
    on: date
    is_working: bool
    document: str


class CalendarDayList(PageOf):
    items: list[CalendarDayOut]


class CalendarDayFilter(PageQuery):
    on_from: AnyDate | None = None
    on_to: AnyDate | None = None

    @model_validator(mode="after")
    def forwards(self) -> Self:
        if self.on_from and self.on_to and self.on_from > self.on_to:
            raise PydanticCustomError("reversed_period", "reversed period")
        return self


class CalendarDayIn(Strict):
    """A day that the notice of the year takes out of the week's rule, in the caller's district."""

    id: Id | None = None
    on: AnyDate
    is_working: bool
    document: Title = Field(description="The notice: its number, or its title.")


class CalendarDayPatch(Patch):
    is_working: bool = NOT_SENT
    document: Title = NOT_SENT


class ReportingCalendarOut(TypedDict):
    id: UUID
    version: int
    district: str | None
    code: str
    zh: str
    en: str
    first_month: int
    cut_off_day: int | None
    cut_off_time: str
    submit_days: int
    basis_zh: str
    basis_en: str
    effective_from: date
    effective_to: date | None


class ReportingCalendarList(PageOf):
    items: list[ReportingCalendarOut]


CalendarCode = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$", max_length=40, examples=["calendar_year"])]


class ReportingCalendarFilter(PageQuery):
    code: Annotated[list[CalendarCode] | None, Several, MAX_VALUES] = None


class ReportingCalendarIn(Strict):
    """A calendar of the caller's district. Under the code of another it comes before the nation's, and the later one
    before the earlier."""

    id: Id | None = None
    code: CalendarCode
    zh: Title
    en: Title
    first_month: Annotated[int, Field(ge=1, le=12, description="The month at whose end the first period ends.")]
    cut_off_day: Annotated[int, Field(ge=1, le=28)] | None = Field(
        None, description="The last day that counts in a month's period; null is the last of the month."
    )
    cut_off_time: Annotated[str, Field(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", max_length=5)] = "24:00"
    submit_days: Annotated[int, Field(ge=0, le=60, description="Calendar days after the cut-off.")]
    basis_zh: Title
    basis_en: Title
    effective_from: AnyDate
    effective_to: AnyDate | None = None

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise PydanticCustomError("reversed_effect", "reversed")
        return self


class ReportingCalendarPatch(Patch):
    """A calendar is never rewritten: its end is set, and a new one added."""

    effective_to: AnyDate | None = None


class ReportingYearQuery(Query):
    year: Annotated[WholeNumber, Field(ge=1901, le=2100, description="The year in which the reporting year ends.")]


class ReportingPeriodOut(TypedDict):
    kind: ReportingPeriodKind
    name: str
    first: date
    last: date
    cut_off_at: datetime
    submit_by: date


class ReportingPeriods(TypedDict):
    calendar: ReportingCalendarOut
    year: int
    months: list[ReportingPeriodOut]
    quarters: list[ReportingPeriodOut]
    half_years: list[ReportingPeriodOut]
    whole: ReportingPeriodOut
