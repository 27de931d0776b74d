"""The parties of a case: named with it or later, changed, removed; identities are sealed here and nowhere else."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy import inspect, select

from app.core.codes import member_of
from app.core.crypto import FieldKey
from app.core.db import new_id
from app.core.input_errors import input_errors
from app.core.jurisdiction import Spot, located_models
from app.core.problems import InvalidInput, NotFound
from app.core.unit_of_work import Work
from app.intake.access import find_case, require_current
from app.intake.attachment_models import Attachment
from app.intake.codes import AgentKind, LegalCapacity
from app.intake.identity import number_hash, phone_hash, seal, unseal
from app.intake.models import Case, Party
from app.intake.party_schemas import FEWEST_PARTIES, MOST_PARTIES, PartyIn, PartyPatch
from app.intake.problems import PartiesFixed, PartyNamed, SecondUnknownParty, TooFewParties, TooManyParties
from app.intake.queries import parties_of
from app.intake.representation import refuse_representation
from app.intake.steps import raise_version

PLAIN = ("side", "kind", "name", "unknown", "id_kind", "sex", "born_on", "capacity", "address", "consent")
SEALED = ("id_number", "phone", "agent")
ADULT_AGE = 18
AGREED_WITH = {"side", "consent"}
"""What of a party an agreement rests on."""


async def add_parties(work: Work, case: Case, sent: list[PartyIn]) -> list[Party]:
    """Those named when the case is registered."""
    await work.refuse_taken_ids(Party, [party.id for party in sent])
    parties = [Party(**_row(work, case, party, position)) for position, party in enumerate(sent)]
    work.append(*parties)
    return parties


async def add_party(work: Work, case_id: UUID, body: PartyIn) -> tuple[Case, Party, bool]:
    """A further party, or the one that the same creation made before (then the last value is false)."""
    fingerprint = {"parent": str(case_id), **body.model_dump(mode="json", exclude_unset=True)}
    case = await find_case(work, case_id, lock=True)
    if body.id and (standing := await work.sent_before(Party, body.id, fingerprint)):
        return case, standing, False
    await require_current(work, case)
    await work.refuse_taken_ids(Party, [body.id])
    _require_open_to_change(case)
    parties = await parties_of(work, case.id)
    if len(parties) >= MOST_PARTIES:
        raise TooManyParties
    _refuse_second_unknown(body, parties)
    row = _row(work, case, body, parties[-1].position + 1)
    party, is_new = await work.claim(Party(**row), fingerprint)
    if is_new:
        if body.agent:
            await refuse_representation(work, [case.id], "/agent")
        work.touch("parties")
        await raise_version(work, case)
    return case, party, is_new


async def change_party(work: Work, case_id: UUID, party_id: UUID, patch: PartyPatch) -> tuple[Case, Party]:
    """Changes what was sent; a patch that changes nothing keeps the version."""
    case, party, others = await _party_to_change(work, case_id, party_id)
    before = _as_sent(work.key, party)
    after = _patched(before, patch)
    fields = after.model_dump(exclude={"id"}) | {"id_kind": after.declared_kind}
    changed = {name for name, value in fields.items() if value != before[name]}
    case.require_changeable()
    if case.agreement_form and (changed & AGREED_WITH or (after.unknown and not party.unknown)):
        raise PartiesFixed
    _refuse_second_unknown(after, others)
    if changed:
        columns = _columns(work.key, party.id, after)
        if "id_kind" in changed:
            changed.add("id_number")  # its hash is of the kind too
        for name in {*changed, *(f"{name}_hash" for name in changed)} & set(columns):
            setattr(party, name, columns[name])
        await work.session.flush()
        if "agent" in changed and after.agent:
            await refuse_representation(work, [case.id], "/agent")
        await raise_version(work, case)
    return case, party


async def remove_party(work: Work, case_id: UUID, party_id: UUID) -> Case:
    case, party, others = await _party_to_change(work, case_id, party_id)
    _require_open_to_change(case)
    if len(others) < FEWEST_PARTIES:
        raise TooFewParties
    for naming in _namings(party.id):
        if await work.session.scalar(naming) is not None:
            raise PartyNamed
    await work.session.delete(party)
    await work.session.flush()
    await raise_version(work, case)
    return case


async def _party_to_change(work: Work, case_id: UUID, party_id: UUID) -> tuple[Case, Party, list[Party]]:
    """The case, locked, its party of that id, and the others (404, then 412)."""
    case = await find_case(work, case_id, lock=True)
    parties = {party.id: party for party in await parties_of(work, case.id)}
    party = parties.pop(party_id, None)
    if party is None:
        raise NotFound
    await require_current(work, case)
    return case, party, list(parties.values())


def lacks_capacity(party: Party, today: date) -> bool:
    """No full capacity, as declared or else by age (Civil Code, arts. 17–22)."""
    if party.capacity is not None or party.born_on is None:
        return party.capacity in {LegalCapacity.LIMITED, LegalCapacity.NONE}
    born = party.born_on
    return (today.year - ADULT_AGE, today.month, today.day) < (born.year, born.month, born.day)


def lacks_guardian(key: FieldKey, party: Party, today: date) -> bool:
    """Whoever has no full capacity acts through a guardian (Civil Code, art. 23)."""
    if not lacks_capacity(party, today):
        return False
    agent = unseal(key, "agent", party.id, party.agent)
    return agent is None or not member_of(AgentKind, orjson.loads(agent)["kind"]).is_guardian


def _require_open_to_change(case: Case) -> None:
    case.require_changeable()
    if case.agreement_form:
        raise PartiesFixed


def _refuse_second_unknown(party: PartyIn, others: list[Party]) -> None:
    if party.unknown and any(other.unknown for other in others):
        raise SecondUnknownParty


def _namings(party_id: UUID) -> Iterator[Any]:
    """Statements that find what names the party: obligations, signatures and whatever else refers to it."""
    yield select(Attachment.id).where(Attachment.subject_id == party_id).limit(1)
    for model in located_models():
        for attribute in inspect(model).column_attrs:
            if any(key.target_fullname == "parties.id" for key in attribute.columns[0].foreign_keys):
                yield select(model.id).where(getattr(model, attribute.key) == party_id).limit(1)


def _patched(before: dict[str, Any], patch: PartyPatch) -> PartyIn:
    """The party as it would stand, held to the same rules as a new one (422)."""
    changes = patch.model_dump(exclude_unset=True)
    if changes.get("name") is not None:
        changes.setdefault("unknown", False)
    if changes.get("agent") is not None:
        changes["agent"] = (before["agent"] or {}) | changes["agent"]
    try:
        return PartyIn.model_validate(before | changes)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise InvalidInput(errors=input_errors(found)) from None


def _as_sent(key: FieldKey, party: Party) -> dict[str, Any]:
    """A standing party in the words of its creation."""
    sealed = {name: unseal(key, name, party.id, getattr(party, name)) for name in SEALED}
    agent = sealed.pop("agent")
    return {
        **{name: getattr(party, name) for name in PLAIN},
        **sealed,
        "agent": {"license_no": None} | orjson.loads(agent) if agent else None,
    }


def _columns(key: FieldKey, id: UUID, party: PartyIn) -> dict[str, Any]:
    agent = orjson.dumps(party.agent.model_dump(mode="json")).decode() if party.agent else None
    return {
        **{name: getattr(party, name) for name in PLAIN},
        "id_kind": party.declared_kind,
        "id_number": seal(key, "id_number", id, party.id_number),
        "id_number_hash": number_hash(key, party.declared_kind, party.id_number),
        "phone": seal(key, "phone", id, party.phone),
        "phone_hash": phone_hash(key, party.phone),
        "agent": seal(key, "agent", id, agent),
    }


def _row(work: Work, case: Case, party: PartyIn, position: int) -> dict[str, Any]:
    id = party.id or new_id()
    place = Spot.of(case).columns
    return {**_columns(work.key, id, party), **place, "id": id, "case_id": case.id, "position": position}
