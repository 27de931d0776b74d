"""The load generator: keeps so many connections busy with the same requests for a while, and tells how it went.

A process of its own: `python -m benchmarks.load HOST PORT CONNECTIONS SECONDS FILE`. The file holds requests as JSON
strings; `%%UNIQUE%%` in one becomes a number that no other request of any run has, and each `%%ONE%%` seven digits that
come again after five million requests: a person seldom quarrels twice.
"""

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path
from typing import Any

import uvloop

UNIQUE, PERSON = b"%%UNIQUE%%", b"%%ONE%%"


class Client(asyncio.Protocol):
    """One connection, one request at a time: the next goes out when the answer is whole."""

    def __init__(self, load: "Load") -> None:
        self.load, self.buffer, self.sent_at = load, b"", 0.0
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.load.connections += 1
        self.send()

    def send(self) -> None:
        self.sent_at = time.perf_counter()
        if self.sent_at >= self.load.ends_at:
            self.transport.close()
            return
        self.transport.write(next(self.load.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, blank, body = self.buffer.partition(b"\r\n\r\n")
        if not blank or len(body) < _length(head):
            return
        self.load.latencies.append(time.perf_counter() - self.sent_at)
        self.load.statuses[head[9:12].decode()] += 1
        self.buffer = b""
        self.send()

    def connection_lost(self, _: Exception | None) -> None:
        self.load.connections -= 1
        if time.perf_counter() < self.load.ends_at:
            self.load.statuses["broken"] += 1
        if not self.load.connections:
            self.load.done.set()


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    if not found:
        sys.exit("an answer without content-length: this load generator reads no other")
    return int(rest.partition(b"\r\n")[0])


class Load:
    def __init__(self, requests: list[bytes], seconds: float) -> None:
        self.requests = _numbered(requests)
        self.latencies: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.connections, self.done = 0, asyncio.Event()
        self.ends_at = time.perf_counter() + seconds


def _numbered(requests: list[bytes]) -> Iterator[bytes]:
    for number, request in zip(count(time.time_ns() // 1000), cycle(requests), strict=False):
        yield named(request, number) if UNIQUE in request else request


def named(request: bytes, number: int) -> bytes:
    request = request.replace(UNIQUE, b"%020d" % number)
    for person in range(2 * number, 2 * number + request.count(PERSON) // 2):
        request = request.replace(PERSON, b"%07d" % (person % 10**7), 2)
    return request


async def run(host: str, port: int, connections: int, seconds: float, requests: list[bytes]) -> dict[str, Any]:
    load, started = Load(requests, seconds), time.perf_counter()
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Client(load), host, port)
    await asyncio.wait_for(load.done.wait(), seconds + 30)
    took, latencies = time.perf_counter() - started, sorted(load.latencies)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "requests": len(latencies),
        "seconds": took,
        "p50": latencies[len(latencies) // 2] * 1000,
        "p99": latencies[len(latencies) * 99 // 100] * 1000,
        "statuses": dict(load.statuses),
        "busy": (usage.ru_utime + usage.ru_stime) / took,
    }


if __name__ == "__main__":
    host, port, connections, seconds, file = sys.argv[1:]
    texts = json.loads(Path(file).read_text(encoding="utf-8"))
    json.dump(
        uvloop.run(run(host, int(port), int(connections), float(seconds), [t.encode() for t in texts])), sys.stdout
    )
