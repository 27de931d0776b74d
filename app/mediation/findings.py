"""Investigations and evidence: entered, never changed; an item of evidence is taken back with the reason."""

from uuid import UUID

from sqlalchemy import func, select

from app.core.problems import NotFound, UnknownReference
from app.core.unit_of_work import Work
from app.intake.access import case_to_change
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.queries import parties_of
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.entries import changed, enter, to_enter
from app.mediation.models import EvidenceItem, Investigation
from app.mediation.problems import EvidenceWithdrawn
from app.mediation.schemas.findings import EvidenceIn, EvidenceWithdrawalIn, InvestigationIn


async def record_investigation(work: Work, case_id: UUID, body: InvestigationIn) -> tuple[Investigation, bool]:
    case, standing = await to_enter(work, Investigation, case_id, body)
    if standing:
        return standing, False
    refuse_if(case.why_not(Step.INVESTIGATION))
    refuse_disorder(("reported_on", case.reported_on), ("investigated_on", body.investigated_on))
    row = await enter(work, case, Investigation, body, case.id)
    on = body.investigated_on
    await record_step(work, case, Step.INVESTIGATION, on, case.status, investigation_id=str(row.id))
    return row, True


async def add_evidence(work: Work, case_id: UUID, body: EvidenceIn) -> tuple[EvidenceItem, bool]:
    """At the end of the list, whose numbers stay."""
    case, standing = await to_enter(work, EvidenceItem, case_id, body)
    if standing:
        return standing, False
    if body.submitted_by and body.submitted_by not in {party.id for party in await parties_of(work, case.id)}:
        raise UnknownReference("/submitted_by")
    case.require_changeable()
    last = await work.session.scalar(select(func.max(EvidenceItem.seq)).where(EvidenceItem.case_id == case.id))
    item = await enter(work, case, EvidenceItem, body, case.id, seq=(last or 0) + 1)
    await changed(work, case, "evidence", evidence_id=str(item.id))
    return item, True


async def withdraw_evidence(work: Work, case_id: UUID, evidence_id: UUID, body: EvidenceWithdrawalIn) -> EvidenceItem:
    case = await case_to_change(work, case_id)
    item: EvidenceItem | None = await work.session.scalar(
        select(EvidenceItem).where(EvidenceItem.case_id == case.id, EvidenceItem.id == evidence_id)
    )
    if item is None:
        raise NotFound
    case.require_changeable()
    if item.withdrawn_on is not None:
        raise EvidenceWithdrawn
    refuse_disorder(("received_on", item.received_on), ("withdrawn_on", body.on))
    item.withdrawn_on, item.withdrawal_reason = body.on, body.reason
    work.because(body.reason)
    await changed(work, case, "evidence_withdrawal", evidence_id=str(item.id))
    work.about(item)
    return item
