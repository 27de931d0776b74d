"""What clients send of a party and of whoever acts for it, and what of it fits together."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import rule
from app.core.schemas import NOT_SENT, Id, PastDate, Patch, PhoneNumber, Strict, unrepeated
from app.core.text import Label, Line, Name
from app.intake.codes import AgentKind, AgentPower, Consent, IdKind, LegalCapacity, PartyKind, PartySide, Sex
from app.intake.identity import fault_of_number

MOST_PARTIES, FEWEST_PARTIES = 200, 2

rule("name_or_unknown", "须填写姓名，或标明 unknown: true", "needs a name, or unknown: true")
rule("unknown_with_identity", "未知当事人不能带姓名、证件或电话", "an unknown party has no name, number or phone")
rule("number_without_kind", "该证件类型不带号码", "this kind of document has no number")
rule("two_unknown", "至多一名当事人未知", "at most one party may be unknown")
rule("power_missing", "委托代理须写明授权：一般或特别", "an entrusted agent needs a power: general or special")
rule("power_of_guardian", "只有委托代理人才有授权", "only an entrusted agent has a power")
rule("license_of_guardian", "只有委托代理人才填写执业证号", "only an entrusted agent has a lawyer's licence")

DocumentNumber = Annotated[str, Field(pattern="^[0-9A-Za-z()-]{2,40}$"), AfterValidator(str.upper)]


class AgentDetails(Strict):
    power: AgentPower | None = Field(None, description="Of an entrusted agent, and of no other.")
    phone: PhoneNumber | None = None
    license_no: Label | None = Field(None, description="Of an entrusted agent who is a lawyer: 执业证号.")


class AgentIn(AgentDetails):
    """Who acts for a party: a guardian, or somebody entrusted, generally or with special authorization."""

    kind: AgentKind
    name: Name

    @model_validator(mode="after")
    def checked(self) -> Self:
        if self.kind.takes_power != (self.power is not None):
            fault = "power_missing" if self.kind.takes_power else "power_of_guardian"
            raise PydanticCustomError(fault, "fault in the power")
        if self.license_no and not self.kind.takes_power:
            raise PydanticCustomError("license_of_guardian", "licence of a guardian")
        return self


class AgentPatch(AgentDetails, Patch):
    kind: AgentKind = NOT_SENT
    name: Name = NOT_SENT


class PartyDetails(Strict):
    """What may be known of a party, when it is named or later."""

    name: Name | None = None
    id_kind: IdKind | None = None
    id_number: DocumentNumber | None = None
    phone: PhoneNumber | None = None
    sex: Sex | None = None
    born_on: PastDate | None = None
    capacity: LegalCapacity | None = None
    address: Line | None = None


class PartyIn(PartyDetails):
    id: Id | None = None
    side: PartySide
    kind: PartyKind = PartyKind.NATURAL_PERSON
    unknown: bool = False
    agent: AgentIn | None = None
    consent: Consent = Consent.PENDING

    @property
    def declared_kind(self) -> IdKind | None:
        """The kind of document; a number without a kind is a resident identity number."""
        return self.id_kind or (IdKind.RESIDENT_ID if self.id_number else None)

    @model_validator(mode="after")
    def checked(self) -> Self:
        if self.unknown and (self.name or self.id_number or self.phone):
            raise PydanticCustomError("unknown_with_identity", "unknown with identity")
        if not self.unknown and self.name is None:
            raise PydanticCustomError("name_or_unknown", "name or unknown")
        if self.id_number and self.declared_kind:
            if self.declared_kind is IdKind.NONE_DECLARED:
                raise PydanticCustomError("number_without_kind", "number without kind")
            if fault := fault_of_number(self.declared_kind, self.id_number):
                raise PydanticCustomError(fault, "fault in the number")
        return self


class PartyPatch(PartyDetails, Patch):
    """Every field of a party but `id`. A name makes an unknown party known; `agent` is merged, null removes it."""

    side: PartySide = NOT_SENT
    kind: PartyKind = NOT_SENT
    unknown: bool = NOT_SENT
    agent: AgentPatch | None = None
    consent: Consent = NOT_SENT


def _checked(parties: list[PartyIn]) -> list[PartyIn]:
    if sum(party.unknown for party in parties) > 1:
        raise PydanticCustomError("two_unknown", "two unknown")
    unrepeated([party.id for party in parties if party.id])
    return parties


Parties = Annotated[list[PartyIn], Field(min_length=FEWEST_PARTIES, max_length=MOST_PARTIES), AfterValidator(_checked)]
