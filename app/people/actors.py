"""From a bearer token to its account, and from the account to the actor it is.

One indexed look-up, kept for a second at most: disabling an account, moving it, changing its role or declaring a
conflict of interest of its mediator acts on the next request of this process, and within a second in another.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, select

from app.core.auth import Actor
from app.core.crypto import token_hash
from app.core.jurisdiction import CaseConflict, Granted, Subtree
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
    rows = await reading.rows(_BY_TOKEN, hash=token_hash(token), now=reading.now)
    barred = tuple(row.case_id for row in rows if row.case_id)
    return actor_of(rows[0], rows[0].sign_in_id, barred) if rows else None
