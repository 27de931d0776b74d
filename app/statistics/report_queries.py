"""Reading frozen reports: the list, the single one, the rows it counted, and which rows a new one would count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from app.core.auth import Actor
from app.core.jurisdiction import Subtree
from app.core.paging import Order, page
from app.core.prepared import AnySelect
from app.core.problems import NotFound
from app.core.schemas import PageQuery
from app.core.unit_of_work import Reading
from app.intake.queries import within
from app.statistics.codes import Population
from app.statistics.indicators import REGISTRY
from app.statistics.models import CountedCase
from app.statistics.periods import Period
from app.statistics.queries import Scope, in_period
from app.statistics.report_answers import ReportItem
from app.statistics.report_models import Report, ReportedCase
from app.statistics.report_schemas import ReportFilter

_NAMED = {"from": Report.first_on, "to": Report.last_on, "content_hash": Report.figures_hash}
_ITEM: list[Any] = [
    _NAMED[name].label(name) if name in _NAMED else getattr(Report, name) for name in ReportItem.__annotations__
]
_FROZEN = (Report.definitions, Report.figures, Report.adjustments, Report.checks)


@dataclass(frozen=True)
class FrozenScope(Scope):
    """The cases that a report counted, by the rows it named, whatever was recorded of them meanwhile."""

    report_id: UUID

    def conditions(self, population: Population) -> list[ColumnElement[bool]]:
        if not population.is_of_cases:
            return super().conditions(population)
        counted = select(ReportedCase.counted_id).where(ReportedCase.report_id == self.report_id)
        return [CountedCase.id.in_(counted)]


def in_any_population(period: Period, today: date) -> ColumnElement[bool]:
    """Whether some indicator of cases looks at the row."""
    populations = dict.fromkeys(i.population for i in REGISTRY.values() if i.population.is_of_cases)
    return or_(*(in_period(population, period, today) for population in populations))


async def report_page(reading: Reading, query: ReportFilter) -> tuple[list[dict[str, Any]], str | None, int | None]:
    order = Order(Report.last_on, Report.id, descending=query.sort.startswith("-"))
    rows, following, total = await page(reading, select(*_ITEM).where(*_filtered(query)), query, order)
    return [shaped(row) for row in rows], following, total


def _filtered(query: ReportFilter) -> list[ColumnElement[bool]]:
    conditions = within(query.place, Report) if query.place else []
    if query.kind:
        conditions.append(Report.kind.in_(query.kind))
    if query.state:
        conditions.append(Report.state.in_(query.state))
    if query.first:
        conditions.append(Report.last_on >= query.first)
    if query.last:
        conditions.append(Report.first_on <= query.last)
    return conditions


async def single_report(reading: Reading, report_id: UUID) -> dict[str, Any]:
    statement = select(*_ITEM, *_FROZEN).where(Report.id == report_id)
    row = (await reading.session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return shaped(row) | {column.key: getattr(row, column.key) for column in _FROZEN}


def shaped(row: Any) -> dict[str, Any]:
    return {name: row._mapping[name] for name in ReportItem.__annotations__}


def not_barred(actor: Actor, case_id: Any) -> list[ColumnElement[bool]]:
    """A case in which its reader has a conflict of interest counts in the figures, and is not shown."""
    barred = actor.jurisdiction.barred if isinstance(actor.jurisdiction, Subtree) else ()
    return [case_id.not_in(barred)] if barred else []


async def counted_page(
    reading: Reading, report_id: UUID, query: PageQuery
) -> tuple[Sequence[Any], str | None, int | None]:
    statement = _counted(report_id).where(*not_barred(reading.actor, ReportedCase.counted_case_id))
    return await page(reading, statement, query, Order(None, ReportedCase.counted_case_id))


async def counted_ids(reading: Reading, report_id: UUID) -> list[list[str]]:
    """Case and row of everything counted, in one order on either engine."""
    rows = await reading.session.execute(_counted(report_id))
    return sorted([str(case), str(counted)] for case, counted in rows)


def _counted(report_id: UUID) -> AnySelect:
    statement = select(ReportedCase.counted_case_id.label("case_id"), ReportedCase.counted_id)
    return statement.where(ReportedCase.report_id == report_id)
