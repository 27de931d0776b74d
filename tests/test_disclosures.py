"""Identities are revealed so many times an hour and no more, and it can be told afterwards who saw whose."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.core.audit import AuditRecord
from app.core.clock import FixedClock, today
from app.core.jurisdiction import Spot
from app.core.settings import Settings
from app.intake.models import Case, Party
from app.people.codes import Role
from tests.test_every_operation import breaking
from tests.test_races import at_once, count
from tests.world import (
    OTHER_TOWN,
    OTHER_TOWN_VILLAGE,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    case,
    mediator,
    ok,
    operating,
    party,
    refused,
)

ID_NUMBER = "11010519491231002X"
WHY = {"reason": "送达协议书"}


async def named_case(caller: Caller, place: str = VILLAGE, number: str = ID_NUMBER, **fields: Any) -> dict[str, str]:
    """Ids of a case and of its party with an identity number."""
    parties = [party(id_number=number, **fields), party("respondent", "张某乙")]
    registered = await case(caller, place, parties=parties)
    return {"case_id": registered["id"], "party_id": registered["parties"][0]["id"]}


def identity(ids: dict[str, str]) -> str:
    return f"/cases/{ids['case_id']}/parties/{ids['party_id']}/identity"


def report(ids: dict[str, str]) -> str:
    return f"/cases/{ids['case_id']}/parties/{ids['party_id']}/disclosures"


def limited(world: World, per_hour: int, **changes: Any) -> None:
    world.app.state.kernel = replace(world.kernel, reveals_per_hour=per_hour, **changes)


async def test_an_account_reveals_so_many_identities_an_hour_and_each_refusal_is_recorded(world: World) -> None:
    head = await world.caller(Role.OFFICE_HEAD, TOWN)
    ids = await named_case(head)
    limited(world, 3, clock=FixedClock(today() - timedelta(days=1)))
    for _ in range(3):
        await ok(head.get(identity(ids), params=WHY))
    for _ in range(2):
        answer = await head.get(identity(ids), params=WHY)
        assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
        assert (answer.headers["retry-after"], answer.json()["retry_after"]) == ("3600", 3600)
        assert ID_NUMBER not in answer.text
    chair = await world.caller(Role.COMMITTEE_CHAIR, TOWN)
    await ok(chair.get(identity(ids), params=WHY))
    items = (await ok(head.get(report(ids))))["items"]
    assert [item["granted"] for item in items] == [True, False, False, True, True, True]
    limited(world, 3)
    await ok(head.get(identity(ids), params=WHY))  # an hour later: what was refused does not count


async def test_the_limit_is_a_setting() -> None:
    assert Settings().reveals_per_hour == 30


async def test_fifty_reveals_at_once_pass_the_limit_in_no_way(own_world: World) -> None:
    head = await own_world.caller(Role.OFFICE_HEAD, TOWN)
    paths = [identity(await named_case(head)) for _ in range(5)]
    requests = [lambda path=paths[n % 5]: head.get(path, params=WHY) for n in range(50)]
    answers = await at_once(requests, clients=50)  # type: ignore[arg-type]
    assert Counter(answer.status_code for answer in answers) == {200: 30, 429: 20}
    revealed = AuditRecord.action == "reveal_party_identity", AuditRecord.target_type == "party"
    assert await count(own_world, AuditRecord, *revealed) == 50


async def test_who_saw_a_partys_identity_is_told_with_reason_and_role(world: World) -> None:
    village, head = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE), await world.caller(Role.OFFICE_HEAD, TOWN)
    ids = await named_case(village)
    curious = await world.caller(
        Role.VILLAGE_MEDIATOR, VILLAGE, mediator_id=await mediator(world, VILLAGE), name="冉某丙"
    )
    await ok(village.get(identity(ids), params=WHY))
    await refused(curious.get(identity(ids), params={"reason": "打听一下"}), 403, "not-own-case")
    told = await ok(head.get(report(ids), params={"total": "exact"}))
    assert told["total"] == 2
    common = {"case_id": ids["case_id"], "party_id": ids["party_id"], "role": "village_mediator"}
    expected = [
        {"actor_id": str(curious.account.id), "actor_name": "冉某丙", "reason": "打听一下", "granted": False},
        {"actor_id": str(village.account.id), "actor_name": "样例", "reason": "送达协议书", "granted": True},
    ]
    assert [item | {"recorded_at": None} for item in told["items"]] == [
        common | item | {"recorded_at": None} for item in expected
    ]
    first = await ok(head.get(report(ids), params={"limit": 1}))
    rest = await ok(head.get(report(ids), params={"limit": 1, "cursor": first["next"]}))
    assert first["items"] + rest["items"] == told["items"]
    for who in (village, await world.caller(Role.OFFICE_CLERK, TOWN)):
        await refused(who.get(report(ids)), 403, "forbidden")
    stranger = await world.caller(Role.OFFICE_HEAD, OTHER_TOWN)
    await refused(stranger.get(report(ids)), 404, "not-found")
    await refused(head.get(report(ids | {"party_id": ids["case_id"]})), 404, "not-found")


async def test_a_person_is_found_in_all_cases_of_the_jurisdiction_and_in_no_other(world: World) -> None:
    head, far = await world.caller(Role.OFFICE_HEAD, TOWN), await world.caller(Role.OFFICE_HEAD, OTHER_TOWN)
    own = [await named_case(head), await named_case(head, OTHER_VILLAGE)]
    unlike = await named_case(head, number="110105X", id_kind="passport")
    foreign = await named_case(far, OTHER_TOWN_VILLAGE)
    for who, ids in ((head, own[0]), (head, own[1]), (head, unlike), (far, foreign)):
        await ok(who.get(identity(ids), params=WHY))
    body = {"party_id_number": ID_NUMBER}
    told = await ok(head.post("/disclosures/search?total=exact", json=body))
    seen = [{name: item[name] for name in ("case_id", "party_id")} for item in told["items"]]
    assert (seen, told["total"]) == ([own[1], own[0]], 2)
    assert [item["case_id"] for item in (await ok(far.post("/disclosures/search", json=body)))["items"]] == [
        foreign["case_id"]
    ]
    other = await ok(head.post("/disclosures/search", json={"party_id_number": "110105x", "party_id_kind": "passport"}))
    assert [item["case_id"] for item in other["items"]] == [unlike["case_id"]]
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await refused(clerk.post("/disclosures/search", json=body), 403, "forbidden")


async def test_the_report_and_the_count_follow_a_case_and_an_account_that_moved(world: World) -> None:
    head, far = await world.caller(Role.OFFICE_HEAD, TOWN), await world.caller(Role.OFFICE_HEAD, OTHER_TOWN)
    ids, spot = await named_case(head), Spot.of_place(OTHER_TOWN_VILLAGE).columns
    limited(world, 1)
    await ok(head.get(identity(ids), params=WHY))
    async with operating(world) as work:
        case_id = UUID(ids["case_id"])
        await work.session.execute(update(Case).where(Case.id == case_id).values(**spot))
        await work.session.execute(update(Party).where(Party.case_id == case_id).values(**spot))
        account = await work.session.merge(head.account)
        account.place = OTHER_TOWN
    told = await ok(far.get(report(ids), params={"total": "exact"}))
    assert ([item["actor_id"] for item in told["items"]], told["total"]) == ([str(head.account.id)], 1)
    await refused(head.get(identity(ids), params=WHY), 429, "too-many-requests")
    await ok(far.get(identity(ids), params=WHY))


async def test_a_refusal_whose_note_cannot_be_kept_is_not_given(world: World) -> None:
    """403 is told once its record stands; until then the caller is asked to come back."""
    village, head = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE), await world.caller(Role.OFFICE_HEAD, TOWN)
    ids, broken = await named_case(head), 0
    for at in range(1, 50):
        with breaking(world, at) as breakdown:
            answer = await village.get(identity(ids), params=WHY)
        noted = (await ok(head.get(report(ids))))["items"]
        if not breakdown.happened:
            break
        broken += 1
        assert (answer.status_code, noted) == (503, []), at
    assert (answer.status_code, [item["granted"] for item in noted]) == (403, [False])
    assert broken >= 6, "the reads, and the statements of the note"
