"""A round is concluded: with an agreement, without success, withdrawn or sent elsewhere; and what that makes of the
case."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.problems import Problem, UnknownReference
from app.core.unit_of_work import Work
from app.intake.codes import CaseOutcome, CaseStatus, Consent
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.method_codes import AgreementForm
from app.intake.models import Case, Party
from app.intake.problems import PartyRefuses
from app.intake.queries import parties_of
from app.intake.round_deadlines import begin_failure_feedback, begin_rights_of_agreement
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.access import round_to_change
from app.mediation.codes import MediationOutcome
from app.mediation.duties import why_unreported
from app.mediation.guards import any_refuses, why_not_in_round
from app.mediation.models import Agreement, Mediation, RoundMediator, Session
from app.mediation.obligations import put_obligations, replace_earlier
from app.mediation.police import awaits_the_police
from app.mediation.problems import FactsNotHere, FactsUnconfirmed
from app.mediation.rounds import raise_round_version
from app.mediation.schemas.agreements import AgreementIn
from app.mediation.schemas.rounds import ConclusionIn
from app.mediation.signing import day_of_effect, new_signature, require_signers
from app.mediation.staffing import why_abandoned

_ENDS_AS = {MediationOutcome.WITHDRAWN: CaseOutcome.WITHDRAWN, MediationOutcome.TRANSFERRED: CaseOutcome.TRANSFERRED}


async def conclude(work: Work, mediation_id: UUID, body: ConclusionIn) -> Mediation:
    case, mediation = await round_to_change(work, mediation_id)
    parties = await parties_of(work, case.id)
    await _check_named(work, mediation, parties, body)
    refuse_if(why_not_in_round(Step.CONCLUSION, case, mediation.outcome) or _why_no_facts(mediation, parties, body))
    if body.agreement:
        refuse_if(await why_abandoned(work, mediation.id))
    await check_dates(work, mediation, body.concluded_on, body.agreement.agreed_on if body.agreement else None)
    for name in ("outcome", "concluded_on", "failure_reason", "remedy_notice_on", "transferred_to"):
        setattr(mediation, name, getattr(body, name))
    mediation.undisputed_facts = body.undisputed_facts
    mediation.facts_confirmed_by = [str(id) for id in body.facts_confirmed_by] if body.facts_confirmed_by else None
    raise_round_version(work, mediation)
    before, case.method = case.status, mediation.method
    effective_on = None
    if body.agreement:
        effective_on = (await _agree(work, case, mediation, parties, body.agreement)).effective_on
        if effective_on is None:
            case.status = CaseStatus.AGREED
        else:
            case.close(CaseOutcome.SUCCESS, body.concluded_on)
    elif body.outcome in _ENDS_AS:
        case.close(_ENDS_AS[body.outcome], body.concluded_on)
    if case.status.is_closed:
        refuse_if(await why_unreported(work, case))
    facts = {"mediation_id": str(mediation.id), "outcome": str(body.outcome)}
    await record_step(work, case, Step.CONCLUSION, body.concluded_on, before, **facts)
    if await awaits_the_police(work, mediation):
        await begin_failure_feedback(work, case, body.concluded_on)
    if effective_on:
        await begin_rights_of_agreement(work, case, effective_on)
    return mediation


def _why_no_facts(mediation: Mediation, parties: list[Party], body: ConclusionIn) -> Problem | None:
    if body.undisputed_facts is None:
        return None
    if not mediation.method.records_facts:
        return FactsNotHere("/undisputed_facts")
    known = {party.id for party in parties if not party.unknown}
    return None if known <= set(body.facts_confirmed_by or []) else FactsUnconfirmed("/facts_confirmed_by")


async def _check_named(work: Work, mediation: Mediation, parties: list[Party], body: ConclusionIn) -> None:
    known, agreement = {party.id for party in parties}, body.agreement
    _require_known(known, body.facts_confirmed_by or [], "/facts_confirmed_by/{}")
    if agreement:
        _require_known(known, [one.party_id for one in agreement.obligations], "/agreement/obligations/{}/party_id")
        await require_signers(work, mediation, known, agreement.signatures, "/agreement/signatures/{}")


def _require_known(known: set[UUID], named: list[UUID], pointer: str) -> None:
    for number, id in enumerate(named):
        if id not in known:
            raise UnknownReference(pointer.format(number))


async def check_dates(work: Work, mediation: Mediation, concluded_on: date, agreed_on: date | None = None) -> None:
    """A round ends after all that happened in it."""
    held = select(func.max(Session.held_on)).where(Session.mediation_id == mediation.id)
    joined = select(func.max(RoundMediator.from_on)).where(RoundMediator.mediation_id == mediation.id)
    refuse_disorder(("started_on", mediation.started_on), ("agreed_on", agreed_on))
    refuse_disorder(("held_on", await work.session.scalar(held)), ("concluded_on", concluded_on))
    refuse_disorder(("joined_on", await work.session.scalar(joined)), ("concluded_on", concluded_on))
    refuse_disorder(("started_on", mediation.started_on), ("concluded_on", concluded_on))


async def _agree(work: Work, case: Case, mediation: Mediation, parties: list[Party], body: AgreementIn) -> Agreement:
    """Nobody is held to an agreement while refusing mediation (art. 17); agreeing is consent."""
    if any_refuses(parties):
        raise PartyRefuses
    for party in parties:
        if party.consent is Consent.PENDING:
            party.consent = Consent.AGREED
    agreement = _new_agreement(work, case, mediation, body)
    work.session.add(agreement)
    await work.session.flush()
    signatures = [new_signature(work, agreement, signature) for signature in body.signatures]
    work.session.add_all(signatures)
    await replace_earlier(work, agreement)
    await put_obligations(work, agreement, body.obligations)
    if body.form is AgreementForm.WRITTEN:
        agreement.effective_on = day_of_effect(parties, signatures)
    case.agreement_form = body.form
    return agreement


def _new_agreement(work: Work, case: Case, mediation: Mediation, body: AgreementIn) -> Agreement:
    """Oral agreements, and those settled on the spot, take effect when reached (art. 30)."""
    return Agreement(
        id=new_id(),
        case_id=case.id,
        mediation_id=mediation.id,
        form=body.form,
        agreed_on=body.agreed_on,
        content=body.content,
        amount=body.amount,
        effective_on=None if body.form is AgreementForm.WRITTEN else body.agreed_on,
        recorded_at=work.now,
        **Spot.of(case).columns,
    )
