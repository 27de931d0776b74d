"""Months added up: cells by district and by area, and what is not yet folded into them. Filled when the register
is next opened."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "rollups"
down_revision: str | None = "figures"
branch_labels: Any = None
depends_on: Any = None


def upgrade() -> None:
    op.create_table(
        "area_cells",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("handled", sa.Integer(), nullable=False),
        sa.Column("succeeded", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("transferred", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("oral", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("on_the_spot", sa.Integer(), nullable=False),
        sa.Column("difficult", sa.Integer(), nullable=False),
        sa.Column("parties", sa.Integer(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.Column("working_days", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_cells")),
    )
    op.create_index(
        "uq_area_cells_group", "area_cells", ["area", "basis", "month", "category", "method", "source"], unique=True
    )
    op.create_table(
        "district_cells",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("handled", sa.Integer(), nullable=False),
        sa.Column("succeeded", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("transferred", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("oral", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("on_the_spot", sa.Integer(), nullable=False),
        sa.Column("difficult", sa.Integer(), nullable=False),
        sa.Column("parties", sa.Integer(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.Column("working_days", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district_cells")),
    )
    op.create_index(
        "uq_district_cells_group",
        "district_cells",
        ["district", "basis", "month", "category", "method", "source"],
        unique=True,
    )
    op.create_table(
        "rollup_deltas",
        sa.Column("counted_id", sa.Uuid(), nullable=False),
        sa.Column("sign", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_deltas")),
    )
    op.create_index("ix_rollup_deltas_district", "rollup_deltas", ["district"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_rollup_deltas_district", table_name="rollup_deltas")
    op.drop_table("rollup_deltas")
    op.drop_index("uq_district_cells_group", table_name="district_cells")
    op.drop_table("district_cells")
    op.drop_index("uq_area_cells_group", table_name="area_cells")
    op.drop_table("area_cells")
