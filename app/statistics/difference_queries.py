"""Which cases of a report count otherwise now, in SQL: each by what it adds to every measure, once by the row that the
report counted and once by its present row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, and_, case, extract, func, or_, select, type_coerce

from app.core.audit import AuditRecord
from app.core.auth import Actor
from app.core.prepared import AnySelect
from app.intake.models import CaseStep
from app.intake.step_codes import Step
from app.statistics.codes import Dimension, Population
from app.statistics.facts import FACTS, PLACE
from app.statistics.indicators import REGISTRY, Indicator, Measure
from app.statistics.models import CountedCase
from app.statistics.periods import Period
from app.statistics.queries import DATES, Scope, in_period
from app.statistics.report_models import Report, ReportedCase
from app.statistics.report_queries import in_any_population, not_barred


@dataclass(frozen=True)
class Question:
    """A report, and its place and period as known at its cut-off and as known now."""

    report: Report
    period: Period
    then: Scope
    now: Scope


def of_cases() -> list[Indicator]:
    return [indicator for indicator in REGISTRY.values() if indicator.population.is_of_cases]


def label(population: Population, measure: Measure) -> str:
    return f"{population}_{measure.name}"


_IS_REPORTED = ReportedCase.id.is_not(None)
_IS_PRESENT = CountedCase.known_until.is_(None)


def _beside_report(statement: AnySelect, report_id: UUID) -> AnySelect:
    of_report = and_(ReportedCase.counted_id == CountedCase.id, ReportedCase.report_id == report_id)
    return statement.outerjoin(ReportedCase, of_report)


def differing(question: Question, actor: Actor, *, late: bool) -> AnySelect:
    """One row per case: whether the report counted it, whether it counts now, by how much each measure differs, and in
    which break-downs it stands elsewhere.

    The sums of these differences are the differences of the figures, so the list explains them to the last case.
    """
    is_now = and_(*question.now.conditions(Population.COHORT), in_any_population(question.period, question.now.today))
    changes = dict(_changes(question, is_now))
    shifts = dict(_shifts(question, is_now))
    statement = _beside_report(
        select(
            CountedCase.case_id,
            func.sum(case((_IS_REPORTED, 1), else_=0)).label("reported"),
            func.sum(case((is_now, 1), else_=0)).label("counts"),
            *(expression.label(name) for name, expression in (changes | shifts).items()),
        ),
        question.report.id,
    )
    statement = statement.where(or_(_IS_REPORTED, is_now), *not_barred(actor, CountedCase.case_id))
    statement = statement.group_by(CountedCase.case_id)
    if late:
        accepted_late = (CaseStep.step == Step.ACCEPTANCE, CaseStep.recorded_at > question.report.cut_off_at)
        statement = statement.where(CountedCase.case_id.in_(select(CaseStep.case_id).where(*accepted_late)))
    return statement.having(or_(*(change != 0 for change in changes.values()), *shifts.values()))


def _changes(question: Question, is_now: ColumnElement[bool]) -> Iterator[tuple[str, Any]]:
    for indicator in of_cases():
        for measure in indicator.measures:
            now = _adds(indicator.population, measure, question.period, question.now, is_now)
            then = _adds(indicator.population, measure, question.period, question.then, _IS_REPORTED)
            yield label(indicator.population, measure), func.sum(now - then)


def _shifts(question: Question, is_now: ColumnElement[bool]) -> Iterator[tuple[str, Any]]:
    """Whether it stands in another row of a break-down than it was reported in."""
    for dimension, column in _CLASSES.items():
        yield dimension.value, _differs(column, _IS_REPORTED, is_now)
    months = [
        _differs(
            _month(DATES[population]),
            *(
                in_period(population, question.period, s.today) & holds
                for s, holds in ((question.then, _IS_REPORTED), (question.now, is_now))
            ),
        )
        for population in dict.fromkeys(i.population for i in of_cases() if not i.population.is_stock)
    ]
    yield Dimension.MONTH.value, or_(*months)


def _differs(column: Any, was: ColumnElement[bool], is_now: ColumnElement[bool]) -> ColumnElement[bool]:
    """Of a case that counts both times."""
    then, now = func.max(case((was, column))), func.max(case((is_now, column)))
    both = and_(func.sum(case((was, 1), else_=0)) > 0, func.sum(case((is_now, 1), else_=0)) > 0)
    differs: ColumnElement[bool] = and_(both, then.is_distinct_from(now))
    return differs


def _month(day: Any) -> Any:
    return extract("year", day) * 12 + extract("month", day)


_CLASSES: dict[Dimension, Any] = {
    Dimension.CATEGORY: CountedCase.category,
    Dimension.SOURCE: CountedCase.source,
    Dimension.METHOD: CountedCase.method,
}


def _adds(
    population: Population, measure: Measure, period: Period, scope: Scope, is_counted: ColumnElement[bool]
) -> Any:
    amount = 1 if measure.of is None else func.coalesce(type_coerce(measure.of, BigInteger), 0)
    return case((and_(is_counted, in_period(population, period, scope.today), measure.clause), amount), else_=0)


def both_rows(report_id: UUID, ids: Sequence[UUID]) -> AnySelect:
    """Of each case the row that was reported and its present one, which may be the same."""
    columns = [CountedCase.case_id, CountedCase.known_from, CountedCase.known_until]
    facts = [getattr(CountedCase, name) for name in (*PLACE, *FACTS)]
    statement = _beside_report(select(*columns, *facts, _IS_REPORTED.label("is_reported")), report_id)
    return statement.where(CountedCase.case_id.in_(ids), or_(_IS_REPORTED, _IS_PRESENT))


def steps_since(report: Report, ids: Sequence[UUID]) -> AnySelect:
    statement = select(CaseStep.case_id, CaseStep.step)
    return statement.where(CaseStep.case_id.in_(ids), CaseStep.recorded_at > report.cut_off_at)


def changes_since(report: Report, ids: Sequence[UUID]) -> AnySelect:
    """What was done to the cases: a unit of work writes its audit record last, so the first one from the instant at
    which a row began is of the work that began it."""
    statement = select(AuditRecord.target_id, AuditRecord.recorded_at, AuditRecord.action)
    since = AuditRecord.recorded_at > report.cut_off_at
    return statement.where(AuditRecord.target_id.in_(ids), since).order_by(AuditRecord.recorded_at, AuditRecord.seq)
