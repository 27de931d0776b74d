"""Why a case counts in a figure of a place and period, or not: each condition of the count, by itself."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select, true

from app.core.problems import NotFound
from app.core.unit_of_work import Reading
from app.intake.codes import CaseStatus
from app.intake.models import Case
from app.intake.queries import within
from app.statistics.indicators import REGISTRY, Indicator
from app.statistics.models import CountedCase
from app.statistics.queries import DATES, in_period, known
from app.statistics.reporting_units import place_of, scope_of_span
from app.statistics.schemas import Span
from app.statistics.why_answers import Condition, Why

_LEFT_OUT = {
    CaseStatus.MERGED: ("案件已并案", "The case was merged"),
    CaseStatus.VOIDED: ("案件已作废", "The case was voided"),
}
_NEVER_ACCEPTED = ("案件没有受理", "The case was never accepted")
_NOT_KNOWN = ("所查时点，登记簿在此辖区没有该案", "The register had no such case here at that instant")
_COUNTED = ("案件已受理，没有并案或作废", "The case was accepted, and neither merged nor voided")


async def why(reading: Reading, slug: str, case_id: UUID, span: Span) -> Why:
    indicator = REGISTRY.get(slug)
    if indicator is None or not indicator.population.is_of_cases:
        raise NotFound
    stands: Any = select(Case.status, Case.accepted_on).where(Case.id == case_id)
    case = (await reading.session.execute(stands)).one_or_none()
    if case is None:
        raise NotFound
    place = (await place_of(reading, span.place)).code
    row = (await reading.session.execute(_judged(reading, indicator, case_id, place, span))).one_or_none()
    conditions = list(_conditions(indicator, row, place)) if row else [_left_out(case)]
    return {
        "indicator": slug,
        "case_id": case_id,
        "place": place,
        "from": span.first,
        "to": span.last,
        "as_of": span.as_of,
        "counts": all(one["holds"] for one in conditions if one["name"] != "denominator"),
        "conditions": conditions,
    }


def _judged(reading: Reading, indicator: Indicator, case_id: UUID, place: str, span: Span) -> Any:
    """The state of the case that is asked about, with each condition of the count as a column."""
    scope = scope_of_span(reading, place, span)
    parts = {
        name: and_(true(), measure.clause, *([] if measure.of is None else [measure.of.is_not(None)]))
        for name, measure in zip(("numerator", "denominator"), indicator.measures, strict=False)
    }
    return select(
        CountedCase.place,
        DATES[indicator.population].label("date"),
        and_(true(), *within(place, CountedCase)).label("is_within"),
        in_period(indicator.population, span.period, scope.today).label("is_in_period"),
        *(clause.label(name) for name, clause in parts.items()),
    ).where(CountedCase.case_id == case_id, known(span.as_of))


def _conditions(indicator: Indicator, row: Any, place: str) -> Iterator[Condition]:
    yield _condition("counted", True, *_COUNTED)
    yield _condition(
        "place", row.is_within, f"案件在 {row.place}，所查为 {place}", f"The case is at {row.place}, of {place}"
    )
    yield _condition(
        "period",
        row.is_in_period,
        f"{indicator.population.zh}：{indicator.date_basis}；本案 {row.date or '没有日期'}",
        f"{indicator.population.en}: {indicator.date_basis}; this case: {row.date or 'no date'}",
    )
    for name, measure in zip(("numerator", "denominator"), indicator.measures, strict=False):
        yield _condition(name, getattr(row, name), measure.zh, measure.en)


def _left_out(case: Any) -> Condition:
    words = _LEFT_OUT.get(case.status) or (_NOT_KNOWN if case.accepted_on else _NEVER_ACCEPTED)
    return _condition("counted", False, *words)


def _condition(name: str, holds: Any, zh: str, en: str) -> Condition:
    """What the register does not say does not hold."""
    return {"name": name, "holds": bool(holds), "zh": zh, "en": en}
