"""How places are found, and how far the writes of an account reach among the tables that are not located."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select

from app.core.auth import Actor
from app.core.jurisdiction import Spot
from app.core.paging import Order, page
from app.core.prepared import Prepared
from app.core.problems import NotFound, UnknownReference
from app.core.unit_of_work import Reading
from app.places.codes import PlaceLevel
from app.places.models import Place
from app.places.schemas import PlaceFilter

COLUMNS = (Place.code, Place.version, Place.name, Place.level, Place.parent, Place.valid_from, Place.valid_to)
_SIGNIFICANT = {PlaceLevel.DISTRICT: 6, PlaceLevel.TOWNSHIP: 9, PlaceLevel.VILLAGE: 12}


def in_own_district(model: Any, actor: Actor) -> ColumnElement[bool]:
    """The one limit on places, organizations, mediators and accounts: they are kept by the administrators of their
    district."""
    condition: ColumnElement[bool] = model.district == actor.district
    return condition


def within(column: Any, code: str) -> ColumnElement[bool]:
    """The place of that code and all below it, for reference tables; located tables are narrowed by equality."""
    head = code[: _SIGNIFICANT[PlaceLevel.of(code)]]
    condition: ColumnElement[bool] = column.between(code, head.ljust(12, "9"))
    return condition


async def place_page(reading: Reading, query: PlaceFilter) -> tuple[Sequence[Any], str | None, int | None]:
    statement = select(*COLUMNS)
    if query.level:
        statement = statement.where(Place.level.in_(query.level))
    if query.parent:
        statement = statement.where(Place.parent.in_(query.parent))
    return await page(reading, statement, query, Order(None, Place.code))


async def one_place(reading: Reading, code: str) -> Any:
    row = (await reading.session.execute(select(*COLUMNS).where(Place.code == code))).one_or_none()
    if row is None:
        raise NotFound
    return row


_VALID_ON = Prepared(
    select(*COLUMNS).where(
        Place.code == bindparam("code"),
        Place.valid_from <= bindparam("on"),
        or_(Place.valid_to.is_(None), Place.valid_to >= bindparam("on")),
    )
)


async def place_named(reading: Reading, code: str, pointer: str, *, on: date) -> Any:
    """The place a body names: there, valid that day, and within the jurisdiction; one answer where it is not."""
    found = await reading.rows(_VALID_ON, code=code, on=on)
    if not found or not reading.actor.jurisdiction.reaches(Spot.of_place(code)):
        raise UnknownReference(pointer)
    return found[0]
