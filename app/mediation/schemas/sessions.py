"""A session as clients send it."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.clock import shanghai_date
from app.core.input_errors import rule
from app.core.schemas import Id, PastDate, PastInstant, Strict, unrepeated
from app.core.text import Line, Name, Text
from app.intake.dates import check_body
from app.intake.schemas import PartyIds
from app.mediation.codes import (
    SessionForm,
)
from app.mediation.schemas.session_bodies import SessionBodies

rule("other_day", "开始、结束时间须在该日（北京时间）", "should lie on that day in Shanghai")
AttendantIds = Annotated[list[Id], Field(max_length=100), AfterValidator(unrepeated)]


class Timed(Strict):
    """When on its day something began and ended."""

    started_at: PastInstant | None = None
    ended_at: PastInstant | None = None

    def check_times(self, day: date) -> None:
        check_body(("started_at", self.started_at), ("ended_at", self.ended_at))
        if self.started_at and shanghai_date(self.started_at) != day:
            raise PydanticCustomError("other_day", "other day")


class SessionIn(Timed):
    id: Id | None = None
    held_on: PastDate
    form: SessionForm
    place_text: Line | None = None
    attendees: Annotated[list[Name], Field(max_length=100)] = Field(
        default_factory=list, description="Names of whoever was there and is not in the case."
    )
    bodies: SessionBodies = Field(default_factory=list, description="Of a joint session: who held it together.")
    parties: PartyIds = Field(default_factory=list, description="Parties who were there.")
    mediators: AttendantIds = Field(default_factory=list, description="Mediators of the round that day.")
    participants: AttendantIds = Field(default_factory=list, description="Invited, with the consent of all parties.")
    record: Text
    next_step: Line | None = None
    is_public: bool | None = Field(None, description="Open or closed, as the parties asked (art. 23).")
    recorder: Name | None = None
    at_risk_agreed: bool | None = Field(
        None, description="Domestic violence: whoever is at risk agreed that the parties meet."
    )
    safety_measures: Text | None = Field(None, description="Domestic violence: what was done for safety.")

    @model_validator(mode="after")
    def in_time(self) -> Self:
        self.check_times(self.held_on)
        return self


class CorrectionIn(Strict):
    """What in the record was wrong, and how it should read."""

    id: Id | None = None
    text: Text
