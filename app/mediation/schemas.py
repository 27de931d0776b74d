"""What clients send during mediation: a round with its referral, sessions, the conclusion with an agreement,
closure."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import refuse_fields, rule
from app.core.schemas import AnyDate, Id, Money, PastDate, Strict
from app.core.text import Label, Line, Name, Text, Title
from app.intake.dates import check_body
from app.intake.method_codes import AgreementForm, FailureReason, Method, ReferralDirection
from app.intake.schemas import MediatorIds
from app.mediation.codes import (
    ArbitrationKind,
    ConflictRelation,
    CourtStage,
    ExcludedMatter,
    MediationOutcome,
    SessionForm,
)

rule("needed_here", "此情形下必填", "is required in this case")
rule("not_here", "此情形下不能填写", "does not belong here in this case")
rule(
    "one_target",
    "须且只能指明 organization_id，或 external 和 document_no",
    "names organization_id, or external and document_no",
)
rule("one_signer", "须且只能指明 party_id、mediator_id、seal 之一", "names exactly one of party_id, mediator_id, seal")

_COMMON = {"direction", "letter_no", "sent_on", "partner_id", "due_on"}
_FIELDS: dict[Method, set[str]] = {
    Method.COURT: {"court_stage"},
    Method.POLICE: {"incident_no", "officer_name", "officer_badge_no", "public_security_case", "excluded_matter"},
    Method.ARBITRATION: {"arbitration_kind", "docket_no", "limitation_ends_on"},
    Method.LAWYER: {"lawyer_name", "lawyer_license_no", "law_firm_id", "conflict_declared", "legal_aid_no"},
}
_REQUIRED: dict[Method, set[str]] = {
    Method.POLICE: {"incident_no"},
    Method.ARBITRATION: {"arbitration_kind"},
    Method.LAWYER: {"lawyer_name", "lawyer_license_no", "conflict_declared"},
}


class ReferralIn(Strict):
    """The hand-off that goes with a round. Which fields belong to it is the method's to say."""

    direction: ReferralDirection | None = Field(None, description="`in` for police, court, petition, procuratorate.")
    letter_no: Label | None = None
    sent_on: PastDate | None = None
    partner_id: Id | None = Field(None, description="Its liaison reads the case from now until recall or return.")
    due_on: AnyDate | None = None
    court_stage: CourtStage | None = Field(
        None, description="Court: sets the limit of mediation; directed before filing, if not sent."
    )
    incident_no: Label | None = Field(None, description="Police: required.")
    officer_name: Name | None = None
    officer_badge_no: Label | None = None
    public_security_case: bool | None = None
    excluded_matter: ExcludedMatter | None = Field(None, description="Police: what may not be mediated is 409.")
    arbitration_kind: ArbitrationKind | None = Field(None, description="Arbitration: required.")
    docket_no: Label | None = None
    limitation_ends_on: AnyDate | None = None
    lawyer_name: Name | None = Field(None, description="Lawyer: required.")
    lawyer_license_no: Label | None = Field(None, description="Lawyer: required.")
    law_firm_id: Id | None = None
    conflict_declared: bool | None = Field(None, description="Lawyer: required to be true.")
    legal_aid_no: Label | None = None


class MediationIn(Strict):
    id: Id | None = None
    method: Method
    started_on: PastDate
    organization_id: Id | None = Field(None, description="The case's organization, if not sent.")
    mediators: MediatorIds | None = Field(None, description="The case's mediators, if not sent.")
    fee: Money | None = Field(None, description="Lawyer's mediation only; all other mediation is free.")
    referral: ReferralIn | None = None

    @model_validator(mode="after")
    def fits_method(self) -> Self:
        method, referral = self.method, self.referral
        if self.fee is not None and not method.takes_fee:
            refuse_fields("not_here", ["/fee"])
        if referral is None:
            refuse_fields("needed_here", ["/referral"] * method.needs_referral)
            return self
        if not method.takes_referral:
            refuse_fields("not_here", ["/referral"])
        sent = {name for name, value in referral if value is not None}
        refuse_fields("not_here", _in_referral(sent - _COMMON - _FIELDS.get(method, set())))
        # A conflict must be declared as absent: false is as good as nothing.
        declared = sent - (set() if referral.conflict_declared else {"conflict_declared"})
        refuse_fields("needed_here", _in_referral(_REQUIRED.get(method, set()) - declared))
        return self


def _in_referral(names: set[str]) -> list[str]:
    return [f"/referral/{name}" for name in names]


