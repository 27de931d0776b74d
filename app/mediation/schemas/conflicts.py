"""A declared conflict of interest, and its end."""

from typing import Annotated

from pydantic import Field

from app.core.schemas import Id, Strict
from app.core.text import Line, Text
from app.mediation.codes import (
    ConflictRelation,
)


class ConflictIn(Strict):
    """回避: of oneself, or of another mediator whose relation to a party became known."""

    mediator_id: Id
    party_id: Id | None = Field(None, description="The party of this case to whom the mediator is related.")
    relation: ConflictRelation
    note: Text | None = None


class ConflictEndIn(Strict):
    reason: Annotated[Line, Field(min_length=2)]
