"""Which villages have reported their patrols: none found is not the same as none reported."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, cast, func, or_, select

from app.core.jurisdiction import Spot
from app.core.problems import UnknownReference
from app.core.unit_of_work import Reading
from app.inspections.codes import FindingState
from app.inspections.models import Finding, Inspection
from app.inspections.queries import held_between
from app.inspections.queries import within as held_within
from app.intake.answers import CoverageOut, CoverageRow
from app.intake.codes import CaseStatus
from app.intake.models import Case
from app.intake.schemas import CoverageQuery
from app.places.codes import PlaceLevel
from app.places.models import Place
from app.places.queries import within

UNCOUNTED = [CaseStatus.MERGED, CaseStatus.VOIDED]


async def coverage(reading: Reading, query: CoverageQuery) -> CoverageOut:
    """A row for every village, and for the places above whose office went out itself."""
    place = query.place or reading.actor.spot.place
    villages = await _villages(reading, place, query)
    counts = await _counts(reading, place, query)
    rows = [_row(code, counts.get(code, {})) for code in sorted({*villages, *counts})]
    return {"place": place, "from": query.first, "to": query.last, "rows": rows}


async def _villages(reading: Reading, place: str, query: CoverageQuery) -> Sequence[str]:
    """Where a place began is not asked: its code may be younger than the place."""
    statement = select(Place.code, Place.level).where(
        within(Place.code, place), or_(Place.valid_to.is_(None), Place.valid_to >= query.first)
    )
    found = (await reading.session.execute(statement)).all()
    if place not in {row.code for row in found} or not reading.actor.jurisdiction.reaches(Spot.of_place(place)):
        raise UnknownReference("query:place")
    return [row.code for row in found if row.level is PlaceLevel.VILLAGE]


async def _counts(reading: Reading, place: str, query: CoverageQuery) -> dict[str, dict[str, int]]:
    held = [*held_within(place), *held_between(query.first, query.last)]
    patrols = select(
        Inspection.place,
        func.count(Inspection.id).label("patrols"),
        func.sum(cast(Inspection.nothing_found, Integer)).label("zero_reports"),
    ).where(*held)
    findings = select(Inspection.place, func.count(Finding.id).label("findings")).join(
        Finding, Finding.inspection_id == Inspection.id
    )
    cases = select(Inspection.place, func.count(Case.id).label("cases")).join(Case, Case.inspection_id == Inspection.id)
    prevented = select(Inspection.place, func.count(Finding.id).label("prevented")).join(
        Finding, Finding.inspection_id == Inspection.id
    )
    in_period = [Finding.state == FindingState.PREVENTED, Finding.settled_on.between(query.first, query.last)]
    counts: dict[str, dict[str, int]] = {}
    for statement in (
        patrols,
        findings.where(*held),
        cases.where(*held, Case.status.not_in(UNCOUNTED)),
        prevented.where(*held_within(place), *in_period),
    ):
        for row in await reading.session.execute(statement.group_by(Inspection.place)):
            counts.setdefault(row.place, {}).update(_figures(row))
    return counts


def _figures(row: Any) -> dict[str, int]:
    return {name: int(value) for name, value in row._mapping.items() if name != "place"}


def _row(place: str, counts: dict[str, int]) -> CoverageRow:
    patrols = counts.get("patrols", 0)
    return {
        "place": place,
        "reported": patrols > 0,
        "patrols": patrols,
        "zero_reports": counts.get("zero_reports", 0),
        "findings": counts.get("findings", 0),
        "cases": counts.get("cases", 0),
        "prevented": counts.get("prevented", 0),
    }
