"""What a reader gets to see of cases: the list's items, the single case, the case after a step; each by the
reader's view."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, bindparam, func, select

from app.core.answers import Answer, etag_of
from app.core.auth import View
from app.core.crypto import FieldKey
from app.core.embedded import Embedded
from app.core.paging import IN_SNAPSHOT, first_page, listed, page, prepared_page
from app.core.prepared import AnySelect, Prepared, listing
from app.core.problems import InputError, InvalidInput, NotFound
from app.core.schemas import money_text
from app.core.unit_of_work import Reading, Work
from app.intake.answers import AgentOut, CaseList, CaseOut, Deadline, PartyOut
from app.intake.attachment_models import Attachment
from app.intake.duplicates import duplicates_at_creation
from app.intake.filters import CaseFilter
from app.intake.identity import mask_number, mask_phone, unseal
from app.intake.models import Case, CaseDeadline, CaseMediator, Party
from app.intake.queries import (
    FIELDS,
    FIGURES,
    FILTERABLE,
    PARTNER,
    SINGLE,
    SORT_COLUMNS,
    SORTABLE,
    all_shaped,
    as_written,
    filtered,
    order_of,
    shaped,
)
from app.intake.search import plan_for_words

NAMES = Embedded("names", Party.case_id == Case.id, Case, (Party.id, Party.side, Party.name, Party.position))
"""Sides and names of a case's parties."""
PARTY: tuple[Any, ...] = (
    Party.id,
    Party.side,
    Party.kind,
    Party.name,
    Party.unknown,
    Party.id_kind,
    Party.id_number,
    Party.phone,
    Party.sex,
    Party.born_on,
    Party.capacity,
    Party.address,
    Party.agent,
    Party.consent,
    Party.position,
)
PARTIES = Embedded("parties", Party.case_id == Case.id, Case, PARTY)
MEDIATORS = Embedded(
    "mediators", CaseMediator.case_id == Case.id, Case, (CaseMediator.mediator_id, CaseMediator.position)
)
DEADLINES = Embedded(
    "deadlines",
    CaseDeadline.case_id == Case.id,
    Case,
    [
        *(getattr(CaseDeadline, name) for name in Deadline.__annotations__ if name != "starts_on"),
        CaseDeadline.starts_on,
        CaseDeadline.id,
    ],
    ordered_by=2,
)
LISTED: dict[View, AnySelect] = {
    View.FULL: listing(select(*map(as_written, FIELDS), NAMES.column)),
    View.PARTNER: listing(select(*map(as_written, PARTNER), NAMES.column)),
    View.FIGURES: listing(select(*map(as_written, FIGURES))),
}
_ATTACHED = (Attachment.case_id == Case.id) & Attachment.withdrawn_at.is_(None)
ATTACHMENT_COUNT = (
    select(func.count(Attachment.id)).where(_ATTACHED).correlate(Case).scalar_subquery().label("attachment_count")
)
_OF_ID = Case.id == bindparam("case_id")
_SINGLE = Prepared(
    select(*map(as_written, SINGLE), PARTIES.column, MEDIATORS.column, DEADLINES.column, ATTACHMENT_COUNT).where(_OF_ID)
)
_SINGLE_OF_PARTNER = Prepared(LISTED[View.PARTNER].where(_OF_ID))


def case_rows(view: View) -> AnySelect:
    return LISTED[view]


async def single_case(reading: Reading, case_id: UUID) -> dict[str, Any]:
    """As its reader sees it, with its parties: one statement, and so one snapshot."""
    is_partner = reading.actor.view is View.PARTNER
    rows = await reading.rows(_SINGLE_OF_PARTNER if is_partner else _SINGLE, case_id=case_id)
    if not rows:
        raise NotFound
    return case_items(rows)[0] if is_partner else _complete(rows[0], reading.key)


def _complete(row: Any, key: FieldKey) -> dict[str, Any]:
    case = shaped(row)
    case["parties"] = [party_out(party, key) for party in PARTIES.read(case["parties"])]
    case["mediators"] = [mediator.mediator_id for mediator in MEDIATORS.read(case["mediators"])]
    case["deadlines"] = [_deadline_out(deadline) for deadline in DEADLINES.read(case["deadlines"])]
    return case


def _deadline_out(deadline: Any) -> dict[str, Any]:
    return {name: getattr(deadline, name) for name in Deadline.__annotations__}


