"""What clients send of patrols: either what was found, or plainly that nothing was."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import rule
from app.core.schemas import (
    MAX_VALUES,
    NOT_SENT,
    AnyDate,
    Count,
    Id,
    PageQuery,
    PastDate,
    Patch,
    PlaceCode,
    Several,
    Strict,
    unrepeated,
)
from app.core.text import Line, Name, Text
from app.inspections.codes import FindingState, InspectionKind
from app.inspections.dispute_codes import DisputeCategory, RiskLevel

MOST_FINDINGS = 100

rule(
    "findings_or_nothing", "须写明发现，或标明 nothing_found: true（零报告）", "needs findings, or nothing_found: true"
)
rule("findings_in_zero_report", "零报告不能带有发现", "a zero report has no findings")

People = Annotated[list[Name], Field(max_length=50)]


class FindingIn(Strict):
    """The sign of a dispute."""

    id: Id | None = None
    summary: Text
    category: DisputeCategory | None = None
    location: Line | None = None
    people_count: Count | None = None
    risk_level: RiskLevel | None = None


def _checked(findings: list[FindingIn]) -> list[FindingIn]:
    unrepeated([finding.id for finding in findings if finding.id])
    return findings


class InspectionIn(Strict):
    """A patrol as it was held. `nothing_found` makes it a zero report (零报告), which is not the same as no report."""

    id: Id | None = Field(
        None, description="Made by the client: the same creation sent again answers with the same patrol."
    )
    place: PlaceCode
    inspected_on: PastDate
    kind: InspectionKind
    people: People = Field(default_factory=list, description="Names of those who went.")
    nothing_found: bool = False
    findings: Annotated[list[FindingIn], Field(max_length=MOST_FINDINGS), AfterValidator(_checked)] = Field(
        default_factory=list
    )

    @model_validator(mode="after")
    def says_what_was_found(self) -> Self:
        if self.nothing_found == bool(self.findings):
            fault = "findings_in_zero_report" if self.nothing_found else "findings_or_nothing"
            raise PydanticCustomError(fault, "findings or nothing")
        return self


class InspectionPatch(Patch):
    """Findings are added on their own; a patrol does not move to another place."""

    inspected_on: PastDate = NOT_SENT
    kind: InspectionKind = NOT_SENT
    people: People = NOT_SENT


class InspectionFilter(PageQuery):
    place: PlaceCode | None = Field(None, description="The place and all below it.")
    inspected_from: AnyDate | None = None
    inspected_to: AnyDate | None = None
    kind: Annotated[list[InspectionKind] | None, Several, MAX_VALUES] = None
    nothing_found: bool | None = None
    finding_state: Annotated[list[FindingState] | None, Several, MAX_VALUES] = Field(
        None, description="Patrols with a finding in such a state."
    )
    recorded_by: Annotated[list[Id] | None, Several, MAX_VALUES] = None
    sort: Literal["-inspected_on", "inspected_on"] = "-inspected_on"

    @model_validator(mode="after")
    def forwards(self) -> Self:
        if self.inspected_from and self.inspected_to and self.inspected_from > self.inspected_to:
            raise PydanticCustomError("reversed_period", "reversed period")
        return self
