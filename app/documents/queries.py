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
from app.mediation.models import Agreement, Mediation, Obligation, Session, Signature
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
    attachments: Sequence[Attachment]
    filing: Filing | None
    names: dict[UUID, str]
    """Of parties and mediators."""


async def volume_of(reading: Reading, case_id: UUID, case: Case | None = None) -> Volume:
    case = case or await find_case(reading, case_id)
    parties = [party_out(party, reading.key) for party in await parties_of(reading, case.id)]
    agreement = await agreement_of(reading, case.id)
    signatures = await signatures_of(reading, agreement.id) if agreement else []
    ids = await mediators_of(reading, case.id)
    signers = {signature.mediator_id for signature in signatures if signature.mediator_id}
    names = await _names(reading, Mediator, {*ids, *signers})
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
