"""Obligations of an agreement, and what happens to them, as clients send it."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import refuse_fields, rule
from app.core.schemas import MAX_VALUES, AnyDate, Id, Money, PageQuery, PastDate, PlaceCode, Several, Strict, unrepeated
from app.core.text import Line, Text
from app.mediation.agreement_codes import RefusalReason
from app.mediation.codes import PerformanceStatus

rule("not_positive", "应大于零", "should be more than zero")
rule("instalments_sum", "各期金额之和须等于应付金额", "the instalments must add up to the amount that is owed")
rule("instalments_order", "各期应按到期日先后排列", "the instalments must stand in the order of their days")
rule(
    "instalments_alone", "分期的，不另填到期日或当场履行", "with instalments goes neither a day of its own nor on-spot"
)


def _positive(amount: Decimal) -> Decimal:
    if amount <= 0:
        raise PydanticCustomError("not_positive", "not positive")
    return amount


PositiveMoney = Annotated[Money, AfterValidator(_positive)]


class InstalmentIn(Strict):
    due_on: AnyDate
    amount: PositiveMoney


def in_order(instalments: Sequence[InstalmentIn]) -> Sequence[InstalmentIn]:
    if any(one.due_on > other.due_on for one, other in pairwise(instalments)):
        raise PydanticCustomError("instalments_order", "not in order")
    return instalments


Instalments = Annotated[list[InstalmentIn], Field(max_length=120), AfterValidator(in_order)]


def total(instalments: Sequence[InstalmentIn]) -> Decimal:
    return sum((one.amount for one in instalments), Decimal(0))


class ObligationIn(Strict):
    party_id: Id
    what: Line
    due_on: AnyDate | None = Field(None, description="With instalments, the day of the last.")
    amount: Money | None = None
    instalments: Instalments = Field(default_factory=list, description="Add up to `amount`.")
    performed_on_spot: bool = Field(False, description="当场履行: performed on the day of the agreement.")

    @model_validator(mode="after")
    def checked(self) -> Self:
        if self.instalments and total(self.instalments) != self.amount:
            raise PydanticCustomError("instalments_sum", "wrong sum")
        if self.instalments and (self.due_on or self.performed_on_spot):
            raise PydanticCustomError("instalments_alone", "too much")
        return self


class ActIn(Strict):
    id: Id | None = None
    on: PastDate


class PerformanceIn(ActIn):
    amount: PositiveMoney | None = Field(None, description="All that is still owed, if not sent.")
    partial: bool = Field(False, description="Something was done but not all; where no amount is owed.")
    instalment: Annotated[int, Field(ge=1, le=100_000)] | None = Field(
        None, description="The number of the instalment; if not sent, the earliest are paid first."
    )
    proof: Text | None = Field(None, description="Receipt, transfer, or who saw it.")


class UrgingIn(ActIn):
    """督促履行 (People's Mediation Law, art. 31)."""

    note: Text | None = None


class PerformanceRefusalIn(ActIn):
    reason: RefusalReason
    note: Text | None = None


class ObligationChangeIn(ActIn):
    """What is not sent stays. `waived` alone ends the obligation."""

    reason: Text
    consents: Annotated[list[Id], Field(max_length=200), AfterValidator(unrepeated)] = Field(
        description="All known parties."
    )
    waived: bool = False
    what: Line | None = None
    due_on: AnyDate | None = None
    amount: PositiveMoney | None = Field(None, description="In all, with what was paid already.")
    instalments: Instalments | None = Field(
        None, description="In place of those standing; they add up to what is owed."
    )

    @model_validator(mode="after")
    def one_kind(self) -> Self:
        sent = [name for name in ("what", "due_on", "amount", "instalments") if getattr(self, name) is not None]
        if self.waived:
            refuse_fields("not_here", [f"/{name}" for name in sent])
        elif not sent:
            refuse_fields("needed_here", ["/waived"])
        if self.instalments and self.due_on:
            refuse_fields("not_here", ["/due_on"])
        return self


class ObligationFilter(PageQuery):
    place: PlaceCode | None = Field(None, description="The place and all below it.")
    case_id: Id | None = None
    status: Annotated[list[PerformanceStatus] | None, Several, MAX_VALUES] = Field(
        None, description="A parent includes its children."
    )
    overdue: bool | None = Field(None, description="A part of it should have been performed before today.")
    due_before: AnyDate | None = None

    @property
    def by_day(self) -> bool:
        """Whether only those are asked for that have a day ahead: they come by it."""
        return bool(self.overdue) or self.due_before is not None
