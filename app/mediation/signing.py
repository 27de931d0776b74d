"""Signatures and seal of a written agreement, and the day on which they make it effective (People's Mediation Law,
art. 29)."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.core.jurisdiction import Spot
from app.core.problems import UnknownReference
from app.core.unit_of_work import Work
from app.intake.access import case_to_change
from app.intake.conflicts import mediators_barred
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.models import Party
from app.intake.queries import mediators_of, parties_of
from app.intake.round_deadlines import begin_rights_of_agreement
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.guards import why_not_sign
from app.mediation.models import Agreement, Mediation, RoundMediator, Signature
from app.mediation.problems import AlreadySigned, NoAgreement
from app.mediation.queries import agreement_of, signatures_of
from app.mediation.schemas.agreements import SignatureIn


async def sign(work: Work, case_id: UUID, body: SignatureIn) -> Signature:
    """A later signature may make the agreement effective; closing the case stays a step of its own."""
    case = await case_to_change(work, case_id)
    parties = await parties_of(work, case.id)
    agreement = await agreement_of(work, case.id)
    if agreement is None:
        raise why_not_sign(case, None) or NoAgreement()
    mediation = await work.session.get_one(Mediation, agreement.mediation_id)
    await require_signers(work, mediation, {party.id for party in parties}, [body], "")
    refuse_if(why_not_sign(case, agreement))
    refuse_disorder(("agreed_on", agreement.agreed_on), ("on", body.on))
    standing = await signatures_of(work, agreement.id)
    if body.signer in {signer_of(signature) for signature in standing}:
        raise AlreadySigned
    signature = new_signature(work, agreement, body)
    work.session.add(signature)
    agreement.effective_on = day_of_effect(parties, [*standing, signature])
    await record_step(work, case, Step.SIGNATURE, body.on, case.status, agreement_id=str(agreement.id))
    if agreement.effective_on:
        await begin_rights_of_agreement(work, case, agreement.effective_on)
    await work.session.flush()
    return signature


def new_signature(work: Work, agreement: Agreement, body: SignatureIn) -> Signature:
    return Signature(
        **body.model_dump(),
        **Spot.of(agreement).columns,
        case_id=agreement.case_id,
        agreement_id=agreement.id,
        recorded_by=work.actor.account_id,
        recorded_at=work.now,
    )


def signer_of(signature: Signature) -> object:
    return signature.party_id or signature.mediator_id or "seal"


async def require_signers(
    work: Work, mediation: Mediation, parties: set[UUID], signatures: Sequence[SignatureIn], pointer: str
) -> None:
    """Who signs is a party of the case or a mediator of the round; of a round that named none, one of the case.

    Nobody with a conflict of interest does.
    """
    statement = select(RoundMediator.mediator_id).where(RoundMediator.mediation_id == mediation.id)
    statement = statement.where(RoundMediator.until_on.is_(None))
    named = set(await work.session.scalars(statement)) - await mediators_barred(work, mediation.case_id)
    mediators = named or set(await mediators_of(work, mediation.case_id))
    for number, signature in enumerate(signatures):
        if signature.party_id and signature.party_id not in parties:
            raise UnknownReference(pointer.format(number) + "/party_id")
        if signature.mediator_id and signature.mediator_id not in mediators:
            raise UnknownReference(pointer.format(number) + "/mediator_id")


def day_of_effect(parties: Iterable[Party], signatures: Iterable[Signature]) -> date | None:
    """The latest of: every known party's signature, a mediator's, the seal. None while one of them is missing."""
    by_party = {signature.party_id: signature.on for signature in signatures if signature.party_id}
    mediators = [signature.on for signature in signatures if signature.mediator_id]
    seals = [signature.on for signature in signatures if signature.seal]
    known = [party.id for party in parties if not party.unknown]
    if not (mediators and seals and all(id in by_party for id in known)):
        return None
    return max(*(by_party[id] for id in known), min(mediators), min(seals))
