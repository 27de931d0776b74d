"""An agreement, its obligations and signatures as clients send them."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import refuse_fields, rule
from app.core.schemas import AnyDate, Id, Money, PastDate, Strict
from app.core.text import Line, Text
from app.intake.dates import check_body
from app.intake.method_codes import AgreementForm

rule("one_signer", "须且只能指明 party_id、mediator_id、seal 之一", "names exactly one of party_id, mediator_id, seal")


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
