"""What becomes of a finding of a patrol: a lead that is watched, a dispute prevented, or a case."""

from uuid import UUID

from app.core.input_errors import refuse_fields, rule
from app.core.unit_of_work import Work
from app.inspections.models import Finding, Inspection
from app.inspections.service import finding_to_change, raise_inspection_version
from app.intake.dates import refuse_disorder
from app.intake.models import Case, Party
from app.intake.schemas import CaseIn, LeadIn, PreventionIn
from app.intake.service import register

rule("another_inspection", "与路径中的排查不同", "is another patrol than the path names")


async def make_lead(work: Work, inspection_id: UUID, finding_id: UUID, body: LeadIn) -> Inspection:
    inspection, finding = await finding_to_change(work, inspection_id, finding_id)
    finding.become_lead(body.on, body.note)
    refuse_disorder(("inspected_on", inspection.inspected_on), ("lead_on", body.on))
    _record(work, inspection, finding)
    return inspection


async def prevent(work: Work, inspection_id: UUID, finding_id: UUID, body: PreventionIn) -> Inspection:
    """预防纠纷: a lead closed without becoming a dispute, counted in 件."""
    inspection, finding = await finding_to_change(work, inspection_id, finding_id)
    finding.prevent(body.on, body.note, work.now)
    refuse_disorder(("lead_on", finding.lead_on), ("prevented_on", body.on))
    _record(work, inspection, finding)
    return inspection


async def open_case(work: Work, inspection_id: UUID, finding_id: UUID, body: CaseIn) -> tuple[Case, list[Party] | None]:
    """The case of a finding, once; without its parties where the same creation made it before."""
    inspection, finding = await finding_to_change(work, inspection_id, finding_id)
    if body.inspection_id not in {None, inspection.id}:
        refuse_fields("another_inspection", ["/inspection_id"])
    case, parties = await register(work, body.model_copy(update={"inspection_id": inspection.id}))
    if finding.case_id != case.id:
        finding.become_case(case.id, case.reported_on, work.now)
        first = ("inspected_on", inspection.inspected_on)
        refuse_disorder(first, ("lead_on", finding.lead_on), ("reported_on", case.reported_on))
        _record(work, inspection, finding)
    return case, parties


def _record(work: Work, inspection: Inspection, finding: Finding) -> None:
    raise_inspection_version(work, inspection)
    case_id = {"case_id": str(finding.case_id)} if finding.case_id else {}
    work.event(f"finding.{finding.state}", "inspection", inspection, finding_id=str(finding.id), **case_id)
