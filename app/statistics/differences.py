"""A report against what is known now: every indicator, and each case that counts otherwise in some of them, with what
changed of it, when that was recorded, and why."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.auth import View
from app.core.paging import IN_SNAPSHOT, Order, page
from app.core.problems import NotFound
from app.core.schemas import money_text
from app.core.unit_of_work import Reading
from app.intake.models import Case
from app.intake.step_codes import Step
from app.statistics.difference_queries import (
    Question,
    both_rows,
    changes_since,
    differing,
    label,
    of_cases,
    steps_since,
)
from app.statistics.facts import FACTS
from app.statistics.freezing import BROKEN_DOWN_BY, scope_at, totals
from app.statistics.indicators import REGISTRY, definition_version
from app.statistics.models import CountedCase
from app.statistics.periods import Period
from app.statistics.queries import Scope
from app.statistics.report_answers import CaseDifference, Difference
from app.statistics.report_codes import Cause, Presence
from app.statistics.report_models import Report
from app.statistics.report_schemas import DifferenceQuery
from app.statistics.report_seal import compared, hash_of, plain
from app.statistics.schemas import FigureFilter

_SHOWN = ("place", *FACTS)
_SHOWN_IN_FIGURES = ("place", "accepted_on", "closed_on", "outcome", "category", "source", "method")
_ENTERED = ("category", "source", "organization_id", "difficulty", "risk_level", "party_count")
"""What somebody entered once, and does not change with the course of the case."""


async def question_of(reading: Reading, report_id: UUID) -> Question:
    report = await reading.session.scalar(select(Report).where(Report.id == report_id))
    if report is None:
        raise NotFound
    period = Period(report.first_on, report.last_on)
    query = FigureFilter.model_validate({"from": period.first, "to": period.last})
    return Question(report, period, scope_at(report, period), Scope(report.place, query, reading.today))


async def moved_indicators(reading: Reading, question: Question) -> list[Any]:
    now = await totals(reading, question.now, question.period, list(REGISTRY.values()))
    return compared(question.report.figures["total"], now)


async def difference(reading: Reading, report_id: UUID, query: DifferenceQuery) -> Difference:
    question = await question_of(reading, report_id)
    report = question.report
    statement = differing(question, reading.actor, late=query.late).execution_options(**IN_SNAPSHOT)
    rows, following, total = await page(reading, statement, query, Order(None, CountedCase.case_id))
    body: Any = {
        "report_id": report.id,
        "place": report.place,
        "from": report.first_on,
        "to": report.last_on,
        "cut_off_at": report.cut_off_at,
        "definition_version": definition_version(),
        "hash_holds": await hash_of(reading, report) == report.figures_hash,
        "indicators": await moved_indicators(reading, question),
        "items": await explained(reading, question, rows),
        "next": following,
    }
    return body if total is None else body | {"total": total}  # type: ignore[no-any-return]


async def explained(reading: Reading, question: Question, rows: Sequence[Any]) -> list[CaseDifference]:
    ids = [row.case_id for row in rows]
    then: dict[UUID, Any] = {}
    now: dict[UUID, Any] = {}
    for state in (await reading.session.execute(both_rows(question.report.id, ids))).mappings():
        if state["is_reported"]:
            then[state["case_id"]] = state
        if state["known_until"] is None:
            now[state["case_id"]] = state
    steps: dict[UUID, set[Step]] = {}
    for case_id, step in await reading.session.execute(steps_since(question.report, ids)):
        steps.setdefault(case_id, set()).add(step)
    actions: dict[UUID, list[Any]] = {}
    for done in await reading.session.execute(changes_since(question.report, ids)):
        actions.setdefault(done.target_id, []).append(done)
    seen = select(Case.id, Case.number).where(Case.id.in_(ids))
    numbers = {row.id: row.number for row in await reading.session.execute(seen)}
    shown = _SHOWN_IN_FIGURES if reading.actor.view is View.FIGURES else _SHOWN
    return [
        {"case_id": row.case_id, "number": numbers.get(row.case_id)}
        | _explained(row, then.get(row.case_id), now.get(row.case_id), steps.get(row.case_id, set()), shown)
        | _recorded(then.get(row.case_id), now.get(row.case_id), actions.get(row.case_id, []))
        for row in rows
    ]


def _explained(row: Any, then: Any, now: Any, steps: set[Step], shown: Sequence[str]) -> Any:
    presence = _presence(row)
    return {
        "presence": presence,
        "cause": _cause(presence, then, now, steps),
        "indicators": [
            indicator.slug
            for indicator in of_cases()
            if any(row._mapping[label(indicator.population, measure)] for measure in indicator.measures)
        ],
        "by": [dimension for dimension in BROKEN_DOWN_BY if row._mapping[dimension.value]],
        "facts": _facts(then, now, shown),
    }


def _recorded(then: Any, now: Any, actions: Sequence[Any]) -> Any:
    at = _recorded_at(then, now)
    return {"recorded_at": at, "action": next((done.action for done in actions if at and done.recorded_at >= at), None)}


def _presence(row: Any) -> Presence:
    if not row.reported:
        return Presence.ADDED
    return Presence.CHANGED if row.counts else Presence.REMOVED


def _recorded_at(then: Any, now: Any) -> Any:
    """Of a row that stands as it was reported only the day has changed: something has fallen due."""
    if now is None:
        return then["known_until"] if then else None
    return None if then is not None and then["known_until"] is None else now["known_from"]


def _cause(presence: Presence, then: Any, now: Any, steps: set[Step]) -> Cause:
    if presence is Presence.ADDED and Step.ACCEPTANCE in steps:
        return Cause.LATE
    if now is None:
        # No step is seen of a case that has left the caller's jurisdiction.
        return next((cause for step, cause in _ENDED.items() if step in steps), Cause.MOVED)
    if presence is not Presence.CHANGED:
        return next((cause for step, cause in _BROUGHT.items() if step in steps), Cause.REDATED)
    if Step.REOPENING in steps:
        return Cause.REOPENED
    if any(then[name] != now[name] for name in _ENTERED):
        return Cause.RECLASSIFIED
    return Cause.REDATED if _is_redated(then, now) else Cause.CONTINUED


_ENDED = {Step.VOID: Cause.VOIDED, Step.MERGE: Cause.MERGED}
_BROUGHT = {Step.SEPARATION: Cause.SEPARATED, Step.MOVE: Cause.MOVED, Step.REOPENING: Cause.REOPENED}


def _is_redated(then: Any, now: Any) -> bool:
    is_closed_otherwise = then["closed_on"] and now["closed_on"] and then["closed_on"] != now["closed_on"]
    return then["accepted_on"] != now["accepted_on"] or bool(is_closed_otherwise)


def _facts(then: Any, now: Any, shown: Sequence[str]) -> list[Any]:
    if then is None or now is None:
        return []
    return [
        {"name": name, "from": _plain(then[name]), "to": _plain(now[name])} for name in shown if then[name] != now[name]
    ]


def _plain(value: Any) -> Any:
    return money_text(value) if isinstance(value, Decimal) else plain(value)
