"""The declarations of the indicators: pinned here with their versions, and published."""

from hashlib import sha256
from typing import Any

from app.people.codes import Role
from app.statistics.indicators import REGISTRY, Indicator
from tests.recount import DEFINITIONS
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
    "agreement_rate": (1, "98498c0b"),
}


def fingerprint(indicator: Indicator) -> str:
    clauses = [str(c.clause.compile(compile_kwargs={"literal_binds": True})) for c in indicator.conditions]
    words = [indicator.meaning_zh, indicator.meaning_en, indicator.date_basis, *clauses]
    return sha256("|".join(words).encode()).hexdigest()[:8]


def test_a_definition_that_changes_takes_the_next_version() -> None:
    """Whoever changes one raises its version to the registry's next, and writes both here."""
    assert {slug: (found.version, fingerprint(found)) for slug, found in REGISTRY.items()} == PINNED


async def test_the_definitions_are_published(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    answer = await ok(clerk.get("/statistics/indicators", params={"total": "exact"}))
    assert [item["slug"] for item in answer["items"]] == list(DEFINITIONS)
    assert (answer["next"], answer["total"], answer["definition_version"]) == (None, 9, 1)
    success = next(item for item in answer["items"] if item["slug"] == "success_rate")
    assert (success["unit"], success["population"], success["version"]) == ("%", "cohort", 1)
    assert (success["numerator"]["name"], success["denominator"]["name"]) == ("succeeded", "handled")
    assert all(item["meaning_zh"].endswith("。") and item["meaning_en"].endswith(".") for item in answer["items"])
    slugs: list[str] = []
    query: dict[str, Any] = {"limit": 4}
    while True:
        page = await ok(clerk.get("/statistics/indicators", params=query))
        slugs += [item["slug"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert slugs == list(DEFINITIONS)
