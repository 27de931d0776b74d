"""What is sent and answered about places."""

from datetime import date
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from app.core.clock import today
from app.core.input_errors import rule
from app.core.paging import PageOf
from app.core.schemas import MAX_VALUES, NOT_SENT, AnyDate, PageQuery, Patch, PlaceCode, Several, Strict
from app.core.text import Name
from app.places.codes import PlaceLevel

rule("reversed_validity", "valid_to 不能早于 valid_from", "valid_to should not be before valid_from")

NO_PLACE = "000000000000"
PlacePath = Annotated[
    str,
    BeforeValidator(
        lambda value: value if len(value) == len(NO_PLACE) and value.isascii() and value.isdigit() else NO_PLACE
    ),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{11}$"}),
]
"""A code in a path: whatever is no division code names no place, and is not found like any other."""


class PlaceOut(TypedDict):
    code: str
    version: int
    name: str
    level: PlaceLevel
    parent: str | None
    valid_from: date
    valid_to: date | None


class PlaceList(PageOf):
    items: list[PlaceOut]


class PlaceFilter(PageQuery):
    level: Annotated[list[PlaceLevel] | None, Several, MAX_VALUES] = None
    parent: Annotated[list[PlaceCode] | None, Several, MAX_VALUES] = None


class PlaceIn(Strict):
    """Level and parent follow from the code."""

    code: PlaceCode
    name: Name
    valid_from: AnyDate = Field(default_factory=today)
    valid_to: AnyDate | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise PydanticCustomError("reversed_validity", "reversed")
        return self


class PlacePatch(Patch):
    name: Name = NOT_SENT
    valid_from: AnyDate = NOT_SENT
    valid_to: AnyDate | None = None
