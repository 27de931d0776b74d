"""All cases behind a figure as one table: the same as the list, harmless in a spreadsheet, streamed within bounds, and
visibly broken off where it breaks."""

import asyncio
import csv
import gc
import io
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, get_args

import httpx
import pytest
import uvicorn

from app.core import answers
from app.core.codes import Code
from app.core.csv_text import harmless
from app.intake.answers import CaseFigures, CaseItem
from app.people.codes import Role
from app.statistics import export_columns, exporting
from tests.recount import register
from tests.test_conflicts import relation
from tests.world import (
    DISTRICT,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    created,
    ok,
    party,
    refused,
    settled_case,
)

YEAR = {"from": "2020-01-01", "to": "2020-12-31"}
CSV = YEAR | {"format": "csv"}
PATH = "/api/v1/statistics/received/cases"
SAME_ON_BOTH = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def table(caller: Caller, slug: str = "received", language: str = "zh", **query: Any) -> list[dict[str, str]]:
    headers = {"Accept-Language": language, "Accept": "text/csv"}
    answer = await caller.get(f"/statistics/{slug}/cases", params=CSV | query, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "content-length" not in answer.headers
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 20)


@pytest.mark.usefixtures("small_pieces")
async def test_the_table_holds_the_cases_of_the_figure_in_the_order_of_the_list(world: World) -> None:
    cases = await register(world, 4, 150)
    viewer, clerk = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT), await world.caller(Role.OFFICE_CLERK, TOWN)
    period = {"from": "2019-12-01", "to": "2020-03-31"}
    for caller, slug, query in (
        (viewer, "received", {}),
        (viewer, "success_rate", {"part": "denominator", "category": "labor"}),
        (clerk, "closed", {"source": "referral", "place": VILLAGE}),
        (clerk, "received", {"method": "lawyer", "exact": "place"}),
    ):
        listed: list[str] = []
        asked = period | query | {"limit": "200"}
        while True:
            answer = await ok(caller.get(f"/statistics/{slug}/cases", params=asked))
            listed += [item["id"] for item in answer["items"]]
            if answer["next"] is None:
                break
            asked["cursor"] = answer["next"]
        assert [row["案件标识"] for row in await table(caller, slug, **period, **query)] == listed
        figure = (
            await ok(caller.get("/statistics", params=period | query | {"indicator": slug}))
            if "part" not in query
            else None
        )
        assert figure is None or figure["rows"][0]["values"][slug]["value"] == len(listed)
    assert sum(1 for case in cases if case["accepted_on"]) > len(await table(viewer, **period)) > 60


async def test_each_reader_gets_the_fields_of_the_own_view(world: World) -> None:
    clerk, viewer = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    await settled_case(clerk, title="屋檐滴水", special_groups=["left_behind", "elderly"], amount_claimed="1200.50")
    (whole,) = await table(clerk)
    assert (whole["标题"], whole["特殊人群代码"], whole["涉及金额（元）"]) == (
        "屋檐滴水",
        "left_behind、elderly",
        "1200.50",
    )
    assert whole["当事人"] == "张某甲（申请人）、张某乙（被申请人）"
    assert (whole["地区代码"], whole["地区"], whole["状态代码"], whole["状态"]) == (
        VILLAGE,
        "黄泥村",
        "closed_success",
        "调解成功结案",
    )
    assert (whole["受理日期"], whole["办结日期"], whole["涉家庭暴力"]) == ("2020-03-02", "2020-03-05", "否")
    (figures,) = await table(viewer)
    assert set(figures) < set(whole)
    assert "屋檐" not in str(figures)
    assert "张某" not in str(figures)
    (english,) = await table(viewer, language="en")
    assert list(english)[:5] == ["Id", "Version", "Number", "Status code", "Status"]
    assert english["Category"] == "Neighbour disputes" or english["Category code"] == "neighbor"


