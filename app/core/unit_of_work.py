"""The unit of work: one transaction for everything a request does, with its audit record and events, or nothing at all.

Nobody else opens a session, commits or rolls back. Routes come through `core.route`; commands through `operate`.
"""

import asyncio
import functools
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import event, exc, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.audit import AuditRecord, fields_of
from app.core.auth import DEFAULT_TOKEN_LIFE, Actor, TokenLife
from app.core.clock import Clock, shanghai_date
from app.core.counters import take_numbers
from app.core.crypto import FieldKey
from app.core.database_errors import is_lost, is_retryable, meaning
from app.core.db import Database
from app.core.dialects import insert_if_absent
from app.core.events import Event
from app.core.jurisdiction import Located, Spot
from app.core.locale import Language
from app.core.problems import IdReused, PreconditionFailed, Problem
from app.core.walls import KERNEL, NarrowedSession, check_row

T = TypeVar("T")
Record = TypeVar("Record", bound=Any)

TRIES = 5
DEADLINE = 12
"""Seconds for one try, longer than any statement may run: whoever waits longer hears from a database that is silent."""


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
    session: AsyncSession = field(init=False)

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


@dataclass
class Work(Reading):
    """A change of the register: what is added here is committed together, or not at all."""

    subjects: list[Any] = field(default_factory=list)
    """The records this unit of work is about; each gets its audit record, the last is the one asked for."""
    events: list[Event] = field(default_factory=list)
    afterwards: list[Callable[["Work"], Awaitable[None]]] = field(default_factory=list)

    def about(self, subject: Any) -> None:
        """Names a record that this unit of work is about."""
        if subject not in self.subjects:
            self.subjects.append(subject)

    def acting_as(self, actor: Actor) -> None:
        """After a sign-in: from here on the unit of work is the account's."""
        self.actor = actor
        self.session.sync_session.info["jurisdiction"] = actor.jurisdiction

    def because(self, reason: str) -> None:
        """Why, for the audit record, where the request says it elsewhere than in X-Reason."""
        self.asked = replace(self.asked, reason=reason)

    def touch(self, *names: str) -> None:
        """Names fields for the audit that no flushed row shows: what was revealed, what was moved in bulk."""
        self.session.sync_session.info["touched"].setdefault(None, set()).update(names)

    async def sent_before(self, model: type[Record], id: Any, fingerprint: Any) -> Record | None:
        """The record that the same creation made earlier. Its references may have gone since; it still answers."""
        standing = await self.session.get(model, id)
        if standing is None or standing.content_hash != self.key.hash("create", fingerprint):
            return None
        self.about(standing)
        return standing

    async def refuse_taken_ids(self, model: type[Any], ids: list[Any]) -> None:
        """An id of the client that already stands, anywhere, is `IdReused`; ids not sent are None."""
        sent = [id for id in ids if id is not None]
        taken = select(model.id).where(model.id.in_(sent)).limit(1)
        if sent and await self.session.scalar(taken, execution_options=KERNEL) is not None:
            raise IdReused

    async def claim(self, row: Record, fingerprint: Any) -> tuple[Record, bool]:
        """Adds a record whose id a client may have made; false if the same was sent before, as it is now.

        `fingerprint` is the content as sent; the same id with other content, or out of sight, is `IdReused`.
        """
        row.content_hash = self.key.hash("create", fingerprint)
        if isinstance(row, Located):
            check_row(self.session.sync_session, row)
        model = type(row)
        is_new = await insert_if_absent(self.session, model, _column_values(row), model.id)
        standing = await self.session.get(model, row.id)
        if standing is None or standing.content_hash != row.content_hash:
            raise IdReused
        self.about(standing)
        return standing, is_new

    async def insert(self, model: type[Any], rows: list[dict[str, Any]]) -> None:
        """Many rows at once, each checked against the jurisdiction."""
        if not rows:
            return
        for values in rows:
            if issubclass(model, Located):
                check_row(self.session.sync_session, model(**values))
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

    def remember(self, note: Callable[["Work"], Awaitable[None]]) -> None:
        """For the few things a refusal may leave behind: run in a transaction of its own after the rollback."""
        self.afterwards.append(note)

    async def close_books(self) -> None:
        """The audit records and the events, numbered together as the last lock before the commit.

        Nobody's work that touched nothing (a command without effect, a stranger's empty try) leaves no record.
        """
        await self.session.flush()
        if self.actor.id is None and not (self.subjects or self.events or self.session.sync_session.info["touched"]):
            return
        subjects = self.subjects or [None]
        spot = self._spot_of(subjects[0])
        seq = await take_numbers(self.session, spot.district, "audit", len(subjects) + len(self.events))
        records: list[Any] = [*(self._audited(subject) for subject in subjects), *self.events]
        for number, record in enumerate(records, start=seq):
            record.seq = number
            self.session.add(record)
        await self.session.flush()

    def _audited(self, subject: Any) -> AuditRecord:
        return AuditRecord(
            recorded_at=self.now,
            action=self.asked.action,
            actor_id=self.actor.id,
            role=self.actor.role,
            target_type=_name_of(subject),
            target_id=getattr(subject, "id", None),
            target_version=getattr(subject, "version", None),
            fields=fields_of(self.session.sync_session.info["touched"], subject),
            reason=self.asked.reason,
            request_id=self.asked.request_id,
            **self._spot_of(subject).columns,
        )

    def _spot_of(self, subject: Any) -> Spot:
        return Spot.of(subject) if isinstance(subject, Located) else self.actor.spot