class SessionIn(Strict):
    id: Id | None = None
    held_on: PastDate
    form: SessionForm
    place_text: Line | None = None
    attendees: Annotated[list[Name], Field(max_length=100)] = Field(default_factory=list)
    record: Text
    next_step: Line | None = None


class SignatureIn(Strict):
    """Exactly one of: a party, a mediator of the round, the committee's seal."""

    party_id: Id | None = None
    mediator_id: Id | None = None
    seal: bool = False
    on: PastDate

    @property
    def signer(self) -> Any:
        return self.party_id or self.mediator_id or "seal"

    @model_validator(mode="after")
    def one_signer(self) -> Self:
        if (self.party_id is not None) + (self.mediator_id is not None) + self.seal != 1:
            raise PydanticCustomError("one_signer", "one signer")
        return self


class ObligationIn(Strict):
    party_id: Id
    what: Line
    due_on: AnyDate | None = None
    amount: Money | None = None


class AgreementIn(Strict):
    form: AgreementForm
    agreed_on: PastDate
    content: Text
    amount: Money | None = None
    obligations: Annotated[list[ObligationIn], Field(max_length=200)] = Field(default_factory=list)
    signatures: Annotated[list[SignatureIn], Field(max_length=250)] = Field(
        default_factory=list, description="Written agreements only."
    )

    @model_validator(mode="after")
    def checked(self) -> Self:
        if self.signatures and self.form is not AgreementForm.WRITTEN:
            refuse_fields("not_here", ["/agreement/signatures"])
        signers = [signature.signer for signature in self.signatures]
        if len(set(signers)) != len(signers):
            raise PydanticCustomError("same_id_twice", "same signer twice")
        for signature in self.signatures:
            check_body(("agreed_on", self.agreed_on), ("on", signature.on))
        return self


_BY_OUTCOME: dict[MediationOutcome, set[str]] = {
    MediationOutcome.AGREED: {"agreement"},
    MediationOutcome.FAILED: {"failure_reason", "remedy_notice_on"},
    MediationOutcome.TRANSFERRED: {"transferred_to"},
    MediationOutcome.WITHDRAWN: set(),
}
"""What each outcome must say, and alone may say (art. 26: after a failure the parties are told of other ways)."""


class ConclusionIn(Strict):
    outcome: MediationOutcome
    concluded_on: PastDate
    failure_reason: FailureReason | None = Field(None, description="Failed: required.")
    remedy_notice_on: PastDate | None = Field(None, description="Failed: required (art. 26).")
    transferred_to: Title | None = Field(None, description="Transferred: required.")
    agreement: AgreementIn | None = Field(None, description="Agreed: required.")

    @model_validator(mode="after")
    def fits_outcome(self) -> Self:
        optional: set[str] = set().union(*_BY_OUTCOME.values())
        sent = {name for name in optional if getattr(self, name) is not None}
        refuse_fields("needed_here", [f"/{name}" for name in _BY_OUTCOME[self.outcome] - sent])
        refuse_fields("not_here", [f"/{name}" for name in sent - _BY_OUTCOME[self.outcome]])
        if self.agreement:
            check_body(("agreed_on", self.agreement.agreed_on), ("concluded_on", self.concluded_on))
        return self


class WithdrawalIn(Strict):
    """撤回."""

    on: PastDate
    reason: Line = Field(description="Stands in the timeline and the audit.")


class TransferTarget(Strict):
    """Either a committee of the district, or a body outside and the document by which it takes the case."""

    organization_id: Id | None = None
    external: Title | None = Field(None, description="Ends the case here as transferred.")
    document_no: Label | None = None

    @model_validator(mode="after")
    def one_target(self) -> Self:
        named = (self.organization_id is not None, self.external is not None, self.document_no is not None)
        if named not in {(True, False, False), (False, True, True)}:
            raise PydanticCustomError("one_target", "one target")
        return self


class TransferIn(WithdrawalIn):
    """移送."""

    to: TransferTarget


class ClosureIn(Strict):
    """结案. Reason and notice are the last round's; they are sent only where no round was concluded."""

    closed_on: PastDate
    note: Text | None = None
    failure_reason: FailureReason | None = None
    remedy_notice_on: PastDate | None = None


class ConflictIn(Strict):
    """回避: of oneself, or of another mediator whose relation to a party became known."""

    mediator_id: Id
    party_id: Id | None = Field(None, description="The party of this case to whom the mediator is related.")
    relation: ConflictRelation
    note: Text | None = None


class ConflictEndIn(Strict):
    reason: Annotated[Line, Field(min_length=2)]
