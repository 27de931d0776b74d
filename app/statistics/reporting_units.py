"""Whose figures a table shows: the place asked about and the places directly below it, each a row of its own."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from app.core.clock import shanghai_date
from app.core.input_errors import refuse_fields, rule
from app.core.jurisdiction import Spot
from app.core.problems import UnknownReference
from app.core.unit_of_work import Reading
from app.statistics.queries import Scope, place_and_children
from app.statistics.schemas import FigureFilter, Span

rule("period_not_begun", "统计期尚未开始，没有数字", "the period has not begun: there are no figures")


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    ended: date | None


@dataclass(frozen=True)
class Units:
    place: Unit
    below: list[Unit]

    def rows(self, first: date, counting: Container[str]) -> list[Unit]:
        """Itself, for what is registered there and not below, and each below that stood in the period or counts."""
        standing = [unit for unit in self.below if unit.ended is None or unit.ended >= first or unit.code in counting]
        return [self.place, *standing]


async def place_of(reading: Reading, named: str | None) -> Unit:
    return (await units_of(reading, named)).place


async def units_of(reading: Reading, named: str | None) -> Units:
    """Of the place named; the caller's own, if none is."""
    code = named or reading.actor.spot.place
    rows = (await reading.session.execute(place_and_children(code))).all()
    units = {row.code: Unit(row.code, row.name, row.valid_to) for row in rows}
    if code not in units or not reading.actor.jurisdiction.reaches(Spot.of_place(code)):
        raise UnknownReference("query:place")
    return Units(units.pop(code), list(units.values()))


def scope_of_span(reading: Reading, place: str, span: Span) -> Scope:
    """All its cases."""
    today = refuse_not_begun(reading, span)
    query = FigureFilter.model_construct(place=place, first=span.first, last=span.last, as_of=span.as_of)
    return Scope(place, query, today)


def refuse_not_begun(reading: Reading, span: Span) -> date:
    """Of a period that has not begun nothing can be said, not even zero. Gives the day of the knowledge asked for."""
    today = shanghai_date(span.as_of) if span.as_of else reading.today
    if span.first > today:
        refuse_fields("period_not_begun", ["query:from"])
    return today