def new_case(work: Work, case: Case, parties: Sequence[Party]) -> dict[str, Any]:
    """The same of a case that was made a moment ago, without reading it again."""
    fields = {name: getattr(case, attribute) for name, attribute in _ATTRIBUTES}
    fields["amount_claimed"] = money_text(fields["amount_claimed"])
    return fields | {
        "parties": [party_out(party, work.key) for party in parties],
        "mediators": [],
        "deadlines": [_deadline_out(deadline) for deadline in work.appended_of(CaseDeadline)],
        "attachment_count": 0,
    }


_ATTRIBUTES = [(column.key, getattr(column, "element", column).key) for column in SINGLE]


def case_items(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Cases in a list, with the names of their parties where their reader sees them."""
    cases = all_shaped(rows)
    for case in cases:
        if "names" in case:
            case["parties"] = [{"id": n.id, "side": n.side, "name": n.name} for n in NAMES.read(case.pop("names"))]
    return cases


def party_rows(case_id: UUID) -> AnySelect:
    return select(*PARTY).where(Party.case_id == case_id)


def party_out(party: Any, key: FieldKey) -> PartyOut:
    number = unseal(key, "id_number", party.id, party.id_number)
    phone = unseal(key, "phone", party.id, party.phone)
    return {
        "id": party.id,
        "side": party.side,
        "kind": party.kind,
        "name": party.name,
        "unknown": party.unknown,
        "id_kind": party.id_kind,
        "id_number": mask_number(number) if number else None,
        "phone": mask_phone(phone) if phone else None,
        "sex": party.sex,
        "born_on": party.born_on,
        "capacity": party.capacity,
        "address": party.address,
        "agent": _agent_out(party, key),
        "consent": party.consent,
    }


def _agent_out(party: Any, key: FieldKey) -> AgentOut | None:
    sealed = unseal(key, "agent", party.id, party.agent)
    if sealed is None:
        return None
    agent: AgentOut = {"license_no": None} | orjson.loads(sealed)
    agent["phone"] = mask_phone(agent["phone"]) if agent["phone"] else None
    return agent


async def case_list(reading: Reading, query: CaseFilter, *further: ColumnElement[bool]) -> CaseList:
    refuse_unseen(query, reading.actor.view)
    order = order_of(query.sort)
    if further or query.q or query.cursor or query.total:
        statement = case_rows(reading.actor.view).where(*filtered(query, reading.today), *further)
        if query.q:
            await plan_for_words(reading)
            statement = statement.execution_options(**IN_SNAPSHOT)
        rows, following, total = await page(reading, statement, query, order)
    else:
        first = _first_page(_Asked(reading.actor.view, query.model_dump_json(), reading.today, query))
        rows, following, total = await prepared_page(reading, first, query, order)
    return listed(CaseList, case_items(rows), following, total)


@dataclass(frozen=True)
class _Asked:
    view: View
    text: str
    today: date
    query: CaseFilter = field(compare=False)


@lru_cache(maxsize=256)
def _first_page(asked: _Asked) -> Prepared:
    """What is asked for again and again, by whoever looks at the register. (To build it took a quarter of a list.)"""
    query = asked.query
    statement = case_rows(asked.view).where(*filtered(query, asked.today))
    return Prepared(first_page(statement, query.limit, order_of(query.sort)))


def refuse_unseen(query: CaseFilter, view: View) -> None:
    unseen = query.model_fields_set - {"limit", "cursor", "total"} - FILTERABLE.get(view, set(type(query).model_fields))
    if query.sort.lstrip("-") not in SORTABLE.get(view, set(SORT_COLUMNS)):
        unseen |= {"sort"}
    if unseen:
        words = (
            "您的岗位看不到此字段，不能据此筛选或排序",
            "your role does not see this field and cannot filter or sort by it",
        )
        raise InvalidInput(
            errors=[InputError(f"{query.where}{name}", "field-not-visible", *words) for name in sorted(unseen)]
        )


async def case_answer(work: Work, case: Case) -> Answer[CaseOut]:
    """The case after a step, as its reader sees it."""
    found: Any = await single_case(work, case.id)
    return Answer(found, etag_of(case.version, work.actor.view))


async def case_made(work: Work, case: Case, parties: Sequence[Party] | None) -> Answer[CaseOut]:
    """201 with the new case, or 200 with what the same creation made before, as it is now."""
    location = f"/api/v1/cases/{case.id}"
    if parties is None:
        again = await case_answer(work, case)
        return Answer(again.body, again.etag, location, 200)
    duplicates = await duplicates_at_creation(work, case, parties)
    made: Any = new_case(work, case, parties) | {"possible_duplicates": duplicates}
    return Answer(made, etag_of(case.version, work.actor.view), location, 201)
