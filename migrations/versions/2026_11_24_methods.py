"""Second session of a public-security case, limitations of arbitration, what goes back to police, undisputed facts."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "methods"
down_revision: str | None = "sessions"
branch_labels: Any = None
depends_on: Any = None

NATIONAL: tuple[tuple[str, int, str, str, str, str], ...] = (
    # code, days, kind, basis, in force from; years are counted in days, so that the day given is never too late
    (
        *("police_second_session", 7, "working"),
        "《公安机关办理行政案件程序规定》第一百八十三条",
        "Procedures of Public Security Organs for Administrative Cases, art. 183",
        "2019-01-01",
    ),
    (
        *("limitation_labor", 365, "calendar"),
        "《劳动争议调解仲裁法》第二十七条",
        "Labour Dispute Mediation and Arbitration Law, art. 27",
        "2008-05-01",
    ),
    (
        *("limitation_rural_land", 730, "calendar"),
        "《农村土地承包经营纠纷调解仲裁法》第十八条",
        "Law on Mediation and Arbitration of Rural Land Contract Disputes, art. 18",
        "2010-01-01",
    ),
    (
        *("limitation_commercial", 1095, "calendar"),
        "《民法典》第一百八十八条（2020年底前为《民法总则》第一百八十八条）",
        "Civil Code, art. 188 (until the end of 2020 General Provisions of Civil Law, art. 188)",
        "2017-10-01",
    ),
)
IDS = [UUID(f"00000000-0000-7000-8000-00000000010{number}") for number in range(len(NATIONAL))]
RULES = sa.table(
    "deadline_rules",
    sa.column("id", sa.Uuid()),
    sa.column("district", sa.String()),
    sa.column("code", sa.String()),
    sa.column("days", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("rolls", sa.Boolean()),
    sa.column("extension_days", sa.Integer()),
    sa.column("extension_count", sa.Integer()),
    sa.column("basis_zh", sa.String()),
    sa.column("basis_en", sa.String()),
    sa.column("effective_from", sa.Date()),
    sa.column("effective_to", sa.Date()),
    sa.column("version", sa.Integer()),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
    sa.column("content_hash", sa.String()),
)
DEADLINES = sa.table("case_deadlines", sa.column("rule_id", sa.Uuid()))


def upgrade() -> None:
    op.bulk_insert(
        RULES,
        [
            {
                **dict(zip(("code", "days", "kind", "basis_zh", "basis_en"), rule, strict=False)),
                "id": id,
                "district": None,
                "rolls": False,
                "extension_days": 0,
                "extension_count": 0,
                "effective_from": date.fromisoformat(rule[-1]),
                "effective_to": None,
                "version": 1,
                "recorded_at": datetime(2026, 11, 24, tzinfo=UTC),
                "content_hash": "-",
            }
            for id, rule in zip(IDS, NATIONAL, strict=True)
        ],
    )
    op.add_column("referral_answers", sa.Column("performance_proof", sa.String(length=500), nullable=True))
    op.add_column("referral_answers", sa.Column("joint_application_on", sa.Date(), nullable=True))
    op.add_column("mediations", sa.Column("undisputed_facts", sa.Text(), nullable=True))
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.add_column("mediations", sa.Column("facts_confirmed_by", json, nullable=True))


def downgrade() -> None:
    op.drop_column("mediations", "facts_confirmed_by")
    op.drop_column("mediations", "undisputed_facts")
    op.drop_column("referral_answers", "joint_application_on")
    op.drop_column("referral_answers", "performance_proof")
    op.execute(sa.delete(DEADLINES).where(DEADLINES.c.rule_id.in_(IDS)))
    op.execute(sa.delete(RULES).where(RULES.c.id.in_(IDS)))
