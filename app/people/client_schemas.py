"""What is sent and answered about machine clients and their secrets."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from app.core.auth import Permission
from app.core.input_errors import rule
from app.core.paging import PageOf
from app.core.schemas import NOT_SENT, FutureInstant, Id, PageQuery, Patch, PlaceCode, Strict
from app.core.text import Name
from app.people.permissions import SCOPES

rule("no_scope", "机器客户端不能有此权限", "is no scope that a machine client may have")


def _for_machines(permission: Permission) -> Permission:
    if permission not in SCOPES:
        raise PydanticCustomError("no_scope", "no scope")
    return permission


def _once_each(scopes: list[Permission]) -> list[Permission]:
    return sorted(set(scopes))


Scope = Annotated[
    Permission, AfterValidator(_for_machines), WithJsonSchema({"type": "string", "enum": sorted(map(str, SCOPES))})
]
Scopes = Annotated[list[Scope], Field(min_length=1, max_length=50), AfterValidator(_once_each)]


class ClientItem(TypedDict):
    id: UUID
    version: int
    name: str
    place: str
    scopes: list[Permission]
    disabled: bool


class SecretOut(TypedDict):
    id: UUID
    made_at: datetime
    expires_at: datetime | None


class SecretMade(SecretOut):
    client_id: UUID
    secret: str
    """Told this once."""


class ClientOut(ClientItem):
    secrets: list[SecretOut]
    """Those that have not been ended; never the secrets themselves."""


class ClientList(PageOf):
    items: list[ClientItem]


class ClientFilter(PageQuery):
    place: PlaceCode | None = Field(None, description="The place and all below it.")
    disabled: bool | None = None


class ClientIn(Strict):
    id: Id | None = None
    name: Name
    place: PlaceCode = Field(description="It reaches this place and all below it.")
    scopes: Scopes


class ClientPatch(Patch):
    name: Name = NOT_SENT
    place: PlaceCode = NOT_SENT
    scopes: Scopes = NOT_SENT
    disabled: bool = NOT_SENT


class SecretIn(Strict):
    expires_at: FutureInstant | None = Field(None, description="From this instant on it no longer holds.")
