"""Everything a database holds, as one hash a table: to show that a refused request has left nothing behind."""

import hashlib
from typing import Any

from sqlalchemy import select

from app.models import Base
from tests.world import World

Content = dict[str, str]


async def content(world: World, *, without: frozenset[str] = frozenset()) -> Content:
    """Every row of every table but those named, whatever its order."""
    async with world.database.reads.connect() as connection:
        found = {}
        for table in Base.metadata.sorted_tables:
            if table.name not in without:
                # As the driver has them: to make dates and codes of a thousand rows takes longer than the request did.
                found[table.name] = _hash((await connection.exec_driver_sql(f"SELECT * FROM {table.name}")).all())
        return found


async def rows(world: World, table: str) -> list[dict[str, Any]]:
    async with world.database.reads.connect() as connection:
        return [dict(row._mapping) for row in await connection.execute(select(Base.metadata.tables[table]))]


def _hash(rows: Any) -> str:
    lines = sorted(repr(tuple(row)) for row in rows)
    return f"{len(lines)} rows {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:16]}"


def changed(before: Content, after: Content) -> dict[str, str]:
    """The tables that differ, and how many rows they had and have."""
    return {name: f"{before[name]} -> {after[name]}" for name in before if before[name] != after[name]}
