"""deadlines, their rules, the calendar of working days"""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision: str = "clock"
down_revision: str | None = "parties"
branch_labels: Any = None
depends_on: Any = None


PEOPLES = "《中华人民共和国人民调解法》", "People's Mediation Law"
COURT = "法释〔2016〕14号（人民法院特邀调解）", "Fa Shi [2016] No. 14 (mediators invited by courts)"
PRACTICE = "示范做法，各地可另行规定", "Model practice; a district may set its own"
NATIONAL: tuple[tuple[str, int, str, bool, int, int, str, str, str], ...] = (
    # code, days, kind, rolls, days and times of an extension, basis, in force from
    (
        *("accept_decision", 3, "working", False, 0, 0),
        "《企业劳动争议协商调解规定》三个工作日；其他纠纷为工作提示",
        "Rules on Mediation of Enterprise Labour Disputes: three working days; for other disputes a reminder",
        "2012-01-01",
    ),
    (
        *("mediate_general", 30, "calendar", False, 30, 1),
        "《人民调解工作若干规定》一般在一个月内调结；经当事人同意可以延长",
        "Provisions on the Work of People's Mediation: as a rule one month; longer if the parties agree",
        "2002-11-01",
    ),
    (
        *("mediate_labor", 15, "calendar", False, 15, 1),
        "《劳动争议调解仲裁法》第十四条；期满可以申请仲裁",
        "Labour Dispute Mediation and Arbitration Law, art. 14; after it either party may turn to arbitration",
        "2008-05-01",
    ),
    (
        *("mediate_medical", 30, "working", False, 30, 1),
        "《医疗纠纷预防和处理条例》第三十八条；鉴定时间不计入",
        "Regulations on the Prevention and Handling of Medical Disputes, art. 38; expert opinion not counted",
        "2018-10-01",
    ),
    (*("court_predirected", 30, "calendar", False, 30, 1), *COURT, "2016-07-01"),
    (*("court_entrusted_ord", 15, "calendar", False, 15, 1), *COURT, "2016-07-01"),
    (*("court_entrusted_simple", 7, "calendar", False, 7, 1), *COURT, "2016-07-01"),
    (*("referral_receipt", 1, "working", False, 0, 0), *PRACTICE, "2011-01-01"),
    (*("referral_feedback", 5, "working", False, 0, 0), *PRACTICE, "2011-01-01"),
    (
        *("judicial_confirmation", 30, "calendar", True, 0, 0),
        f"{PEOPLES[0]}第三十三条",
        f"{PEOPLES[1]}, art. 33",
        "2011-01-01",
    ),
    (
        *("arbitration_review", 15, "calendar", False, 0, 0),
        "《劳动人事争议仲裁办案规则》自协议生效之日起十五日内共同申请",
        "Rules for Handling Labour Arbitration Cases: jointly within fifteen days of effect",
        "2017-07-01",
    ),
    (*("return_visit", 15, "calendar", False, 0, 0), *PRACTICE, "2011-01-01"),
    (*("archive", 30, "calendar", False, 0, 0), *PRACTICE, "2011-01-01"),
)


def _seed(table: sa.Table) -> None:
    names = ("code", "days", "kind", "rolls", "extension_days", "extension_count", "basis_zh", "basis_en")
    recorded_at = datetime(2026, 11, 24, tzinfo=UTC)
    op.bulk_insert(
        table,
        [
            {
                **dict(zip(names, rule, strict=False)),
                "id": UUID(f"00000000-0000-7000-8000-{number:012d}"),
                "district": None,
                "effective_from": date.fromisoformat(rule[-1]),
                "effective_to": None,
                "version": 1,
                "recorded_at": recorded_at,
                "content_hash": "-",
            }
            for number, rule in enumerate(NATIONAL, start=1)
        ],
    )


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_days")),
    )
    op.create_index("uq_calendar_days_on", "calendar_days", ["district", "on_date"], unique=True)
    rules = op.create_table(
        "deadline_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("rolls", sa.Boolean(), nullable=False),
        sa.Column("extension_days", sa.Integer(), nullable=False),
        sa.Column("extension_count", sa.Integer(), nullable=False),
        sa.Column("basis_zh", sa.String(length=200), nullable=False),
        sa.Column("basis_en", sa.String(length=200), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_rules")),
    )
    _seed(rules)
    op.create_index("ix_deadline_rules_code", "deadline_rules", ["code", "effective_from"], unique=False)
    op.create_table(
        "case_deadlines",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("rolls", sa.Boolean(), nullable=False),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("extended_days", sa.Integer(), nullable=False),
        sa.Column("extension_count", sa.Integer(), nullable=False),
        sa.Column("extension_reason", sa.String(length=500), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("calendar_published", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_deadlines_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["deadline_rules.id"], name=op.f("fk_case_deadlines_rule_id_deadline_rules")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_deadlines")),
    )
    op.create_index(op.f("ix_case_deadlines_case_id"), "case_deadlines", ["case_id"], unique=False)
    op.create_index(
        "ix_case_deadlines_running",
        "case_deadlines",
        ["district", "due_on", "id", "township", "place"],
        unique=False,
        postgresql_where=sa.text("ended_on IS NULL"),
        sqlite_where=sa.text("ended_on IS NULL"),
    )
    op.add_column("referrals", sa.Column("court_stage", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("referrals", "court_stage")
    op.drop_index(
        "ix_case_deadlines_running",
        table_name="case_deadlines",
        postgresql_where=sa.text("ended_on IS NULL"),
        sqlite_where=sa.text("ended_on IS NULL"),
    )
    op.drop_index(op.f("ix_case_deadlines_case_id"), table_name="case_deadlines")
    op.drop_table("case_deadlines")
    op.drop_index("ix_deadline_rules_code", table_name="deadline_rules")
    op.drop_table("deadline_rules")
    op.drop_index("uq_calendar_days_on", table_name="calendar_days")
    op.drop_table("calendar_days")
