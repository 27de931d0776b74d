"""What the parties took from an agreement to a court or commission: judicial confirmation, arbitration review, and the
ways open when it is not performed."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant, Json
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.core.records import Claimed
from app.mediation.agreement_codes import ConfirmationBar, ConfirmationDenial, RemedyRoute, ReviewStatus
from app.mediation.codes import ConfirmationStatus


class JointApplication:
    """An application of all parties about one agreement, from the day they made it to the decision."""

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.id"))
    seq: Mapped[int]
    applied_on: Mapped[date | None]
    """Null where a right has lapsed without an application."""
    applicants: Mapped[list[str]] = mapped_column(Json)
    authority: Mapped[str | None] = mapped_column(String(200))
    docket_no: Mapped[str | None] = mapped_column(String(64))
    decided_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class JudicialConfirmation(JointApplication, CaseBound, Base):
    """司法确认 (People's Mediation Law, art. 33)."""

    __tablename__ = "judicial_confirmations"
    __table_args__ = (Index("uq_judicial_confirmations_seq", "agreement_id", "seq", unique=True),)
    part: ClassVar[str] = "judicial_confirmation"

    status: Mapped[ConfirmationStatus] = mapped_column(CodeText(ConfirmationStatus))
    accepted_on: Mapped[date | None]
    """By the court."""
    bar: Mapped[ConfirmationBar | None] = mapped_column(CodeText(ConfirmationBar))
    denial: Mapped[ConfirmationDenial | None] = mapped_column(CodeText(ConfirmationDenial))


class ArbitrationReview(JointApplication, CaseBound, Base):
    """仲裁审查 of a labour agreement."""

    __tablename__ = "arbitration_reviews"
    __table_args__ = (Index("uq_arbitration_reviews_seq", "agreement_id", "seq", unique=True),)
    part: ClassVar[str] = "arbitration_review"

    status: Mapped[ReviewStatus] = mapped_column(CodeText(ReviewStatus))


class Remedy(CaseBound, Claimed, Base):
    """A way that a party took because the agreement was not performed."""

    __tablename__ = "remedies"
    part: ClassVar[str] = "remedies"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.id"), index=True)
    route: Mapped[RemedyRoute] = mapped_column(CodeText(RemedyRoute))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    on: Mapped[date] = mapped_column("on_date")
    authority: Mapped[str | None] = mapped_column(String(200))
    docket_no: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
