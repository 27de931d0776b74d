"""What a party is to do under an agreement, in instalments or at once, and all that has happened to it since."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant, Json
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.core.records import Claimed
from app.mediation.agreement_codes import ObligationActKind, RefusalReason
from app.mediation.codes import PerformanceStatus

SETTLED = frozenset(
    {PerformanceStatus.PERFORMED, PerformanceStatus.PERFORMED_ON_SPOT, PerformanceStatus.WAIVED_OR_CHANGED}
)
"""Nothing more is owed."""


class Obligation(CaseBound, Base):
    __tablename__ = "obligations"
    __table_args__ = (
        Index(
            "ix_obligations_due",
            *("district", "next_due_on", "id", "township", "place"),
            postgresql_where=text("next_due_on IS NOT NULL"),
            sqlite_where=text("next_due_on IS NOT NULL"),
        ),
    )
    path_key: ClassVar[str] = "obligation_id"
    part: ClassVar[str] = "obligations"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.id"), index=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    what: Mapped[str] = mapped_column(String(500))
    due_on: Mapped[date | None]
    amount: Mapped[Decimal | None]
    position: Mapped[int]
    status: Mapped[PerformanceStatus] = mapped_column(CodeText(PerformanceStatus))
    performed_amount: Mapped[Decimal]
    next_due_on: Mapped[date | None]
    """The day by which the next part of it is due; null once nothing is owed, or where no day was agreed."""

    @property
    def is_settled(self) -> bool:
        return self.status in SETTLED

    @property
    def remaining(self) -> Decimal | None:
        """Yuan still to be paid; None where it is not about money."""
        return self.amount - self.performed_amount if self.amount else None


class Instalment(CaseBound, Base):
    """A part of an obligation; `no` counts on through changes of the terms."""

    __tablename__ = "instalments"
    __table_args__ = (Index("uq_instalments_no", "obligation_id", "no", unique=True),)
    part: ClassVar[str] = "obligations"

    obligation_id: Mapped[UUID] = mapped_column(ForeignKey("obligations.id"))
    no: Mapped[int]
    due_on: Mapped[date]
    amount: Mapped[Decimal]
    performed_amount: Mapped[Decimal]

    @property
    def remaining(self) -> Decimal:
        return self.amount - self.performed_amount


class ObligationAct(CaseBound, Claimed, Base):
    """One performance, urging, refusal or change. Appended, never changed."""

    __tablename__ = "obligation_acts"
    part: ClassVar[str] = "obligations"

    obligation_id: Mapped[UUID] = mapped_column(ForeignKey("obligations.id"), index=True)
    kind: Mapped[ObligationActKind] = mapped_column(CodeText(ObligationActKind))
    on: Mapped[date] = mapped_column("on_date")
    amount: Mapped[Decimal | None]
    instalment: Mapped[int | None]
    """Number of the instalment that was paid, where one was named."""
    reason: Mapped[RefusalReason | None] = mapped_column(CodeText(RefusalReason))
    note: Mapped[str | None] = mapped_column(Text)
    """Proof of a performance; what was said at an urging or refusal; why the terms were changed."""
    consents: Mapped[list[str] | None] = mapped_column(Json)
    old_terms: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """As they stood before a change or waiver."""
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
