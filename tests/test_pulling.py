"""Figures fetched by other programs: with a scope of their own, again only when a figure has changed, from pages of
other servers where that is allowed, and in the text of Prometheus."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError

from app.core.settings import Settings
from app.main import create_app
from app.people.codes import Role
from app.statistics.folding import fold
from tests.recount import DEFINITIONS, register
from tests.test_clients import come_in
from tests.test_rollups import operator
from tests.world import (
    DISTRICT,
    OTHER_TOWN,
    PLACES,
    TOWN,
    VILLAGE,
    World,
    accepted_case,
    ok,
    opened_world,
    refused,
    settled_case,
)

YEAR = {"from": "2020-01-01", "to": "2020-12-31"}
SAME_ON_BOTH = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_a_machine_with_the_scope_of_figures_sees_figures_alone(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    settled = await settled_case(clerk)
    machine = await come_in(world, ["statistics:read"], TOWN)
    (row,) = (await ok(machine.get("/statistics", params=YEAR)))["rows"]
    assert (row["values"]["received"]["value"], row["values"]["success_rate"]["percent"]) == (1, "100.00")
    await ok(machine.get("/statistics/indicators"))
    assert (await machine.get("/statistics/exposition")).status_code == 200
    for link in (row["values"]["received"]["cases"], row["values"]["received"]["cases"] + "&format=csv"):
        await refused(machine.get(link), 403, "forbidden")
    await refused(machine.get(f"/statistics/received/why/{settled['id']}", params=YEAR), 403, "forbidden")
    for path in ("/cases", f"/cases/{settled['id']}", "/places", "/audit-events"):
        await refused(machine.get(path), 403, "forbidden")
    await refused(machine.get("/statistics", params=YEAR | {"place": DISTRICT}), 422, "unknown-reference")
    lister = await come_in(world, ["statistics:read", "cases:list"], TOWN)
    (item,) = (await ok(lister.get(row["values"]["received"]["cases"])))["items"]
    assert "summary" not in item
    assert (await lister.get("/statistics/received/cases", params=YEAR | {"format": "csv"})).status_code == 200
    await refused((await come_in(world, ["cases:list"], TOWN)).get("/statistics", params=YEAR), 403, "forbidden")


async def test_the_etag_of_figures_changes_only_with_a_figure(world: World) -> None:
    clerk, viewer = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    machine = await come_in(world, ["statistics:read"], DISTRICT)
    settled = await settled_case(clerk, amount_claimed="100")
    questions = [YEAR, YEAR | {"by": "month,category"}, YEAR | {"by": "place"}]

    async def tags() -> list[str]:
        answers = [await machine.get("/statistics", params=question) for question in questions]
        return [answer.headers["etag"] for answer in answers]

    first = await tags()
    assert len(set(first)) == 3
    assert [(await viewer.get("/statistics", params=question)).headers["etag"] for question in questions] == first
    current = (await clerk.get(f"/cases/{settled['id']}")).headers["etag"]
    await ok(clerk.patch(f"/cases/{settled['id']}", json={"title": "改题"}, headers={"If-Match": current}))
    assert await tags() == first, "no figure has changed"
    async with operator(world) as work:
        assert await fold(work) > 0
    assert await tags() == first, "folding changes no figure"
    for question, tag in zip(questions, first, strict=True):
        again = await machine.get("/statistics", params=question, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        weak = await machine.get("/statistics", params=question, headers={"If-None-Match": f'"x", W/{tag}'})
        assert weak.status_code == 304
    await accepted_case(clerk)
    changed = await tags()
    assert not set(changed) & set(first)
    stale = await machine.get("/statistics", params=YEAR, headers={"If-None-Match": first[0]})
    assert (stale.status_code, stale.headers["etag"]) == (200, changed[0])


async def test_the_etag_of_figures_outlives_the_process(world: World) -> None:
    clerk, viewer = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    await settled_case(clerk)
    before = (await viewer.get("/statistics", params=YEAR)).headers["etag"]
    url = world.database.writes.url.render_as_string(hide_password=False)
    async with opened_world(url, is_new=False) as later:
        again = later.client(Authorization=f"Bearer {viewer.token}")
        assert (await again.get("/statistics", params=YEAR, headers={"If-None-Match": before})).status_code == 304


async def test_prometheus_reads_the_figures_of_each_place_below(world: World) -> None:
    await register(world, 12, 200)
    viewer = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    period = {"from": "2019-12-01", "to": "2020-03-31"}
    rows = (await ok(viewer.get("/statistics", params=period | {"by": "place"})))["rows"]
    answer = await viewer.get("/statistics/exposition", params=period, headers={"Accept": "text/plain;version=0.0.4"})
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found: dict[tuple[str, str], float] = {}
    for family in text_string_to_metric_families(answer.text):
        assert family.type == "gauge"
        assert "." in family.documentation
        for sample in family.samples:
            assert sample.labels["period"] == "2019-12-01/2020-03-31"
            found[sample.name, sample.labels["place"]] = sample.value
            assert sample.labels["name"] == PLACES[sample.labels["place"]]
    assert {row["place"] for row in rows} == {DISTRICT, TOWN, OTHER_TOWN}
    for row in rows:
        place, values = row["place"], row["values"]
        for slug in set(DEFINITIONS) - {"handling_rate", "success_rate", "agreement_rate"}:
            assert found[f"tiaojie_cases_{slug}", place] == values[slug]["value"]
        for slug in ("handling_rate", "success_rate", "agreement_rate"):
            assert found[f"tiaojie_{slug}_numerator", place] == values[slug]["numerator"]
            assert found[f"tiaojie_{slug}_denominator", place] == values[slug]["denominator"]
            assert found[f"tiaojie_{slug}", place] == float(values[slug]["value"])
    again = await viewer.get("/statistics/exposition", params=period, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_where_there_is_nothing_to_divide_by_there_is_no_rate(world: World) -> None:
    viewer = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    text = (await viewer.get("/statistics/exposition")).text
    samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
    assert {s.labels["period"] for s in samples} == {str(world.kernel.clock.now().year)}
    names = {sample.name for sample in samples}
    assert {"tiaojie_cases_received", "tiaojie_success_rate_denominator"} <= names
    assert "tiaojie_success_rate" not in names
    assert all(sample.value == 0 for sample in samples)
    for wrong in ({"from": "2020-01-01"}, {"from": "2020-02-01", "to": "2020-01-01"}, {"period": "2020"}):
        await refused(viewer.get("/statistics/exposition", params=wrong), 422, "invalid-input")
    await refused(viewer.get("/statistics/exposition", params={"place": "500115000000"}), 422, "unknown-reference")
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    await refused(grid.get("/statistics/exposition"), 403, "forbidden")


OURS, THEIRS = "https://dashboard.example.gov.cn", "https://elsewhere.example.com"


async def from_page(world: World, method: str, path: str, origin: str, *origins: str, **headers: str) -> httpx.Response:
    app = create_app(world.kernel, origins=origins)
    app.state.kernel = world.kernel
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tests") as client:
        return await client.request(method, f"/api/v1{path}", headers={"Origin": origin, **headers})


@SAME_ON_BOTH
async def test_pages_of_named_servers_read_figures_and_nothing_else(world: World) -> None:
    viewer = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    token = {"Authorization": f"Bearer {viewer.token}"}
    path = "/statistics?from=2020-01-01&to=2020-12-31"
    asking = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization,if-none-match"}
    before = await from_page(world, "OPTIONS", path, OURS, OURS, **asking)
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (200, OURS)
    assert before.headers["x-request-id"]
    read = await from_page(world, "GET", path, OURS, OURS, **token)
    assert (read.status_code, read.headers["access-control-allow-origin"]) == (200, OURS)
    assert "ETag" in read.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in read.headers
    varies = read.headers["vary"]
    assert "Origin" in varies
    assert "Authorization" in varies
    refusal = await from_page(world, "GET", path, OURS, OURS)
    assert (refusal.status_code, refusal.headers["access-control-allow-origin"]) == (401, OURS)
    for method, asked, origin, origins in (
        ("GET", path, THEIRS, [OURS]),
        ("GET", path, "null", [OURS]),
        ("GET", path, OURS, []),
        ("GET", "/cases", OURS, [OURS]),
        ("GET", "/statisticsx", OURS, [OURS]),
        ("POST", "/oauth/token", OURS, [OURS]),
    ):
        answer = await from_page(world, method, asked, origin, *origins, **token)
        assert "access-control-allow-origin" not in answer.headers, (asked, origin)
    for origin, wanted in ((THEIRS, "GET"), (OURS, "POST"), (OURS, "DELETE")):
        answer = await from_page(world, "OPTIONS", path, origin, OURS, **{"Access-Control-Request-Method": wanted})
        assert answer.status_code == 400


def test_origins_are_exact() -> None:
    assert Settings(cors_origins=f"{OURS},http://10.0.0.5:3000").origins == (OURS, "http://10.0.0.5:3000")
    assert Settings().origins == ()
    for wrong in ("*", "https://*.example.com", f"{OURS}/", "dashboard.example.gov.cn", f"{OURS}, {THEIRS}", "null"):
        with pytest.raises(ValidationError):
            Settings(cors_origins=wrong)
