"""What anybody may ask of the public figures, and is told: fixed tables of a whole year that is over."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from app.core.schemas import PlaceCode, Query, WholeNumber


class PublicQuery(Query):
    place: PlaceCode | None = Field(None, description="A district or township; the first district, if not sent.")
    year: Annotated[WholeNumber, Field(ge=1949, le=2100)] | None = Field(
        None, description="A calendar year that is over; the last, if not sent."
    )


class PublicFigures(TypedDict):
    """All null where they are left out. A rate is also null where there is nothing to divide by."""

    is_hidden: bool
    received: int | None
    handled: int | None
    succeeded: int | None
    handling_percent: str | None
    success_percent: str | None


class PublicRow(PublicFigures):
    code: str | None
    zh: str
    en: str


class NamedPlace(TypedDict):
    code: str
    name: str


class PublicTables(TypedDict):
    """`minimum`: smaller counts but zero are left out, and whatever would tell them. `as_of`: the start of the present
    quarter; what was recorded later is not in the figures."""

    place: str
    name: str
    year: int
    as_of: datetime
    minimum: int
    places: list[NamedPlace]
    total: PublicFigures
    by_category: list[PublicRow]
    by_method: list[PublicRow]
    by_place: list[PublicRow]
