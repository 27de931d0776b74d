"""A printed percentage: which whole numbers give it, under four ways of rounding, and what the register says."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.codes import Role
from app.statistics.claims import nearest, possible_ranges
from app.statistics.codes import Rounding
from tests.world import OTHER_TOWN, TOWN, VILLAGE, World, ok, refused, settled_case

MODES = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.FLOOR: ROUND_FLOOR,
    Rounding.CEILING: ROUND_CEILING,
}
COUNTS = st.integers(0, 400)


@st.composite
def claims(draw: st.DrawFn) -> Decimal:
    decimals = draw(st.integers(0, 4))
    return Decimal(draw(st.integers(0, 100 * 10**decimals))).scaleb(-decimals)


def prints(numerator: int, count: int, claimed: Decimal, rounding: Rounding) -> bool:
    """By printing it: enough digits that none of them decides by a rounding of its own."""
    exact = Fraction(100 * numerator, count)
    shown = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(claimed, MODES[rounding])
    return shown == claimed


def ranges_of(count: int, claimed: Decimal) -> dict[Rounding, range]:
    return {r["rounding"]: range(r["numerator_from"], r["numerator_to"] + 1) for r in possible_ranges(count, claimed)}


@given(COUNTS, claims())
def test_the_ranges_are_what_a_loop_over_all_numerators_finds(count: int, claimed: Decimal) -> None:
    ranges = ranges_of(count, claimed)
    for rounding in Rounding:
        found = [n for n in range(count + 1) if count and prints(n, count, claimed, rounding)]
        assert list(ranges.get(rounding, [])) == found, rounding


@given(st.integers(1, 400), st.data())
def test_whatever_is_printed_is_possible(count: int, data: st.DataObject) -> None:
    """Every rate that a register can print is found again, ties included."""
    numerator, decimals = data.draw(st.integers(0, count)), data.draw(st.integers(0, 4))
    for rounding, mode in MODES.items():
        shown = (Decimal(100 * numerator) / count).quantize(Decimal(1).scaleb(-decimals), mode)
        assert numerator in ranges_of(count, shown)[rounding]


@given(COUNTS, claims())
def test_the_nearest_are_the_last_below_and_the_first_above(count: int, claimed: Decimal) -> None:
    if count == 0 or possible_ranges(count, claimed):
        return
    below = max(n for n in range(count + 1) if Fraction(100 * n, count) < Fraction(claimed))
    above = min(n for n in range(count + 1) if Fraction(100 * n, count) > Fraction(claimed))
    assert [near["numerator"] for near in nearest(count, claimed)] == [below, above]


@given(st.integers(1, 10_000_000), claims())
def test_large_counts_are_answered_at_their_ends(count: int, claimed: Decimal) -> None:
    for rounding, found in ranges_of(count, claimed).items():
        for n in (found.start, found.stop - 1):
            assert prints(n, count, claimed, rounding)
        for n in (found.start - 1, found.stop):
            assert not (0 <= n <= count) or not prints(n, count, claimed, rounding)


@pytest.mark.parametrize(
    ("rounding", "smallest"), [(Rounding.HALF_UP, 67), (Rounding.CEILING, 51), (Rounding.FLOOR, 100)]
)
def test_the_smallest_numbers_of_cases_that_can_print_99_percent(rounding: Rounding, smallest: int) -> None:
    able = [count for count in range(1, 301) if rounding in ranges_of(count, Decimal(99))]
    assert min(able) == smallest


def exact(count: int) -> list[range]:
    """What prints as 99.0000 whether rounded up or down is exactly that."""
    ranges = ranges_of(count, Decimal("99.0000"))
    both = [ranges[rounding] for rounding in (Rounding.FLOOR, Rounding.CEILING) if rounding in ranges]
    return both if len(both) == 2 and both[0] == both[1] else []


def test_exactly_99_percent_needs_a_multiple_of_a_hundred() -> None:
    able = [c for c in range(1, 501) if range(99 * c // 100, 99 * c // 100 + 1) in exact(c)]
    assert able == [100, 200, 300, 400, 500]


async def asked(world: World, **claim: Any) -> Any:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    return await ok(clerk.post("/statistics/claims", json=claim))


async def test_41_cases_and_99_percent_cannot_both_be_true(world: World) -> None:
    assert await asked(world, count=41, percent="99") == {
        "possible": [],
        "nearest": [{"numerator": 40, "percent": "97.56"}, {"numerator": 41, "percent": "100.00"}],
    }


async def test_the_same_rate_may_be_possible_by_one_rounding_alone(world: World) -> None:
    assert (await asked(world, count=41, percent="97.56"))["possible"] == [
        {"rounding": rounding, "numerator_from": 40, "numerator_to": 40}
        for rounding in ("half_up", "half_even", "floor")
    ]
    assert (await asked(world, count=41, percent="97"))["possible"] == [
        {"rounding": "floor", "numerator_from": 40, "numerator_to": 40}
    ]
    assert (await asked(world, count=0, percent="0")) == {"possible": [], "nearest": []}
    assert (await asked(world, count=10_000_000, percent="100.0000"))["nearest"] == []


async def test_the_register_agrees_or_does_not(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await settled_case(clerk)
    year = {"from": "2020-01-01", "to": "2020-12-31"}
    claim = await asked(world, count=1, percent="100", **year)
    register = {"indicator": "success_rate", "numerator": 1, "denominator": 1, "percent": "100.00"}
    assert claim["register"] == register | {"agrees": True}
    assert not (await asked(world, count=2, percent="100", **year))["register"]["agrees"]
    assert not (await asked(world, count=1, percent="99", place=VILLAGE, **year))["register"]["agrees"]
    empty = await asked(world, count=1, percent="100", **{"from": "2021-01-01", "to": "2021-12-31"})
    assert empty["register"]["percent"] is None
    assert not empty["register"]["agrees"]
    assert "register" not in await asked(world, count=1, percent="100", place=VILLAGE)


@pytest.mark.parametrize(
    ("claim", "pointer"),
    [
        ({"percent": "99"}, "/count"),
        ({"count": -1, "percent": "99"}, "/count"),
        ({"count": 10_000_001, "percent": "99"}, "/count"),
        ({"count": 41.0, "percent": "99"}, "/count"),
        ({"count": 41, "percent": 99}, "/percent"),
        ({"count": 41, "percent": "100.01"}, "/percent"),
        ({"count": 41, "percent": "99.12345"}, "/percent"),
        ({"count": 41, "percent": "９９"}, "/percent"),
        ({"count": 41, "percent": "99%"}, "/percent"),
        ({"count": 41, "percent": "1e1"}, "/percent"),
        ({"count": 41, "percent": "99", "from": "2020-01-01"}, ""),
        ({"count": 41, "percent": "99", "from": "2020-02-01", "to": "2020-01-01"}, ""),
        ({"count": 41, "percent": "99", "from": "2020-02-30", "to": "2020-03-01"}, "/from"),
        ({"count": 41, "percent": "99", "wrong": 1}, "/wrong"),
    ],
)
async def test_a_claim_that_is_none_is_refused(world: World, claim: dict[str, Any], pointer: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    problem = await refused(clerk.post("/statistics/claims", json=claim), 422, "invalid-input")
    assert problem["errors"][0]["pointer"] == pointer
    assert "９９" not in str(problem)


async def test_claims_are_of_ones_own_place(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for place in (OTHER_TOWN, "500114109299"):
        claim = {"count": 1, "percent": "1", "place": place}
        problem = await refused(clerk.post("/statistics/claims", json=claim), 422, "unknown-reference")
        assert problem["errors"][0]["pointer"] == "/place"
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    await refused(grid.post("/statistics/claims", json={"count": 1, "percent": "1"}), 403, "forbidden")
