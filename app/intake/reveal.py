"""Revealing a party's identity: a call of its own, with a reason, recorded whether it is granted or not."""

from uuid import UUID

from sqlalchemy import select

from app.core.disclosures import DENIED, SHOWN, refuse_further
from app.core.problems import NotFound, NotOwnCase
from app.core.unit_of_work import Work
from app.intake.access import find_case, is_own
from app.intake.answers import Identity
from app.intake.identity import unseal
from app.intake.models import Case, Party


async def reveal_identity(work: Work, case_id: UUID, party_id: UUID, reason: str) -> Identity:
    """Village staff see identities in own cases alone (Personal Information Protection Law, arts. 6 and 28).

    Nobody sees more of them in an hour than the setting allows.
    """
    work.because(reason)
    case = await find_case(work, case_id)
    party = await work.session.scalar(select(Party).where(Party.case_id == case.id, Party.id == party_id))
    if party is None:
        raise NotFound
    work.remember(lambda own: _note_denial(own, case.id, party_id))
    if work.actor.is_village and not await is_own(work, case):
        raise NotOwnCase
    await refuse_further(work)
    _note(work, case, party, SHOWN)
    return {
        "id_kind": party.id_kind,
        "id_number": unseal(work.key, "id_number", party.id, party.id_number),
        "phone": unseal(work.key, "phone", party.id, party.phone),
    }


def _note(work: Work, case: Case, party: Party, what: str) -> None:
    """In the trail of the case, and of the person."""
    work.about(case)
    work.about(party)
    work.touch(what)


async def _note_denial(own: Work, case_id: UUID, party_id: UUID) -> None:
    """Run after a refusal alone."""
    _note(own, await own.session.get_one(Case, case_id), await own.session.get_one(Party, party_id), DENIED)
