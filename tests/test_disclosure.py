"""What the public is told, held against a reader who solves it: every count that is left out could be another."""

import base64
import hashlib
import itertools
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from app.people.codes import Role
from app.places.models import Place
from app.statistics.disclosure import NONE, Grid, added, hidden_parts, is_tellable
from app.statistics.public_figures import DistrictYear
from tests.recount import register
from tests.signing import wait
from tests.world import DISTRICT, OTHER_TOWN, PLACES, TOWN, VILLAGE, World, ok, operating, refused, settled_case

ROWS, CATEGORIES, METHODS = ("t1", "t2", "t3"), ("a", "b", "c"), ("x", "y", "z")


@st.composite
def registers(draw: Any) -> list[Any]:
    """A few cases anywhere, and more of them in some places and categories, so that much can be told: at most 24."""
    chance = random.Random(draw(st.integers(0, 10**9)))
    few = [
        _case(chance, chance.choice(ROWS), chance.choice(CATEGORIES), (0, 0, 1, 2)) for _ in range(chance.randint(0, 6))
    ]
    kinds = chance.choice([(0,), (0, 0, 1)])
    for row, name in itertools.product(ROWS, CATEGORIES):
        if chance.random() < 0.6:
            few += [_case(chance, row, name, kinds) for _ in range(chance.choice([1, 3, 4]))]
    return few[:24]


def _case(chance: random.Random, row: str, name: str, kinds: tuple[int, ...]) -> tuple[str, str, str, int]:
    return row, name, chance.choice(METHODS[:2]), chance.choice(kinds)


def year_of(cases: list[Any], least: int = 3) -> DistrictYear:
    by: list[dict[Any, Any]] = [defaultdict(lambda: [0, 0, 0]), defaultdict(lambda: [0, 0, 0])]
    totals: dict[Any, Any] = {row: [0, 0, 0] for row in ROWS}
    for row, category, method, kind in cases:
        for counts in (by[0][row, category], by[1][row, method], totals[row]):
            counts[kind] += 1
    categories, methods = ({cell: tuple(kinds) for cell, kinds in cells.items()} for cells in by)
    sums = {row: tuple(kinds) for row, kinds in totals.items()}
    places = hidden_parts(sums, least)
    return DistrictYear(
        sums,
        not is_tellable(added(sums.values()), least),
        places,
        Grid(categories, ROWS, CATEGORIES, places, least),
        Grid(methods, ROWS, METHODS, places, least),
    )


def splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in splits(total - first, parts - 1):
            yield (first, *rest)


