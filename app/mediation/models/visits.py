"""Return visits: what was found when the parties were asked again after the agreement."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant, Json
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.core.records import Claimed
from app.intake.codes import RiskLevel
from app.mediation.agreement_codes import Satisfaction, VisitForm
from app.mediation.codes import PerformanceStatus


class ReturnVisit(CaseBound, Claimed, Base):
    __tablename__ = "return_visits"
    part: ClassVar[str] = "return_visits"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.id"))
    visited_on: Mapped[date]
    form: Mapped[VisitForm] = mapped_column(CodeText(VisitForm))
    mediator_id: Mapped[UUID | None] = mapped_column(ForeignKey("mediators.id"))
    visitor_name: Mapped[str | None] = mapped_column(String(100))
    """Who visited, where it was no mediator."""
    parties: Mapped[list[str]] = mapped_column(Json)
    findings: Mapped[str] = mapped_column(Text)
    performance: Mapped[PerformanceStatus | None] = mapped_column(CodeText(PerformanceStatus))
    satisfaction: Mapped[Satisfaction | None] = mapped_column(CodeText(Satisfaction))
    new_dispute: Mapped[bool]
    remaining_risk: Mapped[RiskLevel | None] = mapped_column(CodeText(RiskLevel))
    measures: Mapped[str | None] = mapped_column(Text)
    sampled: Mapped[bool]
    """抽查: made to check the mediation, by somebody else."""
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
