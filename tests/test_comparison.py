"""Two periods side by side: which is compared with which, how the change is counted, and that both are recounted."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from app.people.codes import Role
from app.statistics.comparing import change
from app.statistics.comparison_codes import ComparedWith
from app.statistics.indicators import REGISTRY
from app.statistics.periods import Period
from tests.recount import DEFINITIONS, numbers, recount, register
from tests.world import DISTRICT, OTHER_TOWN, TOWN, Caller, World, ok, refused

COMPARISON = "/statistics/comparison"


@pytest.mark.parametrize(
    ("period", "year_before", "period_before"),
    [
        ("2020-01-01 2020-12-31", "2019-01-01 2019-12-31", "2019-01-01 2019-12-31"),
        ("2020-03-01 2020-03-31", "2019-03-01 2019-03-31", "2020-02-01 2020-02-29"),
        ("2020-02-01 2020-02-29", "2019-02-01 2019-02-28", "2020-01-01 2020-01-31"),
        ("2021-02-01 2021-02-28", "2020-02-01 2020-02-29", "2021-01-01 2021-01-31"),
        ("2020-04-01 2020-06-30", "2019-04-01 2019-06-30", "2020-01-01 2020-03-31"),
        ("2020-01-01 2020-01-31", "2019-01-01 2019-01-31", "2019-12-01 2019-12-31"),
        ("2019-11-21 2019-12-20", "2018-11-21 2018-12-20", "2019-10-21 2019-11-20"),
        ("2020-11-01 2021-10-31", "2019-11-01 2020-10-31", "2019-11-01 2020-10-31"),
        ("2020-02-29 2020-02-29", "2019-02-28 2019-02-28", "2020-02-28 2020-02-28"),
        ("2020-03-02 2020-03-08", "2019-03-02 2019-03-08", "2020-02-24 2020-03-01"),
    ],
)
def test_which_period_stands_beside_which(period: str, year_before: str, period_before: str) -> None:
    asked = Period(*map(date.fromisoformat, period.split()))
    for compared_with, expected in zip(ComparedWith, (year_before, period_before), strict=True):
        assert compared_with.of(asked) == Period(*map(date.fromisoformat, expected.split()))


def count(value: int) -> Any:
    return {"value": value, "cases": ""}


def rate(numerator: int, denominator: int) -> Any:
    return {"numerator": numerator, "denominator": denominator, "value": None, "percent": None, "cases": ""}


@pytest.mark.parametrize(
    ("slug", "now", "then", "expected"),
    [
        ("received", count(869), count(1028), {"difference": "-159", "change_percent": "-15.47"}),
        ("received", count(869), count(840), {"difference": "29", "change_percent": "3.45"}),
        ("received", count(3), count(0), {"difference": "3", "change_percent": None}),
        ("received", count(0), count(0), {"difference": "0", "change_percent": None}),
        ("received", None, count(4), {"difference": "-4", "change_percent": "-100.00"}),
        ("success_rate", rate(40, 41), rate(39, 41), {"percentage_points": "2.44"}),
        ("success_rate", rate(39999, 40000), rate(1, 1), {"percentage_points": "0.00"}),
        ("success_rate", rate(40, 41), rate(0, 0), {"percentage_points": None}),
        ("average_days", rate(10, 3), rate(3, 1), {"difference": "0.33", "change_percent": "11.11"}),
        ("median_days", {"value": "2.5"}, {"value": None}, {"difference": None, "change_percent": None}),
        (
            "agreement_amount",
            {"value": "0.1205"},
            {"value": "0.12"},
            {"difference": "0.0005", "change_percent": "0.42"},
        ),
    ],
)
def test_how_a_change_is_counted(slug: str, now: Any, then: Any, expected: dict[str, Any]) -> None:
    assert change(REGISTRY[slug], now, then) == {"now": now, "then": then, **expected}


async def comparison(caller: Caller, **query: Any) -> Any:
    return await ok(caller.get(COMPARISON, params={"indicator": ",".join(DEFINITIONS)} | query))


@pytest.mark.parametrize("by", [[], ["category"], ["place"], ["month"], ["month", "source"]])
async def test_both_periods_are_what_a_recount_finds(world: World, by: list[str]) -> None:
    cases = await register(world, 5, 120)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    asked = {"from": "2020-01-01", "to": "2020-02-29", "with": "previous_period"}
    answer = await comparison(clerk, **asked, **({"by": ",".join(by)} if by else {}))
    assert answer["then"] == {"from": "2019-11-01", "to": "2019-12-31"}
    months = {"2020-01": "2019-11", "2020-02": "2019-12"}
    now = recount(cases, TOWN, date(2020, 1, 1), date(2020, 2, 29), by)
    then = recount(cases, TOWN, date(2019, 11, 1), date(2019, 12, 31), by)
    rows = {tuple(row[name] for name in by): row["values"] for row in answer["rows"]}
    assert len(rows) == len(answer["rows"]) > 0
    assert {*now} <= {*rows}
    assert {*then} <= {tuple(months.get(name, name) for name in key) for key in rows}
    for key, values in rows.items():
        for slug, value in values.items():
            for side, found, place in (("now", now, key), ("then", then, tuple(months.get(k, k) for k in key))):
                expected = tuple(len(ids) for ids in found.get(place, {}).get(slug, ((), ())))
                assert (numbers(value[side]) if value[side] else (0, 0)) == expected, (key, slug, side)


async def test_the_answer_has_an_etag_and_keeps_to_the_snapshot_of_as_of(world: World) -> None:
    await register(world, 5, 20)
    viewer = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    asked = {"from": "2020-01-01", "to": "2020-02-29", "with": "previous_year"}
    reply = await viewer.get(COMPARISON, params=asked)
    tag = {"If-None-Match": reply.headers["etag"]}
    assert (await viewer.get(COMPARISON, params=asked, headers=tag)).status_code == 304
    (row,) = (await comparison(viewer, **asked, as_of="2020-03-01T00:00:00Z"))["rows"]
    assert (row["values"]["received"]["now"]["value"], row["values"]["received"]["difference"]) == (0, "0")


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"with": "previous_year", "from": "2090-01-01", "to": "2090-01-31"}, "query:from", "period-not-begun"),
        ({"with": "previous_week"}, "query:with", "unknown-code"),
        ({}, "query:with", "required"),
        ({"with": "previous_year", "from": "2020-05-01"}, "query:", "reversed-period"),
        ({"with": "previous_period", "by": "month", "to": "2020-01-20"}, "query:by", "months-do-not-match"),
    ],
)
async def test_what_cannot_be_compared(world: World, query: dict[str, str], pointer: str, code: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    asked = {"from": "2020-01-01", "to": "2020-02-29"} | query
    problem = await refused(clerk.get(COMPARISON, params=asked), 422, "invalid-input")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]
    foreign = asked | {"with": "previous_year", "from": "2020-01-01", "to": "2020-02-29", "place": OTHER_TOWN}
    await refused(clerk.get(COMPARISON, params=foreign), 422, "unknown-reference")


async def test_figures_as_csv_in_the_readers_language(world: World) -> None:
    await register(world, 5, 60)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    asked = {"from": "2020-01-01", "to": "2020-02-29", "by": "category,month", "indicator": "received,success_rate"}
    figures = await ok(clerk.get("/statistics", params=asked))
    reply = await clerk.get("/statistics", params=asked | {"format": "csv"})
    heads, *rows = lines_of(reply)
    assert heads == [
        "纠纷类别",
        "纠纷类别 名称",
        "月份",
        "受理数 (件)",
        "调处成功率 分子",
        "调处成功率 分母",
        "调处成功率 (%)",
    ]
    expected = []
    for row in figures["rows"]:
        received, success = row["values"]["received"], row["values"]["success_rate"]
        numbers_of = [received["value"], success["numerator"], success["denominator"], success["percent"] or ""]
        expected.append([row["category"], row["month"], *map(str, numbers_of)])
    assert [[row[0], *row[2:]] for row in rows] == expected
    assert {"neighbor": "邻里纠纷"}.items() <= dict(row[:2] for row in rows).items()
    english = await clerk.get("/statistics", params=asked, headers={"Accept": "text/csv", "Accept-Language": "en"})
    assert lines_of(english)[0][:4] == ["Category", "Category name", "Month", "Received (Cases)"]
    assert english.headers["etag"] != reply.headers["etag"]
    known = await clerk.get(
        "/statistics", params=asked | {"format": "csv"}, headers={"If-None-Match": reply.headers["etag"]}
    )
    assert known.status_code == 304
    by_place = lines_of(await clerk.get("/statistics", params=asked | {"by": "place", "format": "csv"}))
    assert by_place[1][:2] == [TOWN, "黎水镇"]
    nothing = {"from": "1999-01-01", "to": "1999-01-02", "format": "csv"}
    assert len(lines_of(await clerk.get("/statistics", params=asked | nothing))) == 1


def lines_of(reply: Any) -> list[list[str]]:
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
