"""回访: the parties are asked again. A sampled visit checks the mediation, so nobody who mediated makes
or records it."""

from uuid import UUID

from sqlalchemy import select

from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.prepared import AnySelect
from app.core.problems import UnknownReference
from app.core.unit_of_work import Work
from app.intake.access import find_case, require_current
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.queries import mediators_of, parties_of
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.agreement_guards import why_not_after_agreement
from app.mediation.agreement_problems import VisitorMediated
from app.mediation.answers.visits import ReturnVisitOut
from app.mediation.models import ReturnVisit, RoundMediator
from app.mediation.problems import AgreementNotEffective
from app.mediation.queries import agreement_of
from app.mediation.schemas.visits import ReturnVisitIn
from app.people.models import Mediator
from app.people.queries import mediator_named

VISIT = tuple(getattr(ReturnVisit, name) for name in ReturnVisitOut.__annotations__)


def visits_of(case_id: UUID) -> AnySelect:
    return select(*VISIT).where(ReturnVisit.case_id == case_id)


async def visit(work: Work, case_id: UUID, body: ReturnVisitIn) -> tuple[ReturnVisit, bool]:
    fingerprint = {"parent": str(case_id), **body.model_dump(mode="json", exclude_unset=True)}
    case = await find_case(work, case_id, lock=True)
    if body.id and (standing := await work.sent_before(ReturnVisit, body.id, fingerprint)):
        return standing, False
    await require_current(work, case)
    agreement = await agreement_of(work, case.id)
    await _check_named(work, case.id, body)
    await work.refuse_taken_ids(ReturnVisit, [body.id])
    refuse_if(why_not_after_agreement(Step.RETURN_VISIT, case, agreement))
    if agreement is None:
        raise AgreementNotEffective
    refuse_disorder(("effective_on", agreement.effective_on), ("visited_on", body.visited_on))
    if body.sampled and await _mediated(work, case.id, body):
        raise VisitorMediated
    row = ReturnVisit(
        **body.model_dump(exclude={"id", "parties"}),
        **Spot.of(case).columns,
        id=body.id or new_id(),
        case_id=case.id,
        agreement_id=agreement.id,
        parties=[str(id) for id in body.parties],
        recorded_by=work.actor.account_id,
        recorded_at=work.now,
    )
    row, is_new = await work.claim(row, fingerprint)
    if is_new:
        facts = {"visit_id": str(row.id), "sampled": body.sampled}
        await record_step(work, case, Step.RETURN_VISIT, body.visited_on, case.status, **facts)
    return row, is_new


async def _check_named(work: Work, case_id: UUID, body: ReturnVisitIn) -> None:
    if body.mediator_id:
        await mediator_named(work, body.mediator_id, "/mediator_id")
    known = {party.id for party in await parties_of(work, case_id)}
    for number, id in enumerate(body.parties):
        if id not in known:
            raise UnknownReference(f"/parties/{number}")


async def _mediated(work: Work, case_id: UUID, body: ReturnVisitIn) -> bool:
    """Whether the visitor, or who records the visit, mediated the case in any of its rounds."""
    of_rounds = select(RoundMediator.mediator_id).where(RoundMediator.case_id == case_id)
    ids = {*await work.session.scalars(of_rounds), *await mediators_of(work, case_id)}
    if {body.mediator_id, work.actor.mediator_id} & ids:
        return True
    names = select(Mediator.name).where(Mediator.id.in_(ids))
    return body.visitor_name in set(await work.session.scalars(names))
