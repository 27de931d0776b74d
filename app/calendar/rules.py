"""Which rule governs a limit that begins on a day, and the district's calendar beside it; kept in memory for seconds.

Every case that is registered asks for them, and they change a few times a year.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import select

from app.calendar.codes import DayKind, DeadlineCode
from app.calendar.models import CalendarDay, DeadlineRule
from app.calendar.working_days import WorkingDays
from app.core.unit_of_work import Reading, Work

KEPT_SECONDS = 10
"""So long another process may go on with the rules as they were."""


@dataclass(frozen=True)
class Rule:
    """A row of `deadline_rules`, apart from any session."""

    id: UUID
    code: DeadlineCode
    days: int
    kind: DayKind
    rolls: bool
    extension_days: int
    extension_count: int
    basis_zh: str
    basis_en: str
    effective_from: date
    effective_to: date | None

    def is_in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    @property
    def basis(self) -> tuple[str, str]:
        return self.basis_zh, self.basis_en


@dataclass(frozen=True)
class Rules:
    """The rules of a district, of which the first in force wins, and its calendar."""

    ranked: Sequence[Rule]
    calendar: WorkingDays

    def of(self, code: DeadlineCode, on: date) -> Rule | None:
        return next((rule for rule in self.ranked if rule.code is code and rule.is_in_force(on)), None)

    def by_id(self, id: UUID) -> Rule:
        return next(rule for rule in self.ranked if rule.id == id)


_kept: WeakKeyDictionary[Any, dict[str, tuple[float, Rules]]] = WeakKeyDictionary()


async def rules_of(reading: Reading, district: str) -> Rules:
    kept = _kept.setdefault(reading.kernel.database.writes.sync_engine, {})
    if district in kept and 0 <= time.monotonic() - kept[district][0] < KEPT_SECONDS:
        return kept[district][1]
    kept[district] = time.monotonic(), await read_rules(reading, district)
    return kept[district][1]


async def read_rules(reading: Reading, district: str) -> Rules:
    """As they stand in the database, with what the unit of work itself has changed.

    A district's own rules come before the nation's, then those in force from a later day, then those added later.
    """
    own = DeadlineRule.district == district
    order = (DeadlineRule.district.is_(None), DeadlineRule.effective_from.desc(), DeadlineRule.recorded_at.desc())
    columns: list[Any] = [getattr(DeadlineRule, name) for name in Rule.__annotations__]
    rows = await reading.session.execute(select(*columns).where(DeadlineRule.district.is_(None) | own).order_by(*order))
    days = select(CalendarDay.on.label("on"), CalendarDay.is_working).where(CalendarDay.district == district)
    overrides = {row.on: row.is_working for row in await reading.session.execute(days)}
    return Rules([Rule(**row._mapping) for row in rows], WorkingDays(overrides))


def forget_rules(work: Work) -> None:
    """Once the work is committed, this process reads them anew."""
    engine = work.kernel.database.writes.sync_engine
    work.kept.append(lambda: _kept.pop(engine, None))
