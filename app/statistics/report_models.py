"""A frozen report: what was counted at one instant, who answers for it, and by which rows it was counted. Nothing of it
is ever computed again; a wrong one is superseded by its next version."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.core.columns import AsWritten, CodeText, Instant
from app.core.db import Base
from app.core.jurisdiction import Located
from app.core.problems import Problem
from app.core.records import Claimed, Versioned
from app.statistics.report_codes import ReportKind, ReportState, ReportStep
from app.statistics.report_problems import ReportStepNotAllowed

_ROOT = text("supersedes_id IS NULL AND state <> 'discarded'")
_NEXT = text("supersedes_id IS NOT NULL AND state <> 'discarded'")
UNSEALED = ""


class AlreadyFrozen(Exception):
    """A programming error: something would have written over what was reported."""


class Report(Located, Claimed, Versioned, Base):
    """One version of a report. Of a place, kind and period there is one chain of versions: one first, and of each one
    next, but for what was discarded."""

    __tablename__ = "reports"
    __table_args__ = (
        Index(
            "uq_reports_first",
            *("district", "place", "kind", "first_on", "last_on"),
            unique=True,
            sqlite_where=_ROOT,
            postgresql_where=_ROOT,
        ),
        Index("uq_reports_next", "supersedes_id", unique=True, sqlite_where=_NEXT, postgresql_where=_NEXT),
        Index("ix_reports_period", "district", "township", "place", "last_on"),
    )
    path_key: ClassVar[str] = "report_id"
    audit_name: ClassVar[str] = "report"

    kind: Mapped[ReportKind] = mapped_column(CodeText(ReportKind))
    first_on: Mapped[date]
    last_on: Mapped[date]
    cut_off_at: Mapped[datetime] = mapped_column(Instant)
    """What was known then counts; what is due by that day counts as due."""
    edition: Mapped[int] = mapped_column(default=1)
    state: Mapped[ReportState] = mapped_column(CodeText(ReportState), default=ReportState.DRAFT)
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("reports.id"))
    superseded_by: Mapped[UUID | None] = mapped_column(ForeignKey("reports.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)
    made_because: Mapped[str | None] = mapped_column(String(500))
    """Of a further version: what was wrong with the one before."""
    remark: Mapped[str | None] = mapped_column(Text)
    definition_version: Mapped[int]
    program_version: Mapped[str] = mapped_column(String(40))
    definitions: Mapped[list[Any]] = mapped_column(AsWritten)
    figures: Mapped[dict[str, Any]] = mapped_column(AsWritten)
    adjustments: Mapped[list[Any]] = mapped_column(AsWritten)
    checks: Mapped[list[Any]] = mapped_column(AsWritten)
    case_count: Mapped[int]
    figures_hash: Mapped[str] = mapped_column(String(64), default=UNSEALED)
    """SHA-256 over figures, adjustments, definitions and the rows counted, as canonical JSON."""
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    locked_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    locked_at: Mapped[datetime | None] = mapped_column(Instant)
    discarded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    discarded_at: Mapped[datetime | None] = mapped_column(Instant)
    discarded_because: Mapped[str | None] = mapped_column(String(500))

    @validates(
        *("figures", "adjustments", "checks", "definitions", "definition_version", "case_count", "figures_hash"),
        *("first_on", "last_on", "cut_off_at", "kind"),
    )
    def _once(self, name: str, value: Any) -> Any:
        """From the moment it has its hash nothing of what it reports can be set."""
        if self.figures_hash:
            raise AlreadyFrozen(name)
        return value

    def why_not(self, step: ReportStep) -> Problem | None:
        if self.state in step.allowed_in:
            return None
        allowed = step.allowed_in
        return ReportStepNotAllowed(
            state_name=(self.state.zh, self.state.en.lower()),
            allowed=("、".join(s.zh for s in allowed), " or ".join(s.en.lower() for s in allowed)),
            step_name=(step.zh, step.en.lower()),
        )

    def check(self, by: UUID | None, at: datetime) -> None:
        self._take(ReportStep.CHECK, ReportState.CHECKED, at)
        self.checked_by, self.checked_at = by, at

    def confirm(self, by: UUID | None, at: datetime) -> None:
        self._take(ReportStep.CONFIRMATION, ReportState.CONFIRMED, at)
        self.confirmed_by, self.confirmed_at = by, at

    def lock(self, by: UUID | None, at: datetime) -> None:
        self._take(ReportStep.LOCKING, ReportState.LOCKED, at)
        self.locked_by, self.locked_at = by, at

    def give_way(self, to: UUID, at: datetime) -> None:
        self._take(ReportStep.SUPERSESSION, ReportState.SUPERSEDED, at)
        self.superseded_by, self.superseded_at = to, at

    def discard(self, by: UUID | None, at: datetime, reason: str) -> None:
        self._take(ReportStep.DISCARDING, ReportState.DISCARDED, at)
        self.discarded_by, self.discarded_at, self.discarded_because = by, at, reason

    def _take(self, step: ReportStep, state: ReportState, at: datetime) -> None:
        if problem := self.why_not(step):
            raise problem
        self.state, self.changed_at = state, at
        self.version += 1


class ReportedCase(Located, Base):
    """A case that a report counted, by the row that says how: such rows end, and never change."""

    __tablename__ = "reported_cases"
    __table_args__ = (Index("uq_reported_cases_case", "report_id", "counted_case_id", unique=True),)
    part: ClassVar[str] = "cases"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.id"))
    counted_case_id: Mapped[UUID] = mapped_column("case_id", ForeignKey("cases.id"), key="counted_case_id", index=True)
    """Not called `case_id`, by which the walls keep out a case that its writer is barred from: a report counts that one
    too, whoever makes it."""
    counted_id: Mapped[UUID] = mapped_column(ForeignKey("counted_cases.id"), index=True)
