"""Reading cases: the columns each view sees, the one filter, and what the single case shows of its parties."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import JSON, ColumnElement, String, Text, cast, or_, select, type_coerce

from app.core.auth import View
from app.core.codes import Code
from app.core.columns import CodeSet, CodeText
from app.core.crypto import FieldKey
from app.core.jurisdiction import Subtree
from app.core.paging import Order
from app.core.prepared import AnySelect
from app.core.schemas import money_text
from app.core.unit_of_work import Reading
from app.intake.codes import IdKind
from app.intake.filters import NONE, CaseFilter, CaseSearch, Classification
from app.intake.identity import number_hashes, phone_hashes
from app.intake.models import Case, CaseDeadline, CaseExternalId, CaseMediator, CaseStep, Party
from app.intake.search import matching

FIGURES: tuple[Any, ...] = (
    Case.id,
    Case.version,
    Case.number,
    Case.status,
    Case.outcome,
    Case.method,
    Case.place,
    Case.source,
    Case.category,
    Case.occurred_on,
    Case.reported_on,
    Case.accepted_on.label("received_on"),
    Case.closed_on,
)
FIELDS = (
    *FIGURES,
    Case.merged_into,
    Case.inspection_id,
    Case.channel,
    Case.title,
    Case.summary,
    Case.location,
    Case.people_count,
    Case.amount_claimed,
    Case.difficulty,
    Case.risk_level,
    Case.forecast,
    Case.domestic_violence,
    Case.special_groups,
    Case.organization_id,
    Case.external_ids,
    Case.registered_by,
    Case.decline_reason,
    Case.failure_reason,
    Case.remedy_notice_on,
    Case.archived_at,
)
PARTNER = (
    Case.id,
    Case.version,
    Case.number,
    Case.status,
    Case.place,
    Case.category,
    Case.reported_on,
    Case.title,
    Case.summary,
)
SINGLE = (*FIELDS, Case.refusal_note, Case.closure_note)
FILTERABLE = {
    View.PARTNER: {"place", "status", "category", "sort"},
    View.FIGURES: {
        *("place", "status", "category", "source", "method", "outcome", "sort"),
        *("received_from", "received_to", "closed_from", "closed_to"),
    },
}
"""A field that a view does not show cannot be filtered by either."""
SORTABLE = {View.PARTNER: {"reported_on"}}
SORT_COLUMNS: dict[str, Any] = {
    "reported_on": Case.reported_on,
    "received_on": Case.accepted_on,
    "closed_on": Case.closed_on,
}


def order_of(sort: str) -> Order:
    return Order(SORT_COLUMNS[sort.lstrip("-")], Case.id, descending=sort.startswith("-"))


def classified(query: Classification, model: Any = Case) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.organization_id:
        conditions.append(_among(model.organization_id, query.organization_id))
    if query.category:
        conditions.append(model.category.in_(_with_children(query.category)))
    if query.source:
        conditions.append(model.source.in_(_with_children(query.source)))
    if query.method:
        conditions.append(_among(model.method, query.method))
    return conditions


def _among(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """`none` among the values is null."""
    named = column.in_([value for value in values if value != NONE])
    return or_(named, column.is_(None)) if NONE in values else named


def filtered(query: CaseFilter, today: date) -> list[ColumnElement[bool]]:
    conditions = classified(query)
    if query.place:
        conditions += within(query.place)
    if query.overdue is not None:
        late = Case.id.in_(select(CaseDeadline.case_id).where(CaseDeadline.is_overdue(today)))
        conditions.append(late if query.overdue else ~late)
    if query.mediator_id:
        theirs = select(CaseMediator.id).where(
            CaseMediator.case_id == Case.id, CaseMediator.mediator_id.in_(query.mediator_id)
        )
        conditions.append(theirs.exists())
    if query.external_id:
        system, _, value = query.external_id.partition(":")
        theirs = select(CaseExternalId.id).where(
            CaseExternalId.case_id == Case.id, CaseExternalId.system == system, CaseExternalId.value == value
        )
        conditions.append(theirs.exists())
    for column, values in (
        (Case.status, query.status),
        (Case.outcome, query.outcome),
        (Case.risk_level, query.risk_level),
    ):
        if values:
            conditions.append(column.in_(values))
    if query.special_group:
        groups = type_coerce(Case.special_groups, String)
        conditions.append(or_(*(groups.contains(f",{group},", autoescape=True) for group in query.special_group)))
    conditions += _between(Case.accepted_on, query.received_from, query.received_to)
    conditions += _between(Case.closed_on, query.closed_from, query.closed_to)
    if query.q:
        conditions.append(matching(query.q))
    if query.sort.lstrip("-") != "reported_on":
        conditions.append(SORT_COLUMNS[query.sort.lstrip("-")].is_not(None))
    return conditions


def identified(query: CaseSearch, key: FieldKey) -> list[ColumnElement[bool]]:
    """Cases with a party of exactly that number, under whichever kind it was declared, and exactly that phone."""
    sought: list[ColumnElement[bool]] = []
    if query.party_id_number:
        sought.append(
            Party.id_number_hash.in_(
                [hashed for kind in IdKind for hashed in number_hashes(key, kind, query.party_id_number)]
            )
        )
    if query.party_phone:
        sought.append(Party.phone_hash.in_(phone_hashes(key, query.party_phone)))
    return [Case.id.in_(select(Party.case_id).where(condition)) for condition in sought]


def within(place: str, model: Any = Case) -> list[ColumnElement[bool]]:
    """A place and all below it, by equality on the level of the place."""
    subtree = Subtree(place)
    level = getattr(model, subtree.level) == getattr(subtree.spot, subtree.level)
    return [model.district == subtree.spot.district, level]


def _between(column: Any, first: Any, last: Any) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        conditions.append(column >= first)
    if last is not None:
        conditions.append(column <= last)
    return conditions


def _with_children(codes: Sequence[Code]) -> list[Code]:
    return [member for code in codes for member in code.with_children()]


def as_written(column: Any) -> Any:
    """For an answer: a code as the text that it is stored as, a list as its JSON; nothing is made of them between."""
    name = column.key
    if isinstance(column.type, CodeText | CodeSet):
        return type_coerce(column, String).label(name)
    return cast(column, Text).label(name) if isinstance(column.type, JSON) else column


def shaped(row: Any) -> dict[str, Any]:
    """A row as it is answered."""
    return all_shaped([row])[0]


def all_shaped(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of one statement, without the columns that order them."""
    names = [name for name in rows[0]._fields if not name.startswith("_key")] if rows else []
    return [_as_answered(dict(zip(names, row, strict=False))) for row in rows]


