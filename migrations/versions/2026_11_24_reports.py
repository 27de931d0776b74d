"""Frozen reports and the cases they counted. The database itself refuses to write over what was reported."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.append_only import freeze, protect, unfreeze, unprotect

revision: str = "reports"
down_revision: str | None = "claims"
branch_labels: Any = None
depends_on: Any = None

REPORTED = (
    *("kind", "first_on", "last_on", "cut_off_at", "edition", "supersedes_id", "definition_version", "definitions"),
    *("figures", "adjustments", "checks", "case_count", "figures_hash", "made_by", "place"),
)


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("cut_off_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("superseded_by", sa.Uuid(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_because", sa.String(length=500), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("program_version", sa.String(length=40), nullable=False),
        sa.Column("definitions", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("adjustments", sa.Text(), nullable=False),
        sa.Column("checks", sa.Text(), nullable=False),
        sa.Column("case_count", sa.Integer(), nullable=False),
        sa.Column("figures_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_by", sa.Uuid(), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_by", sa.Uuid(), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_because", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["checked_by"], ["accounts.id"], name=op.f("fk_reports_checked_by_accounts")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["accounts.id"], name=op.f("fk_reports_confirmed_by_accounts")),
        sa.ForeignKeyConstraint(["discarded_by"], ["accounts.id"], name=op.f("fk_reports_discarded_by_accounts")),
        sa.ForeignKeyConstraint(["locked_by"], ["accounts.id"], name=op.f("fk_reports_locked_by_accounts")),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_reports_made_by_accounts")),
        sa.ForeignKeyConstraint(["superseded_by"], ["reports.id"], name=op.f("fk_reports_superseded_by_reports")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["reports.id"], name=op.f("fk_reports_supersedes_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index("ix_reports_period", "reports", ["district", "township", "place", "last_on"], unique=False)
    op.create_index(
        "uq_reports_first",
        "reports",
        ["district", "place", "kind", "first_on", "last_on"],
        unique=True,
        sqlite_where=sa.text("supersedes_id IS NULL AND state <> 'discarded'"),
        postgresql_where=sa.text("supersedes_id IS NULL AND state <> 'discarded'"),
    )
    op.create_index(
        "uq_reports_next",
        "reports",
        ["supersedes_id"],
        unique=True,
        sqlite_where=sa.text("supersedes_id IS NOT NULL AND state <> 'discarded'"),
        postgresql_where=sa.text("supersedes_id IS NOT NULL AND state <> 'discarded'"),
    )
    op.create_table(
        "reported_cases",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("counted_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reported_cases_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["counted_id"], ["counted_cases.id"], name=op.f("fk_reported_cases_counted_id_counted_cases")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_reported_cases_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_cases")),
    )
    op.create_index(op.f("ix_reported_cases_case_id"), "reported_cases", ["case_id"], unique=False)
    op.create_index(op.f("ix_reported_cases_counted_id"), "reported_cases", ["counted_id"], unique=False)
    op.create_index("uq_reported_cases_case", "reported_cases", ["report_id", "case_id"], unique=True)
    protect("reported_cases")
    freeze("reports", REPORTED, "figures_hash <> ''")


def downgrade() -> None:
    unfreeze("reports")
    unprotect("reported_cases")
    op.drop_index("uq_reported_cases_case", table_name="reported_cases")
    op.drop_index(op.f("ix_reported_cases_counted_id"), table_name="reported_cases")
    op.drop_index(op.f("ix_reported_cases_case_id"), table_name="reported_cases")
    op.drop_table("reported_cases")
    op.drop_index(
        "uq_reports_next",
        table_name="reports",
        sqlite_where=sa.text("supersedes_id IS NOT NULL AND state <> 'discarded'"),
        postgresql_where=sa.text("supersedes_id IS NOT NULL AND state <> 'discarded'"),
    )
    op.drop_index(
        "uq_reports_first",
        table_name="reports",
        sqlite_where=sa.text("supersedes_id IS NULL AND state <> 'discarded'"),
        postgresql_where=sa.text("supersedes_id IS NULL AND state <> 'discarded'"),
    )
    op.drop_index("ix_reports_period", table_name="reports")
    op.drop_table("reports")
