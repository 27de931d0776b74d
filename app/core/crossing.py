"""The one look across the walls: that a person of one's own case also stands in cases elsewhere in the district, and
which committee to ask. Nothing of those cases is read but who handles them.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from app.core.db import Base
from app.core.jurisdiction import Subtree
from app.core.prepared import AnySelect
from app.core.unit_of_work import Reading
from app.core.walls import KERNEL

MOST = 100


async def handled_elsewhere(reading: Reading, number_hashes: Sequence[str]) -> Sequence[Any]:
    """`number_hash`, `id`, `name` and `place` of each committee with such a person, outside the reader's jurisdiction.

    By identity number alone: a family shares its phone.
    """
    jurisdiction = reading.actor.jurisdiction
    if not number_hashes or not isinstance(jurisdiction, Subtree):
        return []
    values = {
        "district": jurisdiction.spot.district,
        "own": getattr(jurisdiction.spot, jurisdiction.level),
        "hashes": list(number_hashes),
    }
    statement = _statement(jurisdiction.level)
    return (await reading.session.execute(statement, values, execution_options=KERNEL)).all()


@cache
def _statement(level: str) -> AnySelect:
    """A case that nobody has accepted yet is asked about where it was registered; merged and void ones are left out."""
    tables = Base.metadata.tables
    cases, parties, accounts = tables["cases"], tables["parties"], tables["accounts"]
    organizations = tables["organizations"]
    handler = func.coalesce(cases.c.organization_id, accounts.c.organization_id)
    return (
        select(parties.c.id_number_hash.label("number_hash"), *(organizations.c[n] for n in ("id", "name", "place")))
        .select_from(parties)
        .join(cases, cases.c.id == parties.c.case_id)
        .outerjoin(accounts, accounts.c.id == cases.c.registered_by)
        .join(organizations, organizations.c.id == handler)
        .where(parties.c.district == bindparam("district"), cases.c.district == bindparam("district"))
        .where(parties.c.id_number_hash.in_(bindparam("hashes", expanding=True)))
        .where(cases.c[level] != bindparam("own"), cases.c.status.not_in(["merged", "voided"]))
        .distinct()
        .order_by(organizations.c.id)
        .limit(MOST)
    )
