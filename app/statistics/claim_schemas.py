"""What is sent and answered about claims that are kept."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.core.schemas import AnyDate, Id, PageQuery, PlaceCode, Strict
from app.core.text import Title
from app.statistics.claim_answers import ClaimedFigure
from app.statistics.schemas import ClaimText


class ReportClaimIn(Strict):
    """A sentence of an old report, with the place and period it speaks of."""

    id: Id | None = None
    text: ClaimText
    document: Title | None = Field(None, description="The report in which it stands.")
    place: PlaceCode | None = None
    first: AnyDate = Field(alias="from")
    last: AnyDate = Field(alias="to")

    @model_validator(mode="after")
    def forwards(self) -> Self:
        if self.first > self.last:
            raise PydanticCustomError("reversed_period", "reversed period")
        return self


class ReportClaimFilter(PageQuery):
    place: PlaceCode | None = Field(None, description="The place and all below it.")


ReportClaimItem = TypedDict(
    "ReportClaimItem",
    {
        "id": UUID,
        "version": int,
        "place": str,
        "document": str | None,
        "text": str,
        "from": date,
        "to": date,
        "reproducible": bool,
        "reason_zh": str,
        "reason_en": str,
        "recorded_at": datetime,
        "recorded_by": UUID | None,
    },
)


class ReportClaimOut(ReportClaimItem):
    figures: list[ClaimedFigure]


class ReportClaimList(PageOf):
    items: list[ReportClaimItem]
