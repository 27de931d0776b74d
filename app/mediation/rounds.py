"""A round of mediation starts under a method, with its mediators and its referral."""

from uuid import UUID

from app.core.db import new_id
from app.core.jurisdiction import CaseGrant, Spot
from app.core.unit_of_work import Work
from app.intake.access import find_case, require_current
from app.intake.conflicts import refuse_conflicts
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.method_codes import Method
from app.intake.models import Case
from app.intake.queries import mediators_of, parties_of
from app.intake.round_deadlines import begin_court_limit, begin_limitation, begin_referral
from app.intake.step_codes import Step
from app.intake.step_dates import refuse_before_steps
from app.intake.steps import record_step
from app.mediation.codes import CourtStage, ReferralState
from app.mediation.entries import as_sent
from app.mediation.guards import why_not_mediate
from app.mediation.lawyers import refuse_partial_lawyer
from app.mediation.method_rules import refuse_by_method
from app.mediation.models import Mediation, Referral, RoundMediator
from app.mediation.queries import last_round
from app.mediation.repeated_incidents import raise_risk_of_repeats
from app.mediation.schemas.referrals import ReferralIn
from app.mediation.schemas.rounds import MediationIn
from app.mediation.session_codes import SelectedBy
from app.people.models import Organization
from app.people.queries import mediators_named, organization_named


async def start_round(work: Work, case_id: UUID, body: MediationIn) -> tuple[Mediation, bool]:
    """A new round, or the one that the same creation made before (then the second value is false)."""
    fingerprint = as_sent(case_id, body)
    case = await find_case(work, case_id, lock=True)
    # Looked for under the lock: its twin may have been in the middle of it.
    if body.id and (standing := await work.sent_before(Mediation, body.id, fingerprint)):
        return standing, False
    await require_current(work, case)
    named = await _check_references(work, body)
    await work.refuse_taken_ids(Mediation, [body.id])
    last = await last_round(work, case.id)
    refuse_if(why_not_mediate(case, last, await parties_of(work, case.id)))
    refuse_by_method(case.category, body, named)
    mediators = body.mediators or await _standing_mediators(work, case)
    await refuse_conflicts(work, case.id, mediators, "/mediators")
    refuse_disorder(("accepted_on", case.accepted_on), ("started_on", body.started_on))
    await refuse_before_steps(work, case, ("started_on", body.started_on), {Step.REOPENING})
    mediation, is_new = await work.claim(_new_round(work, case, body, last), fingerprint)
    if is_new:
        before = case.status
        case.begin_round(body.method, body.started_on)
        await _put_mediators(work, mediation, mediators, body.selected_by)
        _add_referral(work, mediation, body.referral)
        if body.method is Method.LAWYER:
            await refuse_partial_lawyer(work, case.id)
        facts = {"mediation_id": str(mediation.id), "method": str(mediation.method)}
        await record_step(work, case, Step.MEDIATION, body.started_on, before, **facts)
        await _begin_deadlines(work, case, body)
        await raise_risk_of_repeats(work, case, mediation)
    return mediation, is_new


async def _begin_deadlines(work: Work, case: Case, body: MediationIn) -> None:
    """A partner answers a referral in time; a court gives its own time for mediation, from the round's start."""
    referral = body.referral
    if referral:
        await begin_referral(work, case, referral.sent_on or body.started_on)
        if kind := referral.arbitration_kind:
            await begin_limitation(work, case, kind.limitation, referral.limitation_ends_on, body.started_on)
    if body.method is Method.COURT:
        stage = (referral.court_stage if referral else None) or CourtStage.PREDIRECTED
        await begin_court_limit(work, case, stage.limit, body.started_on)


async def _check_references(work: Work, body: MediationIn) -> dict[str, Organization]:
    """The bodies that the referral names, by field."""
    if body.organization_id:
        await organization_named(work, body.organization_id, "/organization_id")
    if body.mediators:
        await mediators_named(work, body.mediators, "/mediators")
    named = {name: id for name in ("partner_id", "law_firm_id") if (id := getattr(body.referral, name, None))}
    return {name: await organization_named(work, id, f"/referral/{name}") for name, id in named.items()}


def _new_round(work: Work, case: Case, body: MediationIn, last: Mediation | None) -> Mediation:
    return Mediation(
        id=body.id or new_id(),
        case_id=case.id,
        round_no=last.round_no + 1 if last else 1,
        method=body.method,
        started_on=body.started_on,
        organization_id=body.organization_id or case.organization_id,
        fee=body.fee,
        version=1,
        recorded_at=work.now,
        changed_at=work.now,
        **Spot.of(case).columns,
    )


async def _standing_mediators(work: Work, case: Case) -> list[UUID]:
    """The case's mediators; where nobody was assigned, the mediator who starts the round."""
    own = [work.actor.mediator_id] if work.actor.mediator_id else []
    return await mediators_of(work, case.id) or own


async def _put_mediators(work: Work, mediation: Mediation, mediators: list[UUID], selected_by: SelectedBy) -> None:
    common = {"case_id": mediation.case_id, "mediation_id": mediation.id, **Spot.of(mediation).columns}
    common |= {"selected_by": selected_by, "from_on": mediation.started_on}
    rows = [
        {"id": new_id(), "mediator_id": id, "position": position, **common} for position, id in enumerate(mediators)
    ]
    await work.insert(RoundMediator, rows)


def _add_referral(work: Work, mediation: Mediation, body: ReferralIn | None) -> None:
    """The partner named in a referral may read the case from this moment until recall or return."""
    if body is None:
        return
    common = {"case_id": mediation.case_id, "mediation_id": mediation.id, **Spot.of(mediation).columns}
    fields = body.model_dump(exclude={"direction", "excluded_matter", "arbitration_exclusion"})
    direction = body.direction or mediation.method.default_direction
    work.session.add(Referral(direction=direction, state=ReferralState.OFFERED, **fields, **common))
    if body.partner_id:
        work.session.add(CaseGrant(organization_id=body.partner_id, granted_at=work.now, **common))


def raise_round_version(work: Work, mediation: Mediation) -> None:
    mediation.version += 1
    mediation.changed_at = work.now
