"""Judicial confirmation, arbitration review and remedies as clients send them."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from app.core.input_errors import refuse_fields
from app.core.schemas import Id, PastDate, Strict, unrepeated
from app.core.text import Label, Text, Title
from app.mediation.agreement_codes import ConfirmationBar, ConfirmationDenial, RemedyRoute, ReviewStatus
from app.mediation.codes import ConfirmationStatus

Applicants = Annotated[list[Id], Field(max_length=200), AfterValidator(unrepeated)]
_S = ConfirmationStatus
_NEEDED: dict[str, set[str]] = {
    _S.APPLIED: {"applicants"},
    _S.CONFIRMED: {"docket_no"},
    _S.DENIED: {"docket_no", "denial"},
    _S.NOT_ACCEPTED: {"bar"},
    ReviewStatus.DOCUMENT_ISSUED: {"docket_no"},
}
"""By status; `applied` is one of both procedures."""
_POSSIBLE: dict[str, set[str]] = {
    _S.APPLIED: {"authority", "matter", "docket_no"},
    _S.UNDER_REVIEW: {"docket_no"},
}
_OF_A_STEP = {"applicants", "authority", "matter", "docket_no", "bar", "denial"}


class ConfirmationIn(Strict):
    """One step of a judicial confirmation: what it stands at from that day."""

    status: ConfirmationStatus = Field(description="Not `to_apply`: an agreement stands there by itself.")
    on: PastDate
    applicants: Applicants | None = Field(None, description="Applied: required, all known parties.")
    authority: Title | None = Field(None, description="Applied: the court.")
    matter: ConfirmationBar | None = Field(
        None, description="Applied: what the agreement is about, where no court may confirm it (409)."
    )
    docket_no: Label | None = Field(None, description="Confirmed, denied: required, of the ruling.")
    bar: ConfirmationBar | None = Field(None, description="Not accepted: required, the ground.")
    denial: ConfirmationDenial | None = Field(None, description="Denied: required, the ground.")
    note: Text | None = None

    @model_validator(mode="after")
    def fits_status(self) -> Self:
        if self.status is ConfirmationStatus.TO_APPLY:
            refuse_fields("not_here", ["/status"])
        _refuse_misfit(self, self.status)
        return self


class ReviewIn(Strict):
    """One step of an arbitration review."""

    status: ReviewStatus
    on: PastDate
    applicants: Applicants | None = Field(None, description="Applied: required, all known parties.")
    authority: Title | None = Field(None, description="Applied: the arbitration commission.")
    docket_no: Label | None = Field(None, description="Document issued: required.")
    note: Text | None = None

    @model_validator(mode="after")
    def fits_status(self) -> Self:
        _refuse_misfit(self, self.status)
        return self


def _refuse_misfit(body: ConfirmationIn | ReviewIn, status: str) -> None:
    sent = {name for name in _OF_A_STEP if getattr(body, name, None) is not None}
    needed, possible = _NEEDED.get(status, set()), _POSSIBLE.get(status, set())
    refuse_fields("needed_here", [f"/{name}" for name in needed - sent])
    refuse_fields("not_here", [f"/{name}" for name in sent - needed - possible])


class RemedyIn(Strict):
    id: Id | None = None
    route: RemedyRoute
    party_id: Id = Field(description="Who took it.")
    on: PastDate
    authority: Title | None = None
    docket_no: Label | None = None
    note: Text | None = None
