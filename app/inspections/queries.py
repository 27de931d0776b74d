"""Reading patrols: lists, the single one with its findings, and one that a body names."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.core.jurisdiction import Subtree
from app.core.paging import Order, page
from app.core.problems import NotFound, UnknownReference
from app.core.unit_of_work import Reading
from app.inspections.answers import FindingOut, InspectionFields
from app.inspections.models import Finding, Inspection
from app.inspections.schemas import InspectionFilter

_INSPECTION = [getattr(Inspection, name) for name in InspectionFields.__annotations__]
_FINDING = [getattr(Finding, name) for name in FindingOut.__annotations__]


def within(place: str) -> list[ColumnElement[bool]]:
    """A place and all below it, by equality on the level of the place."""
    subtree = Subtree(place)
    level = getattr(Inspection, subtree.level) == getattr(subtree.spot, subtree.level)
    return [Inspection.district == subtree.spot.district, level]


def held_between(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        conditions.append(Inspection.inspected_on >= first)
    if last is not None:
        conditions.append(Inspection.inspected_on <= last)
    return conditions


def _filtered(query: InspectionFilter) -> list[ColumnElement[bool]]:
    conditions = held_between(query.inspected_from, query.inspected_to)
    if query.place:
        conditions += within(query.place)
    if query.kind:
        conditions.append(Inspection.kind.in_(query.kind))
    if query.nothing_found is not None:
        conditions.append(Inspection.nothing_found.is_(query.nothing_found))
    if query.finding_state:
        theirs = select(Finding.id).where(
            Finding.inspection_id == Inspection.id, Finding.state.in_(query.finding_state)
        )
        conditions.append(theirs.exists())
    if query.recorded_by:
        conditions.append(Inspection.recorded_by.in_(query.recorded_by))
    return conditions


async def inspection_page(
    reading: Reading, query: InspectionFilter
) -> tuple[list[dict[str, Any]], str | None, int | None]:
    order = Order(Inspection.inspected_on, Inspection.id, descending=query.sort.startswith("-"))
    rows, following, total = await page(reading, select(*_INSPECTION).where(*_filtered(query)), query, order)
    items = [_fields(row) for row in rows]
    counted = select(Finding.inspection_id, func.count(Finding.id).label("counted")).group_by(Finding.inspection_id)
    counted = counted.where(Finding.inspection_id.in_([item["id"] for item in items]))
    counts = {row.inspection_id: row.counted for row in await reading.session.execute(counted)}
    return [item | {"finding_count": counts.get(item["id"], 0)} for item in items], following, total


async def single_inspection(reading: Reading, inspection_id: UUID) -> dict[str, Any]:
    row = (await reading.session.execute(select(*_INSPECTION).where(Inspection.id == inspection_id))).one_or_none()
    if row is None:
        raise NotFound
    theirs = select(*_FINDING).where(Finding.inspection_id == inspection_id).order_by(Finding.position)
    findings = [row._asdict() for row in await reading.session.execute(theirs)]
    return _fields(row) | {"findings": findings}


async def single_finding(reading: Reading, finding_id: UUID) -> dict[str, Any]:
    return (await reading.session.execute(select(*_FINDING).where(Finding.id == finding_id))).one()._asdict()


def _fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in InspectionFields.__annotations__}


async def inspection_named(reading: Reading, id: UUID, pointer: str) -> None:
    """The patrol a body names: there, and within the jurisdiction; one answer where it is not."""
    if await reading.session.scalar(select(Inspection.id).where(Inspection.id == id)) is None:
        raise UnknownReference(pointer)


async def findings_of(reading: Reading, inspection_id: UUID) -> Sequence[Finding]:
    statement = select(Finding).where(Finding.inspection_id == inspection_id).order_by(Finding.position)
    return (await reading.session.scalars(statement)).all()
