"""A session as clients send it."""

from typing import Annotated

from pydantic import Field

from app.core.schemas import Id, PastDate, Strict
from app.core.text import Line, Name, Text
from app.mediation.codes import (
    SessionForm,
)
from app.mediation.schemas.session_bodies import SessionBodies


class SessionIn(Strict):
    id: Id | None = None
    held_on: PastDate
    form: SessionForm
    place_text: Line | None = None
    attendees: Annotated[list[Name], Field(max_length=100)] = Field(default_factory=list)
    bodies: SessionBodies = Field(default_factory=list, description="Of a joint session: who held it together.")
    record: Text
    next_step: Line | None = None
