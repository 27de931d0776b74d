"""Invited participants: named by the mediator, let in by the parties, every one of them (People's Mediation Law,
art. 20)."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.problems import NotFound, UnknownReference
from app.core.unit_of_work import Reading, Work
from app.intake.access import case_to_change
from app.intake.dates import refuse_disorder
from app.intake.models import Party
from app.intake.queries import parties_of
from app.mediation.entries import changed, enter, to_enter
from app.mediation.models import Participant
from app.mediation.problems import ParticipantConsentMissing
from app.mediation.schemas.participants import ParticipantConsentIn, ParticipantIn


async def invite(work: Work, case_id: UUID, body: ParticipantIn) -> tuple[Participant, bool]:
    case, standing = await to_enter(work, Participant, case_id, body)
    if standing:
        return standing, False
    known = {party.id for party in await parties_of(work, case.id)}
    for position, id in enumerate(body.consents):
        if id not in known:
            raise UnknownReference(f"/consents/{position}")
    case.require_changeable()
    refuse_disorder(("reported_on", case.reported_on), ("invited_on", body.invited_on))
    consents = [_said(id, agreed=True, on=body.invited_on) for id in body.consents]
    participant = await enter(work, case, Participant, body, case.id, consents=consents)
    await changed(work, case, "participant", participant_id=str(participant.id), kind=str(body.kind))
    return participant, True


async def record_consent(work: Work, case_id: UUID, participant_id: UUID, body: ParticipantConsentIn) -> Participant:
    """Added to what was said before: a party may change its mind, and both stay on record."""
    case = await case_to_change(work, case_id)
    participant: Participant | None = await work.session.scalar(
        select(Participant).where(Participant.case_id == case.id, Participant.id == participant_id)
    )
    if participant is None:
        raise NotFound
    if body.party_id not in {party.id for party in await parties_of(work, case.id)}:
        raise UnknownReference("/party_id")
    case.require_changeable()
    refuse_disorder(("invited_on", participant.invited_on), ("consented_on", body.on))
    participant.consents = [*participant.consents, _said(body.party_id, agreed=body.agreed, on=body.on)]
    facts: dict[str, Any] = {"participant_id": str(participant.id), "party_id": str(body.party_id)}
    await changed(work, case, "participant_consent", **facts, agreed=body.agreed)
    work.about(participant)
    return participant


def _said(party_id: UUID, *, agreed: bool, on: date) -> dict[str, Any]:
    return {"party_id": str(party_id), "agreed": agreed, "on": on.isoformat()}


async def refuse_uninvited(
    reading: Reading, case_id: UUID, ids: list[UUID], parties: Iterable[Party], held_on: date
) -> None:
    """Only whom every known party had let in by that day."""
    statement = select(Participant).where(Participant.case_id == case_id, Participant.id.in_(ids))
    found = {one.id: one for one in await reading.session.scalars(statement)}
    for position, id in enumerate(ids):
        if id not in found:
            raise UnknownReference(f"/participants/{position}")
    known = {str(party.id) for party in parties if not party.unknown}
    for position, id in enumerate(ids):
        if not known <= _agreed_by(found[id], held_on):
            raise ParticipantConsentMissing(f"/participants/{position}")


def _agreed_by(participant: Participant, day: date) -> set[str]:
    last = {said["party_id"]: said["agreed"] for said in participant.consents if said["on"] <= day.isoformat()}
    return {party_id for party_id, agreed in last.items() if agreed}
