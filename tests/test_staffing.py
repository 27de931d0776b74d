"""Who mediates a round and who takes part: replacement with history, invited participants, a party's end of it."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.events import Event
from app.mediation.models import RoundMediator
from app.people.codes import Role
from tests.test_races import at_once, count, posting
from tests.world import (
    OTHER_DISTRICT_TOWN,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    created,
    failed,
    mediator,
    ok,
    operating,
    party,
    refused,
    round_of,
    started_round,
)

AGREED = [party(consent="agreed"), party("respondent", "张某乙", consent="agreed")]


async def mediated(clerk: Caller, *mediators: Any, **fields: Any) -> tuple[dict[str, Any], str]:
    """A case with these mediators, and its round."""
    told = await accepted_case(clerk, **{"parties": AGREED, **fields})
    if mediators:
        named = {"mediators": [str(id) for id in mediators]}
        await ok(clerk.post(f"/cases/{told['id']}/assignment", json=named))
    return told, (await started_round(clerk, told["id"]))["id"]


def session(**fields: Any) -> dict[str, Any]:
    return {"held_on": "2020-03-04", "form": "onsite", "record": "现场查看。", **fields}


async def alerts(world: World) -> list[str]:
    async with operating(world) as work:
        found = await work.session.scalars(select(Event.facts).where(Event.type == "case.alert").order_by(Event.seq))
        return [facts["alert"] for facts in found]


async def test_a_mediator_is_replaced_with_history(world: World) -> None:
    clerk, village = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    first, second = str(await mediator(world, VILLAGE)), str(await mediator(world, VILLAGE, "李某乙"))
    told, round_id = await mediated(clerk, first)
    path = f"/mediations/{round_id}"
    body = {"leaves": first, "joins": second, "on": "2020-03-05", "reason": "party_rejects", "selected_by": "parties"}
    await refused(village.post(f"{path}/replacement", json=body), 403, "forbidden")
    before = await ok(clerk.get(path))
    after = await ok(clerk.post(f"{path}/replacement", json=body | {"note": "申请人不接受。"}))
    assert (before["mediators"], after["mediators"]) == ([first], [second])
    assert (after["version"], after["case_version"]) == (before["version"] + 1, before["case_version"] + 1)
    assert (await ok(clerk.get(f"/cases/{told['id']}")))["mediators"] == [second]
    history = (await ok(clerk.get(f"{path}/mediators", params={"total": "exact"})))["items"]
    names = ("mediator_id", "selected_by", "from_on", "until_on", "leaving_reason", "leaving_note")
    assert [tuple(one[name] for name in names) for one in history] == [
        (first, "committee", "2020-03-03", "2020-03-05", "party_rejects", "申请人不接受。"),
        (second, "parties", "2020-03-05", None, None, None),
    ]
    step = (await ok(clerk.get(f"/cases/{told['id']}/timeline")))["items"][-1]
    facts = {"leaves": first, "joins": second, "reason": "party_rejects", "selected_by": "parties"}
    assert (step["step"], step["reason"]) == ("replacement", "申请人不接受。")
    assert step["facts"] == facts | {"mediation_id": round_id}
    problem = await refused(clerk.post(f"{path}/replacement", json=body), 409, "not-in-round")
    assert problem["errors"][0]["pointer"] == "/leaves"
    await refused(clerk.post(f"{path}/conclusion", json=failed("2020-03-04")), 409, "dates-out-of-order")
    await ok(clerk.post(f"{path}/conclusion", json=agreed(form="written")))
    sign, signature = f"/cases/{told['id']}/agreement/signatures", {"on": "2020-03-05"}
    await refused(clerk.post(sign, json=signature | {"mediator_id": first}), 422, "unknown-reference")
    await created(clerk.post(sign, json=signature | {"mediator_id": second}))
    await refused(clerk.post(f"{path}/replacement", json=body | {"leaves": second}), 409, "step-not-allowed")


async def test_what_a_replacement_may_not_do(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    one, related = str(await mediator(world, VILLAGE)), str(await mediator(world, VILLAGE, "李某乙"))
    told, round_id = await mediated(clerk, one)
    path = f"/mediations/{round_id}/replacement"
    conflict = {"mediator_id": related, "relation": "relative"}
    await created(clerk.post(f"/cases/{told['id']}/conflicts", json=conflict))
    leaving = {"leaves": one, "on": "2020-03-05", "reason": "unable"}
    far = str(await mediator(world, OTHER_DISTRICT_TOWN))
    for body, status, code in (
        ({"on": "2020-03-05"}, 422, "invalid-input"),
        ({"leaves": one, "on": "2020-03-05"}, 422, "invalid-input"),
        (leaving | {"reason": "recusal"}, 422, "invalid-input"),
        ({"joins": related, "on": "2020-03-05", "note": "样例"}, 422, "invalid-input"),
        (leaving | {"joins": far}, 422, "unknown-reference"),
        (leaving, 409, "round-without-mediator"),
        (leaving | {"joins": related}, 409, "conflict-of-interest"),
        ({"joins": one, "on": "2020-03-05"}, 409, "already-in-round"),
        ({"leaves": related, "joins": one, "on": "2020-03-05", "reason": "unable"}, 409, "not-in-round"),
    ):
        await refused(clerk.post(path, json=body), status, code)
    other = str(await mediator(world, TOWN))
    await refused(clerk.post(path, json=leaving | {"joins": other, "on": "2020-03-02"}), 409, "dates-out-of-order")
    joined = await ok(clerk.post(path, json={"joins": other, "on": "2020-03-05"}))
    assert joined["mediators"] == [one, other]
    assert (await ok(clerk.post(path, json=leaving)))["mediators"] == [other]


async def test_a_round_that_everybody_left_stands_still_and_says_so(world: World) -> None:
    clerk, other = await world.caller(Role.OFFICE_CLERK, TOWN), str(await mediator(world, TOWN))
    related = str(await mediator(world, VILLAGE))
    told, round_id = await mediated(clerk, related)
    path, conflict = f"/mediations/{round_id}", {"mediator_id": related, "relation": "relative"}
    await created(clerk.post(f"/cases/{told['id']}/conflicts", json=conflict))
    assert (await ok(clerk.get(path)))["mediators"] == []
    assert await alerts(world) == ["round_without_mediator"]
    history = (await ok(clerk.get(f"{path}/mediators")))["items"]
    assert [(one["mediator_id"], one["leaving_reason"]) for one in history] == [(related, "recusal")]
    problem = await refused(clerk.post(f"{path}/sessions", json=session()), 409, "round-without-mediator")
    assert "第十九条" in problem["detail"]
    await refused(clerk.post(f"{path}/conclusion", json=agreed()), 409, "round-without-mediator")
    actions = {item["step"]: item for item in (await ok(clerk.get(f"{path}/actions")))["items"]}
    assert (actions["sessions"]["allowed"], actions["sessions"]["reason"]) == (False, problem["detail"])
    assert (actions["replacement"]["allowed"], actions["replacement"]["pointer"]) == (True, "/joins")
    await ok(clerk.post(f"{path}/replacement", json={"joins": other, "on": "2020-03-04"}))
    await created(clerk.post(f"{path}/sessions", json=session(mediators=[other])))
    await ok(clerk.post(f"{path}/conclusion", json=agreed()))


async def test_of_two_replacements_at_once_one_is_made(own_world: World) -> None:
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    first = str(await mediator(own_world, VILLAGE))
    others = [str(await mediator(own_world, VILLAGE, f"李某{name}")) for name in "乙丙"]
    for _ in range(3):
        told, round_id = await mediated(clerk, first)
        path = f"/mediations/{round_id}/replacement"
        body = {"leaves": first, "on": "2020-03-05", "reason": "unable"}
        tries = [[posting(clerk, path, body | {"joins": other})] * 3 for other in others]
        answers = [a for group in await asyncio.gather(*(at_once(t, clients=3) for t in tries)) for a in group]
        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 5}
        winner = next(answer.json()["mediators"] for answer in answers if answer.status_code == 200)
        assert (await ok(clerk.get(f"/mediations/{round_id}")))["mediators"] == winner
        assert (await ok(clerk.get(f"/cases/{told['id']}")))["mediators"] == winner
        assert await count(own_world, RoundMediator, RoundMediator.mediation_id == UUID(round_id)) == 2


async def test_nobody_joins_a_session_without_the_consent_of_all(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    told, round_id = await mediated(clerk, parties=[*AGREED, {"side": "third_party", "unknown": True}])
    one, two, _ = (p["id"] for p in told["parties"])
    path, sessions = f"/cases/{told['id']}/participants", f"/mediations/{round_id}/sessions"
    body = {"name": "冉某乙", "kind": "neighbor", "relation": "双方邻居", "invited_on": "2020-03-03", "consents": [one]}
    await refused(clerk.post(path, json=body | {"consents": [round_id]}), 422, "unknown-reference")
    invited = await created(clerk.post(path, json=body))
    attended = session(participants=[invited["id"]])
    problem = await refused(clerk.post(sessions, json=attended), 409, "participant-consent-missing")
    assert "第二十条" in problem["detail"]
    assert problem["errors"][0]["pointer"] == "/participants/0"
    consents, yes = f"{path}/{invited['id']}/consents", {"party_id": two, "agreed": True}
    await refused(clerk.post(consents, json=yes | {"on": "2020-03-02"}), 409, "dates-out-of-order")
    await ok(clerk.post(consents, json=yes | {"on": "2020-03-05"}))
    await refused(clerk.post(sessions, json=attended), 409, "participant-consent-missing")
    held = await created(clerk.post(sessions, json=attended | {"held_on": "2020-03-05"}))
    assert held["participants"] == [invited["id"]]
    said = await ok(clerk.post(consents, json={"party_id": two, "agreed": False, "on": "2020-03-06"}))
    assert [c["agreed"] for c in said["consents"]] == [True, True, False]
    late = attended | {"held_on": "2020-03-06"}
    await refused(clerk.post(sessions, json=late), 409, "participant-consent-missing")
    assert (await ok(clerk.get(path)))["items"] == [said]
    await refused(clerk.post(sessions, json=session(participants=[told["id"]])), 422, "unknown-reference")


async def test_a_party_ends_the_mediation_and_may_come_back(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    told, round_id = await mediated(clerk)
    path, url = f"/cases/{told['id']}", f"/mediations/{round_id}/termination"
    await ok(clerk.post(f"{path}/suspension", json={"reason": "expertise", "on": "2020-03-05"}))
    end = {"party_id": told["parties"][1]["id"], "on": "2020-03-06", "remedy_notice_on": "2020-03-06"}
    no_notice = {name: end[name] for name in ("party_id", "on")}
    await refused(clerk.post(url, json=no_notice), 422, "invalid-input")
    await refused(clerk.post(url, json=end | {"party_id": told["id"]}), 422, "unknown-reference")
    await refused(clerk.post(url, json=end | {"on": "2020-03-02"}), 409, "dates-out-of-order")
    ended = await ok(clerk.post(url, json=end | {"reason": "不愿再谈。"}))
    assert (ended["outcome"], ended["failure_reason"]) == ("failed", "party_requests_termination")
    assert (ended["case_status"], ended["remedy_notice_on"]) == ("mediating", "2020-03-06")
    await refused(clerk.post(url, json=end), 409, "round-concluded")
    after = await ok(clerk.get(path))
    assert [p["consent"] for p in after["parties"]] == ["agreed", "pending"]
    assert {d["paused_on"] for d in after["deadlines"]} == {None}
    step = (await ok(clerk.get(f"{path}/timeline")))["items"][-1]
    assert (step["step"], step["from"], step["to"]) == ("termination", "suspended", "mediating")
    assert step["reason"] == "不愿再谈。"
    actions = {item["step"]: item for item in (await ok(clerk.get(f"{path}/actions")))["items"]}
    assert (actions["mediations"]["allowed"], actions["mediations"]["pointer"]) == (True, "/parties/1/consent")
    again = await created(clerk.post(f"{path}/mediations", json=round_of("people", "2020-03-09")))
    await ok(clerk.post(f"/mediations/{again['id']}/termination", json=end | {"on": "2020-03-10"}))
    closed = await ok(clerk.post(f"{path}/closure", json={"closed_on": "2020-03-10"}))
    assert (closed["outcome"], closed["failure_reason"]) == ("failed", "party_requests_termination")
