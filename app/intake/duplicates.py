"""Possible duplicates of a case: same people, same quarrel. Told with the reasons, never a gate.

One statement, whatever is compared: each reason brings a few candidates at most, each by an index.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select, union

from app.core.auth import Permission
from app.core.dialects import one_of
from app.core.prepared import Prepared
from app.core.unit_of_work import Reading
from app.intake.access import find_case
from app.intake.answers import PossibleDuplicate
from app.intake.codes import CaseStatus
from app.intake.duplicate_codes import DuplicateReason
from app.intake.likeness import LONGEST, is_nearly_the_same, pieces
from app.intake.models import Case, Party
from app.intake.queries import parties_of

NEAR = timedelta(days=90)
MOST_WITH_A_PERSON, MOST_NEARBY = 20, 30
LENGTHS = (0.6, 1.7)
"""A text of less or more of the own length is never nearly the same."""


@dataclass(frozen=True)
class People:
    """By what the parties of a case are recognised."""

    numbers: frozenset[str]
    phones: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, parties: Iterable[tuple[str | None, str | None, str | None]]) -> "People":
        columns = list(zip(*parties, strict=True))
        return cls(*(frozenset(value for value in column if value is not None) for column in columns))


def _people(parties: Iterable[Party]) -> People:
    return People.of((party.id_number_hash, party.phone_hash, party.name) for party in parties)


async def duplicates_at_creation(reading: Reading, case: Case, parties: Sequence[Party]) -> list[PossibleDuplicate]:
    """Whoever may register but not list cases learns nothing about them."""
    if Permission.CASES_LIST not in reading.actor.permissions:
        return []
    return await _duplicates(reading, case, _people(parties))


async def duplicates_of(reading: Reading, case_id: UUID) -> list[PossibleDuplicate]:
    case = await find_case(reading, case_id)
    return await _duplicates(reading, case, _people(await parties_of(reading, case.id)))


def _counted() -> tuple[Any, ...]:
    return Case.id != bindparam("case_id"), Case.status.not_in([CaseStatus.MERGED, CaseStatus.VOIDED])


def _nearby() -> tuple[Any, ...]:
    return Case.place == bindparam("place"), Case.reported_on.between(bindparam("first"), bindparam("last"))


def _latest(cases: Any, most: int) -> Any:
    return cases.where(*_counted()).order_by(Case.reported_on.desc(), Case.id.desc()).limit(most).subquery()


_WITH_PARTY = select(Case.id).join(Party, Party.case_id == Case.id)
_SAME_NAMES = (
    select(Party.case_id)
    .where(Party.place == bindparam("place"), one_of(Party.name, "names"))
    .group_by(Party.case_id)
    .having(func.count(Party.name.distinct()) > 1)
)
"""By the index of names first: few of a village's cases have them, many fall into the days."""
_WITH_NAMES = select(Case.id).where(*_nearby(), Case.id.in_(_SAME_NAMES))
_WITH_TEXT = select(Case.id).where(
    *_nearby(), func.length(Case.summary).between(bindparam("shortest"), bindparam("longest"))
)
_CANDIDATES = union(
    *(
        select(part.c.id)
        for part in (
            _latest(_WITH_PARTY.where(one_of(Party.id_number_hash, "numbers")), MOST_WITH_A_PERSON),
            _latest(_WITH_PARTY.where(one_of(Party.phone_hash, "phones")), MOST_WITH_A_PERSON),
            _latest(_WITH_NAMES, MOST_WITH_A_PERSON),
            _latest(_WITH_TEXT, MOST_NEARBY),
        )
    )
)
_MATCHING = or_(
    one_of(Party.id_number_hash, "numbers"), one_of(Party.phone_hash, "phones"), one_of(Party.name, "names")
)
_STATEMENT = Prepared(
    select(
        *(Case.id, Case.number, Case.place, Case.reported_on, func.substr(Case.summary, 1, LONGEST).label("summary")),
        *(Party.id_number_hash, Party.phone_hash, Party.name),
    )
    .outerjoin(Party, and_(Party.case_id == Case.id, _MATCHING))
    .where(Case.id.in_(_CANDIDATES))
)
"""A row for each party of a candidate that matches one of the own, or one without a party."""


async def _duplicates(reading: Reading, case: Case, people: People) -> list[PossibleDuplicate]:
    days = {"first": case.reported_on - NEAR, "last": case.reported_on + NEAR}
    shortest, longest = (int(len(case.summary) * share) for share in LENGTHS)
    values = {"case_id": case.id, "place": case.place, "shortest": shortest, "longest": longest, **days}
    values |= {name: list(getattr(people, name)) for name in ("numbers", "phones", "names")}
    matches: dict[UUID, list[Any]] = {}
    for row in await reading.rows(_STATEMENT, **values):
        matches.setdefault(row.id, []).append(row)
    likeness = _Likeness(case.place, case.reported_on, people, pieces(case.summary))
    found = [(rows[0], why) for rows in matches.values() if (why := likeness.reasons(rows))]
    found.sort(key=_rank)
    return [{"id": row.id, "number": row.number, "why": why} for row, why in found]


@dataclass(frozen=True)
class _Likeness:
    """What another case is compared with."""

    place: str
    reported_on: date
    people: People
    pieces: frozenset[str]

    def reasons(self, rows: list[Any]) -> list[DuplicateReason]:
        """`rows` of one case, a row for each party that matches, the weightiest reason first."""
        other, people = rows[0], self.people
        numbers, phones, names = (set(column) for column in zip(*(row[-3:] for row in rows), strict=True))
        why = []
        if people.numbers & numbers:
            why.append(DuplicateReason.SAME_IDENTITY)
        if other.place == self.place and abs(other.reported_on - self.reported_on) <= NEAR:
            if len(people.names & names) > 1:
                why.append(DuplicateReason.SAME_NAMES_AND_PLACE)
            if is_nearly_the_same(self.pieces, pieces(other.summary)):
                why.append(DuplicateReason.NEAR_IDENTICAL_TEXT)
        if people.phones & phones:
            why.append(DuplicateReason.SAME_PHONE)
        return why


def _rank(found: tuple[Any, list[DuplicateReason]]) -> tuple[int, int, str]:
    """The weightiest reason first, then the latest report."""
    row, why = found
    reported: date = row.reported_on
    return list(DuplicateReason).index(why[0]), -reported.toordinal(), str(row.id)
