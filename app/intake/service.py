"""Intake: a dispute is registered, changed, accepted with a number or refused, and assigned."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import delete

from app.core.counters import take_numbers
from app.core.db import new_id
from app.core.jurisdiction import Spot, Subtree
from app.core.problems import InputError, InvalidInput
from app.core.unit_of_work import Work
from app.intake.access import case_to_change
from app.intake.codes import CaseStatus
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if, why_not_accept
from app.intake.identity import number_hash, phone_hash, seal
from app.intake.models import Case, CaseMediator, Party
from app.intake.moving import move_case
from app.intake.problems import OrganizationCannotAccept, OrganizationFixed
from app.intake.queries import parties_of
from app.intake.schemas import AcceptanceIn, AssignmentIn, CaseIn, CasePatch, PartyIn, RefusalIn
from app.intake.step_codes import Step
from app.intake.steps import raise_version, record_step
from app.people.models import Organization
from app.people.queries import mediators_named, organization_named
from app.places.queries import place_named


async def register(work: Work, body: CaseIn) -> tuple[Case, bool]:
    """A new case, or the one that the same creation made before (then the second value is false)."""
    fingerprint = body.model_dump(mode="json", exclude_unset=True)
    if body.id and (standing := await work.sent_before(Case, body.id, fingerprint)):
        return standing, False
    reported_on = body.reported_on or work.today
    refuse_disorder(("occurred_on", body.occurred_on), ("reported_on", reported_on))
    await place_named(work, body.place, on=reported_on, pointer="/place")
    if body.organization_id:
        await organization_named(work, body.organization_id, "/organization_id")
    case = Case(
        **body.model_dump(exclude={"id", "parties", "place", "reported_on"}),
        **Spot.of_place(body.place).columns,
        id=body.id or new_id(),
        reported_on=reported_on,
        status=CaseStatus.REGISTERED,
        registered_by=work.actor.account_id,
        version=1,
        recorded_at=work.now,
        changed_at=work.now,
    )
    case, is_new = await work.claim(case, fingerprint)
    if is_new:
        await add_parties(work, case, body.parties)
        await record_step(work, case, Step.REGISTRATION, reported_on, None)
    return case, is_new


async def add_parties(work: Work, case: Case, parties: list[PartyIn]) -> None:
    await work.refuse_taken_ids(Party, [party.id for party in parties])
    rows = [_party_row(work, case, party, position) for position, party in enumerate(parties)]
    await work.insert(Party, rows)


def _party_row(work: Work, case: Case, party: PartyIn, position: int) -> dict[str, Any]:
    id, key = party.id or new_id(), work.key
    agent = orjson.dumps(party.agent.model_dump(mode="json")).decode() if party.agent else None
    return {
        **party.model_dump(include={"side", "kind", "name", "unknown", "sex", "born_on", "address", "consent"}),
        **Spot.of(case).columns,
        "id": id,
        "case_id": case.id,
        "position": position,
        "id_kind": party.declared_kind,
        "id_number": seal(key, "id_number", id, party.id_number),
        "id_number_hash": number_hash(key, party.declared_kind, party.id_number),
        "phone": seal(key, "phone", id, party.phone),
        "phone_hash": phone_hash(key, party.phone),
        "agent": seal(key, "agent", id, agent),
    }


async def change(work: Work, case_id: UUID, patch: CasePatch) -> Case:
    """Changes what was sent; a patch that changes nothing keeps the version."""
    case = await case_to_change(work, case_id)
    changes = {name: value for name, value in patch.changes().items() if getattr(case, name) != value}
    reported_on = changes.get("reported_on", case.reported_on)
    if "place" in changes:
        await place_named(work, changes["place"], on=reported_on, pointer="/place")
    if changes.get("organization_id"):
        await organization_named(work, changes["organization_id"], "/organization_id")
    case.require_changeable()
    if "organization_id" in changes and case.accepted_on:
        raise OrganizationFixed
    refuse_disorder(
        ("occurred_on", changes.get("occurred_on", case.occurred_on)),
        ("reported_on", reported_on),
        ("accepted_on", case.accepted_on),
    )
    place = changes.pop("place", None)
    for name, value in changes.items():
        setattr(case, name, value)
    if place:
        await move_case(work, case, place)
    elif changes:
        await raise_version(work, case)
    return case


async def accept(work: Work, case_id: UUID, body: AcceptanceIn) -> Case:
    """受理: the case gets its number, gapless per organization and year of acceptance, and the clock starts."""
    case = await case_to_change(work, case_id)
    organization = await _accepting_organization(work, case, body.organization_id)
    if body.mediators:
        await mediators_named(work, body.mediators, "/mediators")
    refuse_if(why_not_accept(case, await parties_of(work, case.id)))
    refuse_disorder(("reported_on", case.reported_on), ("accepted_on", body.accepted_on))
    _require_competence(work, organization, case)
    if body.mediators:
        await _put_mediators(work, case, body.mediators)
    before, year = case.status, body.accepted_on.year
    sequence = await take_numbers(work.session, case.district, f"case/{organization.id}/{year}")
    case.accept(body.accepted_on, f"{organization.number_prefix}〔{year}〕{sequence}号", organization.id)
    await record_step(work, case, Step.ACCEPTANCE, body.accepted_on, before, organization_id=str(organization.id))
    return case


async def _accepting_organization(work: Work, case: Case, named: UUID | None) -> Organization:
    id = named or case.organization_id or work.actor.organization_id
    if id is None:
        error = InputError("/organization_id", "required", "请指明受理组织", "name the organization that accepts")
        raise InvalidInput(errors=[error])
    return await organization_named(work, id, "/organization_id")


def _require_competence(work: Work, organization: Organization, case: Case) -> None:
    competent = organization.number_prefix is not None and Subtree(organization.place).contains(case)
    own = not work.actor.is_village or organization.id == work.actor.organization_id
    if not (competent and own):
        raise OrganizationCannotAccept


async def refuse(work: Work, case_id: UUID, body: RefusalIn) -> Case:
    """不予受理, with the reason and the day the applicant was told."""
    case = await case_to_change(work, case_id)
    refuse_if(case.why_not(Step.REFUSAL))
    refuse_disorder(("reported_on", case.reported_on), ("notice_on", body.notice_on))
    before = case.status
    case.refuse(body.reason, body.note)
    await record_step(work, case, Step.REFUSAL, body.notice_on, before, reason=str(body.reason))
    return case


async def assign(work: Work, case_id: UUID, body: AssignmentIn) -> Case:
    """指派: the mediators of the case from now on; the first leads."""
    case = await case_to_change(work, case_id)
    await mediators_named(work, body.mediators, "/mediators")
    refuse_if(case.why_not(Step.ASSIGNMENT))
    await _put_mediators(work, case, body.mediators)
    ids = [str(id) for id in body.mediators]
    await record_step(work, case, Step.ASSIGNMENT, work.today, case.status, mediators=ids)
    return case


async def _put_mediators(work: Work, case: Case, mediators: list[UUID]) -> None:
    await work.session.execute(delete(CaseMediator).where(CaseMediator.case_id == case.id))
    rows = [
        {"id": new_id(), "case_id": case.id, "mediator_id": id, "position": position, **Spot.of(case).columns}
        for position, id in enumerate(mediators)
    ]
    await work.insert(CaseMediator, rows)
