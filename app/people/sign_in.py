"""Signing in and out: a password or a refresh token becomes a family of opaque tokens, and the family ends as one.

Passwords are verified before the unit of work begins, so that no lock is held meanwhile.
"""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update

from app.core.answers import etag_of
from app.core.auth import OPERATOR, Actor
from app.core.crypto import token_hash
from app.core.db import new_id
from app.core.records import change as record_change
from app.core.unit_of_work import Reading, Work, opened, perform
from app.people.actors import MACHINE_TOKEN, actor_of
from app.people.client_sign_in import issue_client_token, revoke_client_token
from app.people.models import Account, SignIn, Token
from app.people.passwords import hash_password, is_password
from app.people.problems import (
    InvalidGrant,
    InvalidTokenRequest,
    UnsupportedGrantType,
    WeakPassword,
    WrongPassword,
)
from app.people.schemas import PasswordIn, TokenIn
from app.people.throttle import caller, counted_try, mark_success

_USERNAME = re.compile("[a-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Tried:
    """A verified try: the account whose password it was, or nobody's."""

    attempt_id: UUID
    account_id: UUID | None
    password_hash: str = ""


@dataclass(frozen=True)
class PasswordChange:
    tried: Tried
    hash: str
    is_weak: bool


async def issue_tokens(work: Work, body: TokenIn, authorization: str | None) -> dict[str, Any]:
    if body.grant_type == "client_credentials":
        return await issue_client_token(work, body, authorization)
    if body.grant_type == "password":
        if body.username is None or body.password is None:
            raise InvalidTokenRequest
        return await _sign_in(work, body.username, body.password)
    if body.grant_type == "refresh_token":
        if body.refresh_token is None:
            raise InvalidTokenRequest
        return await _refresh(work, body.refresh_token)
    raise InvalidTokenRequest if body.grant_type is None else UnsupportedGrantType


async def _sign_in(work: Work, username: str, password: str) -> dict[str, Any]:
    tried = await try_password(work, username.strip().lower(), password)
    if tried.account_id is None:
        raise InvalidGrant
    account = await _locked(work, tried)
    if account is None:
        raise InvalidGrant
    family = SignIn(id=new_id(), account_id=account.id, started_at=work.now)
    work.acting_as(actor_of(account, family.id))
    work.about(account)
    await mark_success(work, tried.attempt_id)
    work.session.add(family)
    await work.session.flush()
    return await _new_tokens(work, family)


async def _locked(work: Work, tried: Tried) -> Account | None:
    """The account of a verified try, unless it was disabled or its password changed in between."""
    statement = select(Account).where(
        Account.id == tried.account_id,
        Account.password_hash == tried.password_hash,
        Account.disabled_at.is_(None),
    )
    account: Account | None = await work.session.scalar(statement.with_for_update())
    return account


async def try_password(unit: Reading, username: str, password: str) -> Tried:
    """Counted first, and only then verified."""
    account, attempt_id = await counted_try(
        unit, "try_password", caller(unit, username), Account, lambda reading: _account_of(reading, username)
    )
    hashed = account.password_hash if account and account.disabled_at is None else None
    if not await is_password(password, hashed) or account is None:
        return Tried(attempt_id, None)
    return Tried(attempt_id, account.id, account.password_hash)


async def _account_of(reading: Reading, username: str) -> Any:
    columns = (Account.id, Account.place, Account.password_hash, Account.disabled_at)
    condition = Account.username == (username if _USERNAME.fullmatch(username) else "")
    return (await reading.session.execute(select(*columns).where(condition))).one_or_none()


async def _refresh(work: Work, token: str) -> dict[str, Any]:
    found = await _family_of(work, token, Token.is_refresh.is_(True))
    if found is None:
        raise InvalidGrant
    kept, family, account = found
    if kept.expires_at <= work.now or family.ended_at is not None or account.disabled_at is not None:
        raise InvalidGrant
    if kept.used_at is not None:
        # Somebody else has the token too: nobody keeps the session (RFC 9700 §4.14).
        work.remember(_ending(family.id, actor_of(account, family.id)))
        raise InvalidGrant
    kept.used_at = work.now
    work.acting_as(actor_of(account, family.id))
    work.about(account)
    return await _new_tokens(work, family)


async def revoke(work: Work, token: str | None) -> None:
    """RFC 7009: either token ends the family; a token that is none is no error."""
    if token is None:
        raise InvalidTokenRequest
    if token.startswith(MACHINE_TOKEN):
        await revoke_client_token(work, token)
        return
    found = await _family_of(work, token)
    if found is None:
        return
    _, family, account = found
    work.acting_as(actor_of(account, family.id))
    work.about(account)
    family.ended_at = family.ended_at or work.now


async def _family_of(work: Work, token: str, *conditions: ColumnElement[bool]) -> tuple[Token, SignIn, Account] | None:
    """Looked for beside the unit of work first: a stranger's guess takes no lock."""
    hashed = token_hash(token)
    reading = Reading(work.kernel, OPERATOR, work.asked)
    async with opened(reading):
        if await reading.session.scalar(select(Token.id).where(Token.hash == hashed, *conditions)) is None:
            return None
    statement = (
        select(Token, SignIn, Account)
        .join(SignIn, SignIn.id == Token.sign_in_id)
        .join(Account, Account.id == SignIn.account_id)
        .where(Token.hash == hashed)
        .with_for_update()
    )
    return (await work.session.execute(statement)).one_or_none()


def _ending(family_id: UUID, actor: Actor) -> Callable[[Work], Awaitable[None]]:
    async def end(own: Work) -> None:
        own.acting_as(actor)
        own.asked = replace(own.asked, action="end_reused_sign_in")
        own.about(await own.session.get_one(Account, actor.id))
        await end_sign_ins(own, SignIn.id == family_id)

    return end


async def _new_tokens(work: Work, family: SignIn) -> dict[str, Any]:
    await _forget_expired(work, family)
    life = work.kernel.token_life
    access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    for token, is_refresh, holds in ((access, False, life.access), (refresh, True, life.refresh)):
        work.session.add(
            Token(sign_in_id=family.id, is_refresh=is_refresh, hash=token_hash(token), expires_at=work.now + holds)
        )
    return {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": int(life.access.total_seconds()),
        "refresh_token": refresh,
    }


async def _forget_expired(work: Work, family: SignIn) -> None:
    """Tokens of the account that no longer hold, and families left without any."""
    families = select(SignIn.id).where(SignIn.account_id == family.account_id)
    tokens = delete(Token).where(Token.sign_in_id.in_(families), Token.expires_at < work.now)
    has_tokens = select(Token.id).where(Token.sign_in_id == SignIn.id).exists()
    empty = delete(SignIn).where(SignIn.account_id == family.account_id, SignIn.id != family.id, ~has_tokens)
    for statement in (tokens, empty):
        await work.session.execute(statement, execution_options={"synchronize_session": False})


async def end_sign_ins(work: Work, condition: ColumnElement[bool]) -> None:
    statement = update(SignIn).where(condition, SignIn.ended_at.is_(None)).values(ended_at=work.now)
    await work.session.execute(statement, execution_options={"synchronize_session": False})


async def prepare_password_change(unit: Reading, body: PasswordIn) -> PasswordChange:
    """Verifies the old password and hashes the new one, before the unit of work has begun."""

    async def prepare() -> PasswordChange:
        reading = Reading(unit.kernel, OPERATOR, unit.asked)
        async with opened(reading):
            names = await reading.session.scalars(select(Account.username).where(Account.id == unit.actor.id))
            username = names.one()
        tried = await try_password(unit, username, body.current_password)
        is_weak = username in body.new_password.lower() or body.new_password == body.current_password
        if tried.account_id is None or is_weak:
            return PasswordChange(tried, "", is_weak)
        return PasswordChange(tried, await hash_password(body.new_password), is_weak)

    return await perform(Reading(unit.kernel, OPERATOR, unit.asked), prepare)


async def change_own_password(work: Work, change: PasswordChange) -> Account:
    """Ends all other sign-ins and keeps this one."""
    account = await work.session.get_one(Account, work.actor.id, with_for_update=True)
    work.about(account)
    await work.match(account.version, etag_of(account.version))
    if change.tried.account_id is None or account.password_hash != change.tried.password_hash:
        raise WrongPassword("/current_password")
    if change.is_weak:
        raise WeakPassword("/new_password")
    await mark_success(work, change.tried.attempt_id)
    record_change(account, {"password_hash": change.hash}, work.now)
    await end_sign_ins(work, (SignIn.account_id == account.id) & (SignIn.id != work.actor.session_id))
    return account
