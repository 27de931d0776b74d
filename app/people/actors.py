"""From a bearer token to its account, and from the account to the actor it is.

One indexed look-up, kept for a second at most: disabling an account, moving it or changing its role acts on the next
request of this process, and within a second in another.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from app.core.auth import Actor
from app.core.crypto import token_hash
from app.core.jurisdiction import Granted, Subtree
from app.core.prepared import Prepared
from app.core.unit_of_work import Reading
from app.people.models import Account, SignIn, Token
from app.people.permissions import PERMISSIONS, view_of
from app.places.codes import PlaceLevel

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


_BY_TOKEN = Prepared(
    select(*_COLUMNS)
    .join(SignIn, SignIn.id == Token.sign_in_id)
    .join(Account, Account.id == SignIn.account_id)
    .where(Token.hash == bindparam("hash"), Token.is_refresh.is_(False), Token.expires_at > bindparam("now"))
    .where(SignIn.ended_at.is_(None), Account.disabled_at.is_(None))
)


async def find_actor(reading: Reading, token: str) -> Actor | None:
    found = await reading.rows(_BY_TOKEN, hash=token_hash(token), now=reading.now)
    return actor_of(found[0], found[0].sign_in_id) if found else None
