"""How a case leaves mediation: withdrawal, transfer, closure."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import rule
from app.core.schemas import Id, PastDate, Strict
from app.core.text import Label, Line, Text, Title
from app.intake.method_codes import FailureReason

rule(
    "one_target",
    "须且只能指明 organization_id，或 external 和 document_no",
    "names organization_id, or external and document_no",
)


class WithdrawalIn(Strict):
    """撤回."""

    on: PastDate
    reason: Line = Field(description="Stands in the timeline and the audit.")


class TransferTarget(Strict):
    """Either a committee of the district, or a body outside and the document by which it takes the case."""

    organization_id: Id | None = None
    external: Title | None = Field(None, description="Ends the case here as transferred.")
    document_no: Label | None = None

    @model_validator(mode="after")
    def one_target(self) -> Self:
        named = (self.organization_id is not None, self.external is not None, self.document_no is not None)
        if named not in {(True, False, False), (False, True, True)}:
            raise PydanticCustomError("one_target", "one target")
        return self


class TransferIn(WithdrawalIn):
    """移送."""

    to: TransferTarget


class ClosureIn(Strict):
    """结案. Reason and notice are the last round's; they are sent only where no round was concluded."""

    closed_on: PastDate
    note: Text | None = None
    failure_reason: FailureReason | None = None
    remedy_notice_on: PastDate | None = None
