"""The hand-off as clients send it; which fields belong to it is the method's to say."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from app.core.input_errors import refuse_fields, rule
from app.core.schemas import MAX_VALUES, AnyDate, Id, PageQuery, PastDate, PlaceCode, Several, Strict
from app.core.text import Label, Line, Name, Text
from app.intake.dates import check_body
from app.intake.method_codes import Method, ReferralDirection
from app.mediation.arbitration_codes import ArbitrationExclusion, ArbitrationKind
from app.mediation.codes import (
    CourtStage,
    ExcludedMatter,
    LetterKind,
    ReferralOutcome,
    ReferralState,
)

rule("needed_here", "此情形下必填", "is required in this case")
rule("not_here", "此情形下不能填写", "does not belong here in this case")


_COMMON = {"direction", "letter_kind", "letter_no", "sent_on", "partner_id", "due_on"}
_FIELDS: dict[Method, set[str]] = {
    Method.COURT: {"court_stage", "docket_no", "officer_name"},
    Method.POLICE: {"incident_no", "officer_name", "officer_badge_no", "public_security_case", "excluded_matter"},
    Method.ARBITRATION: {"arbitration_kind", "arbitration_exclusion", "docket_no", "limitation_ends_on"},
    Method.LAWYER: {"lawyer_name", "lawyer_license_no", "law_firm_id", "conflict_declared", "legal_aid_no"},
    Method.PETITION: {"petition_no", "officer_name"},
    Method.PROCURATORATE: {"procuratorate_case_no", "officer_name"},
    Method.ADMINISTRATIVE: {"department", "work_order_no", "docket_no", "officer_name"},
    Method.INDUSTRY: {"department", "officer_name"},
}
"""What identifies a hand-off under each method, beside what is common to all."""
_REQUIRED: dict[Method, set[str]] = {
    Method.POLICE: {"incident_no"},
    Method.ARBITRATION: {"arbitration_kind"},
    Method.LAWYER: {"lawyer_name", "lawyer_license_no", "conflict_declared"},
}


class ReferralIn(Strict):
    """The hand-off that goes with a round. Which fields belong to it is the method's to say."""

    direction: ReferralDirection | None = Field(None, description="`in` for police, court, petition, procuratorate.")
    letter_kind: LetterKind | None = None
    letter_no: Label | None = Field(None, description="Of the letter by which the dispute was handed over.")
    sent_on: PastDate | None = None
    partner_id: Id | None = Field(None, description="Its liaison reads the case from now until recall or return.")
    due_on: AnyDate | None = Field(None, description="As the letter names it; the rules give their own days besides.")
    court_stage: CourtStage | None = Field(
        None, description="Court: sets the limit of mediation; directed before filing, if not sent."
    )
    incident_no: Label | None = Field(None, description="Police: required.")
    officer_name: Name | None = Field(None, description="Who handles it at the partner.")
    officer_badge_no: Label | None = None
    public_security_case: bool | None = None
    excluded_matter: ExcludedMatter | None = Field(None, description="Police: what may not be mediated is 409.")
    arbitration_kind: ArbitrationKind | None = Field(None, description="Arbitration: required.")
    arbitration_exclusion: ArbitrationExclusion | None = Field(
        None, description="Arbitration: what no body takes on is 409."
    )
    docket_no: Label | None = Field(None, description="案号 of the court, the arbitration body, the reconsideration.")
    limitation_ends_on: AnyDate | None = Field(
        None, description="Arbitration: if not sent, as the rule gives it from the day the dispute arose."
    )
    lawyer_name: Name | None = Field(None, description="Lawyer: required.")
    lawyer_license_no: Label | None = Field(None, description="Lawyer: required.")
    law_firm_id: Id | None = None
    conflict_declared: bool | None = Field(None, description="Lawyer: required to be true.")
    legal_aid_no: Label | None = None
    petition_no: Label | None = Field(None, description="Petition: 信访件编号.")
    procuratorate_case_no: Label | None = Field(None, description="Procuratorate: 检察机关案号.")
    department: Name | None = Field(None, description="Administrative, industry: 主管部门 or 行业协会.")
    work_order_no: Label | None = Field(None, description="Administrative: 12345 or 综治工单号.")


def refuse_misfit(method: Method, referral: ReferralIn | None) -> None:
    """A method takes a referral, needs one, or has none; and each has its own fields in it."""
    if referral is None:
        refuse_fields("needed_here", ["/referral"] * method.needs_referral)
        return
    if not method.takes_referral:
        refuse_fields("not_here", ["/referral"])
    sent = {name for name, value in referral if value is not None}
    refuse_fields("not_here", _in_referral(sent - _COMMON - _FIELDS.get(method, set())))
    # A conflict must be declared as absent: false is as good as nothing.
    declared = sent - (set() if referral.conflict_declared else {"conflict_declared"})
    refuse_fields("needed_here", _in_referral(_REQUIRED.get(method, set()) - declared))


def _in_referral(names: set[str]) -> list[str]:
    return [f"/referral/{name}" for name in names]


class HandOffStepIn(Strict):
    """A step of a hand-off: one's own, or the partner's as its letter told it."""

    on: PastDate
    letter_no: Label | None = Field(
        None, description="Of the letter that said so. The office records a partner's step by its letter alone."
    )
    officer_name: Name | None = Field(None, description="Who answered for that side.")


class ReturnIn(HandOffStepIn):
    """退回."""

    reason: Line = Field(description="Why it cannot be taken on.")


class RecallIn(HandOffStepIn):
    """撤回."""

    reason: Line | None = None


class ResultIn(HandOffStepIn):
    """反馈结果."""

    outcome: ReferralOutcome
    text: Text
    performance_proof: Line | None = Field(None, description="Agreed: how performance was shown (收条、汇款凭证).")
    joint_application_on: PastDate | None = Field(None, description="Agreed: 当事人共同书面申请 of that day.")

    @model_validator(mode="after")
    def fits_outcome(self) -> Self:
        """What goes back to the police with an agreement, and a procuratorate may ask for too."""
        if self.outcome is not ReferralOutcome.AGREED:
            package = ("performance_proof", "joint_application_on")
            refuse_fields("not_here", [f"/{name}" for name in package if getattr(self, name) is not None])
        check_body(("joint_application_on", self.joint_application_on), ("answering_on", self.on))
        return self


class ReferralFilter(PageQuery):
    place: PlaceCode | None = Field(None, description="The place and all below it.")
    partner_id: Annotated[list[Id] | None, Several, MAX_VALUES] = None
    method: Annotated[list[Method] | None, Several, MAX_VALUES] = None
    direction: Annotated[list[ReferralDirection] | None, Several, MAX_VALUES] = None
    state: Annotated[list[ReferralState] | None, Several, MAX_VALUES] = None
    concluded: bool | None = Field(None, description="The round has its outcome, whatever the hand-off stands at.")
    overdue: bool | None = Field(None, description="Receipt or feedback was due, and has not come.")
    due_before: AnyDate | None = Field(None, description="Receipt or feedback runs, and is due before that day.")
