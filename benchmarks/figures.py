"""How long figures take among ten million counted cases, and what feeding the cells costs those who write.

`python -m benchmarks.figures [CASES]` makes counted cases of 38 districts over five years in PostgreSQL, by SQL (the
cases themselves are left out: no figure reads them), has the program build its cells, and prints the database's own
time (EXPLAIN ANALYZE, warm, median) of the very statements the service sends, beside a direct GROUP BY that may choose
among covering indexes. Then a tenth of it on SQLite, in wall time; and the rate at which sixteen clients accept cases
in one township, with and without what feeds the cells. It needs 10 GB of disk and a quarter of an hour.
"""

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import event

from app.core.auth import OPERATOR, Actor
from app.core.crypto import FieldKey
from app.core.db import open_database
from app.core.jurisdiction import Subtree
from app.core.logs import configure_logs
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
SLUGS = "received handled handling_rate success_rate closed succeeded failed agreement_rate"
ASKED = [REGISTRY[slug] for slug in SLUGS.split()]
ROUNDS, WRITERS, WRITES = 7, 16, 300
SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "8GB", "maintenance_work_mem": "512MB", "work_mem": "32MB"}
CATEGORIES = (
    "marriage_family neighbor house_homestead contract production_business damage_compensation forest_land labor",
    "migrant_wage_arrears medical road_traffic_accident property_management consumer expropriation_demolition",
    "inheritance elder_support grave_site other",
)
METHODS = ("people people people people police arbitration lawyer court",)
SOURCES = ("application proactive proactive referral_police referral_court referral_petition referral_other",)
COLUMNS = (
    "id, case_id, district, township, place, known_from, accepted_on, mediated_on, closed_on, outcome, category, "
    "source, method, party_count, days, working_days, agreement_form, agreement_amount, performed, "
    "confirmation_applied, confirmed"
)
FURTHER_INDEX = (
    "CREATE INDEX bench_district_year ON counted_cases (district, accepted_on) "
    "INCLUDE (category, method, mediated_on, closed_on, outcome) WHERE known_until IS NULL"
)
"""What a direct count over a district would like best; the service has none, since its cells answer that."""


def _one_of(lines: Sequence[str]) -> str:
    words = " ".join(lines).split()
    return f"('{{{','.join(words)}}}'::text[])[1 + floor(random() * {len(words)})::int]"


