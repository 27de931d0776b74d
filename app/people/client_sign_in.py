"""How a machine client gets its token: by its id and a secret, in the form or as HTTP Basic (RFC 6749 §4.4).

A token ends with the secret that got it, and with the client.
"""

import base64
import secrets
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID

from sqlalchemy import delete, or_, select

from app.core.auth import OPERATOR, Permission
from app.core.crypto import token_hash
from app.core.schemas import NO_ID, is_id
from app.core.unit_of_work import Reading, Work, opened
from app.people.actors import MACHINE_TOKEN, actor_of_client
from app.people.models import Client, ClientSecret, ClientToken
from app.people.problems import InvalidClient, InvalidScope, InvalidTokenRequest
from app.people.schemas import TokenIn
from app.people.throttle import caller, counted_try, mark_success


async def issue_client_token(work: Work, body: TokenIn, authorization: str | None) -> dict[str, Any]:
    client_id, secret = _credentials(body, authorization)
    _, attempt_id = await counted_try(
        work, "try_client_secret", caller(work, str(client_id), "client"), Client, lambda r: _client_of(r, client_id)
    )
    client, used = await _locked(work, client_id, secret)
    if (scopes := _granted(client, body.scope)) is None:
        work.remember(lambda own: mark_success(own, attempt_id))  # the secret was right
        raise InvalidScope
    work.acting_as(actor_of_client(client, scopes))
    work.about(client)
    await mark_success(work, attempt_id)
    return await _new_token(work, client, used, scopes)


def _credentials(body: TokenIn, authorization: str | None) -> tuple[UUID, str]:
    if authorization is not None:
        if body.client_secret is not None:
            raise InvalidTokenRequest  # RFC 6749 §2.3: one way at a time
        id, secret = _basic(authorization)
    elif body.client_id is None or body.client_secret is None:
        raise InvalidTokenRequest
    else:
        id, secret = body.client_id, body.client_secret
    return (UUID(id) if is_id(id) else NO_ID), secret


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, value = authorization.partition(" ")
    try:
        id, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except ValueError:
        raise _unknown() from None
    if scheme.lower() != "basic":
        raise _unknown()
    return unquote_plus(id), unquote_plus(secret)


def _unknown() -> InvalidClient:
    return InvalidClient(headers={"WWW-Authenticate": 'Basic realm="tiaojie"'})


async def _client_of(reading: Reading, id: UUID) -> Any:
    return (await reading.session.execute(select(Client.id, Client.place).where(Client.id == id))).one_or_none()


async def _locked(work: Work, id: UUID, secret: str) -> tuple[Client, ClientSecret]:
    """One statement, whether the client, its secret or neither is there; locked against whoever ends them now."""
    statement = (
        select(Client, ClientSecret)
        .join(ClientSecret, ClientSecret.client_id == Client.id)
        .where(Client.id == id, Client.disabled_at.is_(None), ClientSecret.hash == token_hash(secret))
        .where(or_(ClientSecret.expires_at.is_(None), ClientSecret.expires_at > work.now))
    )
    found = (await work.session.execute(statement.with_for_update())).one_or_none()
    if found is None:
        raise _unknown()
    client, used = found
    return client, used


def _granted(client: Client, asked: str | None) -> frozenset[Permission] | None:
    """What was asked for, or all the client has; None where it has not what it asks for."""
    had = {str(scope): scope for scope in client.scopes}
    names = set(had) if asked is None else set(asked.split())
    return frozenset(had[name] for name in names) if names and names <= set(had) else None


async def _new_token(work: Work, client: Client, used: ClientSecret, scopes: frozenset[Permission]) -> dict[str, Any]:
    """Tokens of the client that no longer hold are forgotten in passing."""
    now, holds = work.now, work.kernel.token_life.access
    if used.expires_at is not None:
        holds = min(holds, used.expires_at - now)
    expired = delete(ClientToken).where(ClientToken.client_id == client.id, ClientToken.expires_at < now)
    await work.session.execute(expired, execution_options={"synchronize_session": False})
    token, granted = MACHINE_TOKEN + secrets.token_urlsafe(32), sorted(scopes)
    named = {"client_id": client.id, "secret_id": used.id, "scopes": granted}
    work.session.add(ClientToken(**named, hash=token_hash(token), expires_at=now + holds))
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(holds.total_seconds()),
        "scope": " ".join(granted),
    }


async def revoke_client_token(work: Work, token: str) -> None:
    """Looked for beside the unit of work first: a stranger's guess takes no lock."""
    hashed = token_hash(token)
    reading = Reading(work.kernel, OPERATOR, work.asked)
    async with opened(reading):
        if await reading.session.scalar(select(ClientToken.id).where(ClientToken.hash == hashed)) is None:
            return
    statement = select(Client).join(ClientToken, ClientToken.client_id == Client.id).where(ClientToken.hash == hashed)
    client = await work.session.scalar(statement)
    if client is None:
        return
    work.acting_as(actor_of_client(client, frozenset()))
    work.about(client)
    gone = delete(ClientToken).where(ClientToken.hash == hashed)
    await work.session.execute(gone, execution_options={"synchronize_session": False})
