"""Answers too long to be held: a stream reads in a unit of work of its own, one snapshot from its first row to its
last, while the client takes what is there.

Whoever asks for one holds a connection as long as it lasts. So there is one at a time for each account, few in all, and
none waits long for a client that takes nothing.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from app.core.problems import Problem
from app.core.unit_of_work import Reading, opened

SHARE = 5
"""One connection in so many may be lent to a stream."""
Pieces = Callable[[Reading], AsyncGenerator[bytes, None]]


class TooManyStreams(Problem):
    status, code = 429, "export-running"
    zh = "您的另一份导出尚未完成，或同时进行的导出过多。请稍后再试。"
    en = "Another export of yours is not finished, or too many are under way. Try again later."


async def streamed(asked: Reading, pieces: Pieces) -> AsyncGenerator[bytes, None]:
    """The pieces, of which the first is made before anything is answered: what fails until then is a plain refusal."""
    flowing = _flow(asked, pieces)
    return _joined(await anext(flowing), flowing)


async def _joined(first: bytes, flowing: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(flowing):
        yield first
        async for piece in flowing:
            yield piece


async def _flow(asked: Reading, pieces: Pieces) -> AsyncGenerator[bytes, None]:
    own, streams = Reading(asked.kernel, asked.actor, asked.asked), asked.kernel.streams
    pool: Any = asked.kernel.database.reads.pool
    if own.actor.id in streams or len(streams) >= max(1, pool.size() // SHARE):
        raise TooManyStreams(headers={"Retry-After": "30"})
    streams.add(own.actor.id)
    try:
        async with opened(own), aclosing(pieces(own)) as made:
            async for piece in made:
                yield piece
    finally:
        streams.discard(own.actor.id)