def filling(first: int, last: int) -> str:
    """A twenty-seventh of the cases lie in the district that is measured; 30 townships a district, 20 villages each."""
    return f"""
    INSERT INTO counted_cases ({COLUMNS})
    SELECT gen_random_uuid(), gen_random_uuid(), district, township, township || (200 + v)::text,
        accepted_on + interval '1 day', accepted_on, mediated_on, closed_on, outcome, category, source,
        CASE WHEN mediated_on IS NULL THEN NULL ELSE method END, 2, closed_on - accepted_on,
        (closed_on - accepted_on) * 5 / 7, CASE WHEN outcome = 'success' THEN 'written' END,
        CASE WHEN outcome = 'success' THEN 100000 ELSE 0 END, false, false, false
    FROM (
        SELECT *, CASE WHEN r1 < 0.98 THEN accepted_on + (r2 * 3)::int END AS mediated_on,
            CASE WHEN r1 < 0.95 THEN accepted_on + 3 + (r2 * r2 * 40)::int END AS closed_on,
            CASE WHEN r1 < 0.92 THEN 'success' WHEN r1 < 0.95 THEN 'failed' END AS outcome,
            district || (100 + t)::text AS township
        FROM (
            SELECT (CASE WHEN d >= 37 THEN 500114 ELSE 500115 + d END)::text AS district, t, v, r1, r2,
                category, source, method, date '2017-01-01' + (r3 * 1825)::int AS accepted_on
            FROM (
                SELECT floor(random() * 38.4)::int AS d, floor(random() * 30)::int AS t, floor(random() * 20)::int AS v,
                    random() AS r1, random() AS r2, random() AS r3, {_one_of(CATEGORIES)} AS category,
                    {_one_of(SOURCES)} AS source, {_one_of(METHODS)} AS method
                FROM generate_series({first}, {last})
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
    async with operate(kernel, OPERATOR, "bench") as work:
        await folding.rebuild_areas(work)
    return cells


Sent = list[tuple[str, tuple[Any, ...]]]
Question = Callable[[Reading], Awaitable[object]]


@asynccontextmanager
async def reading_of(kernel: Kernel, place: str) -> Any:
    actor = Actor(None, "viewer", Subtree(place), frozenset()) if place else OPERATOR
    reading = Reading(kernel, actor, Asked("bench"))
    async with opened(reading):
        yield reading


@contextmanager
def recorded(kernel: Kernel) -> Iterator[Sent]:
    """The statements that are sent meanwhile."""
    sent: Sent = []

    def keep(*arguments: Any) -> None:
        if "SELECT" in arguments[2]:
            sent.append((arguments[2], arguments[3]))

    engine = kernel.database.reads.sync_engine
    event.listen(engine, "before_cursor_execute", keep)
    yield sent
    event.remove(engine, "before_cursor_execute", keep)


async def timed(connection: asyncpg.Connection, sent: Sent) -> tuple[float, str]:
    """Milliseconds in the database, the medians added up; and how the longest of them was read."""
    taken = []
    for statement, parameters in sent:
        prepared = await connection.prepare(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        runs = [orjson.loads(await prepared.fetchval(*parameters))[0] for _ in range(ROUNDS + 1)]
        times = [run["Execution Time"] + run["Planning Time"] for run in runs[1:]]
        taken.append((statistics.median(times), " > ".join(_nodes(runs[-1]["Plan"]))))
    return sum(time for time, _ in taken), max(taken)[1]


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


QUESTIONS: tuple[tuple[str, str, Question], ...] = (
    ("district, cells", DISTRICT, lambda reading: by_service(reading, DISTRICT)),
    ("district, direct", DISTRICT, lambda reading: directly(reading, DISTRICT)),
    ("township", TOWNSHIP, lambda reading: by_service(reading, TOWNSHIP)),
    ("village", A_VILLAGE, lambda reading: by_service(reading, A_VILLAGE)),
    ("city, cells", "", lambda reading: by_areas(reading, "5001")),
    ("country, cells", "", lambda reading: by_areas(reading, "")),
)


async def measure(url: str, cases: int) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    kernel = wired(open_database(Settings(database_url=url)), FieldKey(b"benchmark" * 4), "-")
    with told(f"{cases:,} counted cases written"):
        await fill(connection, cases)
    with told("cells built"):
        await build_cells(kernel)
    await connection.execute("VACUUM ANALYZE district_cells, area_cells, rollup_deltas")
    for name in ("counted_cases", "district_cells", "area_cells"):
        size = "SELECT count(*), pg_size_pretty(pg_total_relation_size($1::text::regclass)) FROM " + name
        print(name, *await connection.fetchrow(size, name))
    print(f"a year by month, category and method; {len(ASKED)} indicators; ms in PostgreSQL")
    for label, place, question in QUESTIONS:
        async with reading_of(kernel, place) as reading:
            with recorded(kernel) as sent:
                await question(reading)
        milliseconds, plan = await timed(connection, sent)
        print(f"{label:18} {len(sent)} statements {milliseconds:8.2f}  {plan}", flush=True)
    await on_sqlite(connection, cases // 10)
    await kernel.database.close()
    await connection.close()


@contextmanager
def told(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{what} in {time.monotonic() - began:.0f} s", flush=True)


async def on_sqlite(source: asyncpg.Connection, cases: int) -> None:
    """Wall time, with what Python does to the answer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.db"
        await asyncio.to_thread(databases.migrate, f"sqlite+aiosqlite:///{path}")
        target = sqlite3.connect(path)
        marks = ",".join("?" * len(COLUMNS.split(",")))
        async with source.transaction():
            rows = await source.cursor(f"SELECT {COLUMNS} FROM counted_cases LIMIT {cases}")
            while batch := await rows.fetch(20_000):
                target.executemany(
                    f"INSERT INTO counted_cases ({COLUMNS}) VALUES ({marks})", [list(map(_plain, row)) for row in batch]
                )
        target.commit()
        target.close()
        kernel = wired(open_database(Settings(database_url=f"sqlite+aiosqlite:///{path}")), FieldKey(bytes(32)), "-")
        await build_cells(kernel)
        print(f"the same of {cases:,} cases; ms on SQLite, as a whole")
        for label, place, question in QUESTIONS[:4]:
            times = []
            for _ in range(ROUNDS + 1):
                began = time.perf_counter()
                async with reading_of(kernel, place) as reading:
                    await question(reading)
                times.append(1000 * (time.perf_counter() - began))
            print(f"{label:18} {statistics.median(times[1:]):8.2f}", flush=True)
        await kernel.database.close()


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    return str(value).removesuffix("+00:00") if isinstance(value, date) else value


async def rates(url: str) -> None:
    """Acceptances a second by sixteen clients in one township, in turns with and without what feeds the cells."""
    feed: Any = counting.delta
    done: dict[bool, list[float]] = {True: [], False: []}
    async with opened_world(url) as world:
        clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
        for number in range(2 * ROUNDS):
            ids = [(await case(clerk, VILLAGE))["id"] for _ in range(WRITES)]
            counting.delta = (feed, lambda *_: [])[number % 2]
            began = time.monotonic()
            await asyncio.gather(*(_accept(clerk, ids) for _ in range(WRITERS)))
            done[number % 2 == 0].append(WRITES / (time.monotonic() - began))
    fed, unfed = (statistics.median(done[is_fed][1:]) for is_fed in (True, False))
    print(f"{WRITERS} writers in one township: {fed:.0f}/s with cells, {unfed:.0f}/s without: {fed / unfed:.2f}")


async def _accept(clerk: Any, ids: list[str]) -> None:
    while ids:
        id = ids.pop()
        answer = await clerk.post(f"/cases/{id}/acceptance", json={"accepted_on": "2020-03-02"})
        if answer.status_code == 503:  # sixteen share ten connections: who waited in vain comes back
            ids.append(id)
        else:
            assert answer.status_code == 200, answer.text


if __name__ == "__main__":
    configure_logs("ERROR")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    for job, settings in ((partial(measure, cases=count), SETTINGS), (rates, None)):
        with postgres.running(durable=True, settings=settings) as running:
            databases.migrate(running.url)
            asyncio.run(job(running.url))
