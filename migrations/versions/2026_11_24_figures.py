"""How received cases count, and since when. The service counts what an older version registered when it next opens
the register."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "figures"
down_revision: str | None = "harms"
branch_labels: Any = None
depends_on: Any = None


def upgrade() -> None:
    op.create_table(
        "counted_cases",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("mediated_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("difficulty", sa.String(length=40), nullable=True),
        sa.Column("risk_level", sa.String(length=40), nullable=True),
        sa.Column("party_count", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("agreement_form", sa.String(length=40), nullable=True),
        sa.Column("agreement_amount", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("performance_due_on", sa.Date(), nullable=True),
        sa.Column("performed", sa.Boolean(), nullable=False),
        sa.Column("confirmation_applied", sa.Boolean(), nullable=False),
        sa.Column("confirmation_decided_on", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("visit_due_on", sa.Date(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("suicide_people", sa.Integer(), nullable=True),
        sa.Column("crime_people", sa.Integer(), nullable=True),
        sa.Column("petition_people", sa.Integer(), nullable=True),
        sa.Column("fight_people", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_counted_cases_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_counted_cases_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_cases")),
    )
    op.create_index(
        "ix_counted_cases_accepted",
        "counted_cases",
        [
            "district",
            "township",
            "accepted_on",
            "place",
            "category",
            "method",
            "source",
            "outcome",
            "mediated_on",
            "closed_on",
        ],
        unique=False,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.create_index(op.f("ix_counted_cases_case_id"), "counted_cases", ["case_id"], unique=False)
    op.create_index(
        "ix_counted_cases_closed",
        "counted_cases",
        ["district", "township", "closed_on", "place", "category", "method", "source", "outcome", "agreement_form"],
        unique=False,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.create_index(
        "ix_counted_cases_past",
        "counted_cases",
        ["district", "known_until"],
        unique=False,
        sqlite_where=sa.text("known_until IS NOT NULL"),
        postgresql_where=sa.text("known_until IS NOT NULL"),
    )
    op.create_index(
        "uq_counted_cases_present",
        "counted_cases",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_counted_cases_present",
        table_name="counted_cases",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_index(
        "ix_counted_cases_past",
        table_name="counted_cases",
        sqlite_where=sa.text("known_until IS NOT NULL"),
        postgresql_where=sa.text("known_until IS NOT NULL"),
    )
    op.drop_index(
        "ix_counted_cases_closed",
        table_name="counted_cases",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_index(op.f("ix_counted_cases_case_id"), table_name="counted_cases")
    op.drop_index(
        "ix_counted_cases_accepted",
        table_name="counted_cases",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("counted_cases")
