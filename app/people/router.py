"""Signing in, one's own account, and the organizations, mediators, accounts and machine clients of a district.

Passwords are hashed by dependencies: they are worked out before the transaction begins.
"""

from typing import Annotated

from fastapi import Depends, Form, Header, Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.openapi import may_refuse
from app.core.paging import listed
from app.core.route import guarded_router, public_work, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.people import accounts, clients, queries, service, shaping, sign_in
from app.people.client_schemas import (
    ClientFilter,
    ClientIn,
    ClientItem,
    ClientList,
    ClientOut,
    ClientPatch,
    SecretIn,
    SecretMade,
    SecretOut,
)
from app.people.passwords import FreshPassword, fresh_password
from app.people.schemas import (
    AccountFilter,
    AccountIn,
    AccountList,
    AccountMade,
    AccountOut,
    AccountPatch,
    ClientTokenOut,
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
clients_router = guarded_router(prefix="/clients", tags=["clients"])

Fresh = Annotated[FreshPassword, Depends(fresh_password)]


@sign_in_router.post("/token")
async def issue_tokens(
    body: Annotated[TokenIn, Form()],
    work: Annotated[Work, public_work()],
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> TokenOut | ClientTokenOut:
    """Signs in (`grant_type=password` with `username`, `password`) or renews a session (`refresh_token`).

    A refresh token is used once; used again, it ends the session. Ten failures in fifteen minutes are answered 429.

    A machine client (`client_credentials`) names itself by `client_id` and `client_secret`, or by HTTP Basic.
    """
    return await sign_in.issue_tokens(work, body, authorization)  # type: ignore[return-value]


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
    return shaping.me(reading, await queries.own_account(reading))


@me_router.post("/password", responses=may_refuse(429))
async def change_own_password(
    change: Annotated[sign_in.PasswordChange, Depends(password_change)],
    work: Annotated[Work, work(Permission.SELF)],
) -> Answer[MeOut]:
    """Changes one's own password: other sessions end, this one stays."""
    return shaping.me(work, await sign_in.change_own_password(work, change))


@organizations_router.get("")
async def list_organizations(
    query: Annotated[OrganizationFilter, Query()], reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> OrganizationList:
    """Mediation committees, offices and partner bodies, also the retired."""
    rows, following, total = await queries.organization_page(reading, query)
    return listed(OrganizationList, [shaping.fields(OrganizationOut, row) for row in rows], following, total)


@organizations_router.get("/{organization_id}")
async def read_organization(
    organization_id: PathId, reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> Answer[OrganizationOut]:
    """One organization."""
    return shaping.organization(await queries.one_organization(reading, organization_id))


@organizations_router.post("", status_code=201)
async def add_organization(
    body: OrganizationIn, work: Annotated[Work, work(Permission.PLACES_MANAGE)]
) -> Answer[OrganizationOut]:
    """Adds an organization at a place of the caller's district."""
    return shaping.organization(*await service.add_organization(work, body))


@organizations_router.patch("/{organization_id}")
async def change_organization(
    organization_id: PathId, body: OrganizationPatch, work: Annotated[Work, work(Permission.PLACES_MANAGE)]
) -> Answer[OrganizationOut]:
    """Changes or retires an organization of the caller's district. A number prefix in use stays."""
    return shaping.organization(await service.change_organization(work, organization_id, body))


@mediators_router.get("")
async def list_mediators(
    query: Annotated[MediatorFilter, Query()], reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> MediatorList:
    """Mediators and their organizations, also the retired."""
    rows, following, total = await queries.mediator_page(reading, query)
    return listed(MediatorList, [shaping.fields(MediatorOut, row) for row in rows], following, total)


@mediators_router.get("/{mediator_id}")
async def read_mediator(
    mediator_id: PathId, reading: Annotated[Reading, read(Permission.REFERENCE_READ)]
) -> Answer[MediatorOut]:
    """One mediator."""
    return shaping.mediator(await queries.one_mediator(reading, mediator_id))


@mediators_router.post("", status_code=201)
async def add_mediator(body: MediatorIn, work: Annotated[Work, work(Permission.PLACES_MANAGE)]) -> Answer[MediatorOut]:
    """Adds a mediator to an organization of the caller's district."""
    return shaping.mediator(*await service.add_mediator(work, body))


@mediators_router.patch("/{mediator_id}")
async def change_mediator(
    mediator_id: PathId, body: MediatorPatch, work: Annotated[Work, work(Permission.PLACES_MANAGE)]
) -> Answer[MediatorOut]:
    """Changes or retires a mediator of the caller's district."""
    return shaping.mediator(await service.change_mediator(work, mediator_id, body))


@accounts_router.get("")
async def list_accounts(
    query: Annotated[AccountFilter, Query()], reading: Annotated[Reading, read(Permission.ACCOUNTS_MANAGE)]
) -> AccountList:
    """The accounts of the caller's district."""
    rows, following, total = await queries.account_page(reading, query)
    return listed(AccountList, [shaping.out(AccountOut, row) for row in rows], following, total)


@accounts_router.get("/{account_id}")
async def read_account(
    account_id: PathId, reading: Annotated[Reading, read(Permission.ACCOUNTS_MANAGE)]
) -> Answer[AccountOut]:
    """One account of the caller's district."""
    row = await queries.one_account(reading, account_id)
    return Answer(shaping.out(AccountOut, row), etag=etag_of(row.version))


@accounts_router.post("", status_code=201)
async def add_account(
    body: AccountIn, password: Fresh, work: Annotated[Work, work(Permission.ACCOUNTS_MANAGE)]
) -> Answer[AccountMade]:
    """Adds an account of one role at one place. `initial_password` stands in this answer alone."""
    account, is_new = await accounts.add_account(work, body, password)
    if not is_new:
        return Answer(shaping.out(AccountOut, account), etag=etag_of(account.version), status=200)
    return shaping.made(account, password, location=f"/api/v1/accounts/{account.id}")


@accounts_router.patch("/{account_id}")
async def change_account(
    account_id: PathId, body: AccountPatch, work: Annotated[Work, work(Permission.ACCOUNTS_MANAGE)]
) -> Answer[AccountOut]:
    """Changes name, role, place, organization or mediator, or disables the account: from its next request on."""
    account = await accounts.change_account(work, account_id, body)
    return Answer(shaping.out(AccountOut, account), etag=etag_of(account.version))


@accounts_router.post("/{account_id}/password")
async def reset_password(
    account_id: PathId, password: Fresh, work: Annotated[Work, work(Permission.ACCOUNTS_MANAGE)]
) -> Answer[AccountMade]:
    """Gives a new initial password, told this once, and ends all sessions of the account."""
    return shaping.made(await accounts.reset_password(work, account_id, password), password)


@clients_router.get("")
async def list_clients(
    query: Annotated[ClientFilter, Query()], reading: Annotated[Reading, read(Permission.CLIENTS_MANAGE)]
) -> ClientList:
    """The machine clients of the caller's district."""
    rows, following, total = await queries.client_page(reading, query)
    return listed(ClientList, [shaping.out(ClientItem, row) for row in rows], following, total)


@clients_router.get("/{client_id}")
async def read_client(
    client_id: PathId, reading: Annotated[Reading, read(Permission.CLIENTS_MANAGE)]
) -> Answer[ClientOut]:
    """One machine client of the caller's district, with when its secrets were made and expire."""
    return await shaping.client(reading, await queries.one_client(reading, client_id))


@clients_router.post("", status_code=201)
async def add_client(body: ClientIn, work: Annotated[Work, work(Permission.CLIENTS_MANAGE)]) -> Answer[ClientOut]:
    """Adds a machine client at a place of the caller's district. It needs a secret before it can come in."""
    return await shaping.client(work, *await clients.add_client(work, body))


@clients_router.patch("/{client_id}")
async def change_client(
    client_id: PathId, body: ClientPatch, work: Annotated[Work, work(Permission.CLIENTS_MANAGE)]
) -> Answer[ClientOut]:
    """Changes name, place or scopes, or disables the client: from its next request on."""
    return await shaping.client(work, await clients.change_client(work, client_id, body))


@clients_router.post("/{client_id}/secrets", status_code=201)
async def add_client_secret(
    client_id: PathId, body: SecretIn, work: Annotated[Work, work(Permission.CLIENTS_MANAGE)]
) -> Answer[SecretMade]:
    """Makes a secret, told in this answer alone. Two hold at a time, so that one can be changed without a pause."""
    client, made, text = await clients.add_secret(work, client_id, body)
    fields = shaping.fields(SecretOut, made) | {"client_id": client.id, "secret": text}
    return Answer(fields, etag=etag_of(client.version))


@clients_router.post("/{client_id}/secrets/{secret_id}/revocation")
async def end_client_secret(
    client_id: PathId, secret_id: PathId, work: Annotated[Work, work(Permission.CLIENTS_MANAGE)]
) -> Answer[ClientOut]:
    """Ends a secret, and with it every token that it got."""
    return await shaping.client(work, await clients.end_secret(work, client_id, secret_id))
