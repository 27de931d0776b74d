"""Keeping machine clients and their secrets: two hold at a time, so that one can be changed without a pause."""

import secrets
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select

from app.core.crypto import token_hash
from app.core.db import new_id
from app.core.problems import NotFound
from app.core.records import change
from app.core.unit_of_work import Work
from app.people.client_schemas import ClientIn, ClientPatch, SecretIn
from app.people.keeping import claim, own_to_change, sent_before
from app.people.models import Client, ClientSecret, ClientToken
from app.people.problems import TooManySecrets
from app.places.queries import in_own_district, place_named

AT_A_TIME = 2
_APART = {"synchronize_session": False}


async def add_client(work: Work, body: ClientIn) -> tuple[Client, bool]:
    if standing := await sent_before(work, Client, body):
        return standing, False
    await place_named(work, body.place, "/place", on=work.today)
    return await claim(work, Client, body)


async def change_client(work: Work, id: UUID, body: ClientPatch) -> Client:
    client = await own_to_change(work, Client, id)
    changes = body.changes()
    if "place" in changes:
        await place_named(work, changes["place"], "/place", on=work.today)
    disabled = changes.pop("disabled", client.disabled_at is not None)
    changes["disabled_at"] = (client.disabled_at or work.now) if disabled else None
    change(client, changes, work.now)
    if disabled:
        await _end_tokens(work, ClientToken.client_id == client.id)
    return client


async def add_secret(work: Work, client_id: UUID, body: SecretIn) -> tuple[Client, ClientSecret, str]:
    """The last is the secret itself, 256 random bits, told this once."""
    client = await own_to_change(work, Client, client_id)
    own = ClientSecret.client_id == client.id
    holds = or_(ClientSecret.expires_at.is_(None), ClientSecret.expires_at > work.now)
    if (await work.session.scalar(select(func.count(ClientSecret.id)).where(own, holds)) or 0) >= AT_A_TIME:
        raise TooManySecrets
    await _forget_secrets(work, own & ~holds)
    text = f"tjs_{secrets.token_urlsafe(32)}"
    made = ClientSecret(id=new_id(), client_id=client.id, hash=token_hash(text), made_at=work.now)
    made.expires_at = body.expires_at
    work.session.add(made)
    _raise_version(work, client)
    return client, made, text


async def end_secret(work: Work, client_id: UUID, secret_id: UUID) -> Client:
    """From the next request on neither the secret nor a token that it got is known."""
    mine = select(Client.id).where(Client.id == client_id, in_own_district(Client, work.actor))
    same = (ClientSecret.id == secret_id) & ClientSecret.client_id.in_(mine)
    if await work.session.scalar(select(ClientSecret.id).where(same)) is None:
        raise NotFound
    client = await own_to_change(work, Client, client_id)
    if not await _forget_secrets(work, same):
        raise NotFound  # another request has ended it meanwhile
    work.touch(ClientSecret.part)
    _raise_version(work, client)
    return client


async def _forget_secrets(work: Work, condition: ColumnElement[bool]) -> int:
    await _end_tokens(work, ClientToken.secret_id.in_(select(ClientSecret.id).where(condition)))
    forgotten = delete(ClientSecret).where(condition).returning(ClientSecret.id)
    return len((await work.session.execute(forgotten, execution_options=_APART)).all())


async def _end_tokens(work: Work, condition: ColumnElement[bool]) -> None:
    await work.session.execute(delete(ClientToken).where(condition), execution_options=_APART)


def _raise_version(work: Work, client: Client) -> None:
    client.version += 1
    client.changed_at = work.now
