"""Rows of one table inside a row of another: one statement, and so one snapshot, for a record and its parts."""

from collections import namedtuple
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Boolean, ColumnElement, LargeBinary, String, Uuid, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _JsonRows(FunctionElement[str]):
    """All rows as one JSON text of arrays; bytes as hexadecimal digits."""

    type = String()
    name = "json_rows"
    inherit_cache = True


@compiles(_JsonRows, "postgresql")
def _on_postgresql(element: _JsonRows, compiler: Any, **options: Any) -> str:
    fields = [
        f"encode({compiler.process(clause, **options)}, 'hex')"
        if isinstance(clause.type, LargeBinary)
        else compiler.process(clause, **options)
        for clause in element.clauses
    ]
    return f"CAST(json_agg(json_build_array({', '.join(fields)})) AS TEXT)"


@compiles(_JsonRows, "sqlite")
def _on_sqlite(element: _JsonRows, compiler: Any, **options: Any) -> str:
    fields = [
        f"nullif(hex({compiler.process(clause, **options)}), '')"
        if isinstance(clause.type, LargeBinary)
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
        self._readers = [_reader(column.type) for column in columns]
        self._order = itemgetter(slice(-ordered_by, None))

    def read(self, text: str | None) -> list[Any]:
        rows = [
            self._row(*(read(value) for read, value in zip(self._readers, row, strict=True)))
            for row in orjson.loads(text or "[]")
        ]
        rows.sort(key=self._order)
        return rows


def _row_of(names: tuple[str, ...]) -> Any:
    return namedtuple("_Row", names)


def _reader(type_: Any) -> Callable[[Any], Any]:
    """JSON has no ids, bytes or, on SQLite, truth values; dates stay as they are written."""
    for kind, convert in ((Uuid, UUID), (LargeBinary, bytes.fromhex), (Boolean, bool)):
        if isinstance(type_, kind):
            return _or_none(convert)
    return _as_it_is


def _or_none(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _as_it_is(value: Any) -> Any:
    return value
