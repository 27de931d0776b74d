"""How migrations run: in one transaction, with foreign keys checked afterwards on SQLite, from the address in the
settings."""

import asyncio
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, TypeDecorator, pool
from sqlalchemy.ext.asyncio import create_async_engine

from app.core.columns import Instant
from app.core.settings import Settings
from app.models import Base
from migrations.search_index import BY_HAND


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """A migration stays true when our own types change: it names what they are made of."""
    if kind == "type" and isinstance(item, TypeDecorator):
        inner = item.impl_instance
        return "sa.DateTime(timezone=True)" if isinstance(item, Instant) else f"sa.{inner!r}"
    return False


def is_compared(name: str | None, *_: Any) -> bool:
    return not (name or "").startswith(BY_HAND)


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        include_name=is_compared,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_server_default=False,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        context.run_migrations()
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("the migration broke a foreign key")


async def migrate_online(url: str) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        # Batch migrations copy and drop tables: with foreign keys on, SQLite would delete the children.
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(migrate_online(context.config.get_main_option("sqlalchemy.url") or Settings().database_url))
