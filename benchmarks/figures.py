"""How long figures take among ten million counted cases, and what feeding the cells costs those who write.

`python -m benchmarks.figures [CASES]` makes counted cases of 38 districts over five years in PostgreSQL, by SQL (the
cases themselves are left out: no figure reads them), has the program build its cells, and prints the database's own time
(EXPLAIN ANALYZE, warm, median) of the very statements the service sends, beside a direct GROUP BY that may choose among
covering indexes. Then a tenth of it on SQLite, in wall time; and the rate at which sixteen clients accept cases in one
township, with and without what feeds the cells. It needs 10 GB of disk and a quarter of an hour.
"""

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
from sqlalchemy import event

from app.core.auth import OPERATOR, Actor
from app.core.crypto import FieldKey
from app.core.db import open_database
from app.core.jurisdiction import Subtree
from app.core.settings import Settings
from app.core.unit_of_work import Asked, Kernel, Reading, opened, operate
from app.main import wired
from app.people.codes import Role
from app.statistics import areas, counting, folding, tallies
from app.statistics.codes import Dimension
from app.statistics.indicators import REGISTRY
from app.statistics.periods import Period
from app.statistics.queries import Scope, counts
from app.statistics.schemas import FigureFilter
from tests import databases, postgres
from tests.world import TOWN, VILLAGE, case, opened_world

DISTRICT, TOWNSHIP, A_VILLAGE = "500114000000", "500114109000", "500114109203"
YEAR = Period(date(2020, 1, 1), date(2020, 12, 31))
BY = [Dimension.MONTH, Dimension.CATEGORY, Dimension.METHOD]
ASKED = [
    REGISTRY[slug]
    for slug in ("received", "handled", "handling_rate", "success_rate", "closed", "succeeded", "failed", "agreement_rate")
]
ROUNDS, WRITERS, WRITES = 7, 16, 400
SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "8GB", "maintenance_work_mem": "512MB", "work_mem": "32MB"}
CATEGORIES = (
    "marriage_family neighbor house_homestead contract production_business damage_compensation forest_land labor "
    "migrant_wage_arrears medical road_traffic_accident property_management consumer expropriation_demolition "
    "inheritance elder_support grave_site other"
).split()
METHODS = "people people people people police arbitration lawyer court".split()
SOURCES = "application proactive proactive referral_police referral_court referral_petition referral_other".split()
COLUMNS = (
    "id, case_id, district, township, place, known_from, accepted_on, mediated_on, closed_on, outcome, category, source, "
    "method, party_count, days, working_days, agreement_form, agreement_amount, performed, confirmation_applied, confirmed"
)
FURTHER_INDEX = (
    "CREATE INDEX bench_district_year ON counted_cases (district, accepted_on) "
    "INCLUDE (category, method, mediated_on, closed_on, outcome) WHERE known_until IS NULL"
)
"""What a direct count over a district would like best; the service has none, since its cells answer that."""


def _one_of(words: list[str], draw: str, *, is_postgres: bool) -> str:
    if is_postgres:
        return f"('{{{','.join(words)}}}'::text[])[1 + floor({draw} * {len(words)})::int]"
    cases = " ".join(f"WHEN {number} THEN '{word}'" for number, word in enumerate(words))
    return f"CASE CAST({draw} * {len(words)} AS INT) {cases} END"


