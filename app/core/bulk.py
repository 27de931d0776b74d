"""Many rows at once, for the operator alone: a register is filled by COPY where the driver can, else by one INSERT;
sums are added up, each in the row of its group."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import TypeDecorator, insert
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.columns import CodeText
from app.core.dialects import upsert
from app.core.jurisdiction import Everywhere
from app.core.unit_of_work import Work
from app.core.walls import OutsideJurisdiction

Row = dict[str, Any]


async def load(work: Work, model: type[Any], rows: Sequence[Row]) -> None:
    """Rows with the attributes of the model, all of them the same: defaults are the caller's to write."""
    _refuse_others(work, "loads rows")
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


async def add_up(
    work: Work, model: type[Any], rows: Sequence[Row], group: Sequence[str], columns: Sequence[str]
) -> None:
    """Adds the columns of the rows to the row of their group, which is made where there is none. In one order: two
    who add at once wait for each other instead of locking each other out."""
    _refuse_others(work, "adds up")
    connection = await work.connection()
    statement = upsert(connection, model)
    sums = {column: getattr(model, column) + statement.excluded[column] for column in columns}
    if rows:
        adding = statement.on_conflict_do_update(index_elements=list(group), set_=sums)
        await connection.execute(adding, sorted(rows, key=lambda row: [str(row[name]) for name in group]))


async def hold_still(work: Work, model: type[Any]) -> None:
    """Until the end of this work nobody else changes the table, or locks a row of it. (On SQLite nobody can.)"""
    _refuse_others(work, "locks")
    if not work.kernel.database.is_sqlite:
        await (await work.connection()).exec_driver_sql(f"LOCK TABLE {model.__tablename__} IN EXCLUSIVE MODE")


def _refuse_others(work: Work, does: str) -> None:
    if not isinstance(work.actor.jurisdiction, Everywhere):
        raise OutsideJurisdiction(f"only the operator {does} past the walls")
