"""A case leaves its committee: withdrawn by who applied, taken over by another committee, or sent outside. A round
that is open then ends with it."""

from datetime import date
from uuid import UUID

from sqlalchemy import delete

from app.core.jurisdiction import Subtree
from app.core.problems import Problem
from app.core.unit_of_work import Work
from app.intake.access import case_to_change
from app.intake.codes import CaseOutcome
from app.intake.guards import refuse_if
from app.intake.models import Case, CaseMediator
from app.intake.problems import AlreadyHandling, OrganizationCannotTakeOver
from app.intake.queries import mediators_of
from app.intake.step_codes import TRANSFER_OUT_FROM, Step
from app.intake.step_dates import refuse_before_steps
from app.intake.steps import Words, record_step
from app.mediation.codes import MediationOutcome
from app.mediation.duties import why_unreported
from app.mediation.guards import is_open
from app.mediation.queries import last_round
from app.mediation.rounds import raise_round_version
from app.mediation.schemas.leaving import TransferIn, WithdrawalIn
from app.people.codes import OrganizationKind
from app.people.models import Organization
from app.people.queries import organization_named

_ROUND_ENDS = {
    CaseOutcome.WITHDRAWN: MediationOutcome.WITHDRAWN,
    CaseOutcome.TRANSFERRED: MediationOutcome.TRANSFERRED,
}


async def withdraw(work: Work, case_id: UUID, body: WithdrawalIn) -> Case:
    case = await case_to_change(work, case_id)
    refuse_if(case.why_not(Step.WITHDRAWAL))
    await refuse_before_steps(work, case, ("withdrawn_on", body.on))
    await _end(work, case, Step.WITHDRAWAL, CaseOutcome.WITHDRAWN, body.on, {"reason": body.reason})
    return case


async def transfer(work: Work, case_id: UUID, body: TransferIn) -> Case:
    case = await case_to_change(work, case_id)
    if body.to.organization_id:
        organization = await organization_named(work, body.to.organization_id, "/to/organization_id")
        refuse_if(_why_not_take_over(case, organization))
        await refuse_before_steps(work, case, ("transferred_on", body.on))
        await _hand_over(work, case, organization, body)
        return case
    refuse_if(case.why_not_from(TRANSFER_OUT_FROM, Step.TRANSFER))
    await refuse_before_steps(work, case, ("transferred_on", body.on))
    words: Words = {"reason": body.reason, "transferred_to": body.to.external, "document_no": body.to.document_no}
    await _end(work, case, Step.TRANSFER, CaseOutcome.TRANSFERRED, body.on, words)
    return case


def _why_not_take_over(case: Case, organization: Organization) -> Problem | None:
    if problem := case.why_not(Step.TRANSFER):
        return problem
    if case.organization_id == organization.id:
        return AlreadyHandling()
    is_committee = organization.kind is OrganizationKind.MEDIATION_COMMITTEE
    competent = is_committee and Subtree(organization.place).contains(case)
    return None if competent else OrganizationCannotTakeOver()


async def _hand_over(work: Work, case: Case, organization: Organization, body: TransferIn) -> None:
    """Status and number stay; the mediators were the old committee's, and the new one assigns its own."""
    released = await mediators_of(work, case.id)
    if released:
        await work.session.execute(delete(CaseMediator).where(CaseMediator.case_id == case.id))
        work.touch("mediators")
    facts = {
        "organization_id": str(organization.id),
        "previous_organization_id": str(case.organization_id) if case.organization_id else None,
        "released_mediators": [str(id) for id in released],
    }
    case.organization_id = organization.id
    await record_step(work, case, Step.TRANSFER, body.on, case.status, {"reason": body.reason}, **facts)


async def _end(work: Work, case: Case, step: Step, outcome: CaseOutcome, on: date, words: Words) -> None:
    refuse_if(await why_unreported(work, case))
    before, facts = case.status, {"outcome": str(outcome)}
    last = await last_round(work, case.id)
    if last is not None and is_open(last):
        work.about(last)
        last.outcome, last.concluded_on = _ROUND_ENDS[outcome], on
        last.transferred_to = words.get("transferred_to")
        raise_round_version(work, last)
        facts["mediation_id"] = str(last.id)
    case.close(outcome, on)
    await record_step(work, case, step, on, before, words, **facts)
