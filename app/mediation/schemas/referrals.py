"""The hand-off as clients send it; which fields belong to it is the method's to say."""

from pydantic import Field

from app.core.input_errors import refuse_fields, rule
from app.core.schemas import AnyDate, Id, PastDate, Strict
from app.core.text import Label, Name
from app.intake.method_codes import Method, ReferralDirection
from app.mediation.codes import (
    ArbitrationKind,
    CourtStage,
    ExcludedMatter,
)

rule("needed_here", "此情形下必填", "is required in this case")
rule("not_here", "此情形下不能填写", "does not belong here in this case")


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
