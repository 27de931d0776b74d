"""What clients send at intake: a dispute with its parties, a change of it, and the bodies of the first steps."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import rule
from app.core.schemas import NOT_SENT, AnyDate, Count, Id, Money, PastDate, Patch, PlaceCode, Query, Strict, unrepeated
from app.core.text import Label, Line, Text, Title
from app.intake.codes import (
    Channel,
    DeclineReason,
    Difficulty,
    DisputeCategory,
    Forecast,
    IdKind,
    RiskLevel,
    Source,
    SpecialGroup,
    SuspensionReason,
)
from app.intake.dates import check_body
from app.intake.party_schemas import DocumentNumber, Parties

rule("a_total", "这是合计项，请选择其下的具体来源", "this is a total; choose one of its members")


def _storable(source: Source) -> Source:
    if not source.storable:
        raise PydanticCustomError("a_total", "a total")
    return source


StoredSource = Annotated[Source, AfterValidator(_storable)]
MediatorIds = Annotated[list[Id], Field(min_length=1, max_length=20), AfterValidator(unrepeated)]
"""The first leads."""
Groups = Annotated[list[SpecialGroup], Field(max_length=len(SpecialGroup)), AfterValidator(unrepeated)]


class ExternalId(Strict):
    """The case's number in another system."""

    system: Label
    value: Label


ExternalIds = Annotated[list[ExternalId], Field(max_length=20)]


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
    domestic_violence: bool = Field(False, description="Parties do not meet by default, and an alert goes out.")
    special_groups: Groups = Field(default_factory=list)
    external_ids: ExternalIds = Field(default_factory=list)
    inspection_id: Id | None = Field(None, description="The patrol that found it.")
    parties: Parties


class CasePatch(CaseDetails, Patch):
    """Every field of the creation but `id`, `parties` and `inspection_id`."""

    place: PlaceCode = NOT_SENT
    source: StoredSource = NOT_SENT
    category: DisputeCategory = NOT_SENT
    summary: Text = NOT_SENT
    reported_on: PastDate = NOT_SENT
    domestic_violence: bool = NOT_SENT
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


class MergeIn(Strict):
    """并案."""

    into: Id = Field(description="The case that goes on for both.")
    reason: Line


class ReasonIn(Strict):
    reason: Line = Field(description="Stands in the timeline and the audit.")


class ReopeningIn(ReasonIn):
    """重新启动."""

    on: PastDate


class LeadIn(Strict):
    """转为线索: a finding is watched from this day."""

    on: PastDate
    note: Text | None = None


class PreventionIn(Strict):
    """预防: a lead came to nothing, thanks to what was done."""

    on: PastDate
    note: Text = Field(description="What was done.")


class NoteIn(Strict):
    id: Id | None = None
    text: Text


class CoverageQuery(Query):
    place: PlaceCode | None = Field(None, description="The place and all below it; the caller's own, if not sent.")
    first: AnyDate = Field(alias="from", description="Included.")
    last: AnyDate = Field(alias="to", description="Included.")

    @model_validator(mode="after")
    def forwards(self) -> Self:
        if self.first > self.last:
            raise PydanticCustomError("reversed_period", "reversed period")
        return self


PartyIds = Annotated[list[Id], Field(max_length=200), AfterValidator(unrepeated)]


class SuspensionIn(Strict):
    """中止: the clock of mediation stands still from the day after `on`."""

    reason: SuspensionReason
    on: PastDate
    consents: PartyIds = Field(default_factory=list, description="Ids of the parties who agreed.")


class ResumptionIn(Strict):
    """恢复调解: `on` is the last day on which the clock stood still."""

    on: PastDate
    reason: Line | None = None


class ExtensionIn(Strict):
    """延长: agreed before the limit ends, by all known parties."""

    reason: Line
    on: PastDate
    days: Annotated[int, Field(ge=1, le=366)] | None = Field(None, description="If not sent, as the rule allows.")
    consents: PartyIds = Field(default_factory=list, description="Ids of the parties who agreed: all known ones.")


class RevealQuery(Query):
    reason: Annotated[Line, Field(min_length=2, max_length=200, description="Why the identity is needed; audited.")]


class PersonIn(Strict):
    """A person, by the document; in a body, since identity numbers never stand in an address."""

    party_id_kind: IdKind = IdKind.RESIDENT_ID
    party_id_number: DocumentNumber
