"""The one filter of cases: lists, counts and figures choose by it and give the same rows."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.calendar.codes import DeadlineCode
from app.core.input_errors import rule
from app.core.schemas import MAX_VALUES, AnyDate, Id, PageQuery, PhoneNumber, PlaceCode, Query, Several
from app.core.text import clean_line
from app.intake.codes import CaseOutcome, CaseStatus, DisputeCategory, RiskLevel, Source, SpecialGroup
from app.intake.method_codes import Method
from app.intake.party_schemas import DocumentNumber
from app.intake.search_text import words_of

rule("reversed_period", "起始日期晚于截止日期", "the period ends before it begins")

ExternalIdText = Annotated[
    str, Field(min_length=3, max_length=129, pattern="^[^:]{1,64}:.{1,64}$"), AfterValidator(clean_line)
]

rule("nothing_to_search", "没有可供查找的字", "has no character to search for")
rule("too_many_words", "最多 10 个词", "should have at most 10 words")

NONE = "none"
"""Method of a case that had no round; organization of one that has none."""


def _searchable(asked: str) -> str:
    words = words_of(asked)
    if "" in words:
        raise PydanticCustomError("nothing_to_search", "nothing to search")
    if len(words) > 10:
        raise PydanticCustomError("too_many_words", "too many words")
    return asked


Asked = Annotated[
    str, Field(min_length=1, max_length=100, examples=["彩礼"]), AfterValidator(clean_line), AfterValidator(_searchable)
]


class Classification(Query):
    """How a case is classified: what the list and the figures have in common."""

    organization_id: Annotated[list[Id | Literal["none"]] | None, Several, MAX_VALUES] = Field(
        None, description="`none`: no committee yet."
    )
    category: Annotated[list[DisputeCategory] | None, Several, MAX_VALUES] = Field(
        None, description="A parent includes its children."
    )
    source: Annotated[list[Source] | None, Several, MAX_VALUES] = Field(
        None, description="A total includes its members."
    )
    method: Annotated[list[Method | Literal["none"]] | None, Several, MAX_VALUES] = Field(
        None, description="`none`: no round yet."
    )


class CaseFilter(Classification, PageQuery):
    place: PlaceCode | None = Field(None, description="The place and all below it.")
    mediator_id: Annotated[list[Id] | None, Several, MAX_VALUES] = None
    status: Annotated[list[CaseStatus] | None, Several, MAX_VALUES] = None
    outcome: Annotated[list[CaseOutcome] | None, Several, MAX_VALUES] = None
    risk_level: Annotated[list[RiskLevel] | None, Several, MAX_VALUES] = None
    special_group: Annotated[list[SpecialGroup] | None, Several, MAX_VALUES] = None
    external_id: ExternalIdText | None = Field(
        None, description="`system:value`: the case's number in another system.", examples=["12345:A-17"]
    )
    received_from: AnyDate | None = None
    received_to: AnyDate | None = None
    closed_from: AnyDate | None = None
    closed_to: AnyDate | None = None
    overdue: bool | None = Field(None, description="A deadline of the case has passed; a right that lapses is none.")
    q: Asked | None = Field(
        None,
        description="Words in number, title, summary and party names, parted by spaces: all of them must stand there. "
        "A number is found in any spelling.",
    )
    sort: Literal["-reported_on", "reported_on", "-received_on", "received_on", "-closed_on", "closed_on"] = (
        "-reported_on"
    )

    @model_validator(mode="after")
    def forwards(self) -> Self:
        for first, last in ((self.received_from, self.received_to), (self.closed_from, self.closed_to)):
            if first and last and first > last:
                raise PydanticCustomError("reversed_period", "reversed period")
        return self


class DeadlineFilter(PageQuery):
    place: PlaceCode | None = Field(None, description="The place and all below it.")
    code: Annotated[list[DeadlineCode] | None, Several, MAX_VALUES] = None
    due_from: AnyDate | None = None
    due_to: AnyDate | None = None
    overdue: bool | None = Field(None, description="Passed; a right that lapses is none.")

    @model_validator(mode="after")
    def forwards(self) -> Self:
        if self.due_from and self.due_to and self.due_from > self.due_to:
            raise PydanticCustomError("reversed_period", "reversed period")
        return self


class CaseSearch(CaseFilter):
    """The same filters as a body, and two that must not stand in an address."""

    model_config = ConfigDict(strict=True)
    where: ClassVar[str] = "/"

    party_id_number: DocumentNumber | None = Field(None, description="Of a party, whatever kind of document it names.")
    party_phone: PhoneNumber | None = Field(None, description="Of a party, in full.")
