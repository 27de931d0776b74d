"""A patrol (排查), counted in 次, and what it found. One that found nothing is recorded too: none is not the same as
not reported."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant, Json
from app.core.db import Base
from app.core.jurisdiction import Located
from app.core.records import Claimed, Versioned
from app.inspections.codes import FindingState, InspectionKind
from app.inspections.dispute_codes import DisputeCategory, RiskLevel
from app.inspections.problems import FindingSettled, NotALead


class Inspection(Located, Claimed, Versioned, Base):
    __tablename__ = "inspections"
    __table_args__ = (
        Index("ix_inspections_district", "district", "inspected_on", "id"),
        Index("ix_inspections_township", "district", "township", "inspected_on", "id"),
        Index("ix_inspections_place", "district", "place", "inspected_on", "id"),
    )
    path_key: ClassVar[str] = "inspection_id"
    audit_name: ClassVar[str] = "inspection"

    inspected_on: Mapped[date]
    kind: Mapped[InspectionKind] = mapped_column(CodeText(InspectionKind))
    people: Mapped[list[str]] = mapped_column(Json)
    """Names of those who went."""
    nothing_found: Mapped[bool]
    """A zero report (零报告)."""
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


class Finding(Located, Base):
    __tablename__ = "findings"
    __table_args__ = (Index("ix_findings_settled", "district", "state", "settled_on"),)
    path_key: ClassVar[str] = "finding_id"
    part: ClassVar[str] = "findings"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), index=True)
    position: Mapped[int]
    summary: Mapped[str] = mapped_column(Text)
    category: Mapped[DisputeCategory | None] = mapped_column(CodeText(DisputeCategory))
    location: Mapped[str | None] = mapped_column(String(500))
    people_count: Mapped[int | None]
    risk_level: Mapped[RiskLevel | None] = mapped_column(CodeText(RiskLevel))
    state: Mapped[FindingState] = mapped_column(CodeText(FindingState))
    lead_on: Mapped[date | None]
    lead_note: Mapped[str | None] = mapped_column(Text)
    settled_on: Mapped[date | None]
    """The day it was prevented or became a case."""
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    """When that was recorded."""
    prevention_note: Mapped[str | None] = mapped_column(Text)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    content_hash: Mapped[str | None] = mapped_column(String(64))
    """Recognises the same creation sent again; null where it was recorded with its patrol."""

    def become_lead(self, on: date, note: str | None) -> None:
        if self.state is not FindingState.OPEN:
            raise self._settled()
        self.state, self.lead_on, self.lead_note = FindingState.LEAD, on, note

    def prevent(self, on: date, note: str, at: datetime) -> None:
        if self.state is FindingState.OPEN:
            raise NotALead
        if self.state is not FindingState.LEAD:
            raise self._settled()
        self.state, self.settled_on, self.settled_at = FindingState.PREVENTED, on, at
        self.prevention_note = note

    def become_case(self, case_id: UUID, on: date, at: datetime) -> None:
        if not self.state.is_pending:
            raise self._settled()
        self.state, self.settled_on, self.settled_at = FindingState.CASE, on, at
        self.case_id = case_id

    def _settled(self) -> FindingSettled:
        return FindingSettled(state_name=(self.state.zh, self.state.en.lower()))
