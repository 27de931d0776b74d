"""Places: everybody reads them, the district's administrator keeps them, the operator loads them from a file."""

from datetime import date
from pathlib import Path

import pytest

from app.core.auth import OPERATOR
from app.core.unit_of_work import operate
from app.people.codes import Role
from app.places.csv_file import BadPlaces, read_places
from app.places.service import Loaded, load_places
from tests.world import DISTRICT, OTHER_DISTRICT, PLACES, TOWN, VILLAGE, World, case, created, dispute, ok, refused

DEMO = Path(__file__).parent.parent / "app" / "demo" / "places.csv"
HEAD = "code,name,level,parent,valid_from,valid_to\n"
NEW = {"code": "500114109205", "name": "示例新村", "valid_from": "2020-01-01"}


async def test_everybody_reads_the_tree_page_by_page(world: World) -> None:
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    first = await ok(grid.get("/places?limit=3&total=exact"))
    assert first["total"] == len(PLACES)
    rest = await ok(grid.get(f"/places?limit=200&cursor={first['next']}"))
    assert [p["code"] for p in first["items"] + rest["items"]] == sorted(PLACES)
    assert rest["next"] is None
    villages = await ok(grid.get(f"/places?level=village&parent={TOWN}"))
    assert [p["name"] for p in villages["items"]] == ["黄泥村", "黎水村"]
    several = await ok(grid.get("/places?level=district,township"))
    assert {p["level"] for p in several["items"]} == {"district", "township"}
    await refused(grid.get("/places?level=hamlet"), 422, "invalid-input")


async def test_one_place_by_its_code(world: World) -> None:
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    village = await ok(grid.get(f"/places/{VILLAGE}"))
    assert village == {
        "code": VILLAGE,
        "version": 1,
        "name": "黄泥村",
        "level": "village",
        "parent": TOWN,
        "valid_from": "2000-01-01",
        "valid_to": None,
    }
    for strange in ("500114109999", "50011410920", "%00", "５００１１４１０９２００", "x" * 2000):
        await refused(grid.get(f"/places/{strange}"), 404, "not-found")


async def test_only_the_districts_administrator_adds_places(world: World) -> None:
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await refused(clerk.post("/places", json=NEW), 403, "forbidden")
    made = await created(admin.post("/places", json=NEW))
    assert (made["level"], made["parent"], made["version"]) == ("village", TOWN, 1)
    again = await admin.post("/places", json=NEW)
    assert (again.status_code, again.json()) == (200, made)
    await refused(admin.post("/places", json=NEW | {"name": "示例旧村"}), 409, "place-code-taken")
    other = await world.caller(Role.DISTRICT_ADMIN, OTHER_DISTRICT)
    problem = await refused(other.post("/places", json=NEW | {"code": "500114109206"}), 422, "unknown-reference")
    assert problem["errors"][0]["pointer"] == "/code"


async def test_a_place_needs_its_parent_and_an_order_of_dates(world: World) -> None:
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    orphan = NEW | {"code": "500114777201"}
    await refused(admin.post("/places", json=orphan), 422, "unknown-reference")
    await refused(admin.post("/places", json=NEW | {"code": "500199000000"}), 422, "unknown-reference")
    await refused(admin.post("/places", json=NEW | {"valid_to": "2019-12-31"}), 422, "invalid-input")
    await refused(admin.post("/places", json=NEW | {"level": "village"}), 422, "invalid-input")
    await refused(admin.post("/places", json=NEW | {"code": "５００１１４１０９２０５"}), 422, "invalid-input")
    assert [p["code"] for p in (await ok(admin.get("/places?limit=200")))["items"]] == sorted(PLACES)


async def test_a_closed_place_takes_no_new_cases(world: World) -> None:
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await case(clerk, VILLAGE)
    await refused(admin.patch(f"/places/{VILLAGE}", json={"valid_to": "2020-02-29"}), 428, "precondition-required")
    etag = {"If-Match": '"1-full"'}
    closed = await ok(admin.patch(f"/places/{VILLAGE}", json={"valid_to": "2020-02-29"}, headers=etag))
    assert (closed["valid_to"], closed["version"]) == ("2020-02-29", 2)
    problem = await refused(clerk.post("/cases", json=dispute(VILLAGE)), 422, "unknown-reference")
    assert problem["errors"][0]["pointer"] == "/place"
    await case(clerk, VILLAGE, reported_on="2020-02-28")
    stale = await refused(
        admin.patch(f"/places/{VILLAGE}", json={"name": "黄泥"}, headers=etag), 412, "precondition-failed"
    )
    assert (stale["current_version"], stale["changed_fields"]) == (2, ["valid_to"])
    etag = {"If-Match": '"2-full"'}
    same = await ok(admin.patch(f"/places/{VILLAGE}", json={"valid_to": "2020-02-29"}, headers=etag))
    assert same["version"] == 2
    await refused(admin.patch(f"/places/{VILLAGE}", json={"name": None}, headers=etag), 422, "invalid-input")
    await refused(
        admin.patch(f"/places/{VILLAGE}", json={"valid_from": "2020-03-01"}, headers=etag),
        409,
        "place-ends-before-it-begins",
    )
    reopened = await ok(admin.patch(f"/places/{VILLAGE}", json={"valid_to": None}, headers=etag))
    assert (reopened["valid_to"], reopened["version"]) == (None, 3)


