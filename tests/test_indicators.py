"""The declarations of the indicators: pinned here with their versions, and published."""

from hashlib import sha256
from typing import Any

from app.people.codes import Role
from app.statistics.indicators import REGISTRY, Indicator
from tests.world import TOWN, World, ok

PINNED = {
    "received": (1, "0d9939b8"),
    "handled": (1, "1367889b"),
    "closed": (1, "39c79abc"),
    "succeeded": (1, "a54edd77"),
    "failed": (1, "8cf4875b"),
    "open_at_end": (1, "acf58ba0"),
    "handling_rate": (1, "d32c7928"),
    "success_rate": (1, "85adbe41"),
    "carried_in": (2, "518f1432"),
    "withdrawn": (2, "0c13370c"),
    "transferred": (2, "73fa5bf7"),
    "success_of_received": (2, "d26efc65"),
    "success_of_closed": (2, "504471a1"),
    "parties": (2, "642a6176"),
    "difficult": (2, "bc50d399"),
    "average_days": (2, "d7e608f2"),
    "median_days": (2, "b0232aa1"),
    "average_working_days": (2, "925a0114"),
    "median_working_days": (2, "0f93deae"),
    "agreement_rate": (1, "98498c0b"),
    "oral_agreements": (2, "8d3ab168"),
    "written_agreements": (2, "d80b9027"),
    "settled_on_the_spot": (2, "17b1d205"),
    "agreement_amount": (2, "c075428e"),
    "effective_agreements": (2, "8a59dbef"),
    "performance_rate": (2, "83da6d4a"),
    "confirmation_application_rate": (2, "e811c341"),
    "confirmation_rate": (2, "b455c78b"),
    "return_visit_rate": (2, "4f5e717b"),
    "satisfaction_rate": (2, "a3027716"),
    "suicides_prevented": (2, "063bcd7b"),
    "people_in_suicides_prevented": (2, "eb70dccc"),
    "crimes_prevented": (2, "f686489b"),
    "people_in_crimes_prevented": (2, "fc6cdbfe"),
    "petitions_prevented": (2, "e4310fc1"),
    "people_in_petitions_prevented": (2, "fbda4a8c"),
    "fights_prevented": (2, "37af5dd2"),
    "people_in_fights_prevented": (2, "01d94638"),
    "patrols": (2, "1a9dd874"),
    "zero_reports": (2, "2238dd8c"),
    "prevented": (2, "40626148"),
}


def sql(clause: Any) -> str:
    return str(clause.compile(compile_kwargs={"literal_binds": True})).replace("counted_cases.", "cases.")


def fingerprint(indicator: Indicator) -> str:
    clauses = [sql(part) for m in indicator.measures for part in (m.clause, m.of) if part is not None]
    words = [indicator.meaning_zh, indicator.meaning_en, indicator.date_basis, *clauses]
    return sha256("|".join(words).encode()).hexdigest()[:8]


def test_a_definition_that_changes_takes_the_next_version() -> None:
    """Whoever changes one raises its version to the registry's next, and writes both here."""
    assert {slug: (found.version, fingerprint(found)) for slug, found in REGISTRY.items()} == PINNED


async def test_the_definitions_are_published(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    answer = await ok(clerk.get("/statistics/indicators", params={"total": "exact"}))
    assert [item["slug"] for item in answer["items"]] == list(REGISTRY)
    assert (answer["next"], answer["total"], answer["definition_version"]) == (None, len(REGISTRY), 2)
    success = next(item for item in answer["items"] if item["slug"] == "success_rate")
    assert (success["unit"], success["population"], success["version"]) == ("percent", "cohort", 1)
    assert (success["numerator"]["name"], success["denominator"]["name"]) == ("succeeded", "handled")
    assert all(item["meaning_zh"].endswith("。") and item["meaning_en"].endswith(".") for item in answer["items"])
    slugs: list[str] = []
    query: dict[str, Any] = {"limit": 15}
    while True:
        page = await ok(clerk.get("/statistics/indicators", params=query))
        slugs += [item["slug"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert slugs == list(REGISTRY)
