"""What every request body and query shares: strictness, and the types of ids, dates, months, money and places."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError

from app.core.clock import today
from app.core.input_errors import rule

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)


rule(
    "not_an_instant",
    "应为带时区的时刻，如 2020-03-09T09:00:00+08:00",
    "should be an instant with its offset, such as 2020-03-09T09:00:00+08:00",
)
rule("not_behind", "应在 1900 年之后、现在之前", "should lie behind, after the year 1900")
rule("not_ahead", "应在现在之后、2100 年之前", "should lie ahead, before the year 2100")


class Strict(BaseModel):
    """A request body: unknown fields and coercions are refused. What was not sent is not in `model_fields_set`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class FormBody(BaseModel):
    """The fields of a form, which are text."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Query(BaseModel):
    """Query parameters of one route; a subclass per list."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


NOT_SENT: Any = None
"""Default of a required field in a `Patch`: it may be left out, never be null."""


def _without_null_defaults(schema: dict[str, Any]) -> None:
    for field in schema.get("properties", {}).values():
        if field.get("default", "") is None:
            del field["default"]


class Patch(Strict):
    """A merge patch: null clears an optional field, and is refused on a required one."""

    model_config = ConfigDict(json_schema_extra=_without_null_defaults)

    def changes(self) -> dict[str, Any]:
        """What was sent, as columns take it: a list of objects is a list of plain dictionaries."""
        return self.model_dump(include=self.model_fields_set)


def _matching(pattern: str, kind: str, parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    compiled = re.compile(pattern)

    def validate(value: Any) -> Any:
        if not isinstance(value, str):
            return value if not isinstance(value, int | float | bool | list | dict | None) else _refuse(kind)
        if not compiled.fullmatch(value):
            _refuse(kind)
        try:
            return parse(value)
        except ValueError:
            _refuse(kind)

    return validate


def _refuse(kind: str) -> Any:
    raise PydanticCustomError(kind, "malformed")


def _id(value: str) -> UUID:
    parsed = UUID(value)
    if parsed.int == 0:
        raise ValueError
    return parsed


def _in_range(first: date, last: Callable[[], date], late: str) -> Callable[[date], date]:
    def check(value: date) -> date:
        if value < first:
            _refuse("date_too_early")
        if value > last():
            _refuse(late)
        return value

    return check


def is_id(text: str) -> bool:
    """The one spelling of an id: lower case, 36 characters."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


_HEX = "[0-9a-fA-F]"
_parse_date = _matching("[0-9]{4}-[0-9]{2}-[0-9]{2}", "not_a_date", date.fromisoformat)
_INSTANT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
_parse_instant = _matching(_INSTANT, "not_an_instant", lambda text: datetime.fromisoformat(text.upper()))
_EARLIEST_INSTANT, _LATEST_INSTANT = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_past, _any_date = _in_range(EARLIEST, today, "date_in_future"), _in_range(EARLIEST, lambda: LATEST, "date_too_late")

Id = Annotated[
    UUID,
    BeforeValidator(_matching(f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}", "not_an_id", _id)),
]
"""A UUID in its 36-character form; upper case is folded, the nil UUID refused."""
NO_ID = UUID(int=0)
PathId = Annotated[
    UUID,
    BeforeValidator(lambda value: UUID(value) if is_id(value) else NO_ID),
    WithJsonSchema({"type": "string", "format": "uuid"}),
]
"""An id in a path: any spelling but the one we give names no record, and is not found like any other."""
PastDate = Annotated[date, BeforeValidator(lambda value: _bounded(value, _past))]
"""The civil date, in Shanghai, of something that has happened: 1900-01-01 to today."""
AnyDate = Annotated[date, BeforeValidator(lambda value: _bounded(value, _any_date))]
"""A civil date in Shanghai that may lie ahead: 1900-01-01 to 2100-12-31."""
Money = Annotated[
    Decimal,
    BeforeValidator(_matching(r"[0-9]{1,12}(\.[0-9]{1,2})?", "not_money", Decimal)),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$", "examples": ["1200.00"]}),
]
"""Yuan as a decimal string with at most two places, never a float."""
FutureInstant = Annotated[
    datetime,
    BeforeValidator(lambda value: _ahead(_parse_instant(value))),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2030-03-09T09:00:00+08:00"]}),
]
"""RFC 3339 with an offset, after now."""
PastInstant = Annotated[
    datetime,
    BeforeValidator(lambda value: _behind(_parse_instant(value))),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2020-03-09T09:00:00+08:00"]}),
]
"""RFC 3339 with an offset, of something that has happened."""
PlaceCode = Annotated[str, Field(pattern=r"^[1-9][0-9]{11}$", min_length=12, max_length=12, examples=["500114109200"])]
"""A 12-digit division code."""
PhoneNumber = Annotated[str, Field(pattern=r"^(1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8})$", max_length=13)]
"""A mainland mobile number, or a landline with its area code."""
WholeNumber = Annotated[
    int, BeforeValidator(_matching("-?[0-9]{1,18}", "int_parsing", int)), WithJsonSchema({"type": "integer"})
]
"""In a form, as text."""
Count = Annotated[int, Field(ge=0, le=10_000_000)]


def _ahead(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    if not datetime.now(UTC) < value < _LATEST_INSTANT:
        _refuse("not_ahead")
    return value.astimezone(UTC)


def _behind(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    if not _EARLIEST_INSTANT < value <= datetime.now(UTC):
        _refuse("not_behind")
    return value.astimezone(UTC)


def _bounded(value: Any, check: Callable[[date], date]) -> date:
    return check(_parse_date(value) if not isinstance(value, date) else value)


def money_text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def unrepeated(values: list[Any]) -> list[Any]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("same_id_twice", "the same id twice")
    return values


def _in_text(parse: Callable[[Any], Any]) -> BeforeValidator:
    """Queries are text, to be taken apart; the same model as a body is JSON and says what it means."""

    def validate(value: Any, about: ValidationInfo) -> Any:
        return value if (about.config or {}).get("strict") else parse(value)

    return BeforeValidator(validate)


def split_commas(value: Any) -> Any:
    """Several values of one parameter: by comma, by repetition, or both."""
    parts = value if isinstance(value, list) else [value]
    return [piece for part in parts for piece in str(part).split(",")]


Several = _in_text(split_commas)


class _MaxValues:
    """Of the list itself: around `list | None` the limit of a `Field` breaks on null, which a body may hold."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        inner: Any = schema
        while inner["type"] != "list":
            inner = inner["schema"]
        inner["max_length"] = 100
        return schema


MAX_VALUES = _MaxValues()
"""`Annotated[list[X] | None, Several, MAX_VALUES] = None`: a filter that takes several values."""


class PageQuery(Query):
    """How every list is paged (keyset): `next` of one page is `cursor` of the following."""

    where: ClassVar[str] = "query:"
    """How errors point at a field of it."""

    limit: Annotated[int, Field(ge=1, le=200), _in_text(_matching("-?[0-9]{1,18}", "int_parsing", int))] = 50
    cursor: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    total: Annotated[str, Field(pattern="^exact$")] | None = None
