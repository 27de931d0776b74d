"""What a request brings and what reading needs: the kernel of the process, what was asked, and a view of the register
within the actor's jurisdiction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.core.actor_cache import ActorCache
from app.core.audit import Touched
from app.core.auth import DEFAULT_TOKEN_LIFE, Actor, TokenLife
from app.core.clock import Clock, shanghai_date
from app.core.crypto import FieldKey
from app.core.db import Database
from app.core.files import Files, Folder
from app.core.locale import Language
from app.core.prepared import AnySelect, Prepared, narrowed
from app.core.walls import NarrowedSession

BY_NAME = {"_result_disable_adapt_to_context": True}
"""Rows are read by name, never by a column of the statement at hand: to map those anew took a tenth of a list's time.
(The ORM sets the same option for its own results.)"""


@dataclass(frozen=True)
class Kernel:
    """What a process needs once: its database, field key, clock, how to find the actor behind a token, how long tokens
    hold."""

    database: Database
    key: FieldKey
    clock: Clock
    find_actor: "FindActor"
    schema_version: str
    """The migration this version of the program needs."""
    token_life: TokenLife = DEFAULT_TOKEN_LIFE
    reveals_per_hour: int = 30
    forms: Path | None = None
    """An office's own templates of the official forms."""
    files: Files = field(default_factory=lambda: Files(Folder(Path("var/files"))))
    incidents_until_risk: int = 3
    incidents_within_days: int = 180
    actors: ActorCache = field(default_factory=ActorCache)
    swept: dict[UUID | None, datetime] = field(default_factory=dict)
    """When the old idempotency records of a principal were last cleared."""
    public_minimum: int | None = None
    """The least count that the public is told; null where nothing is published."""
    published: dict[Any, Any] = field(default_factory=dict)
    """What the public is told, once it is made."""
    streams: set[UUID | None] = field(default_factory=set)
    """Accounts to which an answer is being streamed."""


@dataclass(frozen=True)
class Asked:
    """What a request says beside its body."""

    action: str
    language: Language = Language.ZH
    request_id: str | None = None
    source: str = ""
    """Network address of the caller."""
    reason: str | None = None
    if_match: str | None = None
    if_none_match: str | None = None
    idempotency_key: str | None = None
    appends_only: bool = False
    """Whether the operation writes nothing but at its end, all together."""
    method: str = ""
    path: str = ""
    path_ids: dict[str, str] = field(default_factory=dict)
    content: Any = None
    """Body and query as parsed, before defaults."""


@dataclass
class Reading:
    """A read-only view of the register within the actor's jurisdiction, in one snapshot."""

    kernel: Kernel
    actor: Actor
    asked: Asked
    touched: Touched = field(default_factory=dict, init=False)
    deadline: asyncio.Timeout | None = field(default=None, init=False)
    _session: AsyncSession | None = field(default=None, init=False)

    @property
    def session(self) -> AsyncSession:
        """Made when first asked for: the fast path does without."""
        if self._session is None:
            self._session = self._new_session(self.kernel.database.reads)
        return self._session

    def _new_session(self, bind: Any) -> AsyncSession:
        return AsyncSession(
            bind,
            sync_session_class=NarrowedSession,
            expire_on_commit=False,
            close_resets_only=False,
            info={"jurisdiction": self.actor.jurisdiction, "touched": self.touched},
        )

    async def rows(self, statement: AnySelect | Prepared, **values: Any) -> Sequence[Row[Any]]:
        """What one select finds within the jurisdiction: columns only, and a snapshot of its own."""
        async with self.kernel.database.singles.connect() as connection:
            return await self._rows(connection, statement, values)

    async def _rows(
        self, connection: AsyncConnection, statement: AnySelect | Prepared, values: dict[str, Any]
    ) -> Sequence[Row[Any]]:
        jurisdiction = self.actor.jurisdiction
        if isinstance(statement, Prepared):
            statement, at = statement.within(jurisdiction)
        else:
            statement, at = narrowed(statement, jurisdiction)
        options = {"jurisdiction": jurisdiction, **BY_NAME}
        return (await connection.execute(statement, at | values, execution_options=options)).all()

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @property
    def key(self) -> FieldKey:
        return self.kernel.key

    @property
    def now(self) -> datetime:
        return self.kernel.clock.now()

    @property
    def today(self) -> date:
        return shanghai_date(self.now)


FindActor = Callable[[Reading, str], Awaitable[Actor | None]]
"""Given a reading of its own and a bearer token, the actor behind it, or nobody."""
