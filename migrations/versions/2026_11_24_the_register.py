"""the register"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.append_only import PROTECTED, protect, unprotect

revision: str = "0001"
down_revision: str | None = None
branch_labels: Any = None
depends_on: Any = None


def upgrade() -> None:
    op.create_table(
        "audit_records",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("target_type", sa.String(length=40), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("target_version", sa.Integer(), nullable=True),
        sa.Column(
            "fields", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_records")),
    )
    op.create_index("ix_audit_records_actor", "audit_records", ["district", "actor_id", "seq"], unique=False)
    op.create_index("ix_audit_records_target", "audit_records", ["district", "target_id", "seq"], unique=False)
    op.create_index("uq_audit_records_seq", "audit_records", ["district", "seq"], unique=True)
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "facts", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("uq_events_seq", "events", ["district", "seq"], unique=True)
    op.create_table(
        "idempotency_records",
        sa.Column("principal", sa.Uuid(), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column(
            "headers", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_records")),
    )
    op.create_index("ix_idempotency_records_made", "idempotency_records", ["principal", "made_at"], unique=False)
    op.create_index(
        "uq_idempotency_records_request", "idempotency_records", ["district", "principal", "request_key"], unique=True
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_check", sa.String(length=64), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "number_counters",
        sa.Column("series", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_counters")),
    )
    op.create_index("uq_number_counters_series", "number_counters", ["district", "series"], unique=True)
    op.create_table(
        "places",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("parent", sa.String(length=12), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["places.code"], name=op.f("fk_places_parent_places")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_places")),
    )
    op.create_index(op.f("ix_places_district"), "places", ["district"], unique=False)
    op.create_index(op.f("ix_places_parent"), "places", ["parent"], unique=False)
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username_hash", sa.String(length=64), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index("ix_sign_in_attempts_at", "sign_in_attempts", ["at"], unique=False)
    op.create_index("ix_sign_in_attempts_source", "sign_in_attempts", ["source_hash", "at"], unique=False)
    op.create_index("ix_sign_in_attempts_username", "sign_in_attempts", ["username_hash", "at"], unique=False)
    op.create_table(
        "organizations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("committee_type", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("number_prefix", sa.String(length=20), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["place"], ["places.code"], name=op.f("fk_organizations_place_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    op.create_index("ix_organizations_place", "organizations", ["district", "place"], unique=False)
    op.create_index("uq_organizations_number_prefix", "organizations", ["district", "number_prefix"], unique=True)
    op.create_table(
        "mediators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_mediators_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediators")),
    )
    op.create_index("ix_mediators_organization", "mediators", ["district", "organization_id"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("mediator_id", sa.Uuid(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name=op.f("fk_accounts_mediator_id_mediators")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_accounts_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["place"], ["places.code"], name=op.f("fk_accounts_place_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    op.create_index("ix_accounts_place", "accounts", ["district", "place"], unique=False)
    op.create_table(
        "cases",
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("method", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("mediated_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("people_count", sa.Integer(), nullable=True),
        sa.Column("amount_claimed", sa.BigInteger(), nullable=True),
        sa.Column("difficulty", sa.String(length=40), nullable=True),
        sa.Column("risk_level", sa.String(length=40), nullable=True),
        sa.Column("forecast", sa.String(length=40), nullable=True),
        sa.Column("special_groups", sa.String(length=1000), nullable=False),
        sa.Column(
            "external_ids",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("decline_reason", sa.String(length=40), nullable=True),
        sa.Column("refusal_note", sa.Text(), nullable=True),
        sa.Column("failure_reason", sa.String(length=40), nullable=True),
        sa.Column("remedy_notice_on", sa.Date(), nullable=True),
        sa.Column("closure_note", sa.Text(), nullable=True),
        sa.Column("agreement_form", sa.String(length=40), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["cases.id"], name=op.f("fk_cases_merged_into_cases")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_cases_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["registered_by"], ["accounts.id"], name=op.f("fk_cases_registered_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_accepted", "cases", ["district", "township", "place", "accepted_on"], unique=False)
    op.create_index("ix_cases_closed", "cases", ["district", "township", "place", "closed_on"], unique=False)
    op.create_index("ix_cases_district", "cases", ["district", "reported_on", "id"], unique=False)
    op.create_index(op.f("ix_cases_organization_id"), "cases", ["organization_id"], unique=False)
    op.create_index("ix_cases_place", "cases", ["district", "place", "reported_on", "id"], unique=False)
    op.create_index("ix_cases_township", "cases", ["district", "township", "reported_on", "id"], unique=False)
    op.create_index("uq_cases_number", "cases", ["district", "number"], unique=True)
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_account_id"), "sign_ins", ["account_id"], unique=False)
    op.create_table(
        "case_mediators",
        sa.Column("mediator_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_mediators_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_case_mediators_mediator_id_mediators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_mediators")),
    )
    op.create_index(op.f("ix_case_mediators_case_id"), "case_mediators", ["case_id"], unique=False)
    op.create_index("ix_case_mediators_mediator", "case_mediators", ["district", "mediator_id"], unique=False)
    op.create_index("uq_case_mediators_mediator", "case_mediators", ["case_id", "mediator_id"], unique=True)
    op.create_table(
        "case_steps",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("from_status", sa.String(length=40), nullable=True),
        sa.Column("to_status", sa.String(length=40), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column(
            "facts", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_steps_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_steps")),
    )
    op.create_index(op.f("ix_case_steps_case_id"), "case_steps", ["case_id"], unique=False)
    op.create_index("ix_case_steps_order", "case_steps", ["case_id", "seq"], unique=False)
    op.create_table(
        "mediations",
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("fee", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("failure_reason", sa.String(length=40), nullable=True),
        sa.Column("remedy_notice_on", sa.Date(), nullable=True),
        sa.Column("transferred_to", sa.String(length=200), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_mediations_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_mediations_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediations")),
    )
    op.create_index(op.f("ix_mediations_case_id"), "mediations", ["case_id"], unique=False)
    op.create_index("uq_mediations_round", "mediations", ["case_id", "round_no"], unique=True)
    op.create_table(
        "parties",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("unknown", sa.Boolean(), nullable=False),
        sa.Column("id_kind", sa.String(length=40), nullable=True),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_hash", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("sex", sa.String(length=40), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("agent", sa.LargeBinary(), nullable=True),
        sa.Column("consent", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_parties_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parties")),
    )
    op.create_index(op.f("ix_parties_case_id"), "parties", ["case_id"], unique=False)
    op.create_index("ix_parties_id_number_hash", "parties", ["district", "id_number_hash"], unique=False)
    op.create_index("ix_parties_phone_hash", "parties", ["district", "phone_hash"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_id", sa.Uuid(), nullable=False),
        sa.Column("is_refresh", sa.Boolean(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["sign_in_id"], ["sign_ins.id"], name=op.f("fk_tokens_sign_in_id_sign_ins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_tokens_hash")),
    )
    op.create_index(op.f("ix_tokens_sign_in_id"), "tokens", ["sign_in_id"], unique=False)
    op.create_table(
        "agreements",
        sa.Column("mediation_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_agreements_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["mediation_id"], ["mediations.id"], name=op.f("fk_agreements_mediation_id_mediations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("mediation_id", name=op.f("uq_agreements_mediation_id")),
    )
    op.create_index(op.f("ix_agreements_case_id"), "agreements", ["case_id"], unique=False)
    op.create_table(
        "case_grants",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("mediation_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_grants_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["mediation_id"], ["mediations.id"], name=op.f("fk_case_grants_mediation_id_mediations")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_case_grants_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_grants")),
    )
    op.create_index(op.f("ix_case_grants_case_id"), "case_grants", ["case_id"], unique=False)
    op.create_index(
        "ix_case_grants_organization", "case_grants", ["district", "organization_id", "ended_at"], unique=False
    )
    op.create_table(
        "referrals",
        sa.Column("mediation_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("letter_no", sa.String(length=64), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("incident_no", sa.String(length=64), nullable=True),
        sa.Column("officer_name", sa.String(length=100), nullable=True),
        sa.Column("officer_badge_no", sa.String(length=64), nullable=True),
        sa.Column("public_security_case", sa.Boolean(), nullable=True),
        sa.Column("arbitration_kind", sa.String(length=40), nullable=True),
        sa.Column("docket_no", sa.String(length=64), nullable=True),
        sa.Column("limitation_ends_on", sa.Date(), nullable=True),
        sa.Column("lawyer_name", sa.String(length=100), nullable=True),
        sa.Column("lawyer_license_no", sa.String(length=64), nullable=True),
        sa.Column("law_firm_id", sa.Uuid(), nullable=True),
        sa.Column("conflict_declared", sa.Boolean(), nullable=True),
        sa.Column("legal_aid_no", sa.String(length=64), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_referrals_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["law_firm_id"], ["organizations.id"], name=op.f("fk_referrals_law_firm_id_organizations")
        ),
        sa.ForeignKeyConstraint(["mediation_id"], ["mediations.id"], name=op.f("fk_referrals_mediation_id_mediations")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organizations.id"], name=op.f("fk_referrals_partner_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("mediation_id", name=op.f("uq_referrals_mediation_id")),
    )
    op.create_index(op.f("ix_referrals_case_id"), "referrals", ["case_id"], unique=False)
    op.create_table(
        "round_mediators",
        sa.Column("mediation_id", sa.Uuid(), nullable=False),
        sa.Column("mediator_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_round_mediators_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["mediation_id"], ["mediations.id"], name=op.f("fk_round_mediators_mediation_id_mediations")
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["mediators.id"], name=op.f("fk_round_mediators_mediator_id_mediators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_mediators")),
    )
    op.create_index(op.f("ix_round_mediators_case_id"), "round_mediators", ["case_id"], unique=False)
    op.create_index("uq_round_mediators_mediator", "round_mediators", ["mediation_id", "mediator_id"], unique=True)
    op.create_table(
        "sessions",
        sa.Column("mediation_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("place_text", sa.String(length=500), nullable=True),
        sa.Column(
            "attendees", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("next_step", sa.String(length=500), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_sessions_case_id_cases")),
        sa.ForeignKeyConstraint(["mediation_id"], ["mediations.id"], name=op.f("fk_sessions_mediation_id_mediations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_case_id"), "sessions", ["case_id"], unique=False)
    op.create_index(op.f("ix_sessions_mediation_id"), "sessions", ["mediation_id"], unique=False)
    op.create_table(
        "obligations",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_obligations_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_obligations_case_id_cases")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_obligations_party_id_parties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligations")),
    )
    op.create_index(op.f("ix_obligations_agreement_id"), "obligations", ["agreement_id"], unique=False)
    op.create_index(op.f("ix_obligations_case_id"), "obligations", ["case_id"], unique=False)
    op.create_table(
        "signatures",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("mediator_id", sa.Uuid(), nullable=True),
        sa.Column("seal", sa.Boolean(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_signatures_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_signatures_case_id_cases")),
        sa.ForeignKeyConstraint(["mediator_id"], ["mediators.id"], name=op.f("fk_signatures_mediator_id_mediators")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_signatures_party_id_parties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
    )
    op.create_index(op.f("ix_signatures_agreement_id"), "signatures", ["agreement_id"], unique=False)
    op.create_index(op.f("ix_signatures_case_id"), "signatures", ["case_id"], unique=False)
    op.create_index("uq_signatures_mediator", "signatures", ["agreement_id", "mediator_id"], unique=True)
    op.create_index("uq_signatures_party", "signatures", ["agreement_id", "party_id"], unique=True)
    for table in PROTECTED:
        protect(table)


def downgrade() -> None:
    for table in PROTECTED:
        unprotect(table)
    op.drop_index("uq_signatures_party", table_name="signatures")
    op.drop_index("uq_signatures_mediator", table_name="signatures")
    op.drop_index(op.f("ix_signatures_case_id"), table_name="signatures")
    op.drop_index(op.f("ix_signatures_agreement_id"), table_name="signatures")
    op.drop_table("signatures")
    op.drop_index(op.f("ix_obligations_case_id"), table_name="obligations")
    op.drop_index(op.f("ix_obligations_agreement_id"), table_name="obligations")
    op.drop_table("obligations")
    op.drop_index(op.f("ix_sessions_mediation_id"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_case_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("uq_round_mediators_mediator", table_name="round_mediators")
    op.drop_index(op.f("ix_round_mediators_case_id"), table_name="round_mediators")
    op.drop_table("round_mediators")
    op.drop_index(op.f("ix_referrals_case_id"), table_name="referrals")
    op.drop_table("referrals")
    op.drop_index("ix_case_grants_organization", table_name="case_grants")
    op.drop_index(op.f("ix_case_grants_case_id"), table_name="case_grants")
    op.drop_table("case_grants")
    op.drop_index(op.f("ix_agreements_case_id"), table_name="agreements")
    op.drop_table("agreements")
    op.drop_index(op.f("ix_tokens_sign_in_id"), table_name="tokens")
    op.drop_table("tokens")
    op.drop_index("ix_parties_phone_hash", table_name="parties")
    op.drop_index("ix_parties_id_number_hash", table_name="parties")
    op.drop_index(op.f("ix_parties_case_id"), table_name="parties")
    op.drop_table("parties")
    op.drop_index("uq_mediations_round", table_name="mediations")
    op.drop_index(op.f("ix_mediations_case_id"), table_name="mediations")
    op.drop_table("mediations")
    op.drop_index("ix_case_steps_order", table_name="case_steps")
    op.drop_index(op.f("ix_case_steps_case_id"), table_name="case_steps")
    op.drop_table("case_steps")
    op.drop_index("uq_case_mediators_mediator", table_name="case_mediators")
    op.drop_index("ix_case_mediators_mediator", table_name="case_mediators")
    op.drop_index(op.f("ix_case_mediators_case_id"), table_name="case_mediators")
    op.drop_table("case_mediators")
    op.drop_index(op.f("ix_sign_ins_account_id"), table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_index("uq_cases_number", table_name="cases")
    op.drop_index("ix_cases_township", table_name="cases")
    op.drop_index("ix_cases_place", table_name="cases")
    op.drop_index(op.f("ix_cases_organization_id"), table_name="cases")
    op.drop_index("ix_cases_district", table_name="cases")
    op.drop_index("ix_cases_closed", table_name="cases")
    op.drop_index("ix_cases_accepted", table_name="cases")
    op.drop_table("cases")
    op.drop_index("ix_accounts_place", table_name="accounts")
    op.drop_table("accounts")
    op.drop_index("ix_mediators_organization", table_name="mediators")
    op.drop_table("mediators")
    op.drop_index("uq_organizations_number_prefix", table_name="organizations")
    op.drop_index("ix_organizations_place", table_name="organizations")
    op.drop_table("organizations")
    op.drop_index("ix_sign_in_attempts_username", table_name="sign_in_attempts")
    op.drop_index("ix_sign_in_attempts_source", table_name="sign_in_attempts")
    op.drop_index("ix_sign_in_attempts_at", table_name="sign_in_attempts")
    op.drop_table("sign_in_attempts")
    op.drop_index(op.f("ix_places_parent"), table_name="places")
    op.drop_index(op.f("ix_places_district"), table_name="places")
    op.drop_table("places")
    op.drop_index("uq_number_counters_series", table_name="number_counters")
    op.drop_table("number_counters")
    op.drop_table("installation")
    op.drop_index("uq_idempotency_records_request", table_name="idempotency_records")
    op.drop_index("ix_idempotency_records_made", table_name="idempotency_records")
    op.drop_table("idempotency_records")
    op.drop_index("uq_events_seq", table_name="events")
    op.drop_table("events")
    op.drop_index("uq_audit_records_seq", table_name="audit_records")
    op.drop_index("ix_audit_records_target", table_name="audit_records")
    op.drop_index("ix_audit_records_actor", table_name="audit_records")
    op.drop_table("audit_records")
