"""The steps of a hand-off and who took them, letters and numbers of further methods, bodies of a joint session."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "referrals"
down_revision: str | None = "spots"
branch_labels: Any = None
depends_on: Any = None


def upgrade() -> None:
    op.create_table(
        "referral_answers",
        sa.Column("mediation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("letter_no", sa.String(length=64), nullable=True),
        sa.Column("officer_name", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_referral_answers_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["mediation_id"], ["mediations.id"], name=op.f("fk_referral_answers_mediation_id_mediations")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["accounts.id"], name=op.f("fk_referral_answers_recorded_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_answers")),
    )
    op.create_index(op.f("ix_referral_answers_case_id"), "referral_answers", ["case_id"], unique=False)
    op.create_index("uq_referral_answers_state", "referral_answers", ["mediation_id", "state"], unique=True)
    op.create_table(
        "session_bodies",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("spoken_by", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_session_bodies_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_session_bodies_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_session_bodies_session_id_sessions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_bodies")),
    )
    op.create_index(op.f("ix_session_bodies_case_id"), "session_bodies", ["case_id"], unique=False)
    op.create_index("uq_session_bodies_organization", "session_bodies", ["session_id", "organization_id"], unique=True)
    op.add_column("referrals", sa.Column("letter_kind", sa.String(length=40), nullable=True))
    op.add_column("referrals", sa.Column("petition_no", sa.String(length=64), nullable=True))
    op.add_column("referrals", sa.Column("procuratorate_case_no", sa.String(length=64), nullable=True))
    op.add_column("referrals", sa.Column("department", sa.String(length=100), nullable=True))
    op.add_column("referrals", sa.Column("work_order_no", sa.String(length=64), nullable=True))
    op.create_index("ix_referrals_district", "referrals", ["district", "id"], unique=False)
    op.create_index("ix_referrals_place", "referrals", ["district", "place", "id"], unique=False)
    op.create_index("ix_referrals_township", "referrals", ["district", "township", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_referrals_township", table_name="referrals")
    op.drop_index("ix_referrals_place", table_name="referrals")
    op.drop_index("ix_referrals_district", table_name="referrals")
    op.drop_column("referrals", "work_order_no")
    op.drop_column("referrals", "department")
    op.drop_column("referrals", "procuratorate_case_no")
    op.drop_column("referrals", "petition_no")
    op.drop_column("referrals", "letter_kind")
    op.drop_index("uq_session_bodies_organization", table_name="session_bodies")
    op.drop_index(op.f("ix_session_bodies_case_id"), table_name="session_bodies")
    op.drop_table("session_bodies")
    op.drop_index("uq_referral_answers_state", table_name="referral_answers")
    op.drop_index(op.f("ix_referral_answers_case_id"), table_name="referral_answers")
    op.drop_table("referral_answers")
