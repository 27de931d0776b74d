"""What the mediation of a case kept from happening: it counts once another person has approved it, and as long as it
is not withdrawn. Each state keeps who brought it about and when, so what was known at an instant can be told."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.core.problems import Problem
from app.core.records import Claimed
from app.intake.step_codes import Step
from app.mediation.harm_codes import HarmKind, HarmState
from app.mediation.harm_problems import HarmStepNotAllowed

_LIVE = text("state IN ('proposed', 'approved')")


class PreventedHarm(CaseBound, Claimed, Base):
    """防止激化记录. The kind says too whether it happened after all."""

    __tablename__ = "prevented_harms"
    __table_args__ = (
        Index("uq_prevented_harms_live", "case_id", "kind", unique=True, postgresql_where=_LIVE, sqlite_where=_LIVE),
    )
    path_key: ClassVar[str] = "harm_id"
    part: ClassVar[str] = "prevented_harms"
    audit_name: ClassVar[str] = "prevented_harm"

    kind: Mapped[HarmKind] = mapped_column(CodeText(HarmKind))
    people_count: Mapped[int]
    basis: Mapped[str] = mapped_column(Text)
    mediator_id: Mapped[UUID | None] = mapped_column(ForeignKey("mediators.id"))
    """Who judged; None: whoever recorded it."""
    judged_on: Mapped[date]
    state: Mapped[HarmState] = mapped_column(CodeText(HarmState), default=HarmState.PROPOSED)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    """When it was approved or declined."""
    declined_because: Mapped[str | None] = mapped_column(String(500))
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_because: Mapped[str | None] = mapped_column(String(500))

    def approve(self, by: UUID | None, at: datetime) -> None:
        self.state, self.decided_by, self.decided_at = HarmState.APPROVED, by, at

    def decline(self, by: UUID | None, at: datetime, reason: str) -> None:
        self.state, self.decided_by, self.decided_at = HarmState.DECLINED, by, at
        self.declined_because = reason

    def withdraw(self, by: UUID | None, at: datetime, reason: str) -> None:
        self.state, self.withdrawn_by, self.withdrawn_at = HarmState.WITHDRAWN, by, at
        self.withdrawn_because = reason

    def why_not(self, step: Step) -> Problem | None:
        needed = HarmState.APPROVED if step is Step.HARM_WITHDRAWAL else HarmState.PROPOSED
        if self.state is needed:
            return None
        return HarmStepNotAllowed(
            state_name=(self.state.zh, self.state.en.lower()),
            allowed=(needed.zh, needed.en.lower()),
            step_name=(step.zh, step.en.lower()),
        )
