"""Filling a new register, for the operator alone: by COPY where the driver can, else by one INSERT of many rows."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import TypeDecorator, insert
from sqlalchemy.dialects.postgresql import TSVECTOR
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
    columns = {attribute.key: attribute.columns[0] for attribute in attributes}
    if not _copies(connection, columns.values()):
        values = [{column.key: row[key] for key, column in columns.items()} for row in rows]
        await connection.execute(insert(model.__table__), values)
        return
    await connection.exec_driver_sql("SELECT 1")  # begins the transaction
    driver: Any = (await connection.get_raw_connection()).driver_connection
    names = [column.name for column in columns.values()]
    await driver.copy_records_to_table(model.__tablename__, records=_records(connection, columns, rows), columns=names)


def _copies(connection: AsyncConnection, columns: Iterable[Any]) -> bool:
    """The driver sends a tsvector as text alone, and COPY wants all of a row in binary."""
    if connection.dialect.name == "sqlite":
        return False
    decorated = (column.type for column in columns if isinstance(column.type, TypeDecorator))
    return not any(isinstance(type_.load_dialect_impl(connection.dialect), TSVECTOR) for type_ in decorated)


def _records(connection: AsyncConnection, columns: dict[str, Any], rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """Column by column: most need no conversion on their way to the driver."""
    values = [_column(connection, key, column, rows) for key, column in columns.items()]
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
