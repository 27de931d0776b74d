"""What clients send at intake: a dispute with its parties, a change of it, and the bodies of the first steps."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import rule
from app.core.schemas import NOT_SENT, Count, Id, Money, PastDate, Patch, PhoneNumber, PlaceCode, Query, Strict
from app.core.text import Label, Line, Name, Text, Title
from app.intake.codes import (
    AgentKind,
    AgentPower,
    Channel,
    Consent,
    DeclineReason,
    Difficulty,
    DisputeCategory,
    Forecast,
    IdKind,
    PartyKind,
    PartySide,
    RiskLevel,
    Sex,
    Source,
    SpecialGroup,
)
from app.intake.dates import check_body
from app.intake.identity import fault_of_number

rule("a_total", "这是合计项，请选择其下的具体来源", "this is a total; choose one of its members")
rule("name_or_unknown", "须填写姓名，或标明 unknown: true", "needs a name, or unknown: true")
rule("unknown_with_identity", "未知当事人不能带姓名、证件或电话", "an unknown party has no name, number or phone")
rule("number_without_kind", "该证件类型不带号码", "this kind of document has no number")
rule("two_unknown", "至多一名当事人未知", "at most one party may be unknown")
rule("same_id_twice", "同一 id 出现两次", "the same id stands twice")


def _storable(source: Source) -> Source:
    if not source.storable:
        raise PydanticCustomError("a_total", "a total")
    return source


def _unrepeated(values: list[Any]) -> list[Any]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("same_id_twice", "the same id twice")
    return values


StoredSource = Annotated[Source, AfterValidator(_storable)]
MediatorIds = Annotated[list[Id], Field(min_length=1, max_length=20), AfterValidator(_unrepeated)]
"""The first leads."""
DocumentNumber = Annotated[str, Field(pattern="^[0-9A-Za-z()-]{2,40}$"), AfterValidator(str.upper)]
Groups = Annotated[list[SpecialGroup], Field(max_length=len(SpecialGroup)), AfterValidator(_unrepeated)]


class AgentIn(Strict):
    """Who acts for a party: a guardian, or somebody entrusted, generally or with special authorization."""

    kind: AgentKind
    name: Name
    power: AgentPower | None = None
    phone: PhoneNumber | None = None


class PartyIn(Strict):
    id: Id | None = None
    side: PartySide
    kind: PartyKind = PartyKind.NATURAL_PERSON
    name: Name | None = None
    unknown: bool = False
    id_kind: IdKind | None = None
    id_number: DocumentNumber | None = None
    phone: PhoneNumber | None = None
    sex: Sex | None = None
    born_on: PastDate | None = None
    address: Line | None = None
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


class ExternalId(Strict):
    """The case's number in another system."""

    system: Label
    value: Label


ExternalIds = Annotated[list[ExternalId], Field(max_length=20)]


def _parties_checked(parties: list[PartyIn]) -> list[PartyIn]:
    if sum(party.unknown for party in parties) > 1:
        raise PydanticCustomError("two_unknown", "two unknown")
    _unrepeated([party.id for party in parties if party.id])
    return parties


class CaseDetails(Strict):
    """What may be known of a dispute, when it is registered or later."""

    channel: Channel | None = None
    title: Title | None = None
    occurred_on: PastDate | None = None
    location: Line | None = None
    people_count: Count | None = None
    amount_claimed: Money | None = None
    difficulty: Difficulty | None = None
    risk_level: RiskLevel | None = None
    forecast: Forecast | None = None
    organization_id: Id | None = None

    @model_validator(mode="after")
    def in_order(self) -> Self:
        check_body(("occurred_on", self.occurred_on), ("reported_on", getattr(self, "reported_on", None)))
        return self


class CaseIn(CaseDetails):
    """A dispute as reported. Six fields are enough: place, source, category, summary, and two parties' sides and
    names."""

    id: Id | None = Field(
        None, description="Made by the client: the same creation sent again answers with the same case."
    )
    place: PlaceCode
    source: StoredSource
    category: DisputeCategory
    summary: Text
    reported_on: PastDate | None = Field(None, description="Today in Shanghai, if not sent.")
    special_groups: Groups = Field(default_factory=list)
    external_ids: ExternalIds = Field(default_factory=list)
    parties: Annotated[list[PartyIn], Field(min_length=2, max_length=200), AfterValidator(_parties_checked)]


class CasePatch(CaseDetails, Patch):
    """Every field of the creation but `id` and `parties`."""

    place: PlaceCode = NOT_SENT
    source: StoredSource = NOT_SENT
    category: DisputeCategory = NOT_SENT
    summary: Text = NOT_SENT
    reported_on: PastDate = NOT_SENT
    special_groups: Groups = NOT_SENT
    external_ids: ExternalIds = NOT_SENT


class AcceptanceIn(Strict):
    accepted_on: PastDate
    organization_id: Id | None = Field(None, description="Else the case's organization, else the caller's.")
    mediators: MediatorIds | None = Field(None, description="Ids of mediators; the first leads.")


class RefusalIn(Strict):
    """不予受理."""

    reason: DeclineReason
    notice_on: PastDate
    note: Text | None = None


class AssignmentIn(Strict):
    mediators: MediatorIds


class RevealQuery(Query):
    reason: Annotated[Line, Field(min_length=2, max_length=200, description="Why the identity is needed; audited.")]


class PersonIn(Strict):
    """A person, by the document; in a body, since identity numbers never stand in an address."""

    party_id_kind: IdKind = IdKind.RESIDENT_ID
    party_id_number: DocumentNumber
