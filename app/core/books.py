"""What a unit of work writes last and together: rows that are only ever added, its events and its audit records.

Events and audit records share one gapless series a district, in the order of commits: its counter is the last lock.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Table, TextClause, TypeDecorator, Uuid, bindparam, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.columns import holds_bytes
from app.core.counters import take_numbers
from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.walls import KERNEL

Values = dict[str, Any]
Rows = Mapping[Table, list[Values]]


async def write(connection: AsyncConnection, district: str, rows: Rows, numbered: Rows) -> None:
    """`numbered` rows get the next numbers of the district's series as their `seq`, in the order given."""
    how_many = sum(len(of_table) for of_table in numbered.values())
    if connection.dialect.name == "postgresql":
        await _in_one_statement(connection, district, rows, numbered, how_many)
        return
    seq = await take_numbers(connection, district, "audit", how_many)
    for of_table in numbered.values():
        for values in of_table:
            values["seq"] = seq
            seq += 1
    for table, of_table in [*rows.items(), *numbered.items()]:
        await connection.execute(table.insert(), of_table, execution_options=KERNEL)


async def _in_one_statement(
    connection: AsyncConnection, district: str, rows: Rows, numbered: Rows, how_many: int
) -> None:
    """A round trip a table would cost more than the rows: each table's travel as one JSON parameter."""
    seq = 1
    for of_table in numbered.values():
        for values in of_table:
            values["seq"] = seq
            seq += 1
    tables = [*rows.items(), *numbered.items()]
    parameters = {f"rows_{i}": _as_json(table, of_table) for i, (table, of_table) in enumerate(tables)}
    counter = {"id": new_id(), "how_many": how_many, **Spot.of_place(f"{district}000000").columns}
    await connection.execute(_statement(tuple(rows), tuple(numbered)), parameters | counter, execution_options=KERNEL)


@cache
def _statement(rows: tuple[Table, ...], numbered: tuple[Table, ...]) -> TextClause:
    parts = [
        "counted AS (INSERT INTO number_counters AS c (id, series, value, district, township, place)"
        " VALUES (:id, 'audit', :how_many, :district, :township, :place)"
        " ON CONFLICT (district, series) DO UPDATE SET value = c.value + excluded.value RETURNING value)"
    ]
    for i, table in enumerate([*rows, *numbered]):
        quoted = [f'"{column.name}"' for column in table.columns]
        taken = [f"r.{name}" for name in quoted]
        source = f"jsonb_populate_recordset(NULL::{table.name}, CAST(:rows_{i} AS JSONB)) AS r"
        if table in numbered:
            taken[quoted.index('"seq"')] = "counted.value - :how_many + r.seq"
            source += ", counted"
        into = f"INSERT INTO {table.name} ({', '.join(quoted)})"
        parts.append(f"w{i} AS ({into} SELECT {', '.join(taken)} FROM {source})")  # noqa: S608 our tables' names
    statement = f"WITH {', '.join(parts)} SELECT value FROM counted"  # noqa: S608 the same
    return text(statement).bindparams(bindparam("id", type_=Uuid()))


def _as_json(table: Table, of_table: Iterable[Values]) -> str:
    encoders = _encoders(table)
    plain = [
        {column: None if (value := values.get(key)) is None else encode(value) for key, column, encode in encoders}
        for values in of_table
    ]
    return orjson.dumps(plain, default=str).decode()


@cache
def _encoders(table: Table) -> list[tuple[str, str, Callable[[Any], Any]]]:
    """By attribute, column and how a value of it is written in JSON that PostgreSQL reads back as the column's type."""
    return [(column.key, str(column.name), _encoder(column.type)) for column in table.columns]


def _encoder(type_: Any) -> Callable[[Any], Any]:
    if holds_bytes(type_):
        return lambda value: f"\\x{value.hex()}"
    if isinstance(type_, TypeDecorator):
        return lambda value: type_.process_bind_param(value, _POSTGRESQL)
    return lambda value: value


_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]