async def test_what_a_reader_may_not_see_is_not_in_the_table(world: World) -> None:
    village, clerk = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE), await world.caller(Role.OFFICE_CLERK, TOWN)
    hidden, seen = await accepted_case(village), await accepted_case(village)
    elsewhere = await accepted_case(clerk, OTHER_VILLAGE)
    await created(clerk.post(f"/cases/{hidden['id']}/conflicts", json=relation(village)))
    assert [row["案件标识"] for row in await table(village)] == [seen["id"]]
    assert {row["案件标识"] for row in await table(clerk)} == {hidden["id"], seen["id"], elsewhere["id"]}
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    await refused(grid.get("/statistics/received/cases", params=CSV), 403, "forbidden")
    await refused(village.get("/statistics/received/cases", params=CSV | {"place": TOWN}), 422, "unknown-reference")
    for name, value in (("limit", "10"), ("total", "exact"), ("format", "xml")):
        await refused(clerk.get("/statistics/received/cases", params=CSV | {name: value}), 422, "invalid-input")
    await refused(clerk.get("/statistics/patrol_count/cases", params=CSV), 404, "not-found")
    assert await table(clerk, **{"from": "2019-01-01", "to": "2019-12-31"}) == []


HARMLESS = ["院坝 = 院子", "2020-03-01", 5, None]
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\ufeff=1", "\n=1"]


async def test_no_cell_is_a_formula(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for text in ("=HYPERLINK(1)", "-2+3", "＝cmd", "@x"):
        await accepted_case(clerk, title=text, summary=text, parties=[party(name=text), party("respondent", text)])
    rows = await table(clerk)
    assert {row["标题"][0] for row in rows} == {"'"}
    assert all(not str(cell).startswith(("=", "+", "-", "@", "＝")) for row in rows for cell in row.values())
    assert [harmless(text) for text in HOSTILE] == [f"'{text}" for text in HOSTILE]
    assert [harmless(value) for value in ("院坝 = 院子", "2020-03-01", 5, None)] == [
        "院坝 = 院子",
        "2020-03-01",
        5,
        None,
    ]


def test_every_field_of_a_case_has_its_column() -> None:
    assert set(export_columns._HEADS) == set(CaseItem.__annotations__)
    assert set(export_columns.OF_FIGURES) == set(CaseFigures.__annotations__)
    coded = {
        name
        for name, kind in CaseItem.__annotations__.items()
        if any(isinstance(one, type) and issubclass(one, Code) for one in [kind, *get_args(kind)])
    }
    assert coded == set(export_columns._CODES)


Send = Callable[[Any], Awaitable[None]]


async def drive(world: World, caller: Caller, send: Send) -> None:
    """The request as a server makes it, answered piece by piece."""
    query = "&".join(f"{name}={value}" for name, value in CSV.items()) + "&from=2019-11-01"
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": "GET",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": query.replace("from=2020-01-01&", "").encode(),
        "headers": [(b"authorization", f"Bearer {caller.token}".encode())],
        "client": ("127.0.0.1", 5),
        "server": ("tests", 80),
        "scheme": "http",
        "root_path": "",
        "state": {},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    await world.app(scope, receive, send)


def is_idle(world: World) -> bool:
    pool: Any = world.database.reads.pool
    return not world.kernel.streams and pool.checkedout() == 0


class Taken:
    """What a client has got."""

    def __init__(self) -> None:
        self.status, self.pieces, self.is_whole = 0, list[bytes](), False

    async def __call__(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        if message["type"] == "http.response.body":
            if message["body"]:
                self.pieces.append(message["body"])
            self.is_whole = not message.get("more_body")

    @property
    def rows(self) -> int:
        return b"".join(self.pieces).count(b"\r\n") - 1


@pytest.mark.usefixtures("small_pieces")
async def test_all_of_a_table_is_of_one_moment(world: World) -> None:
    await register(world, 5, 120)
    viewer, clerk = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT), await world.caller(Role.OFFICE_CLERK, TOWN)
    before, taken = len(await table(viewer, **{"from": "2019-11-01"})), Taken()

    async def send(message: dict[str, Any]) -> None:
        await taken(message)
        if len(taken.pieces) == 2:
            await accepted_case(clerk)

    await drive(world, viewer, send)
    assert (taken.rows, taken.is_whole) == (before, True)
    assert len(taken.pieces) > 3
    assert len(await table(viewer, **{"from": "2019-11-01"})) > before
    assert is_idle(world)


@pytest.mark.usefixtures("small_pieces")
async def test_a_stream_that_breaks_has_no_end_and_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register(world, 6, 120)
    viewer, taken, whole = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT), Taken(), exporting._cases

    async def gone(message: dict[str, Any]) -> None:
        await taken(message)
        if len(taken.pieces) == 2:
            raise OSError

    await drive(world, viewer, gone)
    assert (taken.status, taken.is_whole) == (200, False)
    await asyncio.sleep(0)
    assert is_idle(world)

    async def failing(own: Any, ids: Any) -> Any:
        if len(taken.pieces) == 2:
            raise RuntimeError("what was never foreseen")
        return await whole(own, ids)

    taken = Taken()
    monkeypatch.setattr(exporting, "_cases", failing)
    await drive(world, viewer, taken)
    assert (taken.status, len(taken.pieces), taken.is_whole) == (200, 2, False)
    assert is_idle(world)


