"""A round and its conclusion as clients send them."""

from typing import Self

from pydantic import Field, model_validator

from app.core.input_errors import refuse_fields
from app.core.schemas import Id, Money, PastDate, Strict
from app.core.text import Text, Title
from app.intake.dates import check_body
from app.intake.method_codes import FailureReason, Method
from app.intake.schemas import MediatorIds, PartyIds
from app.mediation.codes import (
    MediationOutcome,
)
from app.mediation.schemas.agreements import AgreementIn
from app.mediation.schemas.referrals import ReferralIn, refuse_misfit
from app.mediation.session_codes import SelectedBy


class MediationIn(Strict):
    id: Id | None = None
    method: Method
    started_on: PastDate
    organization_id: Id | None = Field(None, description="The case's organization, if not sent.")
    mediators: MediatorIds | None = Field(None, description="The case's mediators, if not sent.")
    selected_by: SelectedBy = Field(SelectedBy.COMMITTEE, description="Who chose the mediators (arts. 19, 23).")
    fee: Money | None = Field(None, description="Lawyer's mediation only; all other mediation is free.")
    referral: ReferralIn | None = None

    @model_validator(mode="after")
    def fits_method(self) -> Self:
        method, referral = self.method, self.referral
        if self.fee is not None and not method.takes_fee:
            refuse_fields("not_here", ["/fee"])
        refuse_misfit(method, referral)
        return self


_BY_OUTCOME: dict[MediationOutcome, set[str]] = {
    MediationOutcome.AGREED: {"agreement"},
    MediationOutcome.FAILED: {"failure_reason", "remedy_notice_on"},
    MediationOutcome.TRANSFERRED: {"transferred_to"},
    MediationOutcome.WITHDRAWN: set(),
}
"""What each outcome must say, and alone may say (art. 26: after a failure the parties are told of other ways)."""

_FACTS = {"undisputed_facts", "facts_confirmed_by"}
"""Of a failed round, both or none."""


class ConclusionIn(Strict):
    outcome: MediationOutcome
    concluded_on: PastDate
    failure_reason: FailureReason | None = Field(None, description="Failed: required.")
    remedy_notice_on: PastDate | None = Field(None, description="Failed: required (art. 26).")
    transferred_to: Title | None = Field(None, description="Transferred: required.")
    undisputed_facts: Text | None = Field(None, description="Failed, lawyer: 无争议事实记载, confirmed by all parties.")
    facts_confirmed_by: PartyIds | None = Field(None, description="Ids of the parties who signed for them.")
    agreement: AgreementIn | None = Field(None, description="Agreed: required.")

    @model_validator(mode="after")
    def fits_outcome(self) -> Self:
        optional: set[str] = _FACTS.union(*_BY_OUTCOME.values())
        sent = {name for name in optional if getattr(self, name) is not None}
        own, facts = _BY_OUTCOME[self.outcome], _FACTS if self.outcome is MediationOutcome.FAILED else set()
        needed = own | facts if sent & facts else own
        refuse_fields("needed_here", [f"/{name}" for name in needed - sent])
        refuse_fields("not_here", [f"/{name}" for name in sent - own - facts])
        if self.agreement:
            check_body(("agreed_on", self.agreement.agreed_on), ("concluded_on", self.concluded_on))
        return self
