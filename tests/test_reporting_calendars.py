"""Reporting years as data: their months tile time, cut off at an instant in Shanghai; a district may keep its own."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.calendar.codes import ReportingPeriodKind
from app.calendar.reporting_periods import ReportingPeriod, ReportingRule, periods_of
from app.people.codes import Role
from tests.samples import REPORTING
from tests.world import DISTRICT, OTHER_DISTRICT, TOWN, World, created, ok, refused

RULES = st.builds(
    ReportingRule,
    first_month=st.integers(1, 12),
    cut_off_day=st.none() | st.integers(1, 28),
    cut_off_time=st.sampled_from(["24:00", "00:00", "17:30"]),
    submit_days=st.integers(0, 60),
)
LENGTHS = {"month": 12, "quarter": 4, "half_year": 2, "year": 1}


def of(kind: str, periods: list[ReportingPeriod]) -> list[ReportingPeriod]:
    return [period for period in periods if period.kind == kind]


@given(RULES, st.integers(1901, 2100))
def test_periods_of_each_kind_tile_the_years(rule: ReportingRule, year: int) -> None:
    this, following = periods_of(rule, year), periods_of(rule, year + 1)
    whole = of("year", this)[0]
    for kind, number in LENGTHS.items():
        periods = of(kind, this)
        assert len(periods) == len({period.name for period in periods}) == number
        assert (periods[0].first, periods[-1].last) == (whole.first, whole.last)
        for before, after in pairwise([*periods, of(kind, following)[0]]):
            assert after.first == before.last + timedelta(days=1)
            assert before.first <= before.last
    assert sum((period.last - period.first).days + 1 for period in of("month", this)) in {365, 366}
    assert set(ReportingPeriodKind) == set(LENGTHS)


@given(RULES, st.integers(1993, 2100))  # since when Shanghai has been eight hours ahead all year
def test_a_cut_off_is_an_instant_of_the_last_day_in_shanghai(rule: ReportingRule, year: int) -> None:
    for period in periods_of(rule, year):
        local = period.cut_off_at + timedelta(hours=8)
        assert timedelta(0) <= local.replace(tzinfo=None) - datetime.combine(period.last, datetime.min.time())
        assert local.replace(tzinfo=None) <= datetime.combine(period.last, datetime.min.time()) + timedelta(days=1)
        assert period.submit_by == period.last + timedelta(days=rule.submit_days)


def span(period: ReportingPeriod) -> tuple[str, date, date]:
    return period.name, period.first, period.last


def test_the_calendars_of_practice() -> None:
    calendar_year = periods_of(ReportingRule(1, None, "24:00", 5), 2020)
    assert span(of("month", calendar_year)[1]) == ("2020-02", date(2020, 2, 1), date(2020, 2, 29))
    assert of("year", calendar_year)[0].cut_off_at == datetime(2020, 12, 31, 16, tzinfo=UTC)
    judicial = periods_of(ReportingRule(11, None, "24:00", 5), 2020)
    assert span(of("half_year", judicial)[0]) == ("2020-H1", date(2019, 11, 1), date(2020, 4, 30))
    assert span(of("year", judicial)[0]) == ("2020", date(2019, 11, 1), date(2020, 10, 31))
    assert [period.name for period in of("month", judicial)][:3] == ["2019-11", "2019-12", "2020-01"]
    to_the_20th = periods_of(ReportingRule(1, 20, "17:30", 2), 2020)
    march = of("month", to_the_20th)[2]
    assert span(march) == ("2020-03", date(2020, 2, 21), date(2020, 3, 20))
    assert march.cut_off_at == datetime(2020, 3, 20, 9, 30, tzinfo=UTC)
    assert march.submit_by == date(2020, 3, 22)
    assert span(of("quarter", to_the_20th)[0]) == ("2020-Q1", date(2019, 12, 21), date(2020, 3, 20))


async def test_the_nations_calendars_are_there_and_what_is_unsure_says_so(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    items = (await ok(clerk.get("/reporting-calendars")))["items"]
    assert [item["code"] for item in items] == ["calendar_year", "cut_off_20", "cut_off_25", "judicial_year"]
    assert {item["district"] for item in items} == {None}
    unsure = {item["code"] for item in items if "未经证实" in item["basis_zh"]}
    assert unsure == {"cut_off_20", "cut_off_25", "judicial_year"}
    periods = await ok(clerk.get("/reporting-calendars/cut_off_25/periods", params={"year": "2020"}))
    assert [len(periods[kind]) for kind in ("months", "quarters", "half_years")] == [12, 4, 2]
    assert periods["whole"] == {
        "kind": "year",
        "name": "2020",
        "first": "2019-12-26",
        "last": "2020-12-25",
        "cut_off_at": "2020-12-25T16:00:00Z",
        "submit_by": "2020-12-30",
    }
    await refused(clerk.get("/reporting-calendars/none/periods", params={"year": "2020"}), 404, "not-found")
    for year in ("1900", "2101", "２０２０", "2020.0"):
        path = "/reporting-calendars/calendar_year/periods"
        await refused(clerk.get(path, params={"year": year}), 422, "invalid-input")


async def test_a_district_keeps_its_own_calendar(world: World) -> None:
    admin, clerk = await world.caller(Role.DISTRICT_ADMIN, DISTRICT), await world.caller(Role.OFFICE_CLERK, TOWN)
    own: dict[str, Any] = REPORTING | {"code": "calendar_year", "first_month": 1, "effective_from": "2019-12-26"}
    added = await created(admin.post("/reporting-calendars", json=own))
    path = f"/reporting-calendars/{added['id']}"

    async def begins(year: str, caller: Any = clerk) -> Any:
        answer = await ok(caller.get("/reporting-calendars/calendar_year/periods", params={"year": year}))
        return answer["whole"]["first"]

    assert (await begins("2019"), await begins("2020"), await begins("2021")) == (
        *("2019-01-01", "2019-12-26", "2020-12-26"),
    )
    elsewhere = await world.caller(Role.DISTRICT_ADMIN, OTHER_DISTRICT)
    assert await begins("2020", elsewhere) == "2020-01-01"
    end = {"effective_to": "2020-06-30"}
    await refused(elsewhere.patch(path, json=end, headers={"If-Match": '"1-full"'}), 404, "not-found")
    await refused(clerk.patch(path, json=end, headers={"If-Match": '"1-full"'}), 403, "forbidden")
    reversed_end = {"effective_to": "2019-12-25"}
    await refused(
        admin.patch(path, json=reversed_end, headers={"If-Match": '"1-full"'}), 409, "rule-ends-before-it-begins"
    )
    ended = await ok(admin.patch(path, json=end, headers={"If-Match": '"1-full"'}))
    assert (ended["version"], ended["effective_to"]) == (2, "2020-06-30")
    assert (await begins("2020"), await begins("2021")) == ("2019-12-26", "2021-01-01")
    await refused(admin.patch(path, json=end, headers={"If-Match": '"1-full"'}), 412, "precondition-failed")
    for wrong in ({"first_month": 13}, {"cut_off_day": 29}, {"cut_off_time": "24:01"}, {"submit_days": -1}):
        await refused(admin.post("/reporting-calendars", json=own | wrong), 422, "invalid-input")
    await refused(admin.post("/reporting-calendars", json=own | {"effective_to": "2019-01-01"}), 422, "invalid-input")
    await refused(clerk.post("/reporting-calendars", json=own), 403, "forbidden")
    again = REPORTING | {"id": added["id"]}
    await refused(admin.post("/reporting-calendars", json=again), 409, "id-reused")


async def test_the_same_calendar_sent_again_is_one(world: World) -> None:
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    own = REPORTING | {"id": "018f0000-0000-7000-8000-000000000001"}
    added = await created(admin.post("/reporting-calendars", json=own))
    assert await ok(admin.post("/reporting-calendars", json=own)) == added
    assert await ok(admin.get(f"/reporting-calendars/{added['id']}")) == added
