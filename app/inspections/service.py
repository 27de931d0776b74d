"""A patrol is recorded, corrected, and found out to have found more."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.answers import etag_of
from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.problems import NotFound
from app.core.records import change
from app.core.unit_of_work import Work
from app.inspections.codes import FindingState
from app.inspections.models import Finding, Inspection
from app.inspections.problems import InspectionActedOn, TooManyFindings
from app.inspections.queries import findings_of
from app.inspections.schemas import MOST_FINDINGS, FindingIn, InspectionIn, InspectionPatch
from app.places.queries import place_named


async def record_inspection(work: Work, body: InspectionIn) -> tuple[Inspection, bool]:
    """A new patrol, or the one that the same creation made before (then the second value is false)."""
    fingerprint = body.model_dump(mode="json", exclude_unset=True)
    if body.id and (standing := await work.sent_before(Inspection, body.id, fingerprint)):
        return standing, False
    await place_named(work, body.place, on=body.inspected_on, pointer="/place")
    inspection = Inspection(
        **body.model_dump(exclude={"id", "place", "findings"}),
        **Spot.of_place(body.place).columns,
        id=body.id or new_id(),
        recorded_by=work.actor.account_id,
        version=1,
        recorded_at=work.now,
        changed_at=work.now,
    )
    inspection, is_new = await work.claim(inspection, fingerprint)
    if is_new:
        await work.refuse_taken_ids(Finding, [finding.id for finding in body.findings])
        rows = [_row(inspection, finding, position) for position, finding in enumerate(body.findings)]
        await work.insert(Finding, rows)
        facts = {"kind": str(body.kind), "finding_count": len(body.findings)}
        work.event("inspection.recorded", "inspection", inspection, **facts)
    return inspection, is_new


async def change_inspection(work: Work, inspection_id: UUID, patch: InspectionPatch) -> Inspection:
    inspection = await locked_inspection(work, inspection_id)
    await require_current(work, inspection)
    values = patch.changes()
    is_other_day = values.get("inspected_on", inspection.inspected_on) != inspection.inspected_on
    if is_other_day and any(f.state is not FindingState.OPEN for f in await findings_of(work, inspection.id)):
        raise InspectionActedOn
    change(inspection, values, work.now)
    return inspection


async def add_finding(work: Work, inspection_id: UUID, body: FindingIn) -> tuple[Inspection, Finding, bool]:
    """A further finding; a patrol that had reported nothing is no zero report any more."""
    fingerprint = {"parent": str(inspection_id), **body.model_dump(mode="json", exclude_unset=True)}
    inspection = await locked_inspection(work, inspection_id)
    if body.id and (standing := await work.sent_before(Finding, body.id, fingerprint)):
        return inspection, standing, False
    await require_current(work, inspection)
    await work.refuse_taken_ids(Finding, [body.id])
    findings = await findings_of(work, inspection.id)
    if len(findings) >= MOST_FINDINGS:
        raise TooManyFindings
    finding, is_new = await work.claim(Finding(**_row(inspection, body, len(findings))), fingerprint)
    if is_new:
        work.touch("findings")
        inspection.nothing_found = False
        raise_inspection_version(work, inspection)
    return inspection, finding, is_new


async def locked_inspection(work: Work, inspection_id: UUID) -> Inspection:
    statement = select(Inspection).where(Inspection.id == inspection_id).with_for_update()
    inspection = await work.session.scalar(statement)
    if inspection is None:
        raise NotFound
    return inspection


async def require_current(work: Work, inspection: Inspection) -> None:
    work.about(inspection)
    await work.match(inspection.version, etag_of(inspection.version, work.actor.view))


async def finding_to_change(work: Work, inspection_id: UUID, finding_id: UUID) -> tuple[Inspection, Finding]:
    """The patrol, locked, and its finding (404, then 412)."""
    inspection = await locked_inspection(work, inspection_id)
    statement = select(Finding).where(Finding.inspection_id == inspection.id, Finding.id == finding_id)
    finding = await work.session.scalar(statement)
    if finding is None:
        raise NotFound
    await require_current(work, inspection)
    return inspection, finding


def raise_inspection_version(work: Work, inspection: Inspection) -> None:
    inspection.version += 1
    inspection.changed_at = work.now


def _row(inspection: Inspection, finding: FindingIn, position: int) -> dict[str, Any]:
    return {
        **finding.model_dump(exclude={"id"}),
        **Spot.of(inspection).columns,
        "id": finding.id or new_id(),
        "inspection_id": inspection.id,
        "position": position,
        "state": FindingState.OPEN,
    }
