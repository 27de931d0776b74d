"""From an indicator's declaration to SQL: one statement per population counts all its conditions in every group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, extract, func, or_, select

from app.intake.models import Case
from app.intake.queries import classified, within
from app.places.codes import PlaceLevel
from app.places.models import Place
from app.statistics.codes import Dimension, Part, Population
from app.statistics.indicators import COUNTED, Condition, Indicator
from app.statistics.periods import Period
from app.statistics.schemas import FigureFilter

DATES: dict[Population, Any] = {
    Population.COHORT: Case.accepted_on,
    Population.FLOW: Case.closed_on,
    Population.STOCK: Case.accepted_on,
}
"""The date that puts a case into a month, and orders the cases behind a figure."""
_COLUMNS: dict[Dimension, Any] = {
    Dimension.CATEGORY: Case.category,
    Dimension.METHOD: Case.method,
    Dimension.SOURCE: Case.source,
    Dimension.ORGANIZATION: Case.organization_id,
}


@dataclass(frozen=True)
class Scope:
    """The place and filters of a question, as conditions; its period stands beside."""

    place: str
    query: FigureFilter

    def conditions(self) -> list[ColumnElement[bool]]:
        query = self.query
        exact = [
            column.in_(values)
            for column, values, name in (
                (Case.category, query.category, "category"),
                (Case.source, query.source, "source"),
                (Case.place, [self.place], "place"),
            )
            if values and name in query.exact
        ]
        return [COUNTED, *within(self.place), *classified(query), *exact]


def in_period(population: Population, period: Period) -> ColumnElement[bool]:
    if population is Population.STOCK:
        return (Case.accepted_on <= period.last) & or_(Case.closed_on.is_(None), Case.closed_on > period.last)
    date: ColumnElement[bool] = DATES[population].between(period.first, period.last)
    return date


def counts(
    scope: Scope, population: Population, period: Period, conditions: Iterable[Condition], by: Sequence[Dimension]
) -> Select[Any]:
    """Group keys first, then one count per condition; a month takes two columns, year and month."""
    keys = [column for dimension in by for column in _keys(dimension, scope, population)]
    measures = [func.count(Case.id).filter(c.clause).label(c.name) for c in conditions]
    return select(*keys, *measures).where(*scope.conditions(), in_period(population, period)).group_by(*keys)


def behind(indicator: Indicator, part: Part, scope: Scope, period: Period) -> list[ColumnElement[bool]]:
    """The cases that a figure counts, by the same conditions that counted them."""
    condition = indicator.conditions[-1 if part is Part.DENOMINATOR else 0]
    return [*scope.conditions(), in_period(indicator.population, period), condition.clause]


def _keys(dimension: Dimension, scope: Scope, population: Population) -> list[Any]:
    if dimension is Dimension.MONTH:
        return [extract("year", DATES[population]), extract("month", DATES[population])]
    if dimension is Dimension.PLACE:
        # A case at the district itself has the township code of nine digits that makes up the district's own.
        return [Case.township if PlaceLevel.of(scope.place) is PlaceLevel.DISTRICT else Case.place]
    return [_COLUMNS[dimension]]


def place_and_children(code: str) -> Select[Any]:
    columns: list[Any] = [Place.code, Place.valid_to]
    return select(*columns).where(or_(Place.code == code, Place.parent == code)).order_by(Place.code)