def filling(first: int, last: int) -> str:
    """The first district has a seventh more than a 38th; townships 30 a district, villages 20 a township."""
    pick = {name: _one_of(words, f"random() + 0 * g", is_postgres=True) for name, words in
            (("category", CATEGORIES), ("source", SOURCES), ("method", METHODS))}
    return f"""
    INSERT INTO counted_cases ({COLUMNS})
    SELECT gen_random_uuid(), gen_random_uuid(), district, township, township || (200 + v)::text, accepted_on + interval '1 day',
        accepted_on, mediated_on, closed_on, outcome, category, source,
        CASE WHEN mediated_on IS NULL THEN NULL ELSE method END, 2, closed_on - accepted_on,
        (closed_on - accepted_on) * 5 / 7, CASE WHEN outcome = 'success' THEN 'written' END,
        CASE WHEN outcome = 'success' THEN 100000 ELSE 0 END, false, false, false
    FROM (
        SELECT *, CASE WHEN r1 < 0.98 THEN accepted_on + (r2 * 3)::int END AS mediated_on,
            CASE WHEN r1 < 0.95 THEN accepted_on + 3 + (r2 * r2 * 40)::int END AS closed_on,
            CASE WHEN r1 < 0.92 THEN 'success' WHEN r1 < 0.95 THEN 'failed' END AS outcome,
            district || (100 + t)::text AS township
        FROM (
            SELECT (CASE WHEN d >= 38 THEN 500114 ELSE 500101 + d END)::text AS district, t, v, r1, r2, category, source,
                method, date '2017-01-01' + (r3 * 1825)::int AS accepted_on
            FROM (
                SELECT floor(random() * 39.4)::int AS d, floor(random() * 30)::int AS t, floor(random() * 20)::int AS v,
                    random() AS r1, random() AS r2, random() AS r3, {pick["category"]} AS category,
                    {pick["source"]} AS source, {pick["method"]} AS method
                FROM generate_series({first}, {last}) AS g
            ) AS drawn
        ) AS dated
    ) AS cases"""


async def fill(connection: asyncpg.Connection, cases: int) -> None:
    indexes = [
        row["indexdef"]
        for row in await connection.fetch(
            "SELECT indexdef, indexname FROM pg_indexes WHERE tablename = 'counted_cases' AND indexname NOT LIKE 'pk%'"
        )
    ]
    for name in [line.split()[line.split().index("INDEX") + 1] for line in indexes]:
        await connection.execute(f"DROP INDEX {name}")
    for name in ("fk_counted_cases_case_id_cases", "fk_counted_cases_organization_id_organizations"):
        await connection.execute(f"ALTER TABLE counted_cases DROP CONSTRAINT {name}")
    await connection.execute("SELECT setseed(0.5)")
    for first in range(1, cases + 1, 500_000):
        await connection.execute(filling(first, min(first + 499_999, cases)))
    for line in (*indexes, FURTHER_INDEX):
        await connection.execute(line)
    await connection.execute("VACUUM ANALYZE counted_cases")


async def build_cells(kernel: Kernel) -> int:
    cells = 0
    async with operate(kernel, OPERATOR, "bench") as work:
        districts = await folding.counted_districts(work)
    for district in districts:
        async with operate(kernel, OPERATOR, "bench") as work:
            cells += await folding.rebuild_district(work, district)
    return cells


@dataclass
class Recorder:
    """The statements that a question sends."""

    kernel: Kernel

    async def sent(self, question: Any, place: str) -> list[tuple[str, tuple[Any, ...]]]:
        sent: list[tuple[str, tuple[Any, ...]]] = []
        engine = self.kernel.database.reads.sync_engine
        listener = lambda *a: sent.append((a[2], a[3]))  # noqa: E731 the event wants a plain function
        event.listen(engine, "before_cursor_execute", listener)
        reading = Reading(self.kernel, Actor(None, "viewer", Subtree(place), frozenset()), Asked("bench"))
        async with opened(reading):
            await question(reading)
        event.remove(engine, "before_cursor_execute", listener)
        return sent


