"""Figures over HTTP: who gets them, what is asked and refused, and what the definitions say."""

from datetime import date

import pytest

from app.people.codes import Role
from app.statistics import tallies
from app.statistics.periods import Period
from app.statistics.values import percent, ratio
from tests.recount import PERIOD, PLACES_BELOW, numbers, register, statistics, values_of
from tests.statements import statements
from tests.world import (
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_TOWN,
    OTHER_TOWN_VILLAGE,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    World,
    accepted_case,
    agreed,
    failed,
    ok,
    refused,
    settled_case,
    started_round,
)

YEAR = {"from": "2020-01-01", "to": "2020-12-31"}


async def test_the_line_of_a_case_shows_in_the_rates(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await settled_case(clerk)
    lost = await accepted_case(clerk, OTHER_VILLAGE)
    mediation = await started_round(clerk, lost["id"], "police")
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=failed()))
    await ok(clerk.post(f"/cases/{lost['id']}/closure", json={"closed_on": "2020-04-01"}))
    await accepted_case(clerk, VILLAGE)
    answer = await statistics(clerk, **YEAR)
    assert {k: v for k, v in answer.items() if k not in {"rows", "computed_at"}} == {
        "definition_version": 2,
        "place": TOWN,
        "from": "2020-01-01",
        "to": "2020-12-31",
        "as_of": None,
    }
    (row,) = answer["rows"]
    link = f"cases?place={TOWN}&from=2020-01-01&to=2020-12-31"
    assert row["values"]["received"] == {"value": 3, "cases": f"/api/v1/statistics/received/{link}"}
    assert row["values"]["success_rate"] == {
        "numerator": 1,
        "denominator": 2,
        "value": "0.5000",
        "percent": "50.00",
        "cases": f"/api/v1/statistics/success_rate/{link}",
    }
    handling, agreement = row["values"]["handling_rate"], row["values"]["agreement_rate"]
    assert (handling["value"], handling["percent"]) == ("0.6667", "66.67")
    assert numbers(agreement) == (1, 2)
    counts = ("handled", "closed", "succeeded", "failed", "open_at_end")
    assert [row["values"][slug]["value"] for slug in counts] == [2, 2, 1, 1, 1]
    by_month = values_of(
        await statistics(clerk, by="month", indicator="received,closed,open_at_end", **YEAR), ["month"]
    )
    assert [[value["value"] for value in by_month[month,].values()] for month in ("2020-02", "2020-03", "2020-04")] == [
        [0, 0, 0],
        [3, 1, 2],
        [0, 1, 1],
    ]
    assert len(by_month) == 12


async def test_a_case_closed_after_the_period_counts_as_handled_and_succeeded_in_its_cohort(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk, reported_on="2019-12-31", on="2019-12-31")
    mediation = await started_round(clerk, accepted["id"], on="2020-01-01")
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed("2020-01-01")))

    async def figures(first: str, last: str) -> list[int]:
        (row,) = (await statistics(clerk, **{"from": first, "to": last}))["rows"]
        return [numbers(value)[0] for value in row["values"].values()]

    received_and_rates = [1, 1, 0, 0, 0, 1, 1, 1, 0]  # still open at the end of that year
    assert await figures("2019-12-31", "2019-12-31") == received_and_rates
    assert await figures("2020-01-01", "2020-01-01") == [0, 0, 1, 1, 0, 0, 0, 0, 1]
    assert await figures("2019-12-30", "2019-12-30") == [0] * 9


