"""What is sent and answered about organizations, mediators, accounts and one's own account."""

from datetime import date
from typing import Annotated, NotRequired
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from app.core.auth import Permission, View
from app.core.input_errors import rule
from app.core.paging import PageOf
from app.core.schemas import (
    MAX_VALUES,
    NOT_SENT,
    AnyDate,
    Id,
    PageQuery,
    Patch,
    PlaceCode,
    Several,
    Strict,
)
from app.core.text import Name, clean_line
from app.people.codes import CommitteeType, MediatorKind, OrganizationKind, Role

rule(
    "too_simple",
    "太简单：须有至少 5 个不同字符，且不能全是数字",
    "is too simple: it needs 5 different characters, and more than digits",
)
_DIFFERENT = 5


def _not_simple(password: str) -> str:
    if len(set(password)) < _DIFFERENT or password.isdigit():
        raise PydanticCustomError("too_simple", "too simple")
    return password


Username = Annotated[str, Field(pattern="^[a-z][a-z0-9._-]{2,63}$", examples=["mediator.huangni"])]
NumberPrefix = Annotated[str, AfterValidator(clean_line), Field(pattern="^[^〔〕]{1,20}$", examples=["黎水调"])]
NewPassword = Annotated[str, Field(min_length=10, max_length=200), AfterValidator(_not_simple)]


class OrganizationOut(TypedDict):
    id: UUID
    version: int
    kind: OrganizationKind
    committee_type: CommitteeType | None
    name: str
    place: str
    number_prefix: str | None
    retired_on: date | None


class OrganizationList(PageOf):
    items: list[OrganizationOut]


class OrganizationFilter(PageQuery):
    place: PlaceCode | None = Field(None, description="The place and all below it.")
    kind: Annotated[list[OrganizationKind] | None, Several, MAX_VALUES] = Field(
        None, description="A parent includes its children."
    )


class OrganizationIn(Strict):
    id: Id | None = None
    kind: OrganizationKind
    committee_type: CommitteeType | None = None
    name: Name
    place: PlaceCode
    number_prefix: NumberPrefix | None = Field(
        None, description="The words before the year in its case numbers; only a mediation committee has them."
    )


class OrganizationPatch(Patch):
    kind: OrganizationKind = NOT_SENT
    committee_type: CommitteeType | None = None
    name: Name = NOT_SENT
    place: PlaceCode = NOT_SENT
    number_prefix: NumberPrefix | None = None
    retired_on: AnyDate | None = Field(None, description="From this day on it is no longer chosen.")


class MediatorOut(TypedDict):
    id: UUID
    version: int
    name: str
    kind: MediatorKind
    organization_id: UUID
    retired_on: date | None


class MediatorList(PageOf):
    items: list[MediatorOut]


class MediatorFilter(PageQuery):
    organization_id: Annotated[list[Id] | None, Several, MAX_VALUES] = None
    kind: Annotated[list[MediatorKind] | None, Several, MAX_VALUES] = None


class MediatorIn(Strict):
    id: Id | None = None
    name: Name
    kind: MediatorKind
    organization_id: Id


class MediatorPatch(Patch):
    name: Name = NOT_SENT
    kind: MediatorKind = NOT_SENT
    organization_id: Id = NOT_SENT
    retired_on: AnyDate | None = Field(None, description="From this day on the mediator is no longer chosen.")


class AccountOut(TypedDict):
    id: UUID
    version: int
    username: str
    name: str
    role: Role
    place: str
    organization_id: UUID | None
    mediator_id: UUID | None
    disabled: bool


class AccountMade(AccountOut):
    initial_password: NotRequired[str]
    """Told this once; its owner changes it at /me/password."""


class AccountList(PageOf):
    items: list[AccountOut]


class AccountFilter(PageQuery):
    place: PlaceCode | None = Field(None, description="The place and all below it.")
    role: Annotated[list[Role] | None, Several, MAX_VALUES] = None
    organization_id: Annotated[list[Id] | None, Several, MAX_VALUES] = None
    disabled: bool | None = None


class AccountIn(Strict):
    id: Id | None = None
    username: Username
    name: Name
    role: Role
    place: PlaceCode
    organization_id: Id | None = Field(None, description="Required for a liaison.")
    mediator_id: Id | None = Field(None, description="The mediator whose account this is.")


class AccountPatch(Patch):
    name: Name = NOT_SENT
    role: Role = NOT_SENT
    place: PlaceCode = NOT_SENT
    organization_id: Id | None = None
    mediator_id: Id | None = None
    disabled: bool = NOT_SENT


class MeOut(AccountOut):
    permissions: list[Permission]
    view: View


class PasswordIn(Strict):
    current_password: Annotated[str, Field(min_length=1, max_length=1000)]
    new_password: NewPassword


class TokenIn(BaseModel):
    """RFC 6749: what is missing is told by its own error, what is unknown is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    grant_type: str | None = Field(None, examples=["password"])
    username: str | None = None
    password: str | None = None
    refresh_token: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    scope: str | None = Field(None, description="Some of the client's scopes, by spaces; all where it is left out.")


class ClientTokenOut(TypedDict):
    """For a machine client: there is no refresh token, it asks again."""

    access_token: str
    token_type: str
    expires_in: int
    """Seconds."""
    scope: str


class TokenOut(TypedDict):
    access_token: str
    token_type: str
    expires_in: int
    """Seconds."""
    refresh_token: str


class RevocationIn(BaseModel):
    """RFC 7009."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    token: str | None = None


class Revoked(TypedDict):
    """Empty: the answer does not tell whether the token was one."""
