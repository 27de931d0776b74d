"""How rows of organizations, mediators, accounts and clients become answers."""

from typing import Any

from app.core.answers import Answer, etag_of
from app.core.unit_of_work import Reading
from app.people import queries
from app.people.client_schemas import ClientItem, ClientOut, SecretOut
from app.people.passwords import FreshPassword
from app.people.schemas import AccountMade, AccountOut, MediatorOut, MeOut, OrganizationOut


def fields(shape: Any, row: Any) -> Any:
    return {name: getattr(row, name) for name in shape.__annotations__}


def organization(row: Any, is_new: bool | None = None) -> Answer[OrganizationOut]:
    return _record(OrganizationOut, "organizations", row, is_new)


def mediator(row: Any, is_new: bool | None = None) -> Answer[MediatorOut]:
    return _record(MediatorOut, "mediators", row, is_new)


def _record(shape: Any, collection: str, row: Any, is_new: bool | None, out: Any = fields) -> Answer[Any]:
    status = None if is_new is None else 201 if is_new else 200
    location = f"/api/v1/{collection}/{row.id}" if is_new else None
    return Answer(out(shape, row), etag=etag_of(row.version), location=location, status=status)


def out(shape: Any, row: Any) -> Any:
    shown = [name for name in shape.__annotations__ if name != "disabled"]
    return {name: getattr(row, name) for name in shown} | {"disabled": row.disabled_at is not None}


async def client(reading: Reading, row: Any, is_new: bool | None = None) -> Answer[ClientOut]:
    secrets = [fields(SecretOut, secret) for secret in await queries.secrets_of(reading, row.id)]
    made = _record(ClientItem, "clients", row, is_new, out)
    return Answer(made.body | {"secrets": secrets}, made.etag, made.location, made.status)


def made(account: Any, password: FreshPassword, location: str | None = None) -> Answer[AccountMade]:
    body = out(AccountOut, account) | {"initial_password": password.text}
    return Answer(body, etag=etag_of(account.version), location=location)


def me(reading: Reading, row: Any) -> Answer[MeOut]:
    own = {"permissions": sorted(reading.actor.permissions), "view": reading.actor.view}
    return Answer(out(AccountOut, row) | own, etag=etag_of(row.version))
