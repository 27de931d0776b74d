"""A return visit as clients send it."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import rule
from app.core.schemas import Id, PastDate, Strict, unrepeated
from app.core.text import Name, Text
from app.intake.codes import RiskLevel
from app.mediation.agreement_codes import Satisfaction, VisitForm
from app.mediation.codes import PerformanceStatus

rule("one_visitor", "须且只能指明 mediator_id、visitor_name 之一", "names exactly one of mediator_id, visitor_name")


class ReturnVisitIn(Strict):
    id: Id | None = None
    visited_on: PastDate
    form: VisitForm
    mediator_id: Id | None = Field(None, description="Who visited, where it was a mediator.")
    visitor_name: Name | None = Field(None, description="Who visited, else.")
    parties: Annotated[list[Id], Field(min_length=1, max_length=200), AfterValidator(unrepeated)]
    findings: Text
    performance: PerformanceStatus | None = Field(None, description="As found; it changes no obligation.")
    satisfaction: Satisfaction | None = None
    new_dispute: bool = False
    remaining_risk: RiskLevel | None = None
    measures: Text | None = None
    sampled: bool = Field(False, description="抽查: nobody who mediated the case makes or records it.")

    @model_validator(mode="after")
    def one_visitor(self) -> Self:
        if (self.mediator_id is None) is (self.visitor_name is None):
            raise PydanticCustomError("one_visitor", "one visitor")
        return self