async def test_nothing_to_divide_by_is_null_not_zero(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    (row,) = (await statistics(clerk, indicator="success_rate", **YEAR))["rows"]
    rate = row["values"]["success_rate"]
    assert (rate["numerator"], rate["denominator"], rate["value"], rate["percent"]) == (0, 0, None, None)
    assert (await statistics(clerk, by="category", **YEAR))["rows"] == []
    rows = (await statistics(clerk, by="place", **YEAR))["rows"]
    assert [row["place"] for row in rows] == PLACES_BELOW[TOWN]


def test_rates_are_rounded_half_up() -> None:
    assert (percent(40, 41), ratio(40, 41)) == ("97.56", "0.9756")
    assert (percent(1, 800), ratio(1, 20_000)) == ("0.13", "0.0001")  # ties: 0.125 % and 0.00005
    assert (percent(0, 7), percent(7, 7), percent(0, 0), ratio(0, 0)) == ("0.00", "100.00", None, None)


def test_months_are_cut_to_the_period() -> None:
    months = Period(date(2019, 12, 31), date(2020, 3, 1)).months()
    assert {name: (cut.first, cut.last) for name, cut in months.items()} == {
        "2019-12": (date(2019, 12, 31), date(2019, 12, 31)),
        "2020-01": (date(2020, 1, 1), date(2020, 1, 31)),
        "2020-02": (date(2020, 2, 1), date(2020, 2, 29)),
        "2020-03": (date(2020, 3, 1), date(2020, 3, 1)),
    }


async def test_the_whole_range_of_dates_is_answered(world: World) -> None:
    await register(world, 5, 20)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    rows = (await statistics(clerk, by="month", **{"from": "1900-01-01", "to": "2100-12-31"}))["rows"]
    assert len(rows) == 201 * 12
    (total,) = (await statistics(clerk, **{"from": "1900-01-01", "to": "2100-12-31"}))["rows"]
    assert rows[-1]["values"]["open_at_end"]["value"] == total["values"]["open_at_end"]["value"] > 0


async def test_the_etag_is_of_the_content_alone(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    first = await clerk.get("/statistics", params=YEAR)
    again = await clerk.get("/statistics", params=YEAR)
    assert first.headers["etag"] == again.headers["etag"]
    assert first.json()["computed_at"] != again.json()["computed_at"]
    tag = {"If-None-Match": first.headers["etag"]}
    assert (await clerk.get("/statistics", params=YEAR, headers=tag)).status_code == 304
    await settled_case(clerk)
    changed = await clerk.get("/statistics", params=YEAR, headers=tag)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"to": "2020-12-31"}, "query:from"),
        ({"from": "2020-01-01"}, "query:to"),
        ({"from": "2020-02-30", "to": "2020-12-31"}, "query:from"),
        ({"from": "1899-12-31", "to": "2020-12-31"}, "query:from"),
        ({"from": "2020-12-31", "to": "2020-01-01"}, "query:"),
        (YEAR | {"place": "5001141092"}, "query:place"),
        (YEAR | {"place": "５00114109000"}, "query:place"),
        (YEAR | {"by": "weather"}, "query:by/0"),
        (YEAR | {"by": ""}, "query:by/0"),
        (YEAR | {"indicator": "received,happiness"}, "query:indicator/1"),
        (YEAR | {"category": "happiness"}, "query:category/0"),
        (YEAR | {"as_of": "2020-12-31T00:00:00"}, "query:as_of"),
        (YEAR | {"as_of": "2099-12-31T00:00:00+08:00"}, "query:as_of"),
        (YEAR | {"exact": "method"}, "query:exact/0"),
    ],
)
async def test_a_question_that_is_none_is_refused(world: World, query: dict[str, str], pointer: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    problem = await refused(clerk.get("/statistics", params=query), 422, "invalid-input")
    assert problem["errors"][0]["pointer"] == pointer
    assert "happiness" not in str(problem)


async def test_figures_are_of_ones_own_place(world: World) -> None:
    await register(world, 1, 60)
    mediator = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    assert (await statistics(mediator, **YEAR))["place"] == VILLAGE
    for caller, foreign in (
        (mediator, [TOWN, OTHER_VILLAGE, DISTRICT]),
        (await world.caller(Role.OFFICE_CLERK, TOWN), [OTHER_TOWN, OTHER_TOWN_VILLAGE, DISTRICT]),
        (await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT), [OTHER_DISTRICT, "500114109299"]),
    ):
        for place in foreign:
            for path in ("/statistics", "/statistics/received/cases"):
                query = YEAR | {"place": place}
                problem = await refused(caller.get(path, params=query), 422, "unknown-reference")
                assert problem["errors"][0]["pointer"] == "query:place"


