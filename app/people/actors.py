"""From a bearer token to its account or machine client, and from that to the actor it is.

One indexed look-up and nothing kept: disabling an account, moving it or changing its role or scopes acts on the next
request.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.auth import Actor, Permission
from app.core.crypto import token_hash
from app.core.jurisdiction import Granted, Subtree
from app.core.unit_of_work import Reading
from app.people.models import Account, Client, ClientToken, SignIn, Token
from app.people.permissions import MACHINE, PERMISSIONS, view_in, view_of
from app.places.codes import PlaceLevel

MACHINE_TOKEN = "tjm_"  # noqa: S105 how the tokens of clients begin, so that one look-up is enough
_COLUMNS = (
    Account.id,
    Account.role,
    Account.district,
    Account.place,
    Account.organization_id,
    Account.mediator_id,
    Token.sign_in_id,
)


def actor_of(account: Any, sign_in_id: UUID | None = None) -> Actor:
    """`account` is a row or a record with the columns of one."""
    role = account.role
    subtree = Subtree(account.place)
    return Actor(
        id=account.id,
        role=role,
        jurisdiction=Granted(account.district, account.organization_id) if role.is_liaison else subtree,
        permissions=PERMISSIONS[role],
        view=view_of(role),
        organization_id=account.organization_id,
        mediator_id=account.mediator_id,
        is_village=PlaceLevel.of(account.place) is PlaceLevel.VILLAGE,
        session_id=sign_in_id,
    )


def actor_of_client(client: Any, granted: frozenset[Permission]) -> Actor:
    """`granted`: the scopes of its token; one that the client has lost since no longer holds."""
    scopes = granted & frozenset(client.scopes)
    return Actor(client.id, MACHINE, Subtree(client.place), scopes, view_in(scopes), is_machine=True)


async def find_actor(reading: Reading, token: str) -> Actor | None:
    if token.startswith(MACHINE_TOKEN):
        return await _find_client(reading, token)
    statement = (
        select(*_COLUMNS)
        .join(SignIn, SignIn.id == Token.sign_in_id)
        .join(Account, Account.id == SignIn.account_id)
        .where(Token.hash == token_hash(token), Token.is_refresh.is_(False), Token.expires_at > reading.now)
        .where(SignIn.ended_at.is_(None), Account.disabled_at.is_(None))
    )
    account = (await reading.session.execute(statement)).one_or_none()
    return actor_of(account, account.sign_in_id) if account else None


async def _find_client(reading: Reading, token: str) -> Actor | None:
    statement = (
        select(Client.id, Client.place, Client.scopes, ClientToken.scopes.label("granted"))
        .join(Client, Client.id == ClientToken.client_id)
        .where(ClientToken.hash == token_hash(token), ClientToken.expires_at > reading.now)
        .where(Client.disabled_at.is_(None))
    )
    client = (await reading.session.execute(statement)).one_or_none()
    return actor_of_client(client, frozenset(client.granted)) if client else None
