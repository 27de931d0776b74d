"""The hand-off between the committee and a partner body."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.intake.method_codes import ReferralDirection
from app.mediation.arbitration_codes import ArbitrationKind
from app.mediation.codes import (
    AnswerWay,
    CourtStage,
    LetterKind,
    ReferralOutcome,
    ReferralSide,
    ReferralState,
)


class Referral(CaseBound, Base):
    """The hand-off between the committee and a partner body that goes with a round."""

    __tablename__ = "referrals"
    __table_args__ = (
        Index("ix_referrals_district", "district", "id"),
        Index("ix_referrals_township", "district", "township", "id"),
        Index("ix_referrals_place", "district", "place", "id"),
    )
    part: ClassVar[str] = "referral"

    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediations.id"), unique=True)
    direction: Mapped[ReferralDirection] = mapped_column(CodeText(ReferralDirection))
    state: Mapped[ReferralState] = mapped_column(CodeText(ReferralState))
    letter_kind: Mapped[LetterKind | None] = mapped_column(CodeText(LetterKind))
    letter_no: Mapped[str | None] = mapped_column(String(64))
    sent_on: Mapped[date | None]
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    due_on: Mapped[date | None]
    court_stage: Mapped[CourtStage | None] = mapped_column(CodeText(CourtStage))
    incident_no: Mapped[str | None] = mapped_column(String(64))
    officer_name: Mapped[str | None] = mapped_column(String(100))
    officer_badge_no: Mapped[str | None] = mapped_column(String(64))
    public_security_case: Mapped[bool | None]
    arbitration_kind: Mapped[ArbitrationKind | None] = mapped_column(CodeText(ArbitrationKind))
    docket_no: Mapped[str | None] = mapped_column(String(64))
    limitation_ends_on: Mapped[date | None]
    lawyer_name: Mapped[str | None] = mapped_column(String(100))
    lawyer_license_no: Mapped[str | None] = mapped_column(String(64))
    law_firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    conflict_declared: Mapped[bool | None]
    legal_aid_no: Mapped[str | None] = mapped_column(String(64))
    petition_no: Mapped[str | None] = mapped_column(String(64))
    procuratorate_case_no: Mapped[str | None] = mapped_column(String(64))
    department: Mapped[str | None] = mapped_column(String(100))
    work_order_no: Mapped[str | None] = mapped_column(String(64))

    @property
    def waits_to_be_told(self) -> bool:
        """A public-security case sent to us: without an agreement the police decide, once they know."""
        is_unanswered = self.state in {ReferralState.OFFERED, ReferralState.ACCEPTED}
        return bool(self.public_security_case) and self.direction is ReferralDirection.IN and is_unanswered


class ReferralAnswer(CaseBound, Base):
    """One step of a hand-off, and who took it. Appended, never changed; each state is reached once."""

    __tablename__ = "referral_answers"
    __table_args__ = (Index("uq_referral_answers_state", "mediation_id", "state", unique=True),)
    part: ClassVar[str] = "referral"

    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediations.id"))
    seq: Mapped[int]
    state: Mapped[ReferralState] = mapped_column(CodeText(ReferralState))
    on: Mapped[date]
    side: Mapped[ReferralSide] = mapped_column(CodeText(ReferralSide))
    way: Mapped[AnswerWay] = mapped_column(CodeText(AnswerWay))
    letter_no: Mapped[str | None] = mapped_column(String(64))
    officer_name: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(String(500))
    outcome: Mapped[ReferralOutcome | None] = mapped_column(CodeText(ReferralOutcome))
    text: Mapped[str | None] = mapped_column(Text)
    performance_proof: Mapped[str | None] = mapped_column(String(500))
    joint_application_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