async def test_another_districts_place_cannot_be_changed(world: World) -> None:
    other = await world.caller(Role.DISTRICT_ADMIN, OTHER_DISTRICT)
    etag = {"If-Match": '"1-full"'}
    foreign = await refused(other.patch(f"/places/{VILLAGE}", json={"name": "黄泥"}, headers=etag), 404, "not-found")
    missing = await refused(other.patch("/places/500114109999", json={"name": "黄泥"}, headers=etag), 404, "not-found")
    assert foreign | {"instance": ""} == missing | {"instance": ""}


async def load(world: World, content: bytes) -> Loaded:
    async with operate(world.kernel, OPERATOR, "places") as work:
        return await load_places(work, read_places(content))


async def test_the_file_of_the_demo_is_loaded_once(world: World) -> None:
    assert await load(world, DEMO.read_bytes()) == Loaded(added=6, changed=0, unchanged=6)
    assert await load(world, DEMO.read_bytes()) == Loaded(added=0, changed=0, unchanged=12)
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    assert (await ok(grid.get("/places/500114109204")))["name"] == "长坪村"


async def test_children_may_stand_before_their_parents_and_names_may_change(world: World) -> None:
    rows = (
        "500116100201,示例村,village,500116100000,2000-01-01,\n"
        "500116100000,示例镇,township,500116000000,2000-01-01,\n"
        "500116000000,示例区,district,,2000-01-01,\n"
    )
    assert await load(world, (HEAD + rows).encode("utf-8-sig")) == Loaded(3, 0, 0)
    renamed = rows.replace(
        "示例村,village,500116100000,2000-01-01,", "改名村,village,500116100000,2000-01-01,2030-01-01"
    )
    assert await load(world, (HEAD + renamed).encode()) == Loaded(0, 1, 2)
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    place = await ok(grid.get("/places/500116100201"))
    assert (place["name"], place["valid_to"], place["version"]) == ("改名村", "2030-01-01", 2)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("5.00114E+11,示例村,village,500114109000,2000-01-01,", "12 digits"),
        ("500114109210,,village,500114109000,2000-01-01,", "1 to 100 characters"),
        ("500114109210,示例村,township,500114109000,2000-01-01,", "level should be village"),
        ("500114109210,示例村,village,500114108000,2000-01-01,", "parent should be 500114109000"),
        ("500114109210,示例村,village,500114109000,2000-02-30,", "valid_from should be a date"),
        ("500114109210,示例村,village,500114109000,2000/1/1,", "valid_from should be a date"),
        ("500114109210,示例村,village,500114109000,2000-01-02,2000-01-01", "valid_to lies before"),
        ("500114666210,示例村,village,500114666000,2000-01-01,", "the parent is neither"),
        ("500114109210,示例村,village", "parent should be 500114109000"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_mistake_in_the_file_is_told_with_its_row(world: World, row: str, words: str) -> None:
    with pytest.raises(BadPlaces, match=r"^第 3 行：.*。 Row 3: .*\.$") as told:
        await load(world, f"{HEAD}500114109211,示例乙村,village,500114109000,2000-01-01,\n{row}\n".encode())
    assert words in str(told.value)
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    await refused(grid.get("/places/500114109211"), 404, "not-found")


def test_a_file_that_is_none_is_refused_in_one_sentence() -> None:
    for content, words in [
        (b"code,name\n", "lacks the columns level"),
        (HEAD.encode(), "no place in the file"),
        ((HEAD + "500114109210,示例村").encode("gb18030"), "not UTF-8"),
        (HEAD.encode() + b"500114109210," + b"x" * 200_000, "no CSV"),
        (HEAD.encode() + b"500114109210,a\x00b,village,500114109000,2000-01-01,", "1 to 100 characters"),
        ((HEAD + "500114000000,黔江区,district,,2000-01-01,\n" * 2).encode(), "stands in row 2 too"),
    ]:
        with pytest.raises(BadPlaces, match=words):
            read_places(content)
    assert read_places(DEMO.read_bytes())[0].valid_from == date(2000, 1, 1)