def _name_of(subject: Any) -> str | None:
    return None if subject is None else str(getattr(subject, "audit_name", type(subject).__name__.lower()))


def _column_values(row: Any) -> dict[str, Any]:
    """What was set on a new row, and its defaults, as columns of one INSERT."""
    return {name: value for name, value in vars(row).items() if name in type(row).__mapper__.column_attrs}


@asynccontextmanager
async def opened(unit: Reading) -> AsyncIterator[None]:
    """Opens the unit's session; leaving it without a commit leaves nothing behind."""
    database = unit.kernel.database
    session = AsyncSession(
        database.writes if isinstance(unit, Work) else database.reads,
        sync_session_class=NarrowedSession,
        expire_on_commit=False,
        close_resets_only=False,
        info={"jurisdiction": unit.actor.jurisdiction, "touched": {}},
    )
    async with session:
        unit.session = session
        yield


@asynccontextmanager
async def operate(kernel: Kernel, actor: Actor, action: str) -> AsyncIterator[Work]:
    """A unit of work for a command: committed at the end, with its audit record."""
    work = Work(kernel, actor, Asked(action))
    async with opened(work):
        yield work
        await work.close_books()
        await work.session.commit()


async def perform(unit: Reading, use_case: Callable[[], Awaitable[T]]) -> T:
    """Runs a use case, whole and again where two transactions got in each other's way, or where the connection turned
    out to be dead before the commit was sent; says what a database error means."""
    for attempt in range(1, TRIES + 1):
        try:
            async with asyncio.timeout(DEADLINE) as deadline, opened(unit):
                unit.session.sync_session.info["deadline"] = deadline
                return await use_case()
        except Problem:
            await _aftermath(unit)
            raise
        except (exc.SQLAlchemyError, OSError, TimeoutError) as error:
            is_committing = unit.session.sync_session.info.get("is_committing", False)
            is_stale = attempt == 1 and is_lost(error) and not is_committing
            if attempt == TRIES or not (is_stale or is_retryable(error)):
                raise meaning(error, unit.asked.action, is_committing=is_committing) from None
            if isinstance(unit, Work):
                unit.events, unit.subjects, unit.afterwards = [], [], []
            await asyncio.sleep(random.uniform(0.01, 0.2) * attempt)  # noqa: S311 jitter, not a secret
    raise AssertionError("the loop returns or raises")


async def _aftermath(unit: Reading) -> None:
    for note in unit.afterwards if isinstance(unit, Work) else []:
        own = Work(unit.kernel, unit.actor, unit.asked)
        await perform(own, functools.partial(_keep, own, note))


async def _keep(own: Work, note: Callable[[Work], Awaitable[None]]) -> None:
    await note(own)
    await own.close_books()
    await own.session.commit()


@event.listens_for(NarrowedSession, "before_commit")
def _note_commit(session: Any) -> None:
    """From here on only the database knows the outcome: its answer is worth a wait of its own."""
    session.info["is_committing"] = True
    deadline: asyncio.Timeout | None = session.info.get("deadline")
    if deadline is not None and not deadline.expired():
        deadline.reschedule(asyncio.get_running_loop().time() + DEADLINE)
