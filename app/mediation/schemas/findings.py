"""Investigations and items of evidence as clients send them."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.core.schemas import Count, Id, PastDate, Strict
from app.core.text import Line, Name, Text, Title
from app.mediation.schemas.sessions import Timed

Names = Annotated[list[Name], Field(max_length=100)]


class InvestigationIn(Timed):
    """调查记录 (form 3)."""

    id: Id | None = None
    investigated_on: PastDate
    place_text: Line
    asked: Annotated[list[Name], Field(min_length=1, max_length=100)] = Field(description="Names of whoever was asked.")
    present: Names = Field(default_factory=list, description="Names of the others who were there.")
    asked_by: Name
    recorder: Name | None = None
    record: Text
    signed_by: Names = Field(default_factory=list, description="Names of whoever signed the record.")

    @model_validator(mode="after")
    def in_time(self) -> Self:
        self.check_times(self.investigated_on)
        return self


class EvidenceIn(Strict):
    """证据材料 (form 4)."""

    id: Id | None = None
    name: Title
    source: Line
    submitted_by: Id | None = Field(None, description="A party; the committee gathered it, if not sent.")
    pages: Count | None = None
    received_on: PastDate
    note: Line | None = None


class EvidenceWithdrawalIn(Strict):
    on: PastDate
    reason: Line
