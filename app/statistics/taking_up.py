"""Counting a register that came past the service: one of an older version, or one that was generated. What was known
when is told by the steps of each case; what else was changed meanwhile, only as it stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, exists, func, select

from app.calendar.codes import DayKind
from app.calendar.rules import Rules, rules_of
from app.core.bulk import Row, load
from app.core.db import new_id
from app.core.unit_of_work import Work
from app.intake.codes import CaseStatus
from app.intake.models import Case, CaseStep
from app.intake.step_codes import Step
from app.statistics.counting import KEPT
from app.statistics.facts import COUNTS, facts_of_cases
from app.statistics.folding import rebuild_areas, rebuild_district
from app.statistics.models import CountedCase

BATCH = 2000
NewId = Callable[[datetime], UUID]
"""Makes an id of what was recorded at an instant."""
_CLOSED = [status for status in CaseStatus if status.is_closed]
_BY_ROUNDS = {"mediated_on": None, "method": None}
_BY_CLOSURE = {
    **dict.fromkeys(("closed_on", "outcome", "agreement_form", "effective_on", "performance_due_on")),
    **dict.fromkeys(("confirmation_decided_on", "visit_due_on", "visited_on", "satisfied", "days", "working_days")),
    **dict.fromkeys(("suicide_people", "crime_people", "petition_people", "fight_people")),
    **dict.fromkeys(("performed", "confirmation_applied", "confirmed"), False),
    "agreement_amount": Decimal(0),
}
_UNCOUNTED = COUNTS & ~exists().where(CountedCase.case_id == Case.id)


async def is_uncounted(work: Work) -> bool:
    """Whether the register holds received cases and none of them was ever counted."""
    if await work.session.scalar(select(CountedCase.id).limit(1)) is not None:
        return False
    return await work.session.scalar(select(Case.id).where(COUNTS).limit(1)) is not None


async def take_up(work: Work, new: NewId = lambda _: new_id()) -> int:
    """For the operator: counts every received case that was never counted; how many those were."""
    page = facts_of_cases(Case.recorded_at).where(_UNCOUNTED).order_by(Case.id).limit(BATCH)
    taken, last = 0, UUID(int=0)
    districts: set[str] = set()
    while cases := (await work.session.execute(page.where(Case.id > last))).mappings().all():
        known = await _known(work, [case["case_id"] for case in cases])
        rules = {district: await rules_of(work, district) for district in {case["district"] for case in cases}}
        await load(work, CountedCase, [row for case in cases for row in _states(case, known, rules, new)])
        taken, last = taken + len(cases), cases[-1]["case_id"]
        districts |= {case["district"] for case in cases}
    for district in sorted(districts):
        await rebuild_district(work, district)
    await rebuild_areas(work)
    return taken


async def _known(work: Work, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """When a case's acceptance, its first round and its closure were recorded."""

    def at(condition: Any, pick: Any) -> Any:
        return pick(CaseStep.recorded_at).filter(condition)

    statement = (
        select(
            CaseStep.case_id,
            at(CaseStep.step == Step.ACCEPTANCE, func.min).label("accepted_at"),
            at(CaseStep.step == Step.MEDIATION, func.min).label("mediated_at"),
            at(CaseStep.to_status.in_(_CLOSED) & (CaseStep.from_status != CaseStep.to_status), func.max).label(
                "closed_at"
            ),
        )
        .where(CaseStep.case_id.in_(ids))
        .group_by(CaseStep.case_id)
    )
    return {row.case_id: row for row in await work.session.execute(statement)}


def _states(case: RowMapping, known: Mapping[UUID, Any], rules: Mapping[str, Rules], new: NewId) -> Iterator[Row]:
    """Accepted, in mediation, closed: those it passed through, each until the next was known."""
    states = list(_timed(case, known.get(case["case_id"]), rules[case["district"]]))
    ends = [began for began, _ in states[1:]] + [None]
    for (began, facts), ended in zip(states, ends, strict=True):
        yield {"id": new(began), "case_id": case["case_id"], "known_from": began, "known_until": ended, **facts}


def _timed(case: RowMapping, known: Any, rules: Rules) -> Iterator[tuple[datetime, Row]]:
    facts = {name: case[name] for name in KEPT} | _span(case, rules)
    accepted = known.accepted_at if known and known.accepted_at else case["recorded_at"]
    mediated = max(known.mediated_at, accepted) if known and known.mediated_at and case["mediated_on"] else None
    closed = max(known.closed_at, mediated or accepted) if known and known.closed_at and case["closed_on"] else None
    if mediated or closed:
        yield accepted, facts | _BY_CLOSURE | _BY_ROUNDS
    if mediated and closed:
        yield mediated, facts | _BY_CLOSURE
    yield closed or mediated or accepted, facts


def _span(case: RowMapping, rules: Rules) -> Row:
    if case["closed_on"] is None:
        return {"days": None, "working_days": None}
    between = rules.calendar.between
    first, last = case["accepted_on"], case["closed_on"]
    return {"days": between(first, last, DayKind.CALENDAR), "working_days": between(first, last, DayKind.WORKING)}
