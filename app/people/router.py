"""Signing in, one's own account, and the organizations, mediators and accounts of a district.

Passwords are hashed by dependencies: they are worked out before the transaction begins.
"""

from typing import Annotated, Any

from fastapi import Depends, Form, Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.openapi import may_refuse
from app.core.paging import listed
from app.core.route import guarded_router, public_work, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.people import accounts, queries, service, sign_in
from app.people.passwords import FreshPassword, fresh_password
from app.people.schemas import (
    AccountFilter,
    AccountIn,
    AccountList,
    AccountMade,
    AccountOut,
    AccountPatch,
    MediatorFilter,
    MediatorIn,
    MediatorList,
    MediatorOut,
    MediatorPatch,
    MeOut,
    OrganizationFilter,
    OrganizationIn,
    OrganizationList,
    OrganizationOut,
    OrganizationPatch,
    PasswordIn,
    RevocationIn,
    Revoked,
    TokenIn,
    TokenOut,
)

sign_in_router = guarded_router(prefix="/api/v1/oauth", tags=["sign-in"])
me_router = guarded_router(prefix="/me", tags=["sign-in"])
organizations_router = guarded_router(prefix="/organizations", tags=["organizations"])
mediators_router = guarded_router(prefix="/mediators", tags=["organizations"])
accounts_router = guarded_router(prefix="/accounts", tags=["accounts"])

Fresh = Annotated[FreshPassword, Depends(fresh_password)]


@sign_in_router.post("/token")
async def issue_tokens(body: Annotated[TokenIn, Form()], work: Annotated[Work, public_work()]) -> TokenOut:
    """Signs in (`grant_type=password` with `username`, `password`) or renews a session (`refresh_token`).

    A refresh token is used once; used again, it ends the session. Ten failures in fifteen minutes are answered 429.
    """
    return await sign_in.issue_tokens(work, body)  # type: ignore[return-value]


@sign_in_router.post("/revoke")
async def revoke_token(body: Annotated[RevocationIn, Form()], work: Annotated[Work, public_work()]) -> Revoked:
    """Signs out: the session of either of its tokens ends. A token that is none is answered 200 as well (RFC 7009)."""
    await sign_in.revoke(work, body.token)
    return {}


async def password_change(body: PasswordIn, unit: Annotated[Work, work(Permission.SELF)]) -> sign_in.PasswordChange:
    return await sign_in.prepare_password_change(unit, body)


@me_router.get("")
async def read_me(reading: Annotated[Reading, read(Permission.SELF)]) -> Answer[MeOut]:
    """The caller's own account, with what it may do."""
    return _me(reading, await queries.own_account(reading))


@me_router.post("/password", responses=may_refuse(429))
async def change_own_password(
    change: Annotated[sign_in.PasswordChange, Depends(password_change)],
    work: Annotated[Work, work(Permission.SELF)],
) -> Answer[MeOut]:
    """Changes one's own password: other sessions end, this one stays."""
    return _me(work, await sign_in.change_own_password(work, change))


