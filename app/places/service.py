"""Keeping the tree of places: one by one within a district, or whole from a file by the operator."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.core.answers import etag_of
from app.core.dialects import upsert
from app.core.problems import NotFound, UnknownReference
from app.core.records import change
from app.core.unit_of_work import Work
from app.places.codes import PlaceLevel, parent_of
from app.places.csv_file import BadPlaces, PlaceRow
from app.places.models import Place
from app.places.problems import PlaceCodeTaken, PlaceEndsBeforeItBegins
from app.places.queries import in_own_district
from app.places.schemas import PlaceIn, PlacePatch


@dataclass(frozen=True)
class Loaded:
    added: int
    changed: int
    unchanged: int


async def add_place(work: Work, body: PlaceIn) -> tuple[Place, bool]:
    """The code is the place's id: the same place sent again is answered as it stands."""
    is_own = body.code[:6] == work.actor.district
    parent = await work.session.get(Place, parent_of(body.code) or body.code)
    if not is_own or parent is None:
        raise UnknownReference("/code")
    values = body.model_dump() | {"level": PlaceLevel.of(body.code), "parent": parent_of(body.code)}
    claim = upsert(work.session, Place).values(**values).on_conflict_do_nothing().returning(Place.code)
    is_new = await work.session.scalar(claim) is not None
    place = await work.session.get_one(Place, body.code)
    if any(getattr(place, name) != getattr(body, name) for name in body.model_fields_set):
        raise PlaceCodeTaken
    work.about(place)
    return place, is_new


async def change_place(work: Work, code: str, body: PlacePatch) -> Place:
    statement = select(Place).where(Place.code == code, in_own_district(Place, work.actor)).with_for_update()
    place = await work.session.scalar(statement)
    if place is None:
        raise NotFound
    work.about(place)
    await work.match(place.version, etag_of(place.version))
    change(place, body.changes(), work.now)
    if place.valid_to is not None and place.valid_to < place.valid_from:
        raise PlaceEndsBeforeItBegins
    return place


async def load_places(work: Work, rows: Sequence[PlaceRow]) -> Loaded:
    """Takes the rows of a file, in any order. The same file again changes nothing; what it does not name stays."""
    own = Place.district.in_({row.code[:6] for row in rows})
    standing = {place.code: place for place in await work.session.scalars(select(Place).where(own))}
    added = changed = 0
    for row in sorted(rows, key=lambda row: row.code):
        if row.parent and row.parent not in standing:
            raise BadPlaces.at(
                row.line, "上级代码不在文件中，也未登记过", "the parent is neither in the file nor known yet"
            )
        if row.code in standing:
            changed += change(standing[row.code], row.values, work.now)
        else:
            standing[row.code] = Place(code=row.code, **row.values)
            work.session.add(standing[row.code])
            added += 1
    return Loaded(added, changed, len(rows) - added - changed)