async def timed(connection: asyncpg.Connection, sent: list[tuple[str, tuple[Any, ...]]]) -> tuple[float, str]:
    """Milliseconds in the database, the medians added up; and how the largest part was read."""
    total, plans = 0.0, []
    for statement, parameters in sent:
        runs, plan = [], {}
        prepared = await connection.prepare(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        for _ in range(ROUNDS + 1):
            plan = orjson.loads(await prepared.fetchval(*parameters))[0]
            runs.append(plan["Execution Time"] + plan["Planning Time"])
        total += statistics.median(runs[1:])
        plans.append((statistics.median(runs[1:]), " > ".join(_nodes(plan["Plan"]))))
    return total, max(plans)[1]


def _nodes(node: dict[str, Any]) -> Iterator[str]:
    yield f"{node['Node Type']} {node.get('Index Name', node.get('Relation Name', ''))}".strip()
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _scope(place: str) -> Scope:
    query = FigureFilter.model_validate({"from": YEAR.first, "to": YEAR.last})
    return Scope(place, query, date(2021, 12, 31))


async def by_service(reading: Reading, place: str) -> None:
    await tallies.tally_of(reading, _scope(place), YEAR, ASKED, BY)


async def directly(reading: Reading, place: str) -> None:
    """As if there were no cells."""
    for population in {indicator.population for indicator in ASKED}:
        measures = {m.name: m for i in ASKED if i.population is population for m in i.measures}
        await reading.session.execute(counts(_scope(place), population, YEAR, measures.values(), BY))


async def by_areas(reading: Reading, area: str) -> None:
    await areas.area_figures(reading, area, YEAR, BY)


async def measure(url: str, cases: int) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    database = open_database(Settings(database_url=url))
    kernel = wired(database, FieldKey(b"benchmark" * 4), "-")
    began = time.monotonic()
    await fill(connection, cases)
    print(f"{cases:,} counted cases written in {time.monotonic() - began:.0f} s", flush=True)
    began = time.monotonic()
    print(f"{await build_cells(kernel):,} cells built in {time.monotonic() - began:.0f} s", flush=True)
    await connection.execute("VACUUM ANALYZE district_cells, area_cells, rollup_deltas")
    for name in ("counted_cases", "district_cells", "area_cells"):
        size = await connection.fetchval("SELECT pg_size_pretty(pg_total_relation_size($1::text::regclass))", name)
        print(f"{name}: {size}")
    recorder = Recorder(kernel)
    print(f"a year by month × category × method, {len(ASKED)} indicators: ms in the database")
    for label, question, place in (
        ("district, cells", by_service, DISTRICT),
        ("district, direct", directly, DISTRICT),
        ("township", by_service, TOWNSHIP),
        ("village", by_service, A_VILLAGE),
        ("city, cells", by_areas, "5001"),
        ("country, cells", by_areas, ""),
    ):
        sent = await recorder.sent(lambda reading, q=question, p=place: q(reading, p), place or DISTRICT)
        sent = [(statement, parameters) for statement, parameters in sent if "SELECT" in statement]
        if question is by_areas:
            sent = [(statement.replace("$None", ""), parameters) for statement, parameters in sent]
        milliseconds, plan = await timed(connection, sent)
        print(f"{label:18} {len(sent)} statements {milliseconds:8.2f}  {plan}", flush=True)
    await database.close()
    await connection.close()


async def rates(url: str) -> None:
    """Acceptances a second by sixteen clients in one township, in turns with and without the feed of the cells."""
    feed = counting._delta  # noqa: SLF001 taken away for the half of the rounds
    done: dict[bool, list[float]] = {True: [], False: []}
    async with opened_world(url) as world:
        clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
        for number in range(2 * ROUNDS):
            is_fed = number % 2 == 0
            ids = [(await case(clerk, VILLAGE))["id"] for _ in range(WRITES)]
            counting._delta = feed if is_fed else lambda *_: _Nothing()  # type: ignore[assignment]  # noqa: SLF001
            began = time.monotonic()
            await asyncio.gather(*(_accept(clerk, ids) for _ in range(WRITERS)))
            done[is_fed].append(WRITES / (time.monotonic() - began))
    fed, plain = statistics.median(done[True][1:]), statistics.median(done[False][1:])
    print(f"{WRITERS} writers in one township: {fed:.0f} acceptances/s with cells, {plain:.0f} without: {fed / plain:.2f}")


class _Nothing:
    """Stands where a delta would, and is not written."""


async def _accept(clerk: Any, ids: list[str]) -> None:
    while ids:
        answer = await clerk.post(f"/cases/{ids.pop()}/acceptance", json={"accepted_on": "2020-03-02"})
        assert answer.status_code == 200, answer.text


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with postgres.running(settings=SETTINGS) as running:
        databases.migrate(running.url)
        asyncio.run(measure(running.url, count))
