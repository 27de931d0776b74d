"""The one statement that both engines have and SQLAlchemy spells per dialect: INSERT … ON CONFLICT."""

from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

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
