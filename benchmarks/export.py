"""How much memory and time the cases behind a figure take as one table.

`python -m benchmarks.export [CASES]` makes so many cases of one district in PostgreSQL by SQL, with what figures count
of them, and lets the program stream them all, as a clerk's table with summaries and as the district's with figures
alone. It prints the memory of the process before and at its highest, and rows per second; the client throws away what
it gets, and counts the lines.
"""

import asyncio
import gc
import os
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg

from app.people.codes import Role
from benchmarks.figures import CATEGORIES, METHODS, SETTINGS, SOURCES, _one_of
from tests import databases, postgres
from tests.world import DISTRICT, TOWN, Caller, World, opened_world

PAGE = os.sysconf("SC_PAGE_SIZE")
SUMMARY = "两家因屋檐滴水、院坝排水和道路通行发生争执，经村民小组长劝说未果，现场查看后双方情绪较为激动。" * 2
QUERY = b"from=2020-01-01&to=2020-12-31&format=csv"
CASES = f"""
    INSERT INTO cases (id, district, township, place, status, outcome, method, source, category, summary, title, number,
        reported_on, accepted_on, mediated_on, closed_on, special_groups, external_ids, domestic_violence,
        content_hash, version, recorded_at, changed_at)
    SELECT gen_random_uuid(), '500114', '500114109', (500114109200 + (n % 2))::text, 'closed_success', 'success',
        {_one_of(METHODS)}, {_one_of(SOURCES)}, {_one_of(CATEGORIES)}, $1, '样例纠纷', '示例调〔2020〕' || n || '号',
        day, day, day, day + 9, ',', '[]', false, '-', 1, now(), now()
    FROM (
        SELECT n, date '2020-01-01' + (n % 350)::int AS day FROM generate_series($2::bigint, $3::bigint) AS n
    ) AS dated
"""
COUNTED = """
    INSERT INTO counted_cases (id, case_id, district, township, place, known_from, accepted_on, mediated_on, closed_on,
        outcome, category, source, method, party_count, agreement_amount, performed, confirmation_applied, confirmed)
    SELECT gen_random_uuid(), id, district, township, place, recorded_at, accepted_on, mediated_on, closed_on, outcome,
        category, source, method, 2, 0, false, false, false
    FROM cases
"""


async def fill(url: str, cases: int) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    for first in range(1, cases + 1, 100_000):
        await connection.execute(CASES, SUMMARY, first, min(first + 99_999, cases), timeout=600)
    await connection.execute(COUNTED, timeout=3600)
    await connection.execute("VACUUM ANALYZE cases, counted_cases", timeout=3600)
    await connection.close()


def resident() -> float:
    """MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20


class Sink:
    def __init__(self) -> None:
        self.lines, self.size, self.peak, self.is_whole = 0, 0, 0.0, False

    async def __call__(self, message: Any) -> None:
        body = message.get("body", b"")
        self.lines += body.count(b"\r\n")
        self.size += len(body)
        self.peak = max(self.peak, resident())
        self.is_whole = message["type"] == "http.response.body" and not message.get("more_body")


async def stream(world: World, caller: Caller, query: bytes) -> Sink:
    path, sink = "/api/v1/statistics/received/cases", Sink()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(b"authorization", f"Bearer {caller.token}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("bench", 80),
        "scheme": "http",
        "root_path": "",
        "state": {},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    await world.app(scope, receive, sink)
    return sink


async def measure(url: str, cases: int) -> None:
    began = time.monotonic()
    async with opened_world(url) as world:
        await fill(url, cases)
        print(f"{cases:,} cases written in {time.monotonic() - began:.0f} s", flush=True)
        for role, place in ((Role.OFFICE_CLERK, TOWN), (Role.DISTRICT_STAT_VIEWER, DISTRICT)):
            caller = await world.caller(role, place)
            await stream(world, caller, QUERY.replace(b"12-31", b"01-02"))  # statements are built, and a piece is made
            gc.collect()
            before, began = resident(), time.monotonic()
            sink = await stream(world, caller, QUERY)
            seconds = time.monotonic() - began
            if not sink.is_whole or sink.lines != cases + 1:
                raise SystemExit(f"{role}: broken off after {sink.lines:,} lines")
            print(
                f"{role:22} {sink.size / 2**20:6.0f} MiB in {seconds:5.0f} s, {cases / seconds:7,.0f} rows/s; "
                f"memory {before:.0f} MiB before, {sink.peak:.0f} MiB at its highest",
                flush=True,
            )


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with postgres.running(settings=SETTINGS) as running:
        databases.migrate(running.url)
        asyncio.run(measure(running.url, count))
