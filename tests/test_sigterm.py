"""SIGTERM resets no request that was received in full, wherever it lay: unaccepted, unread, or being handled."""

import asyncio
import os
import signal
from collections import Counter
from pathlib import Path

import orjson

from tests.service import kept_ids, prepared
from tests.world import dispute, opened_world

REQUESTS = 150


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def sent(port: int, token: str) -> Connection:
    """A connection over which a whole request has gone out."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = orjson.dumps(dispute())
    head = f"POST /api/v1/cases HTTP/1.1\r\nHost: tests\r\nAuthorization: Bearer {token}\r\n"
    writer.write(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    await writer.drain()
    return reader, writer


async def answered(connection: Connection) -> tuple[int, str]:
    """Status, and the id of the case that was made, or the words of the refusal."""
    reader, writer = connection
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    status = int(head.split()[1])
    return status, orjson.loads(body)["id" if status == 201 else "detail"]


async def test_sigterm_answers_whatever_was_received(own_database_url: str, tmp_path: Path) -> None:
    """Stopped meanwhile, the server finds them all at once, with the signal: in the backlog, none of them read."""
    server, token = await prepared(own_database_url, tmp_path)
    await server.start()
    assert server.process is not None
    early = [await sent(server.port, token) for _ in range(REQUESTS // 3)]
    os.kill(server.process.pid, signal.SIGSTOP)
    late = [await sent(server.port, token) for _ in range(REQUESTS - len(early))]
    os.kill(server.process.pid, signal.SIGTERM)
    os.kill(server.process.pid, signal.SIGCONT)
    answers = await asyncio.gather(*(answered(connection) for connection in [*early, *late]))
    assert await server.process.wait() == 0
    statuses = Counter(status for status, _ in answers)
    print(dict(statuses))  # noqa: T201 a figure to report
    assert set(statuses) <= {201, 503}
    async with opened_world(own_database_url, is_new=False) as world:
        kept = await kept_ids(world)
    acknowledged = {said for status, said in answers if status == 201}
    assert acknowledged <= kept
    assert len(kept - acknowledged) <= sum("无法确认" in said for _, said in answers)
