"""From an indicator's declaration to SQL: one statement per population counts all its measures in every group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, extract, func, or_, select

from app.inspections.models import Finding, Inspection
from app.intake.queries import classified, within
from app.places.codes import PlaceLevel
from app.places.models import Place
from app.statistics.codes import Dimension, Part, Population
from app.statistics.indicators import Indicator, Measure
from app.statistics.models import CountedCase
from app.statistics.periods import Period
from app.statistics.schemas import FigureFilter

DATES: dict[Population, Any] = {
    Population.COHORT: CountedCase.accepted_on,
    Population.FLOW: CountedCase.closed_on,
    Population.OPENING: CountedCase.accepted_on,
    Population.STOCK: CountedCase.accepted_on,
    Population.EFFECTIVE: CountedCase.effective_on,
    Population.PERFORMANCE_DUE: CountedCase.performance_due_on,
    Population.DECIDED: CountedCase.confirmation_decided_on,
    Population.VISIT_DUE: CountedCase.visit_due_on,
    Population.VISITED: CountedCase.visited_on,
    Population.PATROLS: Inspection.inspected_on,
    Population.FINDINGS: Finding.settled_on,
}
"""The date that puts a row into a month, and orders the cases behind a figure."""
_COLUMNS: dict[Dimension, Any] = {
    Dimension.CATEGORY: CountedCase.category,
    Dimension.METHOD: CountedCase.method,
    Dimension.SOURCE: CountedCase.source,
    Dimension.ORGANIZATION: CountedCase.organization_id,
}
OF_PATROLS = {Dimension.MONTH, Dimension.PLACE}
"""What patrols and their findings can be broken down by: nobody classified them otherwise."""


@dataclass(frozen=True)
class Scope:
    """The place, filters and knowledge of a question, as conditions; its period stands beside."""

    place: str
    query: FigureFilter
    today: date
    """The day of the knowledge asked for: what is due counts once its day has come."""

    def conditions(self, population: Population) -> list[ColumnElement[bool]]:
        if not population.is_of_cases:
            return self._of_patrols(DATES[population].class_)
        return [known(self.query.as_of), *self.chosen()]

    def chosen(self) -> list[ColumnElement[bool]]:
        """Place and filters, whatever is known."""
        query = self.query
        exact = [
            column.in_(values)
            for column, values, name in (
                (CountedCase.category, query.category, "category"),
                (CountedCase.source, query.source, "source"),
                (CountedCase.place, [self.place], "place"),
            )
            if values and name in query.exact
        ]
        return [*self._within(CountedCase), *classified(query, CountedCase), *exact]

    def _within(self, model: Any) -> list[ColumnElement[bool]]:
        """With its township even where the place decides: the indexes of figures begin with it."""
        conditions = within(self.place, model)
        if PlaceLevel.of(self.place) is PlaceLevel.VILLAGE:
            conditions.append(model.township == self.place[:9])
        return conditions

    def _of_patrols(self, model: Any) -> list[ColumnElement[bool]]:
        conditions = within(self.place, model)
        if "place" in self.query.exact:
            conditions.append(model.place == self.place)
        if self.query.as_of:
            conditions.append(_RECORDED[model] <= self.query.as_of)
        return conditions


_RECORDED: dict[Any, Any] = {Inspection: Inspection.recorded_at, Finding: Finding.settled_at}


def known(as_of: datetime | None) -> ColumnElement[bool]:
    """The rows by which cases are known: now, or at an instant."""
    if as_of is None:
        return CountedCase.known_until.is_(None)
    before = CountedCase.known_from <= as_of
    return or_(and_(CountedCase.known_until.is_(None), before), and_(CountedCase.known_until > as_of, before))


def in_period(population: Population, period: Period, today: date) -> ColumnElement[bool]:
    if population is Population.STOCK:
        return _open_after(period.last, CountedCase.accepted_on <= period.last)
    if population is Population.OPENING:
        still_open = CountedCase.closed_on.is_(None) | (CountedCase.closed_on >= period.first)
        return (CountedCase.accepted_on < period.first) & still_open
    last = min(period.last, today) if population.is_until_today else period.last
    dated: ColumnElement[bool] = DATES[population].between(period.first, last)
    return dated


def _open_after(day: date, accepted: ColumnElement[bool]) -> ColumnElement[bool]:
    return accepted & or_(CountedCase.closed_on.is_(None), CountedCase.closed_on > day)


def counts(
    scope: Scope, population: Population, period: Period, measures: Iterable[Measure], by: Sequence[Dimension]
) -> Select[Any]:
    """Group keys first, then one total per measure; a month takes two columns, year and month."""
    keys = [column for dimension in by for column in keys_of(dimension, scope, population)]
    totals = [measure.total().label(measure.name) for measure in measures]
    return select(*keys, *totals).where(*_of(scope, population, period)).group_by(*keys)


def spread(
    scope: Scope, population: Population, period: Period, measure: Measure, by: Sequence[Dimension]
) -> Select[Any]:
    """How often each value of a column occurs in every group: its middle is found from there on either engine."""
    keys = [column for dimension in by for column in keys_of(dimension, scope, population)]
    occurs = func.count(CountedCase.id)
    valued = (measure.clause, measure.of.is_not(None))
    return select(*keys, measure.of, occurs).where(*_of(scope, population, period), *valued).group_by(*keys, measure.of)


def _of(scope: Scope, population: Population, period: Period) -> list[ColumnElement[bool]]:
    return [*scope.conditions(population), in_period(population, period, scope.today)]


def behind(indicator: Indicator, part: Part, scope: Scope, period: Period) -> list[ColumnElement[bool]]:
    """What a figure counts, by the same conditions that counted it."""
    measure = indicator.measures[-1 if part is Part.DENOMINATOR else 0]
    valued = [] if measure.of is None else [measure.of.is_not(None)]
    return [*_of(scope, indicator.population, period), measure.clause, *valued]


def keys_of(dimension: Dimension, scope: Scope, population: Population) -> list[Any]:
    if dimension is Dimension.PLACE:
        located = DATES[population].class_
        # A case at the district itself has the township code of nine digits that makes up the district's own.
        return [located.township if PlaceLevel.of(scope.place) is PlaceLevel.DISTRICT else located.place]
    return columns_of(dimension, population)


def columns_of(dimension: Dimension, population: Population) -> list[Any]:
    """Of a dimension that is the same at every place; a month takes two, year and month."""
    if dimension is Dimension.MONTH:
        return [extract("year", DATES[population]), extract("month", DATES[population])]
    return [_COLUMNS[dimension]]


def place_and_children(code: str) -> Select[Any]:
    columns: list[Any] = [Place.code, Place.name, Place.valid_to]
    return select(*columns).where(or_(Place.code == code, Place.parent == code)).order_by(Place.code)
