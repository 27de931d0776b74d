"""Keeping the organizations and mediators of a district."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.counters import NumberCounter
from app.core.records import change
from app.core.unit_of_work import Work
from app.people.codes import OrganizationKind
from app.people.keeping import claim, own_to_change, sent_before
from app.people.models import Mediator, Organization
from app.people.problems import NumberPrefixInUse, NumberPrefixTaken, OnlyForCommittees
from app.people.queries import organization_named
from app.people.schemas import MediatorIn, MediatorPatch, OrganizationIn, OrganizationPatch
from app.places.queries import in_own_district, place_named


async def add_organization(work: Work, body: OrganizationIn) -> tuple[Organization, bool]:
    if standing := await sent_before(work, Organization, body):
        return standing, False
    await place_named(work, body.place, "/place", on=work.today)
    _refuse_outside_committee(body.model_dump())
    await _refuse_taken(work, body.number_prefix, body.id)
    return await claim(work, Organization, body)


async def change_organization(work: Work, id: UUID, body: OrganizationPatch) -> Organization:
    organization = await own_to_change(work, Organization, id)
    changes = body.changes()
    if "place" in changes:
        await place_named(work, changes["place"], "/place", on=work.today)
    merged = {name: getattr(organization, name) for name in OrganizationPatch.model_fields} | changes
    _refuse_outside_committee(merged)
    if merged["number_prefix"] != organization.number_prefix:
        await _refuse_in_use(work, organization)
        await _refuse_taken(work, merged["number_prefix"], organization.id)
    change(organization, changes, work.now)
    return organization


def _refuse_outside_committee(values: dict[str, Any]) -> None:
    for name in ("committee_type", "number_prefix"):
        if values[name] is not None and values["kind"] is not OrganizationKind.MEDIATION_COMMITTEE:
            raise OnlyForCommittees(f"/{name}")


async def _refuse_taken(work: Work, prefix: str | None, own_id: UUID | None) -> None:
    """By another: the organization itself may have been made a moment ago, by the twin of this creation."""
    same = select(Organization.id).where(
        Organization.number_prefix == prefix, Organization.id != own_id, in_own_district(Organization, work.actor)
    )
    if prefix is not None and await work.session.scalar(same) is not None:
        raise NumberPrefixTaken("/number_prefix")


async def _refuse_in_use(work: Work, organization: Organization) -> None:
    """A prefix that numbered a case would, given to another organization, give the same numbers again."""
    series = select(NumberCounter.id).where(NumberCounter.series.startswith(f"case/{organization.id}/"))
    if organization.number_prefix is not None and await work.session.scalar(series.limit(1)) is not None:
        raise NumberPrefixInUse("/number_prefix")


async def add_mediator(work: Work, body: MediatorIn) -> tuple[Mediator, bool]:
    if standing := await sent_before(work, Mediator, body):
        return standing, False
    await organization_named(work, body.organization_id, "/organization_id")
    return await claim(work, Mediator, body)


async def change_mediator(work: Work, id: UUID, body: MediatorPatch) -> Mediator:
    mediator = await own_to_change(work, Mediator, id)
    changes = body.changes()
    if "organization_id" in changes:
        await organization_named(work, changes["organization_id"], "/organization_id")
    change(mediator, changes, work.now)
    return mediator
