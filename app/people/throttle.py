"""How often a password may be tried: 10 failures in 15 minutes for a username, 100 for a network address.

Failures from an address where the username signed in within 30 days are counted apart, so that strangers cannot lock
out the owner. A try is counted, as failed, before it is verified, and looked at again once it is counted: of tries made
at once, in one process or several, no more than the limit are ever verified.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update

from app.core.db import new_id
from app.core.problems import TooManyRequests
from app.core.unit_of_work import Reading, Work
from app.people.models import SignInAttempt as Attempt

WINDOW = timedelta(minutes=15)
REMEMBERED = timedelta(days=30)
PER_USERNAME, PER_SOURCE = 10, 100


@dataclass(frozen=True)
class Caller:
    """Who is tried from where, as keyed hashes."""

    username: str
    source: str


def caller(reading: Reading, username: str) -> Caller:
    key = reading.key
    return Caller(key.hash("sign-in username", username), key.hash("sign-in source", reading.asked.source))


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
