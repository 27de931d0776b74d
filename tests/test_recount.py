"""Figures and a plain recount of generated registers agree, and every figure opens into exactly its cases."""

from itertools import chain, combinations
from typing import Any
from urllib.parse import urlencode

import pytest

from app.people.codes import Role
from tests.recount import (
    DEFINITIONS,
    FIRST,
    LAST,
    PERIOD,
    PLACES_BELOW,
    Figures,
    months,
    numbers,
    recount,
    register,
    statistics,
    values_of,
)
from tests.world import DISTRICT, TOWN, VILLAGE, Caller, World, ok

DIMENSIONS = ["month", "category", "method", "source", "place", "organization"]
BREAK_DOWNS = [list(c) for c in chain.from_iterable(combinations(DIMENSIONS, n) for n in (0, 1, 2, 6))]


def members(by: list[str], place: str) -> list[tuple[Any, ...]]:
    if by == ["month"]:
        return [(month,) for month in months(FIRST, LAST)]
    return [(code,) for code in PLACES_BELOW[place]] if by == ["place"] else [()] if not by else []


def assert_same(answer: Any, figures: Figures, by: list[str], place: str) -> None:
    rows = values_of(answer, by)
    assert set(rows) == {*figures, *members(by, place)}
    for key, values in rows.items():
        assert list(values) == list(DEFINITIONS)
        for slug, value in values.items():
            numerator, denominator = figures.get(key, {}).get(slug, ((), ()))
            assert numbers(value) == (len(numerator), len(denominator)), (key, slug)


def asked_by(by: list[str]) -> dict[str, str]:
    return {"by": ",".join(by)} if by else {}


async def readers(world: World) -> list[tuple[str, Caller]]:
    """Who reads figures at a place of each level; the last sees figures alone."""
    return [
        (TOWN, await world.caller(Role.OFFICE_CLERK, TOWN)),
        (VILLAGE, await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)),
        (DISTRICT, await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)),
    ]


async def test_every_break_down_is_what_a_recount_finds(world: World) -> None:
    cases = await register(world, 1, 80)
    for place, caller in await readers(world):
        for by in BREAK_DOWNS if place == TOWN else BREAK_DOWNS[:8]:
            if place == DISTRICT and "organization" in by:
                continue  # its reader does not see the committee of a case
            answer = await statistics(caller, place=place, **PERIOD, **asked_by(by))
            assert_same(answer, recount(cases, place, FIRST, LAST, by), by, place)


async def test_break_downs_sum_to_the_total(world: World) -> None:
    """But for rates, and for a stock over months."""
    cases = await register(world, 7, 200)
    for place, caller in await readers(world):
        (total,) = (await statistics(caller, **PERIOD))["rows"]
        assert_same({"rows": [total]}, recount(cases, place, FIRST, LAST, []), [], place)
        for by in DIMENSIONS[: 5 if place == DISTRICT else 6]:
            rows = (await statistics(caller, by=by, **PERIOD))["rows"]
            for slug, value in total["values"].items():
                if (by, slug) == ("month", "open_at_end"):
                    assert rows[-1]["values"][slug]["value"] == value["value"]
                    continue
                parts = [numbers(row["values"][slug]) for row in rows]
                assert tuple(map(sum, zip(*parts, strict=True))) == numbers(value), (by, slug)


async def ids_behind(caller: Caller, link: str, **query: Any) -> list[str]:
    """All pages of the cases behind a figure."""
    ids: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await ok(caller.get(f"{link}&{urlencode({'limit': 9, **query, **cursor})}"))
        ids += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return ids
        cursor = {"cursor": page["next"]}


async def assert_opens(caller: Caller, value: dict[str, Any], both: tuple[Any, Any]) -> None:
    parts = [("numerator", both[0])] + ([("denominator", both[1])] if "denominator" in value else [])
    for (part, expected), count in zip(parts, numbers(value), strict=False):
        ids = await ids_behind(caller, value["cases"], part=part)
        assert len(ids) == count
        assert sorted(ids) == sorted(expected), value["cases"]


@pytest.mark.parametrize("by", [[], *([name] for name in DIMENSIONS), ["month", "source"], ["place", "category"]])
async def test_every_figure_opens_into_exactly_its_cases(world: World, by: list[str]) -> None:
    cases = await register(world, 11, 40)
    for place, caller in (await readers(world))[:: 1 if by in ([], ["place"]) else 3]:
        answer = await statistics(caller, **PERIOD, **asked_by(by))
        figures = recount(cases, place, FIRST, LAST, by)
        for key, values in values_of(answer, by).items():
            for slug, value in values.items():
                if len(by) < 2 or numbers(value) != (0, 0):
                    await assert_opens(caller, value, figures.get(key, {}).get(slug, ((), ())))


async def test_filters_narrow_figures_and_their_cases_alike(world: World) -> None:
    cases = await register(world, 3, 80)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    labor = {"labor", "migrant_wage_arrears"}
    referral = {"referral_police", "referral_other", "referral_labor_inspection"}
    own = str(world.organizations[VILLAGE])
    for query, chosen in (
        ({"category": "labor"}, [c for c in cases if c["category"] in labor]),
        ({"category": "labor", "exact": "category"}, [c for c in cases if c["category"] == "labor"]),
        ({"source": "referral"}, [c for c in cases if c["source"] in referral]),
        (
            {"source": "referral_other,proactive", "exact": "source"},
            [c for c in cases if c["source"] in {"referral_other", "proactive"}],
        ),
        ({"method": "none,police"}, [c for c in cases if c["method"] in {None, "police"}]),
        ({"organization_id": own}, [c for c in cases if str(c["organization_id"]) == own]),
        ({"exact": "place"}, [c for c in cases if c["place"] == TOWN]),
    ):
        for by in (["month"], ["category", "source"]):
            answer = await statistics(clerk, by=by, **query, **PERIOD)
            figures = recount(chosen, TOWN, FIRST, LAST, by)
            assert_same(answer, figures, by, TOWN)
            for key, values in list(values_of(answer, by).items())[:4]:
                await assert_opens(clerk, values["received"], figures.get(key, {}).get("received", ((), ())))
