"""Freezing figures: which cases a report counts is decided by one statement, and everything in it is counted from the
rows which that found, so that no part of it disagrees with another.

Reading as of an instant alone would not do: on PostgreSQL a work that began before the cut-off may commit between two
of our statements, and the second would see what the first did not. Counted rows never change but for their end, so
once their ids are kept, every later statement finds the same. Patrols are counted as recorded at the cut-off.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from sqlalchemy import select

from app.core.clock import shanghai_date
from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.unit_of_work import Reading, Work
from app.statistics.answers import indicator_out
from app.statistics.codes import Dimension, Population
from app.statistics.indicators import REGISTRY, Indicator, definition_version
from app.statistics.models import CountedCase
from app.statistics.periods import Period
from app.statistics.queries import Scope
from app.statistics.report_checks import checks_of
from app.statistics.report_codes import ReportState
from app.statistics.report_models import Report, ReportedCase
from app.statistics.report_queries import FrozenScope, in_any_population
from app.statistics.report_seal import compared, hash_of, plain
from app.statistics.rows import rows_of
from app.statistics.schemas import FigureFilter
from app.statistics.tallies import Tally, tally_of

CLASSES = (Dimension.CATEGORY, Dimension.SOURCE, Dimension.METHOD)
BROKEN_DOWN_BY = (*CLASSES, Dimension.MONTH)
MOST_ADJUSTED = 12
"""Earlier reports, the latest first, whose changes a report lists."""


async def freeze(work: Work, report: Report) -> None:
    """Counts, checks and seals a report that was just claimed."""
    period = Period(report.first_on, report.last_on)
    scope = scope_at(report, period)
    report.case_count = await _keep_counted(work, report, scope, period)
    frozen = FrozenScope(scope.place, scope.query, scope.today, report.id)
    report.figures = await _figures(work, frozen, period)
    report.adjustments = await _adjustments(work, report)
    report.definitions = plain([indicator_out(indicator) for indicator in REGISTRY.values()])
    report.definition_version, report.program_version = definition_version(), version("tiaojie")
    report.checks = plain(checks_of(report.figures))
    report.figures_hash = await hash_of(work, report)


def scope_at(report: Report, period: Period) -> Scope:
    """The place and period as known at the cut-off of the report."""
    asked = {"from": period.first, "to": period.last, "as_of": report.cut_off_at}
    query = FigureFilter.model_validate(asked)
    return Scope(report.place, query, shanghai_date(report.cut_off_at))


async def _keep_counted(work: Work, report: Report, scope: Scope, period: Period) -> int:
    statement = select(CountedCase.id, CountedCase.case_id).where(
        *scope.conditions(Population.COHORT), in_any_population(period, scope.today)
    )
    found = (await work.session.execute(statement)).all()
    spot = Spot.of(report).columns
    rows = [
        {"id": new_id(), "report_id": report.id, "counted_case_id": case_id, "counted_id": id, **spot}
        for id, case_id in found
    ]
    await work.insert(ReportedCase, rows)
    return len(rows)


async def _figures(reading: Reading, scope: Scope, period: Period) -> dict[str, Any]:
    """Counted twice, by all classes at once and by month, and summed up from there: of cases at an instant the months
    cannot be, and patrols have no classes."""
    cases = [i for i in REGISTRY.values() if i.population.is_of_cases]
    patrols = [i for i in REGISTRY.values() if not i.population.is_of_cases]
    classed = await tally_of(reading, scope, period, cases, CLASSES)
    monthly = await tally_of(reading, scope, period, [*cases, *patrols], [Dimension.MONTH])
    total = rows_of(scope, [], cases, _folded(classed, []), [()])[0]["values"]
    total |= rows_of(scope, [], patrols, _folded(monthly, []), [()])[0]["values"]
    figures: dict[str, Any] = {"total": _unlinked({slug: total[slug] for slug in REGISTRY})}
    for place, dimension in enumerate(CLASSES):
        figures[dimension.value] = _rows(scope, dimension, cases, _folded(classed, [place]), [])
    months: list[Any] = [(month,) for month in period.months()]
    figures[Dimension.MONTH.value] = _rows(scope, Dimension.MONTH, [*cases, *patrols], monthly, months)
    return plain(figures)  # type: ignore[no-any-return]


def _rows(scope: Scope, dimension: Dimension, indicators: Sequence[Indicator], tally: Tally, members: list[Any]) -> Any:
    rows = rows_of(scope, [dimension], indicators, tally, members)
    return [row | {"values": _unlinked(row["values"])} for row in rows]


def _folded(tally: Tally, places: Sequence[int]) -> Tally:
    """Summed over all dimensions but those at `places` of the key. Of a median: how often each value occurs."""
    sums: Tally = defaultdict(Counter)
    for key, counts in tally.items():
        group: Any = sums[tuple(key[place] for place in places)]
        for name, count in counts.items():
            group[name] = count + group.get(name, type(count)())
    return sums


async def totals(reading: Reading, scope: Scope, period: Period, indicators: Sequence[Indicator]) -> dict[str, Any]:
    """Each indicator over the whole period, by slug."""
    tally = await tally_of(reading, scope, period, indicators, [])
    (row,) = rows_of(scope, [], indicators, tally, [()])
    return _unlinked(row["values"])


def _unlinked(values: Any) -> dict[str, Any]:
    return plain({slug: {k: v for k, v in value.items() if k != "cases"} for slug, value in values.items()})  # type: ignore[no-any-return]


async def _adjustments(work: Work, report: Report) -> list[Any]:
    """What late entries and corrections have changed in earlier periods; the locked reports of those stay."""
    statement = (
        select(Report.id, Report.first_on, Report.last_on, Report.edition, Report.figures)
        .where(Report.place == report.place, Report.kind == report.kind, Report.state == ReportState.LOCKED)
        .where(Report.last_on < report.first_on)
        .order_by(Report.last_on.desc(), Report.id)
        .limit(MOST_ADJUSTED)
    )
    earlier = (await work.session.execute(statement)).all()
    adjustments = [
        {
            "report_id": row.id,
            "from": row.first_on,
            "to": row.last_on,
            "edition": row.edition,
            "indicators": await _moved_since(work, row, report),
        }
        for row in earlier
    ]
    return plain([adjustment for adjustment in adjustments if adjustment["indicators"]])  # type: ignore[no-any-return]


async def _moved_since(work: Work, earlier: Any, report: Report) -> list[Any]:
    period = Period(earlier.first_on, earlier.last_on)
    now = await totals(work, scope_at(report, period), period, list(REGISTRY.values()))
    return [moved for moved in compared(earlier.figures["total"], now) if moved["reported"] != moved["now"]]