@pytest.mark.usefixtures("small_pieces")
async def test_who_takes_nothing_is_left_and_who_asks_twice_waits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register(world, 7, 120)
    viewer, stalled = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT), asyncio.Event()
    monkeypatch.setattr(answers, "STALL_SECONDS", 1)

    async def stalling(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            stalled.set()
            await asyncio.Event().wait()

    running = asyncio.ensure_future(drive(world, viewer, stalling))
    await stalled.wait()
    answer = await viewer.get("/statistics/received/cases", params=CSV)
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (429, "export-running", "30")
    await asyncio.wait_for(running, 10)
    assert is_idle(world)
    assert await table(viewer)


async def test_a_client_over_the_wire_sees_that_it_was_broken_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register(world, 8, 120)
    viewer, whole, pieces = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT), exporting._cases, list[Any]()

    async def failing(own: Any, ids: Any) -> Any:
        pieces.append(ids)
        if len(pieces) == 3:
            raise RuntimeError("what was never foreseen")
        return await whole(own, ids)

    monkeypatch.setattr(exporting, "AT_ONCE", 20)
    server = uvicorn.Server(uvicorn.Config(world.app, port=0, log_config=None, access_log=False, lifespan="off"))
    serving = asyncio.ensure_future(server.serve())
    while not server.started:  # noqa: ASYNC110 it has no event to wait for
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    headers = {"Authorization": f"Bearer {viewer.token}"}
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
            answer = await client.get(PATH, params=CSV)
            assert (answer.status_code, answer.headers["transfer-encoding"]) == (200, "chunked")
            monkeypatch.setattr(exporting, "_cases", failing)
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get(PATH, params=CSV)
    finally:
        server.should_exit = True
        with suppress(SystemExit):
            await serving
    assert is_idle(world)


async def test_a_long_table_takes_no_more_memory_than_a_short_one(world: World) -> None:
    viewer = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    peaks = []
    for size in (700, 4300):
        await register(world, size, size)
        taken = Taken()
        await drive(world, viewer, taken)  # statements are built and kept
        rows, taken = taken.rows, Measured()
        tracemalloc.start()
        try:
            await drive(world, viewer, taken)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
        assert taken.size > 100 * rows
    assert rows > 2800
    assert peaks[1] < 1.3 * peaks[0], peaks


class Measured(Taken):
    """Counts what it gets and keeps none of it."""

    size = 0

    async def __call__(self, message: dict[str, Any]) -> None:
        self.size += len(message.get("body", b""))
        gc.collect()  # which the tests put off: what is in a circle would pile up
