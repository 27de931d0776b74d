"""why a step was taken, and where a case was sent"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "endings"
down_revision: str | None = "0001"
branch_labels: Any = None
depends_on: Any = None


def upgrade() -> None:
    op.add_column("case_steps", sa.Column("reason", sa.String(length=500), nullable=True))
    op.add_column("case_steps", sa.Column("transferred_to", sa.String(length=200), nullable=True))
    op.add_column("case_steps", sa.Column("document_no", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("case_steps", "document_no")
    op.drop_column("case_steps", "transferred_to")
    op.drop_column("case_steps", "reason")
