"""The agreement of a round and its signatures, with where each signature comes from."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.intake.method_codes import AgreementForm
from app.mediation.agreement_codes import SignatureManner


class Agreement(CaseBound, Base):
    __tablename__ = "agreements"
    part: ClassVar[str] = "agreement"

    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediations.id"), unique=True)
    form: Mapped[AgreementForm] = mapped_column(CodeText(AgreementForm))
    agreed_on: Mapped[date]
    content: Mapped[str] = mapped_column(Text)
    amount: Mapped[Decimal | None]
    effective_on: Mapped[date | None]
    """Written: the latest of all signatures and the seal (art. 29); else `agreed_on` (art. 30)."""
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Signature(CaseBound, Base):
    """A party's or mediator's signature, or the committee's seal (neither id)."""

    __tablename__ = "signatures"
    __table_args__ = (
        Index("uq_signatures_party", "agreement_id", "party_id", unique=True),
        Index("uq_signatures_mediator", "agreement_id", "mediator_id", unique=True),
    )
    part: ClassVar[str] = "signatures"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.id"), index=True)
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    mediator_id: Mapped[UUID | None] = mapped_column(ForeignKey("mediators.id"))
    seal: Mapped[bool]
    on: Mapped[date] = mapped_column("on_date")
    manner: Mapped[SignatureManner | None] = mapped_column(CodeText(SignatureManner))
    authority: Mapped[str | None] = mapped_column(String(500))
    """By which the agent signed."""
    device: Mapped[str | None] = mapped_column(String(200))
    """On which it was taken, as the client names it: kept for whoever looks for bursts from one device."""
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
