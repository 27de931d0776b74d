"""How long PostgreSQL takes to find a page of cases by words among a million, by the very statement the service sends.

`python -m benchmarks.search [CASES]` makes a register of one district with thirty townships whose texts hold the words
of `SOUGHT` as often as written there. For each it prints the database's own time (EXPLAIN ANALYZE, warm, median) for a
page of 50 by `-reported_on`, within a township and within the district. Last, two-character names once more while new
cases wait unsorted in the index. A two-character name is to take at most 10 ms. It needs 3 GB of disk and a quarter of
an hour.
"""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import event

from app.core.auth import Actor, View
from app.core.crypto import FieldKey
from app.core.db import new_id, open_database
from app.core.jurisdiction import Spot, Subtree
from app.core.paging import page
from app.core.settings import Settings
from app.core.unit_of_work import Asked, Reading, opened
from app.intake import queries
from app.intake.filters import CaseFilter
from app.intake.search_text import bigrams, text_of
from app.intake.views import case_rows
from app.main import wired
from tests import databases, postgres

DISTRICT, TOWNSHIPS, TARGET = "500114000000", 30, 10.0
NAMES = {
    "庹某": 10e-6,  # rare
    "王伟": 331e-6,  # as frequent as the country's most frequent name, with two parties a case
    "张敏": 3e-3,  # ten times as frequent
}
"""Two-character names, and the share of the cases in which they stand."""
SOUGHT = NAMES | {"拖欠工资": 1.7e-3, "李强": 3e-2, "彩礼": 0.2}
ROUNDS = 9
UNSORTED = 1500
"""New cases, of which GIN keeps unsorted as much as it ever does: four megabytes."""
SURNAMES = "赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗"
GIVEN = "安邦宝斌波才昌成春聪丹德东恩发芳飞丰福刚光贵国海浩和红宏洪华辉慧吉佳坚健江杰锦静娟军俊康兰乐丽莲良亮林玲龙梅美"
PHRASES = (
    "两家因屋檐滴水发生争执 双方因田坎边界多次争吵 邻里因排水沟堵塞起纠纷 因修路占用自留地未获补偿"
    " 子女就老人赡养费分担不一 夫妻因家务琐事争吵要求分居 因借款到期未还发生口角 因宅基地界址不清引发矛盾"
    " 养殖场气味影响周边住户 施工噪声影响夜间休息 交通事故后就误工费未达成一致 因树木遮光要求修剪"
    " 山林权属争议多年未决 因牲畜践踏庄稼要求赔偿 承包地流转租金未按时支付 邻居装修导致墙面开裂"
    " 饮水管道经过院坝引发争执 因孩子打闹致伤就医疗费发生纠纷 退货退款未能协商一致 物业费收取标准有争议"
)
ENDINGS = "经村委会初步劝解未果 申请人要求赔偿损失 双方情绪较为激动 已到现场查看 双方均表示愿意调解"


def summary_of(chance: random.Random) -> str:
    words = [word for word, share in SOUGHT.items() if chance.random() < share]
    people = [chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2)))) for _ in range(2)]
    told = [*chance.sample(PHRASES.split(), 3), *chance.sample(ENDINGS.split(), 2)]
    parts = [*told, *words, f"{people[0]}与{people[1]}"]
    chance.shuffle(parts)
    return f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日，" + "，".join(parts) + "。"


CASES = [
    "id",
    "district",
    "township",
    "place",
    "number",
    "summary",
    "reported_on",
    "status",
    "source",
    "category",
    "special_groups",
    "external_ids",
    "content_hash",
    "version",
    "recorded_at",
    "changed_at",
]
TEXTS = ["id", "district", "township", "place", "case_id", "text", "bigrams"]


