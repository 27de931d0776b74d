"""Patrols; parties that come later; notes; cases found by their external ids."""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "parties"
down_revision: str | None = "endings"
branch_labels: Any = None
depends_on: Any = None


def upgrade() -> None:
    op.create_table(
        "inspections",
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "people", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("nothing_found", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_inspections_recorded_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
    )
    op.create_index("ix_inspections_district", "inspections", ["district", "inspected_on", "id"], unique=False)
    op.create_index("ix_inspections_place", "inspections", ["district", "place", "inspected_on", "id"], unique=False)
    op.create_index(
        "ix_inspections_township", "inspections", ["district", "township", "inspected_on", "id"], unique=False
    )
    op.create_table(
        "case_external_ids",
        sa.Column("system", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_external_ids_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_external_ids")),
    )
    op.create_index(op.f("ix_case_external_ids_case_id"), "case_external_ids", ["case_id"], unique=False)
    op.create_index("ix_case_external_ids_value", "case_external_ids", ["district", "system", "value"], unique=False)
    op.create_table(
        "case_notes",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_case_notes_author_id_accounts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_notes_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    op.create_index(op.f("ix_case_notes_case_id"), "case_notes", ["case_id"], unique=False)
    op.create_index("uq_case_notes_seq", "case_notes", ["case_id", "seq"], unique=True)
    op.create_table(
        "findings",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("location", sa.String(length=500), nullable=True),
        sa.Column("people_count", sa.Integer(), nullable=True),
        sa.Column("risk_level", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("lead_on", sa.Date(), nullable=True),
        sa.Column("lead_note", sa.Text(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("prevention_note", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_findings_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_findings_inspection_id_inspections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    op.create_index(op.f("ix_findings_case_id"), "findings", ["case_id"], unique=False)
    op.create_index(op.f("ix_findings_inspection_id"), "findings", ["inspection_id"], unique=False)
    op.create_index("ix_findings_settled", "findings", ["district", "state", "settled_on"], unique=False)
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("inspection_id", sa.Uuid(), nullable=True))
        cases.create_index(op.f("ix_cases_inspection_id"), ["inspection_id"], unique=False)
        cases.create_foreign_key(op.f("fk_cases_inspection_id_inspections"), "inspections", ["inspection_id"], ["id"])
    op.add_column("parties", sa.Column("capacity", sa.String(length=40), nullable=True))
    op.add_column("parties", sa.Column("content_hash", sa.String(length=64), nullable=True))
    _find_standing_cases_by_external_ids()


def _find_standing_cases_by_external_ids() -> None:
    place = [sa.column(name, sa.String()) for name in ("district", "township", "place")]
    ids = sa.column("external_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"))
    cases = sa.table("cases", sa.column("id", sa.Uuid()), ids, *place)
    names = ("district", "township", "place", "system", "value")
    columns = [sa.column(name, sa.Uuid()) for name in ("id", "case_id")] + [sa.column(n, sa.String()) for n in names]
    connection = op.get_bind()
    rows = [
        {"id": uuid4(), "case_id": case.id, **dict(zip(names[:3], case[2:], strict=True)), **one}
        for case in connection.execute(sa.select(cases.c.id, cases.c.external_ids, *(cases.c[c.name] for c in place)))
        for one in case.external_ids
    ]
    if rows:
        connection.execute(sa.table("case_external_ids", *columns).insert(), rows)


def downgrade() -> None:
    op.drop_column("parties", "content_hash")
    op.drop_column("parties", "capacity")
    with op.batch_alter_table("cases") as cases:
        cases.drop_constraint(op.f("fk_cases_inspection_id_inspections"), type_="foreignkey")
        cases.drop_index(op.f("ix_cases_inspection_id"))
        cases.drop_column("inspection_id")
    op.drop_index("ix_findings_settled", table_name="findings")
    op.drop_index(op.f("ix_findings_inspection_id"), table_name="findings")
    op.drop_index(op.f("ix_findings_case_id"), table_name="findings")
    op.drop_table("findings")
    op.drop_index("uq_case_notes_seq", table_name="case_notes")
    op.drop_index(op.f("ix_case_notes_case_id"), table_name="case_notes")
    op.drop_table("case_notes")
    op.drop_index("ix_case_external_ids_value", table_name="case_external_ids")
    op.drop_index(op.f("ix_case_external_ids_case_id"), table_name="case_external_ids")
    op.drop_table("case_external_ids")
    op.drop_index("ix_inspections_township", table_name="inspections")
    op.drop_index("ix_inspections_place", table_name="inspections")
    op.drop_index("ix_inspections_district", table_name="inspections")
    op.drop_table("inspections")
