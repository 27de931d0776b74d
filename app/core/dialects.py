"""What both engines have and each spells in its own way: INSERT … ON CONFLICT, and being one of several texts."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Dialect, String, Text, TypeDecorator, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.core.db import json_text
from app.core.walls import KERNEL

Sender = AsyncSession | AsyncConnection


def upsert(sender: Sender, model: type[Any]) -> Any:
    bind = sender if isinstance(sender, AsyncConnection) else sender.get_bind()
    return sqlite.insert(model) if bind.dialect.name == "sqlite" else postgresql.insert(model)


async def insert_if_absent(connection: AsyncConnection, model: Any, values: dict[str, Any], *keys: Any) -> bool:
    """Claims a row: true if it is ours, false if one with the same key (any unique one, or `keys`) stands.

    Waits for a rival that has not ended.
    """
    statement = _claim(connection.dialect.name, model, keys)
    claimed = await connection.execute(statement, values, execution_options=KERNEL)
    return claimed.first() is not None


@cache
def _claim(dialect: str, model: Any, keys: tuple[Any, ...]) -> Any:
    """Built once: a claim stands in every creation."""
    statement = sqlite.insert(model) if dialect == "sqlite" else postgresql.insert(model)
    return statement.on_conflict_do_nothing(index_elements=keys or None).returning(model.id)


class _Texts(TypeDecorator[Sequence[str]]):
    """Several texts in one parameter."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(postgresql.ARRAY(String) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else json_text(value)


class _OneOf(FunctionElement[bool]):
    type = Boolean()
    name = "one_of"
    inherit_cache = True


def one_of(column: Any, name: str) -> Any:
    """Whether the column is one of the texts sent under that name: one statement, however many there are."""
    return _OneOf(column, bindparam(name, type_=_Texts()))


@compiles(_OneOf, "postgresql")
def _on_postgresql(element: _OneOf, compiler: Any, **options: Any) -> str:
    column, texts = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({texts})"


@compiles(_OneOf, "sqlite")
def _on_sqlite(element: _OneOf, compiler: Any, **options: Any) -> str:
    column, texts = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608 compiled clauses
