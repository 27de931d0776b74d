"""Places: read by everybody who is signed in, kept by the administrator of the district."""

from typing import Annotated, Any

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.paging import listed
from app.core.route import guarded_router, read, work
from app.core.unit_of_work import Reading, Work
from app.places import queries, service
from app.places.schemas import PlaceFilter, PlaceIn, PlaceList, PlaceOut, PlacePatch, PlacePath

router = guarded_router(prefix="/places", tags=["places"])


@router.get("")
async def list_places(
    query: Annotated[PlaceFilter, Query()], reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> PlaceList:
    """Places by code, also those no longer valid; `level` and `parent` take several values."""
    rows, following, total = await queries.place_page(reading, query)
    return listed(PlaceList, [_out(row) for row in rows], following, total)


@router.get("/{code}")
async def read_place(code: PlacePath, reading: Annotated[Reading, read(Permission.REFERENCE_READ)]) -> Answer[PlaceOut]:
    """One place."""
    return _answer(await queries.one_place(reading, code))


@router.post("", status_code=201)
async def add_place(body: PlaceIn, work: Annotated[Work, work(Permission.PLACES_MANAGE)]) -> Answer[PlaceOut]:
    """Adds a township or village of the caller's district. Level and parent follow from the code, which is also its id:
    the same place sent again is answered 200."""
    place, is_new = await service.add_place(work, body)
    return _answer(place, status=201 if is_new else 200)


@router.patch("/{code}")
async def change_place(
    code: PlacePath, body: PlacePatch, work: Annotated[Work, work(Permission.PLACES_MANAGE)]
) -> Answer[PlaceOut]:
    """Renames a place, or closes it with `valid_to`, its last day. A code is never given to another place."""
    return _answer(await service.change_place(work, code, body))


def _answer(row: Any, status: int | None = None) -> Answer[PlaceOut]:
    location = f"/api/v1/places/{row.code}" if status == 201 else None
    return Answer(_out(row), etag=etag_of(row.version), location=location, status=status)


def _out(row: Any) -> Any:
    return {name: getattr(row, name) for name in PlaceOut.__annotations__}
