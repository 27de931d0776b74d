"""An agreement, its obligations and signatures as clients send them."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import refuse_fields, rule
from app.core.schemas import NOT_SENT, Id, Money, PastDate, Patch, Strict
from app.core.text import Line, Text, Title
from app.intake.dates import check_body
from app.intake.method_codes import AgreementForm
from app.mediation.agreement_codes import SignatureManner
from app.mediation.schemas.obligations import ObligationIn

rule("one_signer", "须且只能指明 party_id、mediator_id、seal 之一", "names exactly one of party_id, mediator_id, seal")
rule(
    "agent_and_authority",
    "代理人代签的须写明授权，其他方式不填",
    "an agent signs by an authority, and nobody else does",
)
rule("signs_in_person", "调解员须亲自签名；印章不填签署方式", "a mediator signs in person; a seal has no manner")


class SignatureIn(Strict):
    """Exactly one of: a party, a mediator of the round, the committee's seal."""

    party_id: Id | None = None
    mediator_id: Id | None = None
    seal: bool = False
    on: PastDate
    manner: SignatureManner | None = Field(None, description="How a person signed; a seal has none.")
    authority: Line | None = Field(None, description="By an agent: required, the document that gives the authority.")
    device: Title | None = Field(None, description="What it was taken with, as the client names it.")

    @property
    def signer(self) -> Any:
        return self.party_id or self.mediator_id or "seal"

    @model_validator(mode="after")
    def one_signer(self) -> Self:
        if (self.party_id is not None) + (self.mediator_id is not None) + self.seal != 1:
            raise PydanticCustomError("one_signer", "one signer")
        if (self.manner is SignatureManner.BY_AGENT) is not (self.authority is not None):
            raise PydanticCustomError("agent_and_authority", "agent and authority")
        if self.manner and (self.seal or (self.mediator_id and self.manner is SignatureManner.BY_AGENT)):
            raise PydanticCustomError("signs_in_person", "wrong manner")
        return self


Obligations = Annotated[list[ObligationIn], Field(max_length=200)]


class AgreementIn(Strict):
    form: AgreementForm
    agreed_on: PastDate
    content: Text
    amount: Money | None = None
    obligations: Obligations = Field(default_factory=list)
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


class AgreementPatch(Patch):
    """A written agreement before anybody has signed it. The obligations are replaced whole."""

    content: Text = NOT_SENT
    amount: Money | None = None
    obligations: Obligations = NOT_SENT
