"""The report of who saw, or was denied, a person's identity: of one party, or of a person in all cases of the
jurisdiction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.disclosures import SHOWN, disclosures_page
from app.core.paging import listed
from app.core.problems import NotFound
from app.core.schemas import PageQuery
from app.core.unit_of_work import Reading
from app.intake.access import find_case
from app.intake.answers import DisclosureList
from app.intake.identity import number_hash
from app.intake.models import Party
from app.intake.schemas import PersonIn
from app.people.models import Account


async def disclosures_of_party(reading: Reading, case_id: UUID, party_id: UUID, query: PageQuery) -> DisclosureList:
    case = await find_case(reading, case_id)
    found = await reading.session.scalar(select(Party.id).where(Party.case_id == case.id, Party.id == party_id))
    if found is None:
        raise NotFound
    return await _report(reading, {party_id: case.id}, query)


async def disclosures_of_person(reading: Reading, body: PersonIn, query: PageQuery) -> DisclosureList:
    wanted = number_hash(reading.key, body.party_id_kind, body.party_id_number)
    statement = select(Party.id, Party.case_id).where(Party.id_number_hash == wanted)
    return await _report(reading, {row.id: row.case_id for row in await reading.session.execute(statement)}, query)


async def _report(reading: Reading, parties: dict[UUID, UUID], query: PageQuery) -> DisclosureList:
    """`parties` with the case of each."""
    rows, following, total = await disclosures_page(reading, list(parties), query)
    names = await _names(reading, [row.actor_id for row in rows])
    items = [
        {
            "recorded_at": row.recorded_at,
            "case_id": parties[row.party_id],
            "party_id": row.party_id,
            "actor_id": row.actor_id,
            "actor_name": names.get(row.actor_id),
            "role": row.role,
            "reason": row.reason,
            "granted": SHOWN in row.fields,
        }
        for row in rows
    ]
    return listed(DisclosureList, items, following, total)


async def _names(reading: Reading, account_ids: Sequence[Any]) -> dict[UUID, str]:
    statement = select(Account.id, Account.name).where(Account.id.in_(account_ids))
    return {row.id: row.name for row in await reading.session.execute(statement)}
