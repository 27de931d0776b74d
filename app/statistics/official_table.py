"""The official case table: one row per reporting unit and a total that is counted again, all in one snapshot."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.unit_of_work import Reading
from app.people.codes import CommitteeType
from app.people.models import Organization
from app.statistics.codes import Dimension
from app.statistics.indicators import REGISTRY
from app.statistics.official_checks import checks
from app.statistics.official_columns import Column, Counted, columns, subject_of
from app.statistics.queries import Scope
from app.statistics.reporting_units import Unit, scope_of_span, units_of
from app.statistics.table_answers import FootCheck
from app.statistics.table_schemas import TableQuery
from app.statistics.tallies import Key, tally_of

_BROKEN_DOWN = (Dimension.SOURCE, Dimension.CATEGORY, Dimension.ORGANIZATION)
Values = Mapping[str, Any]
"""Of one row, by column; yuan exact."""


@dataclass(frozen=True)
class Table:
    place: Unit
    query: TableQuery
    columns: Sequence[Column]
    rows: Sequence[tuple[Unit, Values]]
    total: Values

    @property
    def checks(self) -> list[FootCheck]:
        return checks(self.columns, {unit.code: values for unit, values in self.rows}, self.total)


async def official_table(reading: Reading, query: TableQuery) -> Table:
    units = await units_of(reading, query.place)
    scope = scope_of_span(reading, units.place.code, query)
    counted = await _counted(reading, scope, [Dimension.PLACE])
    total = (await _counted(reading, scope, []))[()]
    form = columns()
    rows = units.rows(query.first, {code for (code,) in counted})
    return Table(
        units.place, query, form, [(unit, _values(form, counted[unit.code,])) for unit in rows], _values(form, total)
    )


def _values(form: Iterable[Column], counted: Counted) -> Values:
    return {column.key: column.value(counted) for column in form}


async def _counted(reading: Reading, scope: Scope, by: list[Dimension]) -> dict[Key, Counted]:
    """In every group, the figures of the whole, and the cases by what the form breaks them down by."""
    whole = {slug for column in columns() if column.dimension is None for slug in column.indicators}
    groups: dict[Key, Counted] = defaultdict(Counted)
    for key, counts in (await _tally(reading, scope, whole, by)).items():
        groups[key].update({(None, None, measure): count for measure, count in counts.items()})
    for dimension in _BROKEN_DOWN:
        tally = await _tally(reading, scope, ["closed"], [*by, dimension])
        codes: Any = await _subjects(reading, tally) if dimension is Dimension.ORGANIZATION else {}
        for (*key, code), counts in tally.items():
            groups[tuple(key)].update(
                {(dimension, codes.get(code, code), measure): count for measure, count in counts.items()}
            )
    return groups


async def _tally(reading: Reading, scope: Scope, slugs: Iterable[str], by: list[Dimension]) -> Any:
    return await tally_of(reading, scope, scope.query.period, [REGISTRY[slug] for slug in slugs], by)


async def _subjects(reading: Reading, tally: Iterable[Key]) -> dict[UUID | None, CommitteeType]:
    """What kind of committee each organization is on the form; one that is none counts under "other"."""
    ids = {key[-1] for key in tally}
    types = select(Organization.id, Organization.committee_type).where(Organization.id.in_(ids - {None}))
    known = {row.id: row.committee_type for row in await reading.session.execute(types)}
    return {id: subject_of(known.get(id)) for id in ids}
