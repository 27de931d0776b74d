"""Who acts for a party by the party's own choice; and that none of them mediates the same dispute, wherever merged.

Who mediates is known to `mediation`, which puts its check here.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy import select

from app.core.crypto import FieldKey
from app.core.unit_of_work import Reading, Work
from app.intake.codes import AgentKind
from app.intake.identity import unseal
from app.intake.models import Case, Party

CHECKS: list[Callable[[Work, set[UUID], str], Awaitable[None]]] = []
"""Given the cases of a dispute and where the request names the agent; `main` puts them here."""


@dataclass(frozen=True)
class Lawyer:
    name: str | None
    license_no: str | None

    def is_same(self, other: "Lawyer") -> bool:
        """By the licence; by the name where one of them gave none."""
        if self.license_no and other.license_no:
            return self.license_no == other.license_no
        return self.name == other.name


async def refuse_representation(work: Work, case_ids: Iterable[UUID], pointer: str) -> None:
    dispute = await _with_merged(work, set(case_ids))
    for check in CHECKS:
        await check(work, dispute, pointer)


async def _with_merged(reading: Reading, case_ids: set[UUID]) -> set[UUID]:
    found, latest = set(case_ids), set(case_ids)
    while latest:
        latest = set(await reading.session.scalars(select(Case.id).where(Case.merged_into.in_(latest)))) - found
        found |= latest
    return found


async def agents_of(reading: Reading, case_ids: set[UUID]) -> list[Lawyer]:
    """Entrusted agents of the parties: a guardian acts by law, not as a lawyer."""
    statement = select(Party.id, Party.agent).where(Party.case_id.in_(case_ids), Party.agent.is_not(None))
    agents = [_unsealed(reading.key, id, sealed) for id, sealed in await reading.session.execute(statement)]
    return [Lawyer(a["name"], a.get("license_no")) for a in agents if a["kind"] == AgentKind.ENTRUSTED]


def _unsealed(key: FieldKey, party_id: UUID, sealed: bytes | None) -> dict[str, str | None]:
    agent: dict[str, str | None] = orjson.loads(unseal(key, "agent", party_id, sealed) or "{}")
    return agent
