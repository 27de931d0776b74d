"""A record of prevented harm as clients send it, and why it is declined or withdrawn."""

from typing import Annotated

from pydantic import Field

from app.core.schemas import Id, PastDate, Strict
from app.core.text import Line, Text
from app.mediation.harm_codes import HarmKind


class PreventedHarmIn(Strict):
    """防止激化记录: proposed until another person approves it."""

    id: Id | None = None
    kind: HarmKind
    people_count: Annotated[int, Field(ge=1, le=100_000)] = Field(description="人: whom it concerned.")
    basis: Text = Field(description="Why it is judged so.")
    mediator_id: Id | None = Field(None, description="Who judged; whoever records it, if not sent.")
    judged_on: PastDate


class HarmReasonIn(Strict):
    reason: Annotated[Line, Field(min_length=2)]
