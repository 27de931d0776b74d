"""What follows an agreement: obligations performed in instalments, confirmation, review, remedies, return visits."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "agreements"
down_revision: str | None = "referrals"
branch_labels: Any = None
depends_on: Any = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
COURT = "法释〔2011〕5号（人民调解协议司法确认程序）", "Fa Shi [2011] No. 5 (judicial confirmation of agreements)"
COURTS_TIME: tuple[tuple[int, str, int], ...] = ((301, "confirmation_acceptance", 3), (302, "confirmation_review", 15))
"""Number, code and days of the time that a court has."""
STEPS = (
    *("performance", "performance_urging", "performance_refusal", "obligation_change"),
    *("judicial_confirmation", "arbitration_review", "remedies", "return_visits"),
)
RULES = sa.table(
    "deadline_rules",
    *(sa.column("id", sa.Uuid()), sa.column("district"), sa.column("code"), sa.column("days"), sa.column("kind")),
    *(sa.column("rolls"), sa.column("extension_days"), sa.column("extension_count"), sa.column("basis_zh")),
    *(sa.column("basis_en"), sa.column("effective_from", sa.Date()), sa.column("effective_to"), sa.column("version")),
    *(sa.column("recorded_at", sa.DateTime(timezone=True)), sa.column("content_hash")),
)


def _id(number: int) -> UUID:
    return UUID(f"00000000-0000-7000-8000-{number:012d}")


def _add_courts_time() -> None:
    op.bulk_insert(
        RULES,
        [
            {
                "id": _id(number),
                "district": None,
                "code": code,
                "days": days,
                "kind": "calendar",
                "rolls": True,
                "extension_days": 0,
                "extension_count": 0,
                "basis_zh": COURT[0],
                "basis_en": COURT[1],
                "effective_from": date(2011, 3, 30),
                "effective_to": None,
                "version": 1,
                "recorded_at": datetime(2026, 11, 24, tzinfo=UTC),
                "content_hash": "-",
            }
            for number, code, days in COURTS_TIME
        ],
    )


def _remove_courts_time() -> None:
    """With the deadlines that began under it, and the steps that the earlier program does not know."""
    deadlines, steps = (
        sa.table(name, sa.column(of)) for name, of in (("case_deadlines", "code"), ("case_steps", "step"))
    )
    codes = [code for _, code, _ in COURTS_TIME]
    op.execute(deadlines.delete().where(deadlines.c.code.in_(codes)))
    op.execute(RULES.delete().where(RULES.c.code.in_(codes)))
    op.execute(steps.delete().where(steps.c.step.in_(STEPS)))


def upgrade() -> None:
    op.create_table(
        "arbitration_reviews",
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("applicants", JSON, nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=True),
        sa.Column("docket_no", sa.String(length=64), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_arbitration_reviews_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_arbitration_reviews_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["accounts.id"], name=op.f("fk_arbitration_reviews_recorded_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arbitration_reviews")),
    )
    op.create_index(op.f("ix_arbitration_reviews_case_id"), "arbitration_reviews", ["case_id"], unique=False)
    op.create_index("uq_arbitration_reviews_seq", "arbitration_reviews", ["agreement_id", "seq"], unique=True)
    op.create_table(
        "judicial_confirmations",
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("bar", sa.String(length=40), nullable=True),
        sa.Column("denial", sa.String(length=40), nullable=True),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("applicants", JSON, nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=True),
        sa.Column("docket_no", sa.String(length=64), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_judicial_confirmations_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_judicial_confirmations_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["accounts.id"], name=op.f("fk_judicial_confirmations_recorded_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judicial_confirmations")),
    )
    op.create_index(op.f("ix_judicial_confirmations_case_id"), "judicial_confirmations", ["case_id"], unique=False)
    op.create_index("uq_judicial_confirmations_seq", "judicial_confirmations", ["agreement_id", "seq"], unique=True)
    op.create_table(
        "remedies",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=True),
        sa.Column("docket_no", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_remedies_agreement_id_agreements")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_remedies_case_id_cases")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_remedies_party_id_parties")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_remedies_recorded_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedies")),
    )
    op.create_index(op.f("ix_remedies_agreement_id"), "remedies", ["agreement_id"], unique=False)
    op.create_index(op.f("ix_remedies_case_id"), "remedies", ["case_id"], unique=False)
    op.create_table(
        "return_visits",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("mediator_id", sa.Uuid(), nullable=True),
        sa.Column("visitor_name", sa.String(length=100), nullable=True),
        sa.Column("parties", JSON, nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("performance", sa.String(length=40), nullable=True),
        sa.Column("satisfaction", sa.String(length=40), nullable=True),
        sa.Column("new_dispute", sa.Boolean(), nullable=False),
        sa.Column("remaining_risk", sa.String(length=40), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_return_visits_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_return_visits_case_id_cases")),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name=op.f("fk_return_visits_mediator_id_mediators")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_return_visits_recorded_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_visits")),
    )
    op.create_index(op.f("ix_return_visits_case_id"), "return_visits", ["case_id"], unique=False)
    op.create_table(
        "instalments",
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("performed_amount", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_instalments_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligations.id"], name=op.f("fk_instalments_obligation_id_obligations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalments")),
    )
    op.create_index(op.f("ix_instalments_case_id"), "instalments", ["case_id"], unique=False)
    op.create_index("uq_instalments_no", "instalments", ["obligation_id", "no"], unique=True)
    op.create_table(
        "obligation_acts",
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("instalment", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("consents", JSON, nullable=True),
        sa.Column("old_terms", JSON, nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_obligation_acts_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligations.id"], name=op.f("fk_obligation_acts_obligation_id_obligations")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_obligation_acts_recorded_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation_acts")),
    )
    op.create_index(op.f("ix_obligation_acts_case_id"), "obligation_acts", ["case_id"], unique=False)
    op.create_index(op.f("ix_obligation_acts_obligation_id"), "obligation_acts", ["obligation_id"], unique=False)
    op.add_column("obligations", sa.Column("status", sa.String(length=40), nullable=True))
    op.add_column("obligations", sa.Column("performed_amount", sa.BigInteger(), nullable=True))
    op.add_column("obligations", sa.Column("next_due_on", sa.Date(), nullable=True))
    op.execute("UPDATE obligations SET status = 'performing', performed_amount = 0, next_due_on = due_on")
    with op.batch_alter_table("obligations") as obligations:
        obligations.alter_column("status", nullable=False, existing_type=sa.String(length=40))
        obligations.alter_column("performed_amount", nullable=False, existing_type=sa.BigInteger())
    op.create_index(
        "ix_obligations_due",
        "obligations",
        ["district", "next_due_on", "id", "township", "place"],
        unique=False,
        postgresql_where=sa.text("next_due_on IS NOT NULL"),
        sqlite_where=sa.text("next_due_on IS NOT NULL"),
    )
    with op.batch_alter_table("signatures") as signatures:
        signatures.add_column(sa.Column("manner", sa.String(length=40), nullable=True))
        signatures.add_column(sa.Column("authority", sa.String(length=500), nullable=True))
        signatures.add_column(sa.Column("device", sa.String(length=200), nullable=True))
        signatures.add_column(sa.Column("recorded_by", sa.Uuid(), nullable=True))
        signatures.create_foreign_key(op.f("fk_signatures_recorded_by_accounts"), "accounts", ["recorded_by"], ["id"])
    _add_courts_time()


def downgrade() -> None:
    _remove_courts_time()
    with op.batch_alter_table("signatures") as signatures:
        signatures.drop_constraint(op.f("fk_signatures_recorded_by_accounts"), type_="foreignkey")
        for name in ("recorded_by", "device", "authority", "manner"):
            signatures.drop_column(name)
    op.drop_index(
        "ix_obligations_due",
        table_name="obligations",
        postgresql_where=sa.text("next_due_on IS NOT NULL"),
        sqlite_where=sa.text("next_due_on IS NOT NULL"),
    )
    op.drop_column("obligations", "next_due_on")
    op.drop_column("obligations", "performed_amount")
    op.drop_column("obligations", "status")
    op.drop_index(op.f("ix_obligation_acts_obligation_id"), table_name="obligation_acts")
    op.drop_index(op.f("ix_obligation_acts_case_id"), table_name="obligation_acts")
    op.drop_table("obligation_acts")
    op.drop_index("uq_instalments_no", table_name="instalments")
    op.drop_index(op.f("ix_instalments_case_id"), table_name="instalments")
    op.drop_table("instalments")
    op.drop_index(op.f("ix_return_visits_case_id"), table_name="return_visits")
    op.drop_table("return_visits")
    op.drop_index(op.f("ix_remedies_case_id"), table_name="remedies")
    op.drop_index(op.f("ix_remedies_agreement_id"), table_name="remedies")
    op.drop_table("remedies")
    op.drop_index("uq_judicial_confirmations_seq", table_name="judicial_confirmations")
    op.drop_index(op.f("ix_judicial_confirmations_case_id"), table_name="judicial_confirmations")
    op.drop_table("judicial_confirmations")
    op.drop_index("uq_arbitration_reviews_seq", table_name="arbitration_reviews")
    op.drop_index(op.f("ix_arbitration_reviews_case_id"), table_name="arbitration_reviews")
    op.drop_table("arbitration_reviews")
