"""The unit of work: one transaction for everything a request does, with its audit record and events, or nothing at all.

Nobody else opens a session, commits or rolls back. Routes come through `core.route`; commands through `operate`.
"""

import asyncio
import functools
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Table, exc, select

from app.core import books
from app.core.audit import AuditRecord, audit_of
from app.core.auth import Actor
from app.core.database_errors import is_lost, is_retryable, meaning
from app.core.db import table_of
from app.core.dialects import insert_if_absent
from app.core.events import Event
from app.core.jurisdiction import Granted, Located, OneCase, Spot
from app.core.problems import IdReused, PreconditionFailed, Problem
from app.core.reading import Asked, FindActor, Kernel, Reading
from app.core.records import complete, values_of
from app.core.transaction import Transaction
from app.core.walls import KERNEL, check_row

__all__ = ["Asked", "Beside", "FindActor", "Kernel", "Projection", "Reading", "Work", "opened", "operate", "perform"]

T = TypeVar("T")
Record = TypeVar("Record", bound=Any)

TRIES = 5
DEADLINE = 12
"""Seconds for one try, longer than any statement may run: whoever waits longer hears from a database that is silent."""


@dataclass
class Work(Transaction):
    """A change of the register: what is added here is committed together, or not at all."""

    subjects: list[Any] = field(default_factory=list)
    """The records this unit of work is about; each gets its audit record, the last is the one asked for."""
    events: list[Event] = field(default_factory=list)
    afterwards: list[Callable[["Work"], Awaitable[None]]] = field(default_factory=list)
    projections: dict["Projection", list[Any]] = field(default_factory=dict, init=False)
    idempotency_record: Any = None
    """Where the answer will be kept, if the request came with a key: an `IdempotencyRecord`."""
    takes_key_last: bool = False
    appended: list[Any] = field(default_factory=list, init=False)

    def about(self, subject: Any) -> None:
        """Names a record that this unit of work is about."""
        if subject not in self.subjects:
            self.subjects.append(subject)

    def acting_as(self, actor: Actor) -> None:
        """After a sign-in: from here on the unit of work is the account's."""
        self.actor = actor
        if self._session is not None:
            self._session.sync_session.info["jurisdiction"] = actor.jurisdiction

    def confine(self, case_id: UUID) -> None:
        """After a partner body, which reads only, has found a case referred to it: from here on the session reads and
        changes that case alone."""
        if isinstance(self.actor.jurisdiction, Granted):
            self.session.sync_session.info["jurisdiction"] = OneCase(self.actor.district, case_id)

    def because(self, reason: str) -> None:
        """Why, for the audit record, where the request says it elsewhere than in X-Reason."""
        self.asked = replace(self.asked, reason=reason)

    def touch(self, *names: str) -> None:
        """Names fields for the audit that no flushed row shows: what was revealed, what was moved in bulk."""
        self.touched.setdefault(None, set()).update(names)

    async def sent_before(self, model: type[Record], id: Any, fingerprint: Any) -> Record | None:
        """The record that the same creation made earlier. Its references may have gone since; it still answers."""
        standing = await self.session.get(model, id)
        if standing is None or not self.key.matches(standing.content_hash, "create", fingerprint):
            return None
        self.about(standing)
        return standing

    async def refuse_taken_ids(self, model: type[Any], ids: list[Any]) -> None:
        """An id of the client that already stands, anywhere, is `IdReused`; ids not sent are None."""
        sent = [id for id in ids if id is not None]
        if not sent:
            return
        taken = select(model.id).where(model.id.in_(sent)).limit(1)
        if await self.session.scalar(taken, execution_options=KERNEL) is not None:
            raise IdReused

    async def claim(self, row: Record, fingerprint: Any) -> tuple[Record, bool]:
        """Adds a record whose id a client may have made; false if the same was sent before, as it is now.

        `fingerprint` is the content as sent; the same id with other content, or out of sight, is `IdReused`.
        """
        row.content_hash = self.key.hash("create", fingerprint)
        self._check(row)
        model = type(row)
        if await insert_if_absent(await self.connection(), model, values_of(complete(row)), model.id):
            self.attach(row)
            self.about(row)
            return row, True
        standing = await self.session.get(model, row.id)
        if standing is None or not self.key.matches(standing.content_hash, "create", fingerprint):
            raise IdReused
        self.about(standing)
        return standing, False

    async def enter(self, row: Record, fingerprint: Any) -> Record:
        """Adds a record whose id was made here: nobody can hold it, so an operation that only appends writes it at its
        end, with the rest. On SQLite at once: its index of words is written row by row.
        """
        if self.kernel.database.is_sqlite or not self.asked.appends_only:
            return (await self.claim(row, fingerprint))[0]
        row.content_hash = self.key.hash("create", fingerprint)
        self.append(row)
        self.about(row)
        return row

    def _check(self, row: Any) -> None:
        if isinstance(row, Located):
            check_row(self.actor.jurisdiction, row)

    def append(self, *rows: Any) -> None:
        """Rows that are only added, and not read again by this unit of work: written at its end, all together."""
        for row in rows:
            self._check(complete(row))
            if part := getattr(row, "part", None):
                self.touch(part)
        self.appended.extend(rows)

    def appended_of(self, model: type[Record]) -> list[Record]:
        return [row for row in self.appended if isinstance(row, model)]

    async def insert(self, model: type[Any], rows: list[dict[str, Any]]) -> None:
        """Many rows at once, each checked against the jurisdiction."""
        if not rows:
            return
        for values in rows:
            self._check(model(**values))
        self.touch(getattr(model, "part", None) or model.__tablename__)
        await self.session.execute(model.__table__.insert(), rows, execution_options=KERNEL)

    def event(self, type: str, subject_type: str, subject: Located, **facts: Any) -> None:
        spot = Spot.of(subject).columns
        self.events.append(
            Event(
                type=type, subject_type=subject_type, subject_id=subject.id, recorded_at=self.now, facts=facts, **spot
            )
        )

    async def match(self, version: int, etag: str) -> None:
        """412 where If-Match was sent and does not name the record as it stands; `*` names it however it stands."""
        sent = self.asked.if_match
        if sent is None or {"*", etag} & {tag.strip() for tag in sent.split(",")}:
            return
        raise PreconditionFailed(current_version=version, changed_fields=await self._fields_since(sent))

    async def _fields_since(self, etag: str) -> list[str]:
        digits = etag.strip('"').partition("-")[0]
        if not (self.subjects and digits.isascii() and digits.isdigit() and len(digits) < 10):
            return []
        changes = select(AuditRecord.fields).where(
            AuditRecord.target_id == self.subjects[-1].id, AuditRecord.target_version > int(digits)
        )
        return sorted({name for fields in await self.session.scalars(changes) for name in fields})

    def project(self, projection: "Projection", subject: Any) -> None:
        """Hands a record that was changed to whoever keeps something of it, once, when all is written but the books."""
        subjects = self.projections.setdefault(projection, [])
        if subject not in subjects:
            subjects.append(subject)

    def remember(self, note: Callable[["Work"], Awaitable[None]]) -> None:
        """For the few things a refusal may leave behind: run in a transaction of its own after the rollback."""
        self.afterwards.append(note)

    async def finish(self) -> None:
        """Closes the books and commits: the audit records and the events are numbered together, as the last lock.

        Nobody's work that touched nothing (a command without effect, a stranger's empty try) leaves no record.
        """
        if self._session is not None:
            await self._session.flush()
        for projection, subjects in self.projections.items():
            await projection(self, subjects, self._beside)
        if self.actor.id is not None or self.subjects or self.events or self.touched or self.appended:
            await self._close_books()
        if self.is_begun:
            await self.commit()

    async def _beside(self, statement: Any) -> Any:
        """For projections alone: past the walls, since a partner body that answers for a case sees nothing of what is
        kept of it, and changes it."""
        options = {**KERNEL, "synchronize_session": False}
        return await self.session.execute(statement, execution_options=options)

    async def _close_books(self) -> None:
        subjects = self.subjects or [None]
        records = [values_of(complete(self._audited(subject))) for subject in subjects]
        numbered = {table_of(AuditRecord): records}
        if self.events:
            numbered[table_of(Event)] = [values_of(complete(event)) for event in self.events]
        district = self._spot_of(subjects[0]).district
        appended: dict[Table, list[dict[str, Any]]] = {}
        for row in self.appended:
            appended.setdefault(table_of(type(row)), []).append(values_of(row))
        if self.is_begun:
            await books.write(await self.connection(), district, appended, numbered)
            return
        self.begin_commit()
        async with self.kernel.database.singles.connect() as connection:
            await books.write(connection, district, appended, numbered)
        self.end_commit()

    def start_over(self) -> None:
        """Before the whole is run again."""
        super().start_over()
        self.events, self.subjects, self.afterwards, self.appended = [], [], [], []
        self.projections = {}
        self.idempotency_record = None

    def _audited(self, subject: Any) -> AuditRecord:
        return audit_of(
            subject,
            self.touched,
            recorded_at=self.now,
            action=self.asked.action,
            actor_id=self.actor.id,
            role=self.actor.role,
            reason=self.asked.reason,
            request_id=self.asked.request_id,
            **self._spot_of(subject).columns,
        )

    def _spot_of(self, subject: Any) -> Spot:
        return Spot.of(subject) if isinstance(subject, Located) else self.actor.spot


