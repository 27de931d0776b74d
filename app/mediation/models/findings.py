"""What the committee found out by itself, and what was put before it: investigations and evidence (forms 3 and 4)."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, Json
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.core.records import Claimed


class Investigation(CaseBound, Claimed, Base):
    """调查记录: who was asked, where and when, by whom, and what was said."""

    __tablename__ = "investigations"
    part: ClassVar[str] = "investigations"

    investigated_on: Mapped[date]
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    place_text: Mapped[str] = mapped_column(String(500))
    asked: Mapped[list[str]] = mapped_column(Json)
    present: Mapped[list[str]] = mapped_column(Json)
    asked_by: Mapped[str] = mapped_column(String(100))
    recorder: Mapped[str | None] = mapped_column(String(100))
    record: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[list[str]] = mapped_column(Json)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class EvidenceItem(CaseBound, Claimed, Base):
    """证据材料: one item of the list. It may be taken back, with the reason, and stays on the list."""

    __tablename__ = "evidence_items"
    __table_args__ = (Index("uq_evidence_items_seq", "case_id", "seq", unique=True),)
    path_key: ClassVar[str] = "evidence_id"
    part: ClassVar[str] = "evidence"
    audit_name: ClassVar[str] = "evidence_item"

    seq: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(500))
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    """None: the committee gathered it."""
    pages: Mapped[int | None]
    received_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(String(500))
    withdrawn_on: Mapped[date | None]
    withdrawal_reason: Mapped[str | None] = mapped_column(String(500))
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
