"""conflicts of interest, names found by index, reveals counted by index"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "people"
down_revision: str | None = "search"
branch_labels: Any = None
depends_on: Any = None


def upgrade() -> None:
    op.create_table(
        "case_conflicts",
        sa.Column("mediator_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_because", sa.String(length=500), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_conflicts_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_case_conflicts_mediator_id_mediators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_conflicts")),
    )
    op.create_index(op.f("ix_case_conflicts_case_id"), "case_conflicts", ["case_id"], unique=False)
    op.create_index("ix_case_conflicts_mediator", "case_conflicts", ["district", "mediator_id"], unique=False)
    op.create_index(
        "ix_audit_records_reveals",
        "audit_records",
        ["district", "actor_id", "recorded_at"],
        unique=False,
        sqlite_where=sa.text("action = 'reveal_party_identity'"),
        postgresql_where=sa.text("action = 'reveal_party_identity'"),
    )
    op.create_index("ix_parties_name", "parties", ["district", "place", "name"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_parties_name", table_name="parties")
    op.drop_index(
        "ix_audit_records_reveals",
        table_name="audit_records",
        sqlite_where=sa.text("action = 'reveal_party_identity'"),
        postgresql_where=sa.text("action = 'reveal_party_identity'"),
    )
    op.drop_index("ix_case_conflicts_mediator", table_name="case_conflicts")
    op.drop_index(op.f("ix_case_conflicts_case_id"), table_name="case_conflicts")
    op.drop_table("case_conflicts")
