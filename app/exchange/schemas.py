"""What is asked and answered about the audit."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.core.schemas import AnyDate, Id, PageQuery


class AuditEventOut(TypedDict):
    id: UUID
    seq: int
    recorded_at: datetime
    place: str
    action: str
    actor_id: UUID | None
    role: str
    target_type: str | None
    target_id: UUID | None
    target_version: int | None
    fields: list[str]
    reason: str | None
    request_id: str | None


class AuditEventList(PageOf):
    items: list[AuditEventOut]


class AuditFilter(PageQuery):
    actor_id: Id | None = None
    action: Annotated[str, Field(pattern="^[a-z_]{1,80}$")] | None = Field(None, description="An operation's id.")
    target_id: Id | None = None
    first: AnyDate | None = Field(None, alias="from", description="Day in Shanghai, included.")
    last: AnyDate | None = Field(None, alias="to", description="Day in Shanghai, included.")

    @model_validator(mode="after")
    def forwards(self) -> Self:
        if self.first and self.last and self.first > self.last:
            raise PydanticCustomError("reversed_period", "reversed period")
        return self
