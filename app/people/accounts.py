"""Keeping accounts: one role at one place, by the district's administrator; the first of those by the operator."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select

from app.core.auth import OPERATOR
from app.core.input_errors import input_errors
from app.core.jurisdiction import Subtree
from app.core.problems import InvalidInput
from app.core.records import change
from app.core.unit_of_work import Work
from app.people.codes import Role
from app.people.keeping import claim, own_to_change, sent_before
from app.people.models import Account, SignIn
from app.people.passwords import FreshPassword, fresh_password
from app.people.permissions import mediates
from app.people.problems import (
    NotAMediatorsRole,
    OrganizationRequired,
    OwnAccount,
    RoleNotAtPlace,
    UsernameTaken,
)
from app.people.queries import mediator_named, organization_named
from app.people.schemas import AccountIn, AccountPatch
from app.people.sign_in import end_sign_ins
from app.places.codes import PlaceLevel
from app.places.queries import place_named


async def add_account(work: Work, body: AccountIn, password: FreshPassword) -> tuple[Account, bool]:
    if standing := await sent_before(work, Account, body):
        return standing, False
    await _check(work, body.model_dump(), body.model_fields_set)
    # Not by the account itself: the twin of this creation may have made it a moment ago.
    same = select(Account.id).where(Account.username == body.username, Account.id != body.id)
    if await work.session.scalar(same) is not None:
        raise UsernameTaken("/username")
    return await claim(work, Account, body, password_hash=password.hash)


async def change_account(work: Work, id: UUID, body: AccountPatch) -> Account:
    account = await own_to_change(work, Account, id)
    changes = body.changes()
    disabled = changes.pop("disabled", account.disabled_at is not None)
    merged = {name: getattr(account, name) for name in ("role", "place", "organization_id", "mediator_id")} | changes
    await _check(work, merged, set(changes))
    if account.id == work.actor.id and (disabled or {"role", "place"} & set(changes)):
        raise OwnAccount
    changes["disabled_at"] = (account.disabled_at or work.now) if disabled else None
    change(account, changes, work.now)
    if disabled:
        await end_sign_ins(work, SignIn.account_id == account.id)
    return account


async def reset_password(work: Work, id: UUID, password: FreshPassword) -> Account:
    """For who has forgotten it: all sign-ins of the account end."""
    account = await own_to_change(work, Account, id)
    if account.id == work.actor.id:
        raise OwnAccount
    change(account, {"password_hash": password.hash}, work.now)
    await end_sign_ins(work, SignIn.account_id == account.id)
    return account


async def first_administrator(work: Work, district: str, username: str, name: str) -> str:
    """The administrator of a district, made by the operator of the machine; answers the password, to be told once."""
    try:
        body = AccountIn(username=username, name=name, role=Role.DISTRICT_ADMIN, place=district)
    except ValidationError as error:
        found = [one | {"loc": ("body", *one["loc"])} for one in error.errors(include_url=False, include_input=False)]
        raise InvalidInput(errors=input_errors(found)) from None
    password = await fresh_password()
    work.acting_as(replace(OPERATOR, jurisdiction=Subtree(district)))
    await add_account(work, body, password)
    return password.text


async def _check(work: Work, values: dict[str, Any], named: set[str]) -> None:
    """What is named must be there; then role, place, organization and mediator must fit each other."""
    if "place" in named:
        await place_named(work, values["place"], "/place", on=work.today)
    if "organization_id" in named and values["organization_id"]:
        await organization_named(work, values["organization_id"], "/organization_id")
    if "mediator_id" in named and values["mediator_id"]:
        await mediator_named(work, values["mediator_id"], "/mediator_id")
    role: Role = values["role"]
    if PlaceLevel.of(values["place"]) not in role.levels:
        levels = ("或".join(level.zh for level in role.levels), " or ".join(level.en for level in role.levels))
        raise RoleNotAtPlace("/place", levels=levels)
    if role.is_liaison and values["organization_id"] is None:
        raise OrganizationRequired("/organization_id")
    if values["mediator_id"] is not None and not mediates(role):
        raise NotAMediatorsRole("/mediator_id")
