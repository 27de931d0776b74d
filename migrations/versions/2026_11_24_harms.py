"""Records of prevented harm; when it was recorded that a finding of a patrol was prevented or became a case."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "harms"
down_revision: str | None = "files"
branch_labels: Any = None
depends_on: Any = None

SETTLED = ("finding.prevented", "finding.case")
EVENTS = sa.table(
    "events",
    sa.column("type", sa.String()),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
    sa.column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
)
FINDINGS = sa.table("findings", sa.column("id", sa.Uuid()), sa.column("settled_at", sa.DateTime(timezone=True)))


def upgrade() -> None:
    op.create_table(
        "prevented_harms",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("people_count", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("mediator_id", sa.Uuid(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_because", sa.String(length=500), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_prevented_harms_case_id_cases")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_prevented_harms_decided_by_accounts")),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_prevented_harms_mediator_id_mediators")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_prevented_harms_recorded_by_accounts")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["accounts.id"], name=op.f("fk_prevented_harms_withdrawn_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prevented_harms")),
    )
    op.create_index(op.f("ix_prevented_harms_case_id"), "prevented_harms", ["case_id"], unique=False)
    op.create_index(
        "uq_prevented_harms_live",
        "prevented_harms",
        ["case_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'approved')"),
        sqlite_where=sa.text("state IN ('proposed', 'approved')"),
    )
    op.add_column("findings", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    _tell_when_settled()


def _tell_when_settled() -> None:
    """Every finding that was settled has left an event, which knows the instant."""
    connection = op.get_bind()
    events = connection.execute(sa.select(EVENTS.c.facts, EVENTS.c.recorded_at).where(EVENTS.c.type.in_(SETTLED)))
    known = [{"finding": UUID(event.facts["finding_id"]), "at": event.recorded_at} for event in events]
    if known:
        statement = sa.update(FINDINGS).where(FINDINGS.c.id == sa.bindparam("finding"))
        connection.execute(statement.values(settled_at=sa.bindparam("at")), known)


def downgrade() -> None:
    op.drop_column("findings", "settled_at")
    op.drop_index("uq_prevented_harms_live", table_name="prevented_harms")
    op.drop_index(op.f("ix_prevented_harms_case_id"), table_name="prevented_harms")
    op.drop_table("prevented_harms")
