"""The one statement that both engines have and SQLAlchemy spells per dialect: INSERT … ON CONFLICT."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.walls import KERNEL


def upsert(session: AsyncSession, model: type[Any]) -> Any:
    dialect = session.get_bind().dialect.name
    return sqlite.insert(model) if dialect == "sqlite" else postgresql.insert(model)


async def insert_if_absent(session: AsyncSession, model: type[Any], values: dict[str, Any], key: Any = None) -> bool:
    """Claims a row: true if it is ours, false if one with the same key (any unique one, or `key`) stands.

    Waits for a rival that has not ended.
    """
    keys = None if key is None else [key]
    statement = upsert(session, model).values(**values).on_conflict_do_nothing(index_elements=keys).returning(model.id)
    return await session.scalar(statement, execution_options=KERNEL) is not None
