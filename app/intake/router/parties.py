"""The parties of a case, and their identities."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.openapi import may_refuse
from app.core.paging import Order, listed, page
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.intake import parties, views
from app.intake.access import find_case
from app.intake.answers import (
    CaseOut,
    DisclosureList,
    Identity,
    PartyList,
    PartyOut,
)
from app.intake.disclosures import disclosures_of_party
from app.intake.models import Party
from app.intake.party_schemas import PartyIn, PartyPatch
from app.intake.reveal import reveal_identity
from app.intake.schemas import (
    RevealQuery,
)
from app.intake.views import case_answer

router = guarded_router(prefix="/cases", tags=["cases"])


@router.get("/{case_id}/parties")
async def list_parties(
    case_id: PathId, query: Annotated[PageQuery, Query()], reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> PartyList:
    """The parties of a case in the order they were named, identities masked."""
    await find_case(reading, case_id)
    statement = views.party_rows(case_id)
    rows, following, total = await page(reading, statement, query, Order(Party.position, Party.id))
    return listed(PartyList, [views.party_out(row, reading.key) for row in rows], following, total)


@router.post("/{case_id}/parties", status_code=201)
async def add_party(
    case_id: PathId, body: PartyIn, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> Answer[PartyOut]:
    """Names a further party, until an agreement is reached. The ETag is the case's."""
    case, party, is_new = await parties.add_party(work, case_id, body)
    etag = etag_of(case.version, work.actor.view)
    return Answer(views.party_out(party, work.key), etag, status=201 if is_new else 200)


@router.patch("/{case_id}/parties/{party_id}")
async def change_party(
    case_id: PathId, party_id: PathId, body: PartyPatch, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> Answer[PartyOut]:
    """Changes a party, its consent or its agent under the case's ETag; the answer carries the new one."""
    case, party = await parties.change_party(work, case_id, party_id, body)
    return Answer(views.party_out(party, work.key), etag_of(case.version, work.actor.view))


@router.delete("/{case_id}/parties/{party_id}")
async def remove_party(
    case_id: PathId, party_id: PathId, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> Answer[CaseOut]:
    """Removes a party under the case's ETag and answers with the case; two must remain."""
    return await case_answer(work, await parties.remove_party(work, case_id, party_id))


@router.get("/{case_id}/parties/{party_id}/identity", responses=may_refuse(429))
async def reveal_party_identity(
    case_id: PathId,
    party_id: PathId,
    query: Annotated[RevealQuery, Query()],
    work: Annotated[Work, work(Permission.CASES_REVEAL)],
) -> Identity:
    """The party's identity number and phone in full. Needs a reason, and leaves an audit record. An account reveals 30
    in an hour, if the setting says nothing else."""
    return await reveal_identity(work, case_id, party_id, query.reason)


@router.get("/{case_id}/parties/{party_id}/disclosures")
async def list_party_disclosures(
    case_id: PathId,
    party_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_SUPERVISE)],
) -> DisclosureList:
    """Who saw this party's identity or was denied it, when and why, the latest first."""
    return await disclosures_of_party(reading, case_id, party_id, query)
