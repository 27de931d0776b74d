"""The official case table is what a plain recount of the register finds, foots, and opens elsewhere with its sums."""

import csv
import io
from typing import Any

import pytest
from sqlalchemy import update

from app.intake.codes import DisputeCategory, Source
from app.people.codes import CommitteeType, Role
from app.people.models import Organization
from app.statistics.official_columns import SUBJECTS, columns, subject_of
from tests.recount import FIRST, LAST, PERIOD, PLACES_BELOW, below, register
from tests.world import DISTRICT, TOWN, VILLAGE, Caller, World, committee, ok, operating, refused

TABLE = "/statistics/official-table"


async def table(caller: Caller, **query: Any) -> Any:
    return await ok(caller.get(TABLE, params=PERIOD | query))


async def kinds_of_committee(world: World) -> dict[Any, str]:
    """The township's becomes a stationed office, which the form has no column for."""
    town, village = await committee(world, TOWN), await committee(world, VILLAGE)
    async with operating(world) as work:
        change = update(Organization).where(Organization.id == town)
        await work.session.execute(change.values(committee_type=CommitteeType.STATIONED_OFFICE))
    return {town: "social_org", village: "village"}


def recounted(cases: list[dict[str, Any]], kinds: dict[Any, str]) -> dict[str, int]:
    """By the words of docs/official-table.md, without the code tables' help where they can be said otherwise."""
    form = [case["agreement_form"] for case in cases if case["outcome"] == "success"]
    counts = {
        "cases": len(cases),
        "succeeded": len(form),
        "oral": sum(one in {"oral", "on_the_spot"} for one in form),
        "written": form.count("written"),
        "source_referral": sum(case["source"].startswith("referral") for case in cases),
        "source_referral_other": sum(case["source"] in {"referral_other", "referral_labor_inspection"} for case in cases),
        "source_referral_police": sum(case["source"] == "referral_police" for case in cases),
        "source_proactive": sum(case["source"] == "proactive" for case in cases),
        "category_labor": sum(case["category"] in {"labor", "migrant_wage_arrears"} for case in cases),
        "category_migrant_wage_arrears": sum(case["category"] == "migrant_wage_arrears" for case in cases),
        "category_neighbor": sum(case["category"] == "neighbor" for case in cases),
        "category_other": sum(case["category"] == "other" for case in cases),
    }
    for kind in ("village", "social_org"):
        counts[f"organization_{kind}"] = sum(kinds[case["organization_id"]] == kind for case in cases)
    return counts


def of_period(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        case
        for case in cases
        if case["accepted_on"] and case["status"] not in {"merged", "voided"}
        if case["closed_on"] and FIRST <= case["closed_on"] <= LAST
    ]


@pytest.mark.parametrize("seed", [3, 11])
async def test_every_cell_is_what_a_recount_finds(world: World, seed: int) -> None:
    kinds = await kinds_of_committee(world)
    cases = of_period(await register(world, seed, 150))
    readers = {TOWN: Role.OFFICE_CLERK, VILLAGE: Role.VILLAGE_MEDIATOR, DISTRICT: Role.DISTRICT_STAT_VIEWER}
    for place, role in readers.items():
        answer = await table(await world.caller(role, place))
        units = {row["place"]: row["values"] for row in answer["rows"]}
        assert set(PLACES_BELOW[place]) <= set(units)
        assert units.keys() == {row["place"] for row in answer["rows"]}
        for code, values in [*units.items(), (None, answer["total"])]:
            mine = [case for case in cases if below(place, case["place"])]
            if code is not None:
                mine = [case for case in mine if unit_of(case, place) == code]
            expected = recounted(mine, kinds)
            assert {key: values[key] for key in expected} == expected, code
            others = {key for key, value in values.items() if value not in (0, "0.00")}
            assert others <= expected.keys()
        assert answer["foots"]
        assert all(check["holds"] for check in answer["checks"])
        assert len(answer["checks"]) == 9 * (len(units) + 1) + len(answer["columns"])


def unit_of(case: dict[str, Any], place: str) -> str:
    return str(case["place"][:9] + "000" if place == DISTRICT else case["place"])