@organizations_router.get("")
async def list_organizations(
    query: Annotated[OrganizationFilter, Query()], reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> OrganizationList:
    """Mediation committees, offices and partner bodies, also the retired."""
    rows, following, total = await queries.organization_page(reading, query)
    return listed(OrganizationList, [_fields(OrganizationOut, row) for row in rows], following, total)


@organizations_router.get("/{organization_id}")
async def read_organization(
    organization_id: PathId, reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> Answer[OrganizationOut]:
    """One organization."""
    return _organization(await queries.one_organization(reading, organization_id))


@organizations_router.post("", status_code=201)
async def add_organization(
    body: OrganizationIn, work: Annotated[Work, work(Permission.PLACES_MANAGE)]
) -> Answer[OrganizationOut]:
    """Adds an organization at a place of the caller's district."""
    return _organization(*await service.add_organization(work, body))


@organizations_router.patch("/{organization_id}")
async def change_organization(
    organization_id: PathId, body: OrganizationPatch, work: Annotated[Work, work(Permission.PLACES_MANAGE)]
) -> Answer[OrganizationOut]:
    """Changes or retires an organization of the caller's district. A number prefix in use stays."""
    return _organization(await service.change_organization(work, organization_id, body))


@mediators_router.get("")
async def list_mediators(
    query: Annotated[MediatorFilter, Query()], reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> MediatorList:
    """Mediators and their organizations, also the retired."""
    rows, following, total = await queries.mediator_page(reading, query)
    return listed(MediatorList, [_fields(MediatorOut, row) for row in rows], following, total)


@mediators_router.get("/{mediator_id}")
async def read_mediator(
    mediator_id: PathId, reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> Answer[MediatorOut]:
    """One mediator."""
    return _mediator(await queries.one_mediator(reading, mediator_id))


@mediators_router.post("", status_code=201)
async def add_mediator(body: MediatorIn, work: Annotated[Work, work(Permission.PLACES_MANAGE)]) -> Answer[MediatorOut]:
    """Adds a mediator to an organization of the caller's district."""
    return _mediator(*await service.add_mediator(work, body))


@mediators_router.patch("/{mediator_id}")
async def change_mediator(
    mediator_id: PathId, body: MediatorPatch, work: Annotated[Work, work(Permission.PLACES_MANAGE)]
) -> Answer[MediatorOut]:
    """Changes or retires a mediator of the caller's district."""
    return _mediator(await service.change_mediator(work, mediator_id, body))


@accounts_router.get("")
async def list_accounts(
    query: Annotated[AccountFilter, Query()], reading: Annotated[Reading, read(Permission.ACCOUNTS_MANAGE)]
) -> AccountList:
    """The accounts of the caller's district."""
    rows, following, total = await queries.account_page(reading, query)
    return listed(AccountList, [_account_out(row) for row in rows], following, total)


@accounts_router.get("/{account_id}")
async def read_account(
    account_id: PathId, reading: Annotated[Reading, read(Permission.ACCOUNTS_MANAGE)]
) -> Answer[AccountOut]:
    """One account of the caller's district."""
    row = await queries.one_account(reading, account_id)
    return Answer(_account_out(row), etag=etag_of(row.version))


@accounts_router.post("", status_code=201)
async def add_account(
    body: AccountIn, password: Fresh, work: Annotated[Work, work(Permission.ACCOUNTS_MANAGE)]
) -> Answer[AccountMade]:
    """Adds an account of one role at one place. `initial_password` stands in this answer alone."""
    account, is_new = await accounts.add_account(work, body, password)
    if not is_new:
        return Answer(_account_out(account), etag=etag_of(account.version), status=200)
    return _made(account, password, location=f"/api/v1/accounts/{account.id}")


@accounts_router.patch("/{account_id}")
async def change_account(
    account_id: PathId, body: AccountPatch, work: Annotated[Work, work(Permission.ACCOUNTS_MANAGE)]
) -> Answer[AccountOut]:
    """Changes name, role, place, organization or mediator, or disables the account: from its next request on."""
    account = await accounts.change_account(work, account_id, body)
    return Answer(_account_out(account), etag=etag_of(account.version))


@accounts_router.post("/{account_id}/password")
async def reset_password(
    account_id: PathId, password: Fresh, work: Annotated[Work, work(Permission.ACCOUNTS_MANAGE)]
) -> Answer[AccountMade]:
    """Gives a new initial password, told this once, and ends all sessions of the account."""
    return _made(await accounts.reset_password(work, account_id, password), password)


def _fields(shape: Any, row: Any) -> Any:
    return {name: getattr(row, name) for name in shape.__annotations__}


def _organization(row: Any, is_new: bool | None = None) -> Answer[OrganizationOut]:
    return _record(OrganizationOut, "organizations", row, is_new)


def _mediator(row: Any, is_new: bool | None = None) -> Answer[MediatorOut]:
    return _record(MediatorOut, "mediators", row, is_new)


def _record(shape: Any, collection: str, row: Any, is_new: bool | None) -> Answer[Any]:
    status = None if is_new is None else 201 if is_new else 200
    location = f"/api/v1/{collection}/{row.id}" if is_new else None
    return Answer(_fields(shape, row), etag=etag_of(row.version), location=location, status=status)


def _account_out(row: Any) -> Any:
    shown = [name for name in AccountOut.__annotations__ if name != "disabled"]
    return {name: getattr(row, name) for name in shown} | {"disabled": row.disabled_at is not None}


def _made(account: Any, password: FreshPassword, location: str | None = None) -> Answer[AccountMade]:
    body = _account_out(account) | {"initial_password": password.text}
    return Answer(body, etag=etag_of(account.version), location=location)


def _me(reading: Reading, row: Any) -> Answer[MeOut]:
    own = {"permissions": sorted(reading.actor.permissions), "view": reading.actor.view}
    return Answer(_account_out(row) | own, etag=etag_of(row.version))
