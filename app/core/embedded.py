"""Rows of one table inside a row of another: one statement, and so one snapshot, for a record and its parts."""

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Boolean, ColumnElement, String, Uuid, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.core.columns import holds_bytes


class _JsonRows(FunctionElement[str]):
    """All rows as one JSON text of arrays; bytes as hexadecimal digits."""

    type = String()
    name = "json_rows"
    inherit_cache = True


@compiles(_JsonRows, "postgresql")
def _on_postgresql(element: _JsonRows, compiler: Any, **options: Any) -> str:
    fields = [
        f"encode({compiler.process(clause, **options)}, 'hex')"
        if holds_bytes(clause.type)
        else compiler.process(clause, **options)
        for clause in element.clauses
    ]
    return f"CAST(json_agg(json_build_array({', '.join(fields)})) AS TEXT)"


@compiles(_JsonRows, "sqlite")
def _on_sqlite(element: _JsonRows, compiler: Any, **options: Any) -> str:
    fields = [
        f"nullif(hex({compiler.process(clause, **options)}), '')"
        if holds_bytes(clause.type)
        else compiler.process(clause, **options)
        for clause in element.clauses
    ]
    return f"json_group_array(json_array({', '.join(fields)}))"


class Embedded:
    """`column` stands in a select of the outer record; `read` gives its parts back, in their order."""

    def __init__(
        self, name: str, condition: ColumnElement[bool], outer: Any, columns: Sequence[Any], *, ordered_by: int = 1
    ) -> None:
        """The last of the columns, as many as `ordered_by`, are the order of the parts."""
        rows = select(_JsonRows(*columns)).where(condition).correlate(outer)
        self.column = rows.scalar_subquery().label(name)
        self._row = _row_of(tuple(column.key for column in columns))
        self._columns = columns
        self._order = itemgetter(slice(-ordered_by, None))

    @cached_property
    def _conversions(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """At first use: before all tables are known, a column that refers to one has no type yet."""
        return [(i, c) for i, column in enumerate(self._columns) if (c := _conversion(column.type))]

    def read(self, text: str | None) -> list[Any]:
        rows = orjson.loads(text or "[]")
        if len(rows) > 1:
            rows.sort(key=self._order)
        for row in rows:
            for i, convert in self._conversions:
                if row[i] is not None:
                    row[i] = convert(row[i])
        return [self._row(*row) for row in rows]


def _row_of(names: tuple[str, ...]) -> Any:
    return namedtuple("_Row", names)


def _conversion(type_: Any) -> Callable[[Any], Any] | None:
    """JSON has no bytes and, on SQLite, no truth values; ids are given as text, dates stay as they are written."""
    if isinstance(type_, Uuid):
        return _id_text
    if holds_bytes(type_):
        return bytes.fromhex
    return bool if isinstance(type_, Boolean) else None


def _id_text(value: str) -> str:
    """SQLite keeps the digits alone."""
    return value if len(value) == 36 else str(UUID(value))
