"""Reporting calendars; what old reports claimed."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "claims"
down_revision: str | None = "rollups"
branch_labels: Any = None
depends_on: Any = None


CALENDARS = (
    # code, first month, last day (none: the month's), Chinese, English, basis
    (
        *("calendar_year", 1, None, "公历年（月末截止）", "Calendar year, to the end of each month"),
        *("政府年度报告按公历年", "Annual reports of governments follow the calendar year"),
    ),
    (
        *("judicial_year", 11, None, "司法统计年度（上年11月至当年10月）", "Judicial year, November to October"),
        *(
            "据半年报期间（11月至4月）推断，未经证实，以当地要求为准",
            "Inferred from a half-year of November to April; not confirmed",
        ),
    ),
    (
        *("cut_off_20", 1, 20, "每月20日截止", "To the 20th of each month"),
        *("常见做法，未经证实，以当地要求为准", "Common practice; not confirmed"),
    ),
    (
        *("cut_off_25", 1, 25, "每月25日截止", "To the 25th of each month"),
        *("常见做法，未经证实，以当地要求为准", "Common practice; not confirmed"),
    ),
)
SUBMIT_DAYS = 5


def _seed(table: sa.Table) -> None:
    names = ("code", "first_month", "cut_off_day", "zh", "en", "basis_zh", "basis_en")
    shared = {
        "district": None,
        "cut_off_time": "24:00",
        "submit_days": SUBMIT_DAYS,
        "effective_from": date(1900, 1, 1),
        "effective_to": None,
        "version": 1,
        "recorded_at": datetime(2026, 11, 24, tzinfo=UTC),
        "content_hash": "-",
    }
    op.bulk_insert(
        table,
        [
            {**dict(zip(names, calendar, strict=True)), **shared, "id": UUID(f"00000000-0000-7000-8001-{number:012d}")}
            for number, calendar in enumerate(CALENDARS, start=1)
        ],
    )


def upgrade() -> None:
    calendars = op.create_table(
        "reporting_calendars",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("zh", sa.String(length=200), nullable=False),
        sa.Column("en", sa.String(length=200), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("cut_off_day", sa.Integer(), nullable=True),
        sa.Column("cut_off_time", sa.String(length=5), nullable=False),
        sa.Column("submit_days", sa.Integer(), nullable=False),
        sa.Column("basis_zh", sa.String(length=200), nullable=False),
        sa.Column("basis_en", sa.String(length=200), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_calendars")),
    )
    _seed(calendars)
    op.create_index("ix_reporting_calendars_code", "reporting_calendars", ["code", "effective_from"], unique=False)
    op.create_table(
        "report_claims",
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column(
            "figures", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("reproducible", sa.Boolean(), nullable=False),
        sa.Column("reason_zh", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_report_claims_recorded_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_claims")),
    )
    op.create_index("ix_report_claims_place", "report_claims", ["district", "township", "place", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_report_claims_place", table_name="report_claims")
    op.drop_table("report_claims")
    op.drop_index("ix_reporting_calendars_code", table_name="reporting_calendars")
    op.drop_table("reporting_calendars")
