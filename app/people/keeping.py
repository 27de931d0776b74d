"""What organizations, mediators, accounts and clients share: made once, in the caller's district, and changed under
lock."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from app.core.answers import etag_of
from app.core.db import new_id
from app.core.problems import IdReused, NotFound
from app.core.schemas import Strict
from app.core.unit_of_work import Work
from app.people.models import Account, Client, Mediator, Organization
from app.places.queries import in_own_district

R = TypeVar("R", Organization, Mediator, Account, Client)


async def sent_before(work: Work, model: type[R], body: Any) -> R | None:
    """The record the same creation made earlier; of another district, its id is taken."""
    standing = await work.sent_before(model, body.id, _as_sent(body)) if body.id else None
    if standing is not None and standing.district != work.actor.district:
        raise IdReused
    return standing


async def claim(work: Work, model: type[R], body: Any, **further: Any) -> tuple[R, bool]:
    row = model(
        **body.model_dump(exclude={"id"}),
        **further,
        id=body.id or new_id(),
        district=work.actor.district,
        version=1,
        recorded_at=work.now,
        changed_at=work.now,
    )
    standing, is_new = await work.claim(row, _as_sent(body))
    if standing.district != work.actor.district:
        raise IdReused
    return standing, is_new


def _as_sent(body: Strict) -> dict[str, Any]:
    return body.model_dump(mode="json", exclude_unset=True)


async def own_to_change(work: Work, model: type[R], id: UUID) -> R:
    """A record of the actor's district (404), as it was read (412), locked until the end of the unit of work."""
    statement = select(model).where(model.id == id, in_own_district(model, work.actor)).with_for_update()
    row = await work.session.scalar(statement)
    if row is None:
        raise NotFound
    work.about(row)
    await work.match(row.version, etag_of(row.version))
    return row
