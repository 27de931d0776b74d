"""Same people, same quarrel: possible duplicates with their reasons, and whom to ask about a person elsewhere."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app.core.audit import AuditRecord
from app.intake.codes import CaseStatus
from app.intake.likeness import is_nearly_the_same, pieces
from app.intake.models import Case
from app.people.codes import Role
from tests.statements import statements
from tests.test_races import count
from tests.world import (
    DISTRICT,
    OTHER_DISTRICT_TOWN,
    OTHER_TOWN,
    OTHER_TOWN_VILLAGE,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    case,
    ok,
    operating,
    party,
    refused,
)

ID_NUMBER, PHONE = "11010519491231002X", "13800000000"
ROOF = "张某甲家新修屋檐滴水到张某乙家院坝，双方为此多次争吵。"
ROOF_AGAIN = "张某甲家新修的屋檐滴水到张某乙家院坝，双方为此多次争吵！"
Fields = dict[str, Any]
WALL = "承包地界石被移动，两户对边界各执一词。"


def two(first: str, second: str, **fields: Any) -> list[dict[str, Any]]:
    return [party(name=first, **fields), party("respondent", second)]


def told(items: list[dict[str, Any]]) -> dict[str, list[str]]:
    return {found["id"]: found["why"] for found in items}


async def on_demand(caller: Caller, case_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await ok(caller.get(f"/cases/{case_id}/possible-duplicates")))["items"]
    return items


async def test_the_same_quarrel_is_told_with_its_reasons_and_registered_all_the_same(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    first = await case(clerk, parties=two("张某甲", "张某乙", id_number=ID_NUMBER, phone=PHONE), summary=ROOF)
    assert first["possible_duplicates"] == []
    tries: list[tuple[list[str], dict[str, Any]]] = [
        (["same_identity"], {"parties": two("别名甲", "别名乙", id_number=ID_NUMBER), "place": OTHER_VILLAGE}),
        (["same_phone"], {"parties": two("别名丙", "别名丁", phone=PHONE), "reported_on": "2020-09-01"}),
        (["same_names_and_place"], {"parties": two("张某乙", "张某甲"), "reported_on": "2020-05-30"}),
        (["near_identical_text"], {"parties": two("别名戊", "别名己"), "summary": ROOF_AGAIN}),
        (["same_names_and_place", "near_identical_text"], {"parties": two("张某甲", "张某乙"), "summary": ROOF}),
    ]
    for why, fields in tries:
        again = await case(clerk, **{"summary": WALL, **fields})
        assert told(again["possible_duplicates"])[first["id"]] == why, fields
        items = await on_demand(clerk, again["id"])
        assert items == again["possible_duplicates"]
        assert told(await on_demand(clerk, first["id"]))[again["id"]] == why
    page = await ok(clerk.get(f"/cases/{first['id']}/possible-duplicates", params={"limit": 2, "total": "exact"}))
    assert ([item["why"][0] for item in page["items"]], page["total"]) == (["same_identity", "same_names_and_place"], 5)


async def test_what_is_alike_only_in_part_is_no_duplicate(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    first = await case(clerk, parties=two("张某甲", "张某乙", id_number=ID_NUMBER), summary=ROOF)
    same: Fields = {"parties": two("张某甲", "张某乙"), "summary": ROOF}
    others: tuple[Fields, ...] = (
        {"parties": two("张某甲", "别名乙"), "summary": WALL},
        {"parties": two("张某甲", "张某甲"), "summary": WALL},
        {"parties": [party(), {"side": "respondent", "unknown": True}], "summary": WALL},
        {
            "parties": two("张某甲", "张某乙", id_number=ID_NUMBER, id_kind="passport"),
            "summary": WALL,
            "place": OTHER_VILLAGE,
        },
        same | {"reported_on": "2020-05-31"},
        same | {"place": OTHER_VILLAGE},
    )
    for fields in others:
        registered = await case(clerk, **fields)
        assert first["id"] not in told(registered["possible_duplicates"]), fields


@pytest.mark.parametrize("status", [CaseStatus.MERGED, CaseStatus.VOIDED])
async def test_merged_and_void_cases_are_nobodys_duplicate(world: World, status: CaseStatus) -> None:
    clerk, other = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    fields: Fields = {"parties": two("张某甲", "张某乙", id_number=ID_NUMBER, phone=PHONE), "summary": ROOF}
    first = await case(clerk, **fields)
    far = await case(other, OTHER_TOWN_VILLAGE, **fields)
    async with operating(world) as work:
        gone = update(Case).where(Case.id.in_([UUID(first["id"]), UUID(far["id"])]))
        await work.session.execute(gone.values(status=status))
    second = await case(clerk, **fields)
    assert second["possible_duplicates"] == []
    assert (await ok(clerk.get(f"/cases/{second['id']}/related")))["items"] == []


async def test_duplicates_stop_at_the_jurisdiction(world: World) -> None:
    village, neighbour = [await world.caller(Role.VILLAGE_MEDIATOR, place) for place in (VILLAGE, OTHER_VILLAGE)]
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    fields: Fields = {"parties": two("张某甲", "张某乙", id_number=ID_NUMBER, phone=PHONE), "summary": ROOF}
    first = await case(village, **fields)
    second = await case(neighbour, OTHER_VILLAGE, **fields)
    assert second["possible_duplicates"] == []
    assert await on_demand(neighbour, second["id"]) == []
    assert told(await on_demand(clerk, second["id"])) == {first["id"]: ["same_identity", "same_phone"]}
    await refused(neighbour.get(f"/cases/{first['id']}/possible-duplicates"), 404, "not-found")
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    await refused(grid.get(f"/cases/{first['id']}/possible-duplicates"), 403, "forbidden")


async def test_the_comparison_takes_one_statement_with_its_candidates_bounded(world: World) -> None:
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    fields: Fields = {"parties": two("张某甲", "张某乙", id_number=ID_NUMBER, phone=PHONE), "summary": ROOF}
    with statements(world.database.writes.sync_engine) as sent:
        for _ in range(25):
            latest = await case(village, **fields)
    assert len([statement for statement in sent if "UNION" in statement]) == 25
    assert len(latest["possible_duplicates"]) == 24
    for _ in range(15):
        latest = await case(village, **fields)
    assert len(latest["possible_duplicates"]) == 30


def test_texts_are_alike_by_what_they_share() -> None:
    assert is_nearly_the_same(pieces(ROOF), pieces(ROOF_AGAIN))
    assert not is_nearly_the_same(pieces(ROOF), pieces(WALL))
    assert not is_nearly_the_same(pieces("狗吠。"), pieces("狗吠。")), "too short to tell"
    assert pieces("屋檐，滴水") == {"屋檐", "檐滴", "滴水"}
    a, b = pieces("一二三四五六七八九十"), pieces("一二三四五六七八九十甲乙")
    assert (len(a), len(b), is_nearly_the_same(a, b)) == (9, 11, True)  # 9 / 11
    assert not is_nearly_the_same(a, pieces("一二三四五六七八九十甲乙丙"))  # 9 / 12


async def test_a_person_who_also_quarrels_elsewhere_is_told_as_a_committee_to_ask(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    fields: Fields = {"parties": two("张某甲", "张某乙", id_number=ID_NUMBER, phone=PHONE), "summary": ROOF}
    own = await case(clerk, **fields)
    elsewhere: list[str] = []
    for town, place in ((OTHER_TOWN, OTHER_TOWN_VILLAGE), (OTHER_DISTRICT_TOWN, OTHER_DISTRICT_TOWN)):
        stranger = await world.caller(Role.OFFICE_CLERK, town)
        elsewhere += [(await accepted_case(stranger, place, **fields))["id"] for _ in range(2)]
        await case(stranger, place, **fields)
    answer = await clerk.get(f"/cases/{own['id']}/related")
    assert answer.json()["items"] == [
        {
            "organization_id": str(world.organizations[OTHER_TOWN]),
            "organization_name": "黄溪镇人民调解委员会",
            "place": OTHER_TOWN,
            "party_ids": [own["parties"][0]["id"]],
        }
    ]
    assert not [id for id in elsewhere if id in answer.text]
    assert await count(world, AuditRecord, AuditRecord.action == "find_related_cases") == 1
    village = await world.caller(Role.VILLAGE_MEDIATOR, OTHER_VILLAGE)
    await refused(village.get(f"/cases/{own['id']}/related"), 404, "not-found")
    await refused((await world.caller(Role.GRID_WORKER, VILLAGE)).get(f"/cases/{own['id']}/related"), 403, "forbidden")
    viewer = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    await refused(viewer.get(f"/cases/{own['id']}/related"), 403, "forbidden")


async def test_what_is_not_the_same_person_or_lies_within_is_not_related(world: World) -> None:
    clerk, other = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    own = await case(clerk, parties=two("张某甲", "张某乙", id_number=ID_NUMBER, phone=PHONE))
    await case(other, OTHER_TOWN_VILLAGE, parties=two("张某甲", "张某乙", phone=PHONE))
    await case(clerk, OTHER_VILLAGE, parties=two("张某甲", "张某乙", id_number=ID_NUMBER))
    assert (await ok(clerk.get(f"/cases/{own['id']}/related")))["items"] == []
    without = await case(clerk)
    assert (await ok(clerk.get(f"/cases/{without['id']}/related")))["items"] == []
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    found = (await ok(village.get(f"/cases/{own['id']}/related")))["items"]
    assert [item["organization_id"] for item in found] == [str(world.organizations[TOWN])], "where it was registered"
