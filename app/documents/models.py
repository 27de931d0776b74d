"""The volume of a case as it was closed: what its cover says, and what was missing then."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant, Json
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.documents.codes import Retention


class Filing(CaseBound, Base):
    """立卷归档. One case, one volume; written once."""

    __tablename__ = "filings"
    __table_args__ = (Index("uq_filings_case", "district", "case_id", unique=True),)
    part: ClassVar[str] = "filing"

    retention: Mapped[Retention] = mapped_column(CodeText(Retention))
    statement: Mapped[str | None] = mapped_column(Text)
    """卷宗情况说明 (form 10): gaps, and why."""
    filer: Mapped[str | None] = mapped_column(String(100))
    remark: Mapped[str | None] = mapped_column(String(500))
    filed_on: Mapped[date]
    page_count: Mapped[int]
    gaps: Mapped[list[Any]] = mapped_column(Json)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
