"""The transaction of a unit of work: begun when it is first needed, used through the ORM session or beside it,
committed once. Work that only appends needs none: all its rows are one statement, which is a transaction by itself."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import make_transient_to_detached

from app.core.prepared import AnySelect, Prepared
from app.core.reading import Reading
from app.core.walls import KERNEL

COMMIT_SECONDS = 12
"""What a commit is waited for, however long the rest took: from then on only the database knows the outcome."""


@dataclass
class Transaction(Reading):
    is_committing: bool = field(default=False, init=False)
    """From here on a broken connection leaves it open whether the work was kept."""
    kept: list[Callable[[], object]] = field(default_factory=list, init=False)
    """What this process does once the work is committed: forgets what it remembered."""
    _connection: AsyncConnection | None = field(default=None, init=False)
    _claimed: list[Any] = field(default_factory=list, init=False)

    @property
    def is_begun(self) -> bool:
        """SQLite's is begun by whoever asks, before the first read: its one writer keeps the order of requests."""
        return self._session is not None or self._connection is not None or self.kernel.database.is_sqlite

    @property
    def session(self) -> AsyncSession:
        if self._session is None:
            self._session = self._new_session(self._connection or self.kernel.database.writes)
            self._session.add_all(self._claimed)
        return self._session

    async def connection(self) -> AsyncConnection:
        """The transaction, begun when it is first needed. For the core alone: what is sent on it is not narrowed."""
        if self._session is not None:
            return await self._session.connection(of_kernel=True)
        if self._connection is None:
            self._connection = await self.kernel.database.writes.connect()
            _ = await self._connection.begin()
        return self._connection

    async def rows(self, statement: AnySelect | Prepared, **values: Any) -> Sequence[Row[Any]]:
        """Sees this transaction's own writes, but not what was only appended."""
        if not self.is_begun:
            return await super().rows(statement, **values)
        if self._session is not None:
            await self._session.flush()
        return await self._rows(await self.connection(), statement, values)

    async def kernel_rows(self, statement: Any, values: dict[str, Any]) -> Sequence[Row[Any]]:
        """For the core alone: what a statement on all jurisdictions finds."""
        if self.is_begun:
            return (await (await self.connection()).execute(statement, values, execution_options=KERNEL)).all()
        async with self.kernel.database.singles.connect() as connection:
            return (await connection.execute(statement, values, execution_options=KERNEL)).all()

    def attach(self, row: Any) -> None:
        """As if it had been read: a claimed row was written without the session."""
        make_transient_to_detached(row)
        if self._session is None:
            self._claimed.append(row)
        else:
            self._session.add(row)

    async def commit(self) -> None:
        self.begin_commit()
        if self._session is not None:
            await self._session.commit()
            if self._session.sync_session.info.get("decided_actors"):
                self.kept.append(self.kernel.actors.forget)
        if self._connection is not None:
            await self._connection.commit()
        self.end_commit()

    def begin_commit(self) -> None:
        self.is_committing = True
        if self.deadline is not None and not self.deadline.expired():
            self.deadline.reschedule(asyncio.get_running_loop().time() + COMMIT_SECONDS)

    def end_commit(self) -> None:
        for forget in self.kept:
            forget()

    async def close(self) -> None:
        """What was not committed leaves nothing behind."""
        await super().close()
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    def start_over(self) -> None:
        """Before the whole is run again."""
        self.is_committing, self.touched, self.kept, self._claimed = False, {}, [], []
