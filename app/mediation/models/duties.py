"""What the law bids the committee tell: the parties of their rights, the police or a department of a danger."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.core.records import Claimed
from app.mediation.session_codes import EscalationDanger, NoticeManner, ReportRecipient


class EscalationReport(CaseBound, Claimed, Base):
    """Of a dispute that may become a public-security or criminal case (art. 25), and what was done meanwhile."""

    __tablename__ = "escalation_reports"
    part: ClassVar[str] = "escalation_reports"
    audit_name: ClassVar[str] = "escalation_report"

    to: Mapped[ReportRecipient] = mapped_column("reported_to", CodeText(ReportRecipient))
    body_name: Mapped[str | None] = mapped_column(String(200))
    reported_at: Mapped[datetime] = mapped_column(Instant)
    reported_by: Mapped[str] = mapped_column(String(100))
    danger: Mapped[EscalationDanger] = mapped_column(CodeText(EscalationDanger))
    what: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class RightsNotice(CaseBound, Base):
    """权利义务告知: one for each party, served and then acknowledged."""

    __tablename__ = "rights_notices"
    __table_args__ = (Index("uq_rights_notices_party", "case_id", "party_id", unique=True),)
    part: ClassVar[str] = "rights_notices"

    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    manner: Mapped[NoticeManner] = mapped_column(CodeText(NoticeManner))
    served_on: Mapped[date]
    acknowledged_on: Mapped[date | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
