"""Time limits and reporting calendars as rows with effective dates, and the days on which a district's offices work
against the week's rule.

Reference tables: a rule without a district is the nation's.
"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.calendar.codes import DayKind, DeadlineCode
from app.core.columns import CodeText, Instant
from app.core.db import Base, new_id
from app.core.records import Claimed, Versioned


class DeadlineRule(Claimed, Base):
    """One version of a time limit. A later version is a row of its own; of this one only the end is set."""

    __tablename__ = "deadline_rules"
    __table_args__ = (Index("ix_deadline_rules_code", "code", "effective_from"),)
    audit_name: ClassVar[str] = "deadline_rule"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[str | None] = mapped_column(String(6))
    code: Mapped[DeadlineCode] = mapped_column(CodeText(DeadlineCode))
    days: Mapped[int]
    kind: Mapped[DayKind] = mapped_column(CodeText(DayKind))
    rolls: Mapped[bool]
    """Whether a last day that is none of work moves to the next that is."""
    extension_days: Mapped[int]
    """The longest of one extension."""
    extension_count: Mapped[int]
    basis_zh: Mapped[str] = mapped_column(String(200))
    basis_en: Mapped[str] = mapped_column(String(200))
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    """The last day on which a deadline begins under it."""
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class CalendarDay(Claimed, Versioned, Base):
    """调休: a day off in the week, or a weekend on which people work, with the notice that says so."""

    __tablename__ = "calendar_days"
    __table_args__ = (Index("uq_calendar_days_on", "district", "on_date", unique=True),)
    audit_name: ClassVar[str] = "calendar_day"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[str] = mapped_column(String(6))
    on: Mapped[date] = mapped_column("on_date")
    is_working: Mapped[bool]
    document: Mapped[str] = mapped_column(String(200))


class ReportingCalendar(Claimed, Base):
    """One version of how a reporting year is cut into periods. A later version is a row of its own; of this one only
    the end is set."""

    __tablename__ = "reporting_calendars"
    __table_args__ = (Index("ix_reporting_calendars_code", "code", "effective_from"),)
    audit_name: ClassVar[str] = "reporting_calendar"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[str | None] = mapped_column(String(6))
    code: Mapped[str] = mapped_column(String(40))
    zh: Mapped[str] = mapped_column(String(200))
    en: Mapped[str] = mapped_column(String(200))
    first_month: Mapped[int]
    cut_off_day: Mapped[int | None]
    """Null: the last of the month."""
    cut_off_time: Mapped[str] = mapped_column(String(5))
    submit_days: Mapped[int]
    """Calendar days after the cut-off."""
    basis_zh: Mapped[str] = mapped_column(String(200))
    basis_en: Mapped[str] = mapped_column(String(200))
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    """The last day on which a reporting year begins under it."""
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
