"""The codebook: every table with its words in two languages, to be read by every account and kept by its ETag."""

from typing import Any

import pytest

from app.codebook.page import render
from app.core.codes import TABLES
from app.core.problems import PROBLEMS
from app.people.codes import Role
from tests.world import TOWN, VILLAGE, World, ok, refused

TABLES_OF_THE_CONTRACT = {
    "dispute_category", "governance_category", "source", "channel", "method", "session_form", "case_status",
    "case_outcome", "mediation_outcome", "decline_reason", "failure_reason", "excluded_matter", "agreement_form",
    "performance_status", "confirmation_status", "consent", "risk_level", "difficulty", "forecast", "committee_type",
    "organization_kind", "mediator_kind", "party_side", "party_kind", "id_kind", "special_group", "role", "permission",
    "meeting_kind", "action_status", "indicators", "problems",
}  # fmt: skip


async def test_every_table_of_the_contract_is_there_with_words_in_both_languages(world: World) -> None:
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    tables = {t["table"]: t for t in (await ok(grid.get("/codebook")))["tables"]}
    assert set(tables) >= TABLES_OF_THE_CONTRACT
    assert set(tables) == set(TABLES) | {"indicators", "problems"}
    for table in tables.values():
        codes = [entry["code"] for entry in table["entries"]]
        assert len(codes) == len(set(codes)) > 0, table["table"]
        assert all(entry["zh"].strip() and entry["en"].strip() for entry in table["entries"]), table["table"]
        assert {entry["parent"] for entry in table["entries"] if "parent" in entry} <= set(codes), table["table"]
    assert {entry["code"] for entry in tables["problems"]["entries"]} == set(PROBLEMS)
    assert next(e for e in tables["source"]["entries"] if e["code"] == "referral")["is_total"] is True


async def test_one_table_and_its_version(world: World) -> None:
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    whole = await ok(grid.get("/codebook"))
    table = await ok(grid.get("/codebook/role"))
    assert table in whole["tables"]
    assert [entry["code"] for entry in table["entries"]] == list(Role)
    assert len({t["version"] for t in whole["tables"]}) == len(whole["tables"])
    await refused(grid.get("/codebook/nothing"), 404, "not-found")
    await refused(grid.get("/codebook/%00"), 404, "not-found")
    await refused(grid.get("/codebook?limit=1"), 422, "invalid-input")
    await refused(world.client().get("/codebook"), 401, "not-signed-in")


@pytest.mark.parametrize("path", ["/codebook", "/codebook/problems"])
async def test_an_unchanged_codebook_is_answered_304(world: World, path: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    first = await clerk.get(path)
    again = await clerk.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await clerk.get(path, headers={"If-None-Match": '"other"'})
    assert other.json() == first.json()


async def test_every_role_reads_the_codebook(world: World) -> None:
    auditor = await world.caller(Role.AUDITOR, "500114000000")
    assert (await auditor.get("/codebook/role")).status_code == 200


def test_the_page_has_every_entry_once_in_its_table() -> None:
    page = render()
    sections: dict[str, Any] = {part.split("\n")[0]: part for part in page.split("\n## ")[1:]}
    for name, codes in TABLES.items():
        for member in codes:
            assert sections[name].count(f"\n| `{member}` | {member.zh.replace('|', '∣')} | {member.en}") == 1, member
    assert "| `cases:reveal` | ✓ | ✓ |  |  | ✓ |" in page
    assert page.endswith("\n")
    assert "\n\n\n" not in page