def lines(numbers: range, total: int, chance: random.Random) -> Iterator[tuple[bytes, bytes]]:
    """Of `cases` and of `case_texts`, as COPY reads them, in the order in which they were reported."""
    for number in numbers:
        spot = Spot.of_place(f"{DISTRICT[:6]}{100 + number * 7 % TOWNSHIPS}{200 + number % 10}")
        place = [spot.district, spot.township, spot.place]
        id, on, summary = new_id(), date(2016, 1, 1) + timedelta(days=number * 3650 // total), summary_of(chance)
        called = f"示例调〔{on.year}〕{number}号"
        text = text_of(called, None, summary, [])
        grams = " ".join(f"'{gram}'" for gram in bigrams(text))
        case = [id, *place, called, summary, on, "accepted", "application", "neighbor", ",", "[]", "-", 1, on, on]
        yield _line(case), _line([new_id(), *place, id, text, grams])


def _line(values: list[Any]) -> bytes:
    return ("\t".join(str(value) for value in values) + "\n").encode()


async def fill(connection: asyncpg.Connection, source: Iterator[tuple[bytes, bytes]]) -> None:
    while batch := [line for _, line in zip(range(20_000), source, strict=False)]:
        for part, (table, columns) in enumerate((("cases", CASES), ("case_texts", TEXTS))):
            await connection.copy_to_table(table, source=_joined(batch, part), columns=columns)


async def _joined(batch: list[tuple[bytes, bytes]], part: int) -> AsyncIterator[bytes]:
    yield b"".join(line[part] for line in batch)


async def statement_of(url: str, place: str, q: str) -> tuple[str, tuple[Any, ...]]:
    """What the service sends for the first page, to whoever acts at that place."""
    database = open_database(Settings(database_url=url))
    sent: list[tuple[str, tuple[Any, ...]]] = []
    event.listen(database.singles.sync_engine, "before_cursor_execute", lambda *a: sent.append((a[2], a[3])))
    actor = Actor(UUID(int=1), "office_clerk", Subtree(place), frozenset())
    reading = Reading(wired(database, FieldKey(b"benchmark" * 4), "-"), actor, Asked("list_cases"))
    query = CaseFilter(q=q)
    async with opened(reading):
        statement = case_rows(View.FULL).where(*queries.filtered(query, reading.today))
        await page(reading, statement, query, queries.order_of(query.sort))
    await database.close()
    return sent[-1]


async def timed(connection: asyncpg.Connection, arguments: str) -> tuple[float, float, str]:
    """Milliseconds of execution and planning, medians of several rounds after a first; and the plan, in short."""
    runs, plan = [], {}
    for _ in range(ROUNDS + 1):
        answer = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE page_of_cases ({arguments})")
        plan = orjson.loads(answer)[0]
        runs.append((plan["Execution Time"], plan["Planning Time"]))
    execution, planning = zip(*runs[1:], strict=True)
    return statistics.median(execution), statistics.median(planning), " > ".join(_nodes(plan["Plan"]))


def _literal(value: Any) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def _nodes(node: dict[str, Any]) -> Iterator[str]:
    yield f"{node['Node Type']} {node.get('Index Name', node.get('Relation Name', ''))}".strip()
    for child in node.get("Plans", []):
        yield from _nodes(child)


async def report(connection: asyncpg.Connection, url: str, words: Iterable[str]) -> None:
    print(f"{'hits':>8} {'within':8} {'ms':>8} {'planning':>9}  word: nodes of the plan")
    for word in words:
        hits = await connection.fetchval("SELECT count(*) FROM cases WHERE summary LIKE $1", f"%{word}%")
        for within, place in (("township", f"{DISTRICT[:6]}100000"), ("district", DISTRICT)):
            statement, parameters = await statement_of(url, place, word)
            arguments = ", ".join(_literal(value) for value in parameters)
            await connection.execute(f"PREPARE page_of_cases AS {statement}")
            execution, planning, plan = await timed(connection, arguments)
            await connection.execute("DEALLOCATE page_of_cases")
            missed = f" (over {TARGET} ms)" if word in NAMES and execution > TARGET else ""
            print(f"{hits:8} {within:8} {execution:8.2f} {planning:9.2f}  {word}{missed}: {plan}")


async def measure(url: str, count: int) -> None:
    connection, chance = await asyncpg.connect(url.replace("+asyncpg", "")), random.Random(7)
    try:
        await connection.execute("SET plan_cache_mode = force_custom_plan")  # as the service has it for a search
        began = time.monotonic()
        await connection.execute("DROP INDEX ix_case_texts_bigrams")
        await fill(connection, lines(range(1, count + 1), count, chance))
        print(f"{count} cases written in {time.monotonic() - began:.0f} s")
        began = time.monotonic()
        await connection.execute("CREATE INDEX ix_case_texts_bigrams ON case_texts USING gin (bigrams)")
        print(f"index built in {time.monotonic() - began:.0f} s")
        await connection.execute("VACUUM ANALYZE")
        for name in ("cases", "case_texts", "ix_case_texts_bigrams"):
            size = "SELECT pg_size_pretty(pg_total_relation_size($1::regclass))"
            print(f"{name}: {await connection.fetchval(size, name)}")
        await report(connection, url, SOUGHT)
        await connection.execute("ALTER TABLE case_texts SET (autovacuum_enabled = off)")
        await fill(connection, lines(range(count + 1, count + UNSORTED), count, chance))
        print(f"after {UNSORTED} new cases")
        await report(connection, url, NAMES)
    finally:
        await connection.close()


if __name__ == "__main__":
    with postgres.running() as running:
        databases.migrate(running.url)
        asyncio.run(measure(running.url, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
