"""A party ends a round whenever it wants, before an agreement is reached (People's Mediation Law, art. 23)."""

from uuid import UUID

from app.core.problems import UnknownReference
from app.core.unit_of_work import Work
from app.intake.codes import CaseStatus, Consent
from app.intake.guards import refuse_if
from app.intake.method_codes import FailureReason
from app.intake.queries import parties_of
from app.intake.step_codes import Step
from app.intake.steps import Words, record_step
from app.mediation.access import round_to_change
from app.mediation.codes import MediationOutcome
from app.mediation.conclusion import check_dates
from app.mediation.guards import why_not_in_round
from app.mediation.models import Mediation
from app.mediation.rounds import raise_round_version
from app.mediation.schemas.staffing import TerminationIn


async def terminate(work: Work, mediation_id: UUID, body: TerminationIn) -> Mediation:
    """This mediation ends; the way to another stays open. The party's agreement to mediation is spent, so that it is
    asked anew: it has not refused for good, which would be recorded as its consent."""
    case, mediation = await round_to_change(work, mediation_id)
    party = next((one for one in await parties_of(work, case.id) if one.id == body.party_id), None)
    if party is None:
        raise UnknownReference("/party_id")
    refuse_if(why_not_in_round(Step.TERMINATION, case, mediation.outcome))
    await check_dates(work, mediation, body.on)
    mediation.outcome, mediation.concluded_on = MediationOutcome.FAILED, body.on
    mediation.failure_reason = FailureReason.PARTY_REQUESTS_TERMINATION
    mediation.remedy_notice_on = body.remedy_notice_on
    raise_round_version(work, mediation)
    before, case.method = case.status, mediation.method
    if party.consent is Consent.AGREED:
        party.consent = Consent.PENDING
    if before is CaseStatus.SUSPENDED:
        case.resume()
    words: Words = {"reason": body.reason} if body.reason else {}
    facts = {"mediation_id": str(mediation.id), "party_id": str(party.id)}
    await record_step(work, case, Step.TERMINATION, body.on, before, words, **facts)
    return mediation
