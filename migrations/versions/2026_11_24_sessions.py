"""Mediators of a round with their history; who was at a session, corrections; participants, investigations, evidence,
escalation reports, notices of rights; domestic violence."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "sessions"
down_revision: str | None = "agreements"
branch_labels: Any = None
depends_on: Any = None


def upgrade() -> None:
    op.create_table(
        "escalation_reports",
        sa.Column("reported_to", sa.String(length=40), nullable=False),
        sa.Column("body_name", sa.String(length=200), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.String(length=100), nullable=False),
        sa.Column("danger", sa.String(length=40), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_escalation_reports_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["accounts.id"], name=op.f("fk_escalation_reports_recorded_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_reports")),
    )
    op.create_index(op.f("ix_escalation_reports_case_id"), "escalation_reports", ["case_id"], unique=False)
    op.create_table(
        "investigations",
        sa.Column("investigated_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place_text", sa.String(length=500), nullable=False),
        sa.Column(
            "asked", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "present", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("asked_by", sa.String(length=100), nullable=False),
        sa.Column("recorder", sa.String(length=100), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column(
            "signed_by", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_investigations_case_id_cases")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_investigations_recorded_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investigations")),
    )
    op.create_index(op.f("ix_investigations_case_id"), "investigations", ["case_id"], unique=False)
    op.create_table(
        "participants",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("relation", sa.String(length=500), nullable=True),
        sa.Column("invited_on", sa.Date(), nullable=False),
        sa.Column(
            "consents", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_participants_case_id_cases")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_participants_recorded_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
    )
    op.create_index(op.f("ix_participants_case_id"), "participants", ["case_id"], unique=False)
    op.create_table(
        "evidence_items",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_reason", sa.String(length=500), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_evidence_items_case_id_cases")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_evidence_items_recorded_by_accounts")),
        sa.ForeignKeyConstraint(["submitted_by"], ["parties.id"], name=op.f("fk_evidence_items_submitted_by_parties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_items")),
    )
    op.create_index(op.f("ix_evidence_items_case_id"), "evidence_items", ["case_id"], unique=False)
    op.create_index("uq_evidence_items_seq", "evidence_items", ["case_id", "seq"], unique=True)
    op.create_table(
        "rights_notices",
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("manner", sa.String(length=40), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_rights_notices_case_id_cases")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_rights_notices_party_id_parties")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_rights_notices_recorded_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_notices")),
    )
    op.create_index(op.f("ix_rights_notices_case_id"), "rights_notices", ["case_id"], unique=False)
    op.create_index("uq_rights_notices_party", "rights_notices", ["case_id", "party_id"], unique=True)
    op.create_table(
        "session_attendances",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("mediator_id", sa.Uuid(), nullable=True),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_session_attendances_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_session_attendances_mediator_id_mediators")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_session_attendances_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_session_attendances_party_id_parties")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_session_attendances_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_attendances")),
    )
    op.create_index(op.f("ix_session_attendances_case_id"), "session_attendances", ["case_id"], unique=False)
    op.create_index(op.f("ix_session_attendances_session_id"), "session_attendances", ["session_id"], unique=False)
    op.create_table(
        "session_corrections",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_session_corrections_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["accounts.id"], name=op.f("fk_session_corrections_recorded_by_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_session_corrections_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_corrections")),
    )
    op.create_index(op.f("ix_session_corrections_case_id"), "session_corrections", ["case_id"], unique=False)
    op.create_index("uq_session_corrections_seq", "session_corrections", ["session_id", "seq"], unique=True)
    op.add_column("cases", sa.Column("domestic_violence", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "round_mediators", sa.Column("selected_by", sa.String(length=40), nullable=False, server_default="committee")
    )
    op.add_column("round_mediators", sa.Column("from_on", sa.Date(), nullable=False, server_default="1900-01-01"))
    op.execute(
        "UPDATE round_mediators SET from_on ="
        " (SELECT started_on FROM mediations WHERE mediations.id = round_mediators.mediation_id)"
    )
    op.add_column("round_mediators", sa.Column("until_on", sa.Date(), nullable=True))
    op.add_column("round_mediators", sa.Column("leaving_reason", sa.String(length=40), nullable=True))
    op.add_column("round_mediators", sa.Column("leaving_note", sa.String(length=500), nullable=True))
    op.drop_index(op.f("uq_round_mediators_mediator"), table_name="round_mediators")
    op.create_index("ix_round_mediators_mediation", "round_mediators", ["mediation_id"], unique=False)
    op.create_index(
        "uq_round_mediators_present",
        "round_mediators",
        ["mediation_id", "mediator_id"],
        unique=True,
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.add_column("sessions", sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sessions", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sessions", sa.Column("is_public", sa.Boolean(), nullable=True))
    op.add_column("sessions", sa.Column("recorder", sa.String(length=100), nullable=True))
    op.add_column("sessions", sa.Column("at_risk_agreed", sa.Boolean(), nullable=True))
    op.add_column("sessions", sa.Column("safety_measures", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("sessions", "safety_measures")
    op.drop_column("sessions", "at_risk_agreed")
    op.drop_column("sessions", "recorder")
    op.drop_column("sessions", "is_public")
    op.drop_column("sessions", "ended_at")
    op.drop_column("sessions", "started_at")
    op.drop_index(
        "uq_round_mediators_present",
        table_name="round_mediators",
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.drop_index("ix_round_mediators_mediation", table_name="round_mediators")
    op.execute("DELETE FROM round_mediators WHERE until_on IS NOT NULL")  # who had left was not kept
    op.create_index(
        op.f("uq_round_mediators_mediator"), "round_mediators", ["mediation_id", "mediator_id"], unique=True
    )
    op.drop_column("round_mediators", "leaving_note")
    op.drop_column("round_mediators", "leaving_reason")
    op.drop_column("round_mediators", "until_on")
    op.drop_column("round_mediators", "from_on")
    op.drop_column("round_mediators", "selected_by")
    op.drop_column("cases", "domestic_violence")
    op.drop_index("uq_session_corrections_seq", table_name="session_corrections")
    op.drop_index(op.f("ix_session_corrections_case_id"), table_name="session_corrections")
    op.drop_table("session_corrections")
    op.drop_index(op.f("ix_session_attendances_session_id"), table_name="session_attendances")
    op.drop_index(op.f("ix_session_attendances_case_id"), table_name="session_attendances")
    op.drop_table("session_attendances")
    op.drop_index("uq_rights_notices_party", table_name="rights_notices")
    op.drop_index(op.f("ix_rights_notices_case_id"), table_name="rights_notices")
    op.drop_table("rights_notices")
    op.drop_index("uq_evidence_items_seq", table_name="evidence_items")
    op.drop_index(op.f("ix_evidence_items_case_id"), table_name="evidence_items")
    op.drop_table("evidence_items")
    op.drop_index(op.f("ix_participants_case_id"), table_name="participants")
    op.drop_table("participants")
    op.drop_index(op.f("ix_investigations_case_id"), table_name="investigations")
    op.drop_table("investigations")
    op.drop_index(op.f("ix_escalation_reports_case_id"), table_name="escalation_reports")
    op.drop_table("escalation_reports")
