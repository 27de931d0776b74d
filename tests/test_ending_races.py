"""Steps that end a case, sent at once: one wins, the others are refused, nothing is half done."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from app.people.codes import Role
from tests.test_races import at_once, marks, only_one_wins, posting
from tests.world import (
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    case,
    committee,
    failed,
    ok,
    settled_case,
    started_round,
)

WHY = {"reason": "样例。"}
COURT = {"external": "黔江区人民法院", "document_no": "示例函〔2020〕1号"}


async def failed_case(caller: Caller) -> dict[str, Any]:
    """In mediation after a failed round: it may be closed, withdrawn, transferred, merged, voided."""
    accepted = await accepted_case(caller)
    mediation = await started_round(caller, accepted["id"])
    await ok(caller.post(f"/mediations/{mediation['id']}/conclusion", json=failed()))
    return await ok(caller.get(f"/cases/{accepted['id']}"))


async def test_of_the_same_step_taken_at_once_one_wins(own_world: World) -> None:
    head = await own_world.caller(Role.OFFICE_HEAD, TOWN)
    village = {"organization_id": str(await committee(own_world, VILLAGE))}
    one, other = await failed_case(head), await case(head)
    path = f"/cases/{one['id']}"
    for step, body in (
        ("transfer", {"on": "2020-03-06", "to": village, **WHY}),
        ("merge", {"into": other["id"], **WHY}),
        ("separation", WHY),
        ("transfer", {"on": "2020-03-06", "to": COURT, **WHY}),
        ("reopening", {"on": "2020-03-07", **WHY}),
        ("withdrawal", {"on": "2020-03-08", **WHY}),
        ("void", WHY),
    ):
        await only_one_wins(own_world, head, one["id"], f"{path}/{step}", body)
    settled = await settled_case(head)
    await only_one_wins(own_world, head, settled["id"], f"/cases/{settled['id']}/archive", {"statement": "材料另存。"})


async def test_of_different_endings_at_once_one_is_taken(own_world: World) -> None:
    """Without If-Match the rule refuses those that come late; with it, that somebody was there before."""
    head = await own_world.caller(Role.OFFICE_HEAD, TOWN)
    other = await case(head)
    endings: dict[str, dict[str, Any]] = {
        "closure": {"closed_on": "2020-03-06"},
        "withdrawal": {"on": "2020-03-06", **WHY},
        "transfer": {"on": "2020-03-06", "to": COURT, **WHY},
    }
    further: dict[str, dict[str, Any]] = {"void": WHY, "merge": {"into": other["id"], **WHY}}
    for steps, late in ((endings, 409), (endings | further, 412)):
        one = await failed_case(head)
        path, before = f"/cases/{one['id']}", await marks(own_world, one["id"])
        headers = {"If-Match": f'"{one["version"]}-full"'} if late == 412 else {}
        requests = [posting(head, f"{path}/{step}", body, **headers) for step, body in steps.items()]
        answers = await at_once(requests * 2, clients=len(requests) * 2)
        assert Counter(answer.status_code for answer in answers) == {200: 1, late: len(requests) * 2 - 1}
        won = next(answer.json() for answer in answers if answer.status_code == 200)
        assert await ok(head.get(path)) == won
        assert await marks(own_world, one["id"]) == (before[0] + 1, before[1] + 1)


async def test_of_opposite_merges_at_once_one_is_made(own_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither waits for the other in a ring: a deadlock, which else would be tried again, fails here."""
    monkeypatch.setattr("app.core.unit_of_work.TRIES", 1)
    head = await own_world.caller(Role.OFFICE_HEAD, TOWN)
    for _ in range(5):
        left, right = await case(head), await case(head)
        pairs = [(left, right), (right, left)]
        requests = [posting(head, f"/cases/{one['id']}/merge", {"into": two["id"], **WHY}) for one, two in pairs]
        answers = await asyncio.gather(*(send() for send in requests * 4))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
        cases = [await ok(head.get(f"/cases/{one['id']}")) for one in (left, right)]
        merged, survivor = sorted(cases, key=lambda one: str(one["status"]))
        assert (merged["status"], merged["merged_into"], merged["version"]) == ("merged", survivor["id"], 2)
        assert (survivor["status"], survivor["merged_into"], survivor["version"]) == ("registered", None, 1)


async def test_many_merge_into_one_at_once_and_none_into_one_that_is_gone(own_world: World) -> None:
    head = await own_world.caller(Role.OFFICE_HEAD, TOWN)
    survivor, gone = await case(head), await case(head)
    duplicates = [await case(head) for _ in range(8)]
    merges = [posting(head, f"/cases/{one['id']}/merge", {"into": survivor["id"], **WHY}) for one in duplicates[:4]]
    assert {answer.status_code for answer in await at_once(merges, 4)} == {200}
    late = [posting(head, f"/cases/{one['id']}/merge", {"into": gone["id"], **WHY}) for one in duplicates[4:]]
    voiding = posting(head, f"/cases/{gone['id']}/void", WHY)
    answers = await at_once([*late[:2], voiding, *late[2:]], 5)
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert (await ok(head.get(f"/cases/{gone['id']}")))["status"] == "voided"
    for one in duplicates[4:]:
        stands = await ok(head.get(f"/cases/{one['id']}"))
        merged = ("merged", gone["id"], 2), ("registered", None, 1)
        assert (stands["status"], stands["merged_into"], stands["version"]) in merged
