"""Intake: a dispute is registered, changed, accepted with a number or refused, and assigned."""

from uuid import UUID

from sqlalchemy import delete

from app.core.counters import take_numbers
from app.core.db import new_id
from app.core.jurisdiction import Spot, Subtree
from app.core.problems import InputError, InvalidInput
from app.core.unit_of_work import Work
from app.inspections.queries import inspection_named
from app.intake.access import case_to_change
from app.intake.alerts import alert_violence
from app.intake.codes import CaseStatus
from app.intake.conflicts import refuse_conflicts
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if, why_not_accept
from app.intake.models import Case, CaseExternalId, CaseMediator, Party
from app.intake.moving import move_case
from app.intake.parties import add_parties
from app.intake.problems import OrganizationCannotAccept, OrganizationFixed
from app.intake.queries import parties_of
from app.intake.schemas import AcceptanceIn, AssignmentIn, CaseIn, CasePatch, RefusalIn
from app.intake.search import add_text
from app.intake.step_codes import Step
from app.intake.steps import raise_version, record_step
from app.people.models import Organization
from app.people.queries import mediators_named, organization_named
from app.places.queries import place_named


async def register(work: Work, body: CaseIn) -> tuple[Case, list[Party] | None]:
    """A new case with its parties, or the one that the same creation made before: then without them."""
    fingerprint = body.model_dump(mode="json", exclude_unset=True)
    if body.id and (standing := await work.sent_before(Case, body.id, fingerprint)):
        return standing, None
    reported_on = body.reported_on or work.today
    refuse_disorder(("occurred_on", body.occurred_on), ("reported_on", reported_on))
    await place_named(work, body.place, on=reported_on, pointer="/place")
    if body.organization_id:
        await organization_named(work, body.organization_id, "/organization_id")
    if body.inspection_id:
        await inspection_named(work, body.inspection_id, "/inspection_id")
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
    if body.id is None:
        case = await work.enter(case, fingerprint)
    else:
        case, is_new = await work.claim(case, fingerprint)
        if not is_new:
            return case, None
    parties = await add_parties(work, case, body.parties)
    _put_external_ids(work, case)
    add_text(work, case, [party.name for party in parties])
    await record_step(work, case, Step.REGISTRATION, reported_on, None)
    if case.domestic_violence:
        alert_violence(work, case)
    return case, parties


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
        ("closed_on", case.closed_on),
    )
    place = changes.pop("place", None)
    for name, value in changes.items():
        setattr(case, name, value)
    if "external_ids" in changes:
        await work.session.execute(delete(CaseExternalId).where(CaseExternalId.case_id == case.id))
        _put_external_ids(work, case)
    if place:
        await move_case(work, case, place)
    elif changes:
        await raise_version(work, case)
    if changes.get("domestic_violence"):
        alert_violence(work, case)
    return case


def _put_external_ids(work: Work, case: Case) -> None:
    common = {"case_id": case.id, **Spot.of(case).columns}
    work.append(*(CaseExternalId(**common, **one) for one in case.external_ids))


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
        await refuse_conflicts(work, case.id, body.mediators, "/mediators")
        await put_mediators(work, case, body.mediators)
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
    await refuse_conflicts(work, case.id, body.mediators, "/mediators")
    await put_mediators(work, case, body.mediators)
    ids = [str(id) for id in body.mediators]
    await record_step(work, case, Step.ASSIGNMENT, work.today, case.status, mediators=ids)
    return case


async def put_mediators(work: Work, case: Case, mediators: list[UUID]) -> None:
    await work.session.execute(delete(CaseMediator).where(CaseMediator.case_id == case.id))
    rows = [
        {"id": new_id(), "case_id": case.id, "mediator_id": id, "position": position, **Spot.of(case).columns}
        for position, id in enumerate(mediators)
    ]
    await work.insert(CaseMediator, rows)
