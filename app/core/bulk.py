"""Filling a new register, for the operator alone: COPY on PostgreSQL, one statement of many rows on SQLite."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.columns import CodeText
from app.core.jurisdiction import Everywhere
from app.core.unit_of_work import Work
from app.core.walls import OutsideJurisdiction

Row = dict[str, Any]


async def load(work: Work, model: type[Any], rows: Sequence[Row]) -> None:
    """Rows with the attributes of the model, all of them the same: defaults are the caller's to write."""
    if not isinstance(work.actor.jurisdiction, Everywhere):
        raise OutsideJurisdiction("only the operator loads rows past the walls")
    if not rows:
        return
    connection = await work.connection()
    attributes = [attribute for attribute in model.__mapper__.column_attrs if attribute.key in rows[0]]
    columns = [attribute.columns[0] for attribute in attributes]
    records = _records(connection, [attribute.key for attribute in attributes], columns, rows)
    if connection.dialect.name == "sqlite":
        statement = str(
            insert(model.__table__).compile(dialect=connection.dialect, column_keys=[c.key for c in columns])
        )
        await connection.exec_driver_sql(statement, records)
        return
    await connection.exec_driver_sql("SELECT 1")  # begins the transaction
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.copy_records_to_table(model.__tablename__, records=records, columns=[c.name for c in columns])


def _records(
    connection: AsyncConnection, keys: list[str], columns: list[Any], rows: Sequence[Row]
) -> list[tuple[Any, ...]]:
    """Column by column: most need no conversion on their way to the driver."""
    values = [_column(connection, key, column, rows) for key, column in zip(keys, columns, strict=True)]
    return list(zip(*values, strict=True))


def _column(connection: AsyncConnection, key: str, column: Any, rows: Sequence[Row]) -> list[Any]:
    process: Callable[[Any], Any] | None = column.type.dialect_impl(connection.dialect).bind_processor(
        connection.dialect
    )
    if process is None:
        return [row[key] for row in rows]
    if isinstance(column.type, CodeText):  # few values, each many times
        process = cache(process)
    return [process(row[key]) for row in rows]
