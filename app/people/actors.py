"""From a bearer token to its account or machine client, and from that to the actor it is.

One indexed look-up, kept for a second at most: disabling an account, moving it, changing its role or scopes and
declaring a conflict of interest act on the next request of this process, and within a second in another.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, select

from app.core.auth import Actor, Permission
from app.core.crypto import token_hash
from app.core.jurisdiction import CaseConflict, Granted, Subtree
from app.core.prepared import Prepared
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
    CaseConflict.case_id,  # no label: it would take the type before the foreign key has given the column one
)


def actor_of(account: Any, sign_in_id: UUID | None = None, barred: tuple[UUID, ...] = ()) -> Actor:
    """`account` is a row or a record with the columns of one."""
    role = account.role
    subtree = Subtree(account.place, barred)
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


_CONFLICT = and_(
    CaseConflict.district == Account.district,
    CaseConflict.mediator_id == Account.mediator_id,
    CaseConflict.ended_at.is_(None),
)
_BY_TOKEN = Prepared(
    select(*_COLUMNS)
    .join(SignIn, SignIn.id == Token.sign_in_id)
    .join(Account, Account.id == SignIn.account_id)
    .outerjoin(CaseConflict, _CONFLICT)
    .where(Token.hash == bindparam("hash"), Token.is_refresh.is_(False), Token.expires_at > bindparam("now"))
    .where(SignIn.ended_at.is_(None), Account.disabled_at.is_(None))
)


async def find_actor(reading: Reading, token: str) -> Actor | None:
    """A row for each case that the account's mediator is barred from, or one."""
    if token.startswith(MACHINE_TOKEN):
        return await _find_client(reading, token)
    rows = await reading.rows(_BY_TOKEN, hash=token_hash(token), now=reading.now)
    barred = tuple(row.case_id for row in rows if row.case_id)
    return actor_of(rows[0], rows[0].sign_in_id, barred) if rows else None


_CLIENT_BY_TOKEN = Prepared(
    select(Client.id, Client.place, Client.scopes, ClientToken.scopes.label("granted"))
    .join(Client, Client.id == ClientToken.client_id)
    .where(ClientToken.hash == bindparam("hash"), ClientToken.expires_at > bindparam("now"))
    .where(Client.disabled_at.is_(None))
)


async def _find_client(reading: Reading, token: str) -> Actor | None:
    found = await reading.rows(_CLIENT_BY_TOKEN, hash=token_hash(token), now=reading.now)
    return actor_of_client(found[0], frozenset(found[0].granted)) if found else None
