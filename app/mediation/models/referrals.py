"""The hand-off between the committee and a partner body."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.intake.method_codes import ReferralDirection
from app.mediation.codes import ArbitrationKind, CourtStage, ReferralState


class Referral(CaseBound, Base):
    """The hand-off between the committee and a partner body that goes with a round."""

    __tablename__ = "referrals"
    part: ClassVar[str] = "referral"

    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediations.id"), unique=True)
    direction: Mapped[ReferralDirection] = mapped_column(CodeText(ReferralDirection))
    state: Mapped[ReferralState] = mapped_column(CodeText(ReferralState))
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