def _as_answered(fields: dict[str, Any]) -> dict[str, Any]:
    if fields.get("amount_claimed") is not None:
        fields["amount_claimed"] = money_text(fields["amount_claimed"])
    if groups := fields.get("special_groups"):
        fields["special_groups"] = groups.strip(",").split(",") if groups != "," else []
    if ids := fields.get("external_ids"):
        fields["external_ids"] = orjson.loads(ids) if ids != "[]" else []
    return fields


async def parties_of(reading: Reading, case_id: UUID) -> list[Party]:
    statement = select(Party).where(Party.case_id == case_id).order_by(Party.position)
    return list(await reading.session.scalars(statement))


async def mediators_of(reading: Reading, case_id: UUID) -> list[UUID]:
    statement = select(CaseMediator.mediator_id).where(CaseMediator.case_id == case_id).order_by(CaseMediator.position)
    return list(await reading.session.scalars(statement))


def steps_of(case_id: UUID) -> AnySelect:
    return select(
        CaseStep.seq,
        CaseStep.step,
        CaseStep.from_status.label("from"),
        CaseStep.to_status.label("to"),
        CaseStep.on.label("on"),
        CaseStep.recorded_at,
        CaseStep.actor_id,
        CaseStep.role,
        CaseStep.facts,
        CaseStep.reason,
        CaseStep.transferred_to,
        CaseStep.document_no,
    ).where(CaseStep.case_id == case_id)