def grids(grid: Grid, kind: int, rows: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every grid of one kind that has these sums of rows, and shows what is shown."""
    told = {cell: grid.of(*cell)[kind] for cell in itertools.product(grid.rows, grid.names) if cell not in grid.hidden}
    sums = {name: kinds[kind] for name, kinds in grid.sums().items() if name not in grid.columns}

    def row_choices(index: int) -> list[tuple[int, ...]]:
        row = grid.rows[index]
        known = [told.get((row, name)) for name in grid.names]
        free = [i for i, value in enumerate(known) if value is None]
        left = rows[index] - sum(value for value in known if value is not None)
        if left < 0 or (left and not free):
            return []
        choices = []
        for split in splits(left, len(free)) if free else [()]:
            values = [value or 0 for value in known]
            for position, value in zip(free, split, strict=True):
                values[position] = value
            choices.append(tuple(values))
        return choices

    def down(index: int, so_far: tuple[int, ...], above: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if index == len(grid.rows):
            if all(so_far[i] == sums.get(name, so_far[i]) for i, name in enumerate(grid.names)):
                yield above
            return
        for values in row_choices(index):
            reached = tuple(one + more for one, more in zip(so_far, values, strict=True))
            if all(reached[i] <= sums.get(name, reached[i]) for i, name in enumerate(grid.names)):
                yield from down(index + 1, reached, above + values)

    yield from down(0, (0,) * len(grid.names), ())


def possible(year: DistrictYear, kind: int) -> list[set[int]]:
    """What each cell of the district's tables can be, for a reader who knows all that is told: places, then categories
    by place, then methods by place; by the last two the sums of columns too."""
    total = sum(kinds[kind] for kinds in year.totals.values())
    found: dict[int, set[int]] = defaultdict(set)
    for rows in splits(total, len(ROWS)):
        if any(rows[i] != year.totals[row][kind] for i, row in enumerate(ROWS) if row not in year.places):
            continue
        ways = [list(grids(grid, kind, rows)) for grid in (year.categories, year.methods)]
        if not all(ways):
            continue
        offset = len(rows)
        for i, value in enumerate(rows):
            found[i].add(value)
        for way in ways:
            for values in way:
                sums = tuple(sum(values[i::3]) for i in range(3))
                for i, value in enumerate((*values, *sums)):
                    found[offset + i].add(value)
            offset += 12
    return [found[i] for i in range(len(found))]


def hidden_of(year: DistrictYear) -> list[Any]:
    """In the order of `possible`: the true kinds of what is left out, None where it is told."""
    told: list[Any] = [kinds if row in year.places else None for row, kinds in year.totals.items()]
    for grid in (year.categories, year.methods):
        told += [grid.of(*cell) if cell in grid.hidden else None for cell in itertools.product(grid.rows, grid.names)]
        told += [kinds if name in grid.columns else None for name, kinds in grid.sums().items()]
    return told


def attack(year: DistrictYear) -> int:
    """How many counts were left out; none can be told, but by zeros."""
    if year.hides_all:
        return 0
    worlds = [possible(year, kind) for kind in range(3)]
    for position, kinds in enumerate(hidden_of(year)):
        if kinds is None:
            continue
        succeeded, handled, received = (list(itertools.accumulate(kinds))[i] for i in range(3))
        for reach, figure in ((1, succeeded), (2, handled), (3, received)):
            is_open = any(len(worlds[kind][position]) > 1 for kind in range(reach))
            assert is_open or figure == 0, (position, kinds)
    return sum(kinds is not None for kinds in hidden_of(year))


@given(registers())
@settings(max_examples=40, deadline=None)
def test_whoever_solves_the_tables_learns_no_count_that_was_left_out(cases: list[Any]) -> None:
    attack(year_of(cases))


@given(registers())
@settings(max_examples=150, deadline=None)
def test_nothing_small_is_told_and_nothing_small_is_left_of_a_sum(cases: list[Any]) -> None:
    year = year_of(cases)
    if year.hides_all:
        return
    rest = [added(year.totals[row] for row in year.places)]
    for grid in (year.categories, year.methods):
        for row, name in itertools.product(grid.rows, grid.names):
            assert (row, name) in grid.hidden or is_tellable(grid.of(row, name), 3)
        rest.append(added(kinds for name, kinds in grid.sums().items() if name in grid.columns))
        shown = [[(row, name) for name in grid.names] for row in grid.rows if row not in grid.places]
        shown += [[(row, name) for row in grid.rows] for name in grid.names if name not in grid.columns]
        rest += [added(grid.of(*cell) for cell in line if cell in grid.hidden) for line in shown]
    assert all(is_tellable(kinds, 3) for kinds in rest)


def test_the_reader_of_these_tests_finds_what_is_badly_hidden() -> None:
    """A small cell alone in its row and column is worked out: the attack says so, and a grid leaves none so."""
    cases = [("t1", "a", "x", 0)] * 2 + [(t, f, "x", 0) for t in ROWS for f in CATEGORIES for _ in range(4)]
    cases = [case for case in cases if case[:2] != ("t1", "a")] + [("t1", "a", "x", 0)] * 2
    year = year_of(cases)
    assert len(year.categories.hidden) == 4
    assert attack(year) == 4
    year.categories.hidden = {("t1", "a")}
    try:
        attack(year)
    except AssertionError:
        return
    raise AssertionError("the attack does not see it")


def test_most_of_a_large_district_is_told() -> None:
    sizes = {row: 40 * (n + 1) for n, row in enumerate(ROWS)}
    cases = [
        (row, CATEGORIES[i % 3], METHODS[i % 2], 0 if i % 5 else 1) for row, size in sizes.items() for i in range(size)
    ]
    year = year_of([*cases, ("t1", "a", "x", 1)])
    assert (year.places, year.categories.columns, year.methods.columns) == (set(), set(), set())
    assert Counter(cell in year.categories.hidden for cell in itertools.product(ROWS, CATEGORIES))[False] >= 5
    assert Grid({}, ROWS, CATEGORIES, set(), 3).hidden == set()
    assert year.categories.of("t9", "a") == NONE


async def publishing(world: World, path: str = "/public/statistics", **query: Any) -> Any:
    return await ok(world.client().get(path, params=query))


async def test_the_public_sees_the_tables_of_past_years_without_signing_in(world: World) -> None:
    cases = await register(world, 21, 400)
    wait(world, days=100)  # they are recorded now, and the public is told what was known when the quarter began
    told = await publishing(world, year="2020")
    assert (told["place"], told["name"], told["minimum"]) == (DISTRICT, PLACES[DISTRICT], 3)
    assert [place["code"] for place in told["places"]] == [DISTRICT, OTHER_TOWN, TOWN]
    counted = [
        c
        for c in cases
        if c["accepted_on"] and c["accepted_on"].year == 2020 and c["status"] not in {"merged", "voided"}
    ]
    handled = [case for case in counted if case["mediated_on"] or case["closed_on"]]
    succeeded = [case for case in handled if case["outcome"] == "success"]
    figures = told["total"]
    assert (figures["received"], figures["handled"], figures["succeeded"]) == (
        len(counted),
        len(handled),
        len(succeeded),
    )
    assert figures["success_percent"] == f"{100 * len(succeeded) / len(handled):.2f}"
    labor = next(row for row in told["by_category"] if row["code"] == "labor")
    assert labor["received"] == sum(case["category"] in {"labor", "migrant_wage_arrears"} for case in counted)
    for row in [*told["by_category"], *told["by_method"], *told["by_place"]]:
        assert (
            row["is_hidden"] == (row["received"] is None) == (row["success_percent"] is None and row["handled"] is None)
        )
    town = await publishing(world, year="2020", place=TOWN)
    (seen,) = [row for row in told["by_place"] if row["code"] == TOWN]
    assert {name: seen[name] for name in town["total"]} == town["total"]
    assert town["by_place"] == []
    tag = (await world.client().get("/public/statistics", params={"year": "2020"})).headers["etag"]
    again = await world.client().get("/public/statistics", params={"year": "2020"}, headers={"If-None-Match": tag})
    assert again.status_code == 304


async def test_small_counts_are_told_nobody(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for _ in range(2):
        await settled_case(clerk)
    wait(world, days=100)
    told = await publishing(world, year="2020")
    assert told["total"] == {
        "is_hidden": True,
        **dict.fromkeys(("received", "handled", "succeeded", "handling_percent", "success_percent")),
    }
    assert (told["by_category"], told["by_method"]) == ([], [])
    assert all(row["is_hidden"] for row in told["by_place"])


async def test_a_case_of_today_is_told_in_the_next_quarter(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for _ in range(4):
        await settled_case(clerk)
    assert (await publishing(world, year="2020"))["total"]["received"] == 0
    wait(world, days=100)
    assert (await publishing(world, year="2020"))["total"]["received"] == 4


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_is_not_published_is_not_there(world: World) -> None:
    visitor, this_year = world.client(), world.kernel.clock.now().year
    for place in (VILLAGE, "500114999000", "500199000000"):
        await refused(visitor.get("/public/statistics", params={"place": place}), 422, "unknown-reference")
    for name, value in (("year", str(this_year)), ("year", "1900"), ("by", "category"), ("category", "labor")):
        await refused(visitor.get("/public/statistics", params={name: value}), 422, "invalid-input")
    world.app.state.kernel = replace(world.kernel, public_minimum=None)
    await refused(visitor.get("/public/statistics"), 404, "not-found")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(world.app), base_url="http://tests") as browser:
        assert (await browser.get("/public")).status_code == 404


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_page_shows_the_tables_in_both_languages_without_a_script(world: World) -> None:
    async with operating(world) as work:
        await work.session.execute(update(Place).where(Place.code == OTHER_TOWN).values(name="<b>镇</b>"))
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for _ in range(4):
        await settled_case(clerk)
    wait(world, days=100)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(world.app), base_url="http://tests") as browser:
        zh = await browser.get("/public", params={"year": "2020"}, headers={"Accept-Language": "zh-CN"})
        en = await browser.get("/public", params={"year": "2020", "lang": "en"}, headers={"Accept-Language": "zh-CN"})
        wrong = await browser.get("/public", params={"lang": "fr"})
    assert (zh.status_code, zh.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = zh.headers["content-security-policy"]
    (style,) = re.findall("<style>(.*)</style>", zh.text, re.DOTALL)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy
    assert "<script" not in zh.text
    assert "<b>" not in zh.text
    assert "邻里纠纷" in zh.text
    assert "100.00%" in zh.text
    assert "黔江区本级" in zh.text
    assert '<html lang="en">' in en.text
    assert "Success rate" in en.text
    assert wrong.status_code == 422
