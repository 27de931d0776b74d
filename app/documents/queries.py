"""Everything that forms and volume of a case are made from, read in one snapshot: a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.unit_of_work import Reading
from app.documents.models import Filing
from app.intake.access import find_case
from app.intake.answers import PartyOut
from app.intake.attachment_models import Attachment
from app.intake.models import Case
from app.intake.queries import mediators_of, parties_of
from app.intake.views import party_out
from app.mediation.duties import parties_served
from app.mediation.models import (
    Agreement,
    EvidenceItem,
    Investigation,
    JudicialConfirmation,
    Mediation,
    Obligation,
    Participant,
    ReturnVisit,
    Session,
    SessionAttendance,
    SessionCorrection,
    Signature,
)
from app.mediation.queries import agreement_of, signatures_of
from app.people.models import Account, Mediator, Organization
from app.places.models import Place


@dataclass(frozen=True)
class Volume:
    """A case with its papers."""

    case: Case
    today: date
    place_name: str
    committee: str
    registrar: str
    mediators: list[str]
    parties: list[PartyOut]
    rounds: Sequence[Mediation]
    sessions: Sequence[Session]
    agreement: Agreement | None
    obligations: Sequence[Obligation]
    signatures: Sequence[Signature]
    attendance: Sequence[SessionAttendance]
    corrections: Sequence[SessionCorrection]
    investigations: Sequence[Investigation]
    evidence: Sequence[EvidenceItem]
    visits: Sequence[ReturnVisit]
    confirmations: Sequence[JudicialConfirmation]
    served: set[UUID]
    """Parties told of their rights and duties."""
    attachments: Sequence[Attachment]
    filing: Filing | None
    names: dict[UUID, str]
    """Of parties, mediators and participants."""


async def volume_of(reading: Reading, case_id: UUID, case: Case | None = None) -> Volume:
    case = case or await find_case(reading, case_id)
    parties = [party_out(party, reading.key) for party in await parties_of(reading, case.id)]
    agreement = await agreement_of(reading, case.id)
    signatures = await signatures_of(reading, agreement.id) if agreement else []
    ids = await mediators_of(reading, case.id)
    attendance = await _of_case(reading, SessionAttendance, case, SessionAttendance.position)
    visits = await _of_case(reading, ReturnVisit, case, ReturnVisit.visited_on, ReturnVisit.recorded_at)
    named = {row.mediator_id for row in (*signatures, *attendance, *visits) if row.mediator_id}
    names = await _names(reading, Mediator, {*ids, *named})
    names |= await _names(reading, Participant, {row.participant_id for row in attendance if row.participant_id})
    return Volume(
        case=case,
        today=reading.today,
        place_name=await _one_name(reading, select(Place.name).where(Place.code == case.place)),
        committee=await _one_name(reading, select(Organization.name).where(Organization.id == case.organization_id)),
        registrar=await _one_name(reading, select(Account.name).where(Account.id == case.registered_by)),
        mediators=[names[id] for id in ids],
        parties=parties,
        rounds=await _of_case(reading, Mediation, case, Mediation.round_no),
        sessions=await _of_case(reading, Session, case, Session.held_on, Session.recorded_at),
        agreement=agreement,
        obligations=await _of_case(reading, Obligation, case, Obligation.position) if agreement else [],
        signatures=signatures,
        attendance=attendance,
        corrections=await _of_case(reading, SessionCorrection, case, SessionCorrection.seq),
        investigations=await _of_case(
            reading, Investigation, case, Investigation.investigated_on, Investigation.recorded_at
        ),
        evidence=[e for e in await _of_case(reading, EvidenceItem, case, EvidenceItem.seq) if e.withdrawn_on is None],
        visits=visits,
        confirmations=await _of_case(reading, JudicialConfirmation, case, JudicialConfirmation.seq),
        served=await parties_served(reading, case.id),
        attachments=[a for a in await _of_case(reading, Attachment, case, Attachment.seq) if a.withdrawn_at is None],
        filing=await reading.session.scalar(select(Filing).where(Filing.case_id == case.id)),
        names=names | {party["id"]: party["name"] or "不明" for party in parties},
    )


async def _of_case(reading: Reading, model: Any, case: Case, *order: Any) -> list[Any]:
    return list(await reading.session.scalars(select(model).where(model.case_id == case.id).order_by(*order)))


async def _names(reading: Reading, model: Any, ids: set[UUID]) -> dict[UUID, str]:
    rows = await reading.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
    return {row.id: row.name for row in rows}


async def _one_name(reading: Reading, statement: Any) -> str:
    return await reading.session.scalar(statement) or ""
