"""A report of a possible escalation, and the notice of rights and duties, as clients send them."""

from typing import Self

from pydantic import Field, model_validator

from app.core.schemas import Id, PastDate, PastInstant, Strict
from app.core.text import Name, Text, Title
from app.intake.dates import check_body
from app.mediation.session_codes import EscalationDanger, NoticeManner, ReportRecipient


class EscalationReportIn(Strict):
    """激化报告 (art. 25)."""

    id: Id | None = None
    to: ReportRecipient
    body_name: Title | None = Field(None, description="Which station or department.")
    reported_at: PastInstant
    reported_by: Name
    danger: EscalationDanger
    what: Text = Field(description="What was reported.")
    measure: Text = Field(description="What was done to keep the dispute from escalating.")


class RightsNoticeIn(Strict):
    """权利义务告知: served, and acknowledged at once or later by sending the same again with the day."""

    party_id: Id
    manner: NoticeManner
    served_on: PastDate
    acknowledged_on: PastDate | None = None

    @model_validator(mode="after")
    def in_order(self) -> Self:
        check_body(("served_on", self.served_on), ("acknowledged_on", self.acknowledged_on))
        return self
