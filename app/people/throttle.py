"""How often a password or a secret may be tried: 10 failures in 15 minutes for a username or client, 100 for a network
address.

Failures from an address where the username signed in within 30 days are counted apart, so that strangers cannot lock
out the owner. A try is counted, as failed, before it is verified, and looked at again once it is counted: of tries made
at once, in one process or several, no more than the limit are ever verified.
"""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update

from app.core.auth import OPERATOR, Actor
from app.core.db import new_id
from app.core.jurisdiction import Everywhere, Subtree
from app.core.problems import TooManyRequests
from app.core.schemas import NO_ID
from app.core.unit_of_work import Reading, Work, opened, operate
from app.people.models import SignInAttempt as Attempt

WINDOW = timedelta(minutes=15)
REMEMBERED = timedelta(days=30)
PER_USERNAME, PER_SOURCE = 10, 100


@dataclass(frozen=True)
class Caller:
    """Who is tried from where, as keyed hashes."""

    username: str
    source: str


def caller(reading: Reading, username: str, kind: str = "username") -> Caller:
    key = reading.key
    return Caller(key.hash(f"sign-in {kind}", username), key.hash("sign-in source", reading.asked.source))


async def counted_try(
    unit: Reading, action: str, who: Caller, model: type[Any], look_up: Callable[[Reading], Awaitable[Any]]
) -> tuple[Any, Any]:
    """What `look_up` finds of whom is tried, if anybody (its id and place), and the id of the try.

    Counted in a transaction of its own, with an audit record at the place of whom is tried, before it is verified.
    """
    reading = Reading(unit.kernel, OPERATOR, unit.asked)
    async with opened(reading):
        await refuse_further(reading, who, counted=0)
        found = await look_up(reading)
    stranger = Actor(None, "visitor", Subtree(found.place) if found else Everywhere(), frozenset())
    async with operate(unit.kernel, stranger, action) as own:
        own.asked = replace(unit.asked, action=action, reason=None)
        attempt = await count_try(own, who)
        # The same statements where there is nobody.
        if (tried := await own.session.get(model, found.id if found else NO_ID)) is not None:
            own.about(tried)
    async with opened(reading):
        await refuse_further(reading, who, counted=1)
    return found, attempt.id


async def refuse_further(reading: Reading, who: Caller, *, counted: int) -> None:
    """`counted`: how many of the failures on record are this very try."""
    successes = select(Attempt.source_hash).where(
        Attempt.username_hash == who.username, Attempt.succeeded, Attempt.at > reading.now - REMEMBERED
    )
    is_known = await reading.session.scalar(successes.where(Attempt.source_hash == who.source).limit(1)) is not None
    sources = Attempt.source_hash == who.source if is_known else Attempt.source_hash.not_in(successes)
    await _limit(reading, and_(Attempt.username_hash == who.username, sources), PER_USERNAME + counted)
    await _limit(reading, Attempt.source_hash == who.source, PER_SOURCE + counted)


async def _limit(reading: Reading, condition: ColumnElement[bool], limit: int) -> None:
    since = reading.now - WINDOW
    failures = select(Attempt.at).where(condition, Attempt.succeeded.is_(False), Attempt.at > since)
    nth_latest = await reading.session.scalar(failures.order_by(Attempt.at.desc()).offset(limit - 1).limit(1))
    if nth_latest is not None:
        seconds = max(1, math.ceil((nth_latest - since).total_seconds()))
        raise TooManyRequests(headers={"Retry-After": str(seconds)}, retry_after=seconds)


async def count_try(work: Work, who: Caller) -> Attempt:
    """Old tries are forgotten in passing."""
    old = delete(Attempt).where(Attempt.at < work.now - REMEMBERED)
    await work.session.execute(old, execution_options={"synchronize_session": False})
    attempt = Attempt(id=new_id(), username_hash=who.username, source_hash=who.source, at=work.now, succeeded=False)
    work.session.add(attempt)
    return attempt


async def mark_success(work: Work, attempt_id: Any) -> None:
    await work.session.execute(update(Attempt).where(Attempt.id == attempt_id).values(succeeded=True))
