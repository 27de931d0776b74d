"""A change of a round's mediators, and a party's demand to end it."""

from typing import Self

from pydantic import Field, model_validator

from app.core.input_errors import refuse_fields, rule
from app.core.schemas import Id, PastDate, Strict
from app.core.text import Line
from app.mediation.session_codes import LeavingReason, SelectedBy

rule(
    "declared_as_conflict",
    "回避请登记为利害关系（/conflicts）：登记后该调解员不再看到此案",
    "declare a conflict of interest (/conflicts) instead: it hides the case from the mediator",
)


class ReplacementIn(Strict):
    """Who leaves, who joins, or both."""

    leaves: Id | None = Field(None, description="A mediator of the round.")
    joins: Id | None = Field(None, description="Takes the place of who leaves; alone, joins the others.")
    on: PastDate
    reason: LeavingReason | None = Field(None, description="Required with `leaves`, and only then.")
    note: Line | None = None
    selected_by: SelectedBy = Field(SelectedBy.COMMITTEE, description="Who chose the one that joins (arts. 19, 23).")

    @model_validator(mode="after")
    def says_why(self) -> Self:
        if self.leaves is None:
            refuse_fields("needed_here", ["/joins"] * (self.joins is None))
            refuse_fields("not_here", [f"/{name}" for name in ("reason", "note") if getattr(self, name) is not None])
            return self
        refuse_fields("needed_here", ["/reason"] * (self.reason is None))
        refuse_fields("declared_as_conflict", ["/reason"] * bool(self.reason and self.reason.is_declared))
        return self


class TerminationIn(Strict):
    """A party demands that this mediation end (art. 23)."""

    party_id: Id
    on: PastDate
    remedy_notice_on: PastDate = Field(description="The day the parties were told of the other ways (art. 26).")
    reason: Line | None = Field(None, description="Stands in the timeline and the audit.")