Beside = Callable[[Any], Awaitable[Any]]
"""Sends a statement past the walls."""
Projection = Callable[[Work, list[Any], Beside], Awaitable[None]]
"""Given the records that a unit of work has changed, writes what is kept of them elsewhere."""


@asynccontextmanager
async def opened(unit: Reading) -> AsyncIterator[None]:
    """Leaving it without a commit leaves nothing behind."""
    try:
        yield
    finally:
        await unit.close()


@asynccontextmanager
async def operate(kernel: Kernel, actor: Actor, action: str) -> AsyncIterator[Work]:
    """A unit of work for a command: committed at the end, with its audit record."""
    work = Work(kernel, actor, Asked(action))
    async with opened(work):
        yield work
        await work.finish()


async def perform(unit: Reading, use_case: Callable[[], Awaitable[T]]) -> T:
    """Runs a use case, whole and again where two transactions got in each other's way, or where the connection turned
    out to be dead before the commit was sent; says what a database error means."""
    for attempt in range(1, TRIES + 1):
        try:
            async with asyncio.timeout(DEADLINE) as unit.deadline, opened(unit):
                return await use_case()
        except Problem:
            await _aftermath(unit)
            raise
        except (exc.SQLAlchemyError, OSError, TimeoutError) as error:
            is_committing = isinstance(unit, Work) and unit.is_committing
            is_stale = attempt == 1 and is_lost(error) and not is_committing
            if attempt == TRIES or not (is_stale or is_retryable(error)):
                raise meaning(error, unit.asked.action, is_committing=is_committing) from None
            if isinstance(unit, Work):
                unit.start_over()
            await asyncio.sleep(random.uniform(0.01, 0.2) * attempt)  # noqa: S311 jitter, not a secret
    raise AssertionError("the loop returns or raises")


async def _aftermath(unit: Reading) -> None:
    for note in unit.afterwards if isinstance(unit, Work) else []:
        own = Work(unit.kernel, unit.actor, unit.asked)
        await perform(own, functools.partial(_keep, own, note))


async def _keep(own: Work, note: Callable[[Work], Awaitable[None]]) -> None:
    await note(own)
    await own.finish()
