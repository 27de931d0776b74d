"""How organizations, mediators, accounts and clients are found: lists, single records, and those a body names."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from app.core.jurisdiction import PATH_SUBJECTS
from app.core.paging import Order, page
from app.core.problems import NotFound, UnknownReference
from app.core.unit_of_work import Reading
from app.people.client_schemas import ClientFilter
from app.people.models import Account, Client, ClientSecret, Mediator, Organization
from app.people.schemas import AccountFilter, MediatorFilter, OrganizationFilter
from app.places.queries import in_own_district, within

Page = tuple[Sequence[Any], str | None, int | None]

ORGANIZATION = (
    Organization.id,
    Organization.version,
    Organization.kind,
    Organization.committee_type,
    Organization.name,
    Organization.place,
    Organization.number_prefix,
    Organization.retired_on,
)
MEDIATOR = (
    Mediator.id,
    Mediator.version,
    Mediator.name,
    Mediator.kind,
    Mediator.organization_id,
    Mediator.retired_on,
)
ACCOUNT = (
    Account.id,
    Account.version,
    Account.username,
    Account.name,
    Account.role,
    Account.place,
    Account.organization_id,
    Account.mediator_id,
    Account.disabled_at,
)
CLIENT = (Client.id, Client.version, Client.name, Client.place, Client.scopes, Client.disabled_at)

PATH_SUBJECTS |= {
    "organization_id": lambda district, id: select(Organization.id).where(_is(Organization, district, id)),
    "mediator_id": lambda district, id: select(Mediator.id).where(_is(Mediator, district, id)),
    "account_id": lambda district, id: select(Account.id).where(_is(Account, district, id)),
    "client_id": lambda district, id: select(Client.id).where(_is(Client, district, id)),
}


def _is(model: Any, district: str, id: UUID) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = (model.id == id) & (model.district == district)
    return condition


async def organization_page(reading: Reading, query: OrganizationFilter) -> Page:
    statement = select(*ORGANIZATION)
    if query.place:
        statement = statement.where(within(Organization.place, query.place))
    if query.kind:
        kinds = [child for kind in query.kind for child in kind.with_children()]
        statement = statement.where(Organization.kind.in_(kinds))
    return await page(reading, statement, query, Order(None, Organization.id))


async def mediator_page(reading: Reading, query: MediatorFilter) -> Page:
    statement = select(*MEDIATOR)
    if query.organization_id:
        statement = statement.where(Mediator.organization_id.in_(query.organization_id))
    if query.kind:
        statement = statement.where(Mediator.kind.in_(query.kind))
    return await page(reading, statement, query, Order(None, Mediator.id))


async def account_page(reading: Reading, query: AccountFilter) -> Page:
    statement = select(*ACCOUNT).where(in_own_district(Account, reading.actor))
    if query.place:
        statement = statement.where(within(Account.place, query.place))
    if query.role:
        statement = statement.where(Account.role.in_(query.role))
    if query.organization_id:
        statement = statement.where(Account.organization_id.in_(query.organization_id))
    if query.disabled is not None:
        statement = statement.where(_disabled(Account, query.disabled))
    return await page(reading, statement, query, Order(None, Account.id))


async def client_page(reading: Reading, query: ClientFilter) -> Page:
    statement = select(*CLIENT).where(in_own_district(Client, reading.actor))
    if query.place:
        statement = statement.where(within(Client.place, query.place))
    if query.disabled is not None:
        statement = statement.where(_disabled(Client, query.disabled))
    return await page(reading, statement, query, Order(None, Client.id))


def _disabled(model: Any, wanted: bool) -> ColumnElement[bool]:
    unset: ColumnElement[bool] = model.disabled_at.is_(None)
    return ~unset if wanted else unset


async def one_organization(reading: Reading, id: UUID) -> Any:
    return await _one(reading, select(*ORGANIZATION).where(Organization.id == id))


async def one_mediator(reading: Reading, id: UUID) -> Any:
    return await _one(reading, select(*MEDIATOR).where(Mediator.id == id))


async def one_account(reading: Reading, id: UUID) -> Any:
    return await _one(reading, select(*ACCOUNT).where(Account.id == id, in_own_district(Account, reading.actor)))


async def one_client(reading: Reading, id: UUID) -> Any:
    return await _one(reading, select(*CLIENT).where(Client.id == id, in_own_district(Client, reading.actor)))


async def secrets_of(reading: Reading, client_id: UUID) -> Sequence[Any]:
    """Those that have not been ended, the oldest first."""
    columns = (ClientSecret.id, ClientSecret.made_at, ClientSecret.expires_at)
    statement = select(*columns).where(ClientSecret.client_id == client_id)
    return (await reading.session.execute(statement.order_by(ClientSecret.made_at, ClientSecret.id))).all()


async def own_account(reading: Reading) -> Any:
    return await _one(reading, select(*ACCOUNT).where(Account.id == reading.actor.id))


async def _one(reading: Reading, statement: Any) -> Any:
    row = (await reading.session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def organization_named(reading: Reading, id: UUID, pointer: str) -> Organization:
    """The organization a body names: of the district and not retired; one answer where it is not."""
    statement = select(Organization).where(Organization.id == id, _chosen(Organization, reading))
    organization = await reading.session.scalar(statement)
    if organization is None:
        raise UnknownReference(pointer)
    return organization


async def mediators_named(reading: Reading, ids: Sequence[UUID], pointer: str) -> list[Mediator]:
    """The mediators a list in the body names, in its order."""
    statement = select(Mediator).where(Mediator.id.in_(ids), _chosen(Mediator, reading))
    found = {mediator.id: mediator for mediator in await reading.session.scalars(statement)}
    for position, id in enumerate(ids):
        if id not in found:
            raise UnknownReference(f"{pointer}/{position}")
    return [found[id] for id in ids]


async def mediator_named(reading: Reading, id: UUID, pointer: str) -> Mediator:
    statement = select(Mediator).where(Mediator.id == id, _chosen(Mediator, reading))
    mediator = await reading.session.scalar(statement)
    if mediator is None:
        raise UnknownReference(pointer)
    return mediator


def _chosen(model: Any, reading: Reading) -> ColumnElement[bool]:
    still = or_(model.retired_on.is_(None), model.retired_on > reading.today)
    return in_own_district(model, reading.actor) & still
