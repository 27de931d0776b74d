"""What figures are counted from: how each received case counts, as it was known from one instant until another; and
months added up where there are too many to count."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant
from app.core.db import Base, new_id
from app.core.jurisdiction import Located
from app.intake.codes import CaseOutcome, Difficulty, DisputeCategory, RiskLevel, Source
from app.intake.method_codes import AgreementForm, Method
from app.statistics.codes import Population

PRESENT: Any = {f"{engine}_where": text("known_until IS NULL") for engine in ("sqlite", "postgresql")}
_PAST: Any = {f"{engine}_where": text("known_until IS NOT NULL") for engine in ("sqlite", "postgresql")}
_DIMENSIONS = ("place", "category", "method", "source", "outcome")


class CountedCase(Located, Base):
    """One state of a received case. When what counts of it changes, this row ends and another begins; a case that is
    merged or voided has no present row. Rows stay at the place where the case stood then."""

    __tablename__ = "counted_cases"
    __table_args__ = (
        Index("uq_counted_cases_present", "case_id", unique=True, **PRESENT),
        # Read without the table itself by what the dashboards ask of a town or village.
        Index(
            "ix_counted_cases_accepted",
            *("district", "township", "accepted_on", *_DIMENSIONS, "mediated_on", "closed_on"),
            **PRESENT,
        ),
        Index(
            "ix_counted_cases_closed",
            *("district", "township", "closed_on", *_DIMENSIONS, "agreement_form"),
            **PRESENT,
        ),
        Index("ix_counted_cases_past", "district", "known_until", **_PAST),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    known_from: Mapped[datetime] = mapped_column(Instant)
    known_until: Mapped[datetime | None] = mapped_column(Instant)
    """Null: as it is known now."""
    accepted_on: Mapped[date]
    mediated_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    outcome: Mapped[CaseOutcome | None] = mapped_column(CodeText(CaseOutcome))
    category: Mapped[DisputeCategory] = mapped_column(CodeText(DisputeCategory))
    source: Mapped[Source] = mapped_column(CodeText(Source))
    method: Mapped[Method | None] = mapped_column(CodeText(Method))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    difficulty: Mapped[Difficulty | None] = mapped_column(CodeText(Difficulty))
    risk_level: Mapped[RiskLevel | None] = mapped_column(CodeText(RiskLevel))
    party_count: Mapped[int]
    days: Mapped[int | None]
    """From acceptance to closure, as a time limit is counted: without the first day, with the last."""
    working_days: Mapped[int | None]
    agreement_form: Mapped[AgreementForm | None] = mapped_column(CodeText(AgreementForm))
    agreement_amount: Mapped[Decimal]
    """Yuan, of all its agreements in effect."""
    effective_on: Mapped[date | None]
    """When the last of its agreements took effect."""
    performance_due_on: Mapped[date | None]
    """The last day by which something was to be performed; null where nothing was to be."""
    performed: Mapped[bool]
    """Nothing more is owed."""
    confirmation_applied: Mapped[bool]
    confirmation_decided_on: Mapped[date | None]
    confirmed: Mapped[bool]
    visit_due_on: Mapped[date | None]
    visited_on: Mapped[date | None]
    """The first return visit."""
    satisfied: Mapped[bool | None]
    """By the latest return visit that asked; null where none did."""
    suicide_people: Mapped[int | None]
    """People in a suicide that was prevented; null where none was at hand. So the three that follow."""
    crime_people: Mapped[int | None]
    petition_people: Mapped[int | None]
    fight_people: Mapped[int | None]


class RollupDelta(Located, Base):
    """A counted row that began or ended and is not yet in the cells: appended by whoever changed the case, folded
    later. Nobody waits for a counter."""

    __tablename__ = "rollup_deltas"
    __table_args__ = (Index("ix_rollup_deltas_district", "district"),)

    counted_id: Mapped[UUID]
    sign: Mapped[int]
    """1: it began; −1: it ended."""


class Cell:
    """A month's cases of one category, method and source: by month of acceptance (cohort) or of closure (flow)."""

    basis: Mapped[Population] = mapped_column(CodeText(Population))
    month: Mapped[date]
    """Its first day."""
    category: Mapped[DisputeCategory] = mapped_column(CodeText(DisputeCategory))
    method: Mapped[str] = mapped_column(String(40))
    """Empty where there was no round: a null would be told apart from itself."""
    source: Mapped[Source] = mapped_column(CodeText(Source))
    cases: Mapped[int]
    handled: Mapped[int]
    succeeded: Mapped[int]
    failed: Mapped[int]
    withdrawn: Mapped[int]
    transferred: Mapped[int]
    decided: Mapped[int]
    agreed: Mapped[int]
    oral: Mapped[int]
    written: Mapped[int]
    on_the_spot: Mapped[int]
    difficult: Mapped[int]
    parties: Mapped[int]
    days: Mapped[int] = mapped_column(BigInteger)
    working_days: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[Decimal]


GROUP = ("basis", "month", "category", "method", "source")


class DistrictCell(Located, Cell, Base):
    __tablename__ = "district_cells"
    __table_args__ = (Index("uq_district_cells_group", "district", *GROUP, unique=True),)


class AreaCell(Cell, Base):
    """The sum of the districts of a city, a province, or the country: for operators alone."""

    __tablename__ = "area_cells"
    __table_args__ = (Index("uq_area_cells_group", "area", *GROUP, unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area: Mapped[str] = mapped_column(String(4))
    """First digits of its districts' codes: four, two, or none."""