async def test_only_those_who_read_statistics_get_them(world: World) -> None:
    for role, place in ((Role.GRID_WORKER, VILLAGE), (Role.DISTRICT_ADMIN, DISTRICT), (Role.AUDITOR, DISTRICT)):
        caller = await world.caller(role, place)
        for path in ("/statistics", "/statistics/indicators", "/statistics/received/cases"):
            query = {} if path.endswith("indicators") else YEAR
            await refused(caller.get(path, params=query), 403, "forbidden")
    for role, place in ((Role.COMMITTEE_CHAIR, VILLAGE), (Role.OFFICE_HEAD, TOWN)):
        assert (await statistics(await world.caller(role, place), **YEAR))["place"] == place


async def test_whoever_sees_figures_alone_sees_no_more_behind_them(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    viewer = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    settled = await settled_case(clerk)
    (full,) = (await ok(clerk.get("/statistics/received/cases", params=YEAR)))["items"]
    (listed,) = (await ok(clerk.get("/cases")))["items"]
    assert full == listed
    (reduced,) = (await ok(viewer.get("/statistics/received/cases", params=YEAR)))["items"]
    assert reduced["id"] == settled["id"]
    assert not {"title", "summary", "parties", "location", "organization_id"} & set(reduced)
    for query in ({"by": "organization"}, {"organization_id": str(world.organizations[TOWN])}):
        problem = await refused(viewer.get("/statistics", params=YEAR | query), 422, "invalid-input")
        assert problem["errors"][0]["code"] == "field-not-visible"


async def test_the_cases_behind_a_figure_are_a_list_like_any_other(world: World) -> None:
    await register(world, 2, 60)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    first = await ok(clerk.get("/statistics/received/cases", params=PERIOD | {"limit": 5, "total": "exact"}))
    assert len(first["items"]) == 5
    (row,) = (await statistics(clerk, indicator="received", **PERIOD))["rows"]
    assert first["total"] == row["values"]["received"]["value"]
    dates = [item["received_on"] for item in first["items"]]
    assert dates == sorted(dates)
    for path, query in (
        ("handled", {}),  # another figure
        ("received", {"category": "neighbor"}),  # another filter
    ):
        request = clerk.get(f"/statistics/{path}/cases", params=PERIOD | query | {"cursor": first["next"]})
        problem = await refused(request, 422, "invalid-input")
        assert problem["errors"][0]["code"] == "bad-cursor"
    await refused(clerk.get("/statistics/happiness/cases", params=PERIOD), 404, "not-found")
    for query in ({"part": "denominator"}, {"part": "half"}):
        problem = await refused(clerk.get("/statistics/received/cases", params=PERIOD | query), 422, "invalid-input")
        assert problem["errors"][0]["pointer"] == "query:part"


async def test_an_answer_without_end_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await register(world, 4, 60)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    monkeypatch.setattr(tallies, "MAX_ROWS", 5)
    assert len((await statistics(clerk, by="month", **PERIOD))["rows"]) == 4
    for by in ("category,source", "month,method"):
        problem = await refused(clerk.get("/statistics", params=PERIOD | {"by": by}), 422, "too-many-rows")
        assert problem["limit"] == 5


def counts(statement: str) -> bool:
    """Of the tables of cases and places."""
    return any(f"FROM {table}" in statement for table in ("cases", "counted_cases", "places"))


async def test_figures_take_one_statement_per_population(world: World) -> None:
    await register(world, 6, 60)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for query, most in (
        ({"by": "month,category,method,source,place,organization"}, 4),
        ({"by": "place"}, 4),
        ({"indicator": "received,handling_rate,success_rate"}, 2),
        ({"indicator": "agreement_rate", "by": "month"}, 2),
    ):
        with statements(which=counts) as sent:
            await statistics(clerk, **PERIOD, **query)
        assert len(sent) == most, query
    with statements(which=counts) as sent:
        page = await ok(clerk.get("/statistics/received/cases", params=PERIOD | {"limit": 50}))
    assert len(page["items"]) > 1
    assert len(sent) == 2
