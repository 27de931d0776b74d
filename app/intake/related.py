"""A person who also quarrels elsewhere: told only that, and whom to ask. The cases stay behind their walls."""

from uuid import UUID

from app.core.crossing import handled_elsewhere
from app.core.unit_of_work import Work
from app.intake.access import find_case
from app.intake.answers import RelatedCase
from app.intake.queries import parties_of


async def related_cases(work: Work, case_id: UUID) -> list[RelatedCase]:
    """One entry a committee, however many cases it has. Recorded: a made-up case must not become a way to pry."""
    case = await find_case(work, case_id)
    work.about(case)
    work.touch("related")
    own: dict[str, list[UUID]] = {}
    for party in await parties_of(work, case.id):
        if party.id_number_hash:
            own.setdefault(party.id_number_hash, []).append(party.id)
    found: dict[UUID, RelatedCase] = {}
    for committee in await handled_elsewhere(work, list(own)):
        entry = found.setdefault(
            committee.id,
            {
                "organization_id": committee.id,
                "organization_name": committee.name,
                "place": committee.place,
                "party_ids": [],
            },
        )
        entry["party_ids"] += own[committee.number_hash]
    return list(found.values())
