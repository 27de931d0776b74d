"""另寻救济: what a party did because the agreement was not performed. The register says which ways are open, and keeps
which was taken."""

from typing import Any
from uuid import UUID

from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.problems import UnknownReference
from app.core.unit_of_work import Reading, Work
from app.intake.access import find_case, require_current
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.models import Case
from app.intake.queries import parties_of
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.agreement_codes import RemedyRoute, ReviewStatus
from app.mediation.agreement_guards import open_remedies, spoken, why_not_after_agreement
from app.mediation.agreement_problems import RemedyNotOpen
from app.mediation.answers.applications import RemedyOut
from app.mediation.answers.obligations import RouteOut
from app.mediation.applications import is_about_money, last_of
from app.mediation.codes import ConfirmationStatus
from app.mediation.models import Agreement, ArbitrationReview, JudicialConfirmation, Remedy
from app.mediation.problems import AgreementNotEffective
from app.mediation.queries import agreement_of
from app.mediation.schemas.applications import RemedyIn


async def take_remedy(work: Work, case_id: UUID, body: RemedyIn) -> tuple[Remedy, bool]:
    fingerprint = {"parent": str(case_id), **body.model_dump(mode="json", exclude_unset=True)}
    case = await find_case(work, case_id, lock=True)
    if body.id and (standing := await work.sent_before(Remedy, body.id, fingerprint)):
        return standing, False
    await require_current(work, case)
    agreement = await agreement_of(work, case.id)
    if body.party_id not in {party.id for party in await parties_of(work, case.id)}:
        raise UnknownReference("/party_id")
    await work.refuse_taken_ids(Remedy, [body.id])
    refuse_if(why_not_after_agreement(Step.REMEDY, case, agreement))
    if agreement is None:
        raise AgreementNotEffective
    possible = await remedies_open(work, case, agreement)
    if body.route not in possible:
        raise RemedyNotOpen(article=body.route.basis, possible=spoken(possible))
    refuse_disorder(("effective_on", agreement.effective_on), ("taken_on", body.on))
    remedy = Remedy(
        **body.model_dump(exclude={"id"}),
        **Spot.of(case).columns,
        id=body.id or new_id(),
        case_id=case.id,
        agreement_id=agreement.id,
        recorded_by=work.actor.account_id,
        recorded_at=work.now,
    )
    remedy, is_new = await work.claim(remedy, fingerprint)
    if is_new:
        facts = {"remedy_id": str(remedy.id), "route": str(body.route)}
        await record_step(work, case, Step.REMEDY, body.on, case.status, **facts)
    return remedy, is_new


async def remedies_open(reading: Reading, case: Case, agreement: Agreement) -> list[RemedyRoute]:
    confirmation = await last_of(reading, JudicialConfirmation, agreement)
    document = await last_of(reading, ArbitrationReview, agreement)
    is_money = await is_about_money(reading, agreement)
    return routes(case, confirmation, document, is_money=is_money)


def routes(
    case: Case, confirmation: JudicialConfirmation | None, document: ArbitrationReview | None, *, is_money: bool
) -> list[RemedyRoute]:
    confirmed = confirmation is not None and confirmation.status is ConfirmationStatus.CONFIRMED
    issued = document is not None and document.status is ReviewStatus.DOCUMENT_ISSUED
    return open_remedies(case, is_money=is_money, enforceable=confirmed or issued)


def routes_out(possible: list[RemedyRoute]) -> list[RouteOut]:
    return [{"route": route, "basis": route.basis[0]} for route in possible]


def remedy_out(remedy: Any) -> RemedyOut:
    return {
        "id": remedy.id,
        "route": remedy.route,
        "basis": remedy.route.basis[0],
        "party_id": remedy.party_id,
        "on": remedy.on,
        "authority": remedy.authority,
        "docket_no": remedy.docket_no,
        "note": remedy.note,
        "recorded_by": remedy.recorded_by,
        "recorded_at": remedy.recorded_at,
    }
