"""A dispute handed over, in both directions: every step from every state, by whom, how late; and that a partner sees
what was referred to it from that moment until recall or return, and nothing else."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from app.core.codes import member_of
from app.intake.models import CaseStep
from app.people.codes import OrganizationKind, Role
from tests.tables import changed, content
from tests.test_fast_path import counted
from tests.test_races import at_once, count, posting
from tests.world import (
    DISTRICT,
    OTHER_TOWN,
    TOWN,
    Caller,
    World,
    accepted_case,
    account,
    agreed,
    created,
    failed,
    ok,
    organization,
    refused,
    round_of,
)

SENT_ON, ON = "2020-03-03", "2020-03-04"
BODIES: dict[str, dict[str, Any]] = {
    "acceptance": {},
    "return": {"reason": "不属本单位职责。"},
    "result": {"outcome": "failed", "text": "双方分歧较大。"},
    "acknowledgement": {},
    "recall": {"reason": "当事人撤回申请。"},
}
LEADS_TO = {
    "acceptance": "accepted",
    "return": "returned",
    "result": "result_returned",
    "acknowledgement": "acknowledged",
    "recall": "recalled",
}
OF_RECEIVER = {"acceptance", "return", "result"}
WAYS: dict[str, list[str]] = {
    "offered": [],
    "accepted": ["acceptance"],
    "returned": ["return"],
    "result_returned": ["acceptance", "result"],
    "acknowledged": ["acceptance", "result", "acknowledgement"],
    "recalled": ["recall"],
}
"""How a hand-off gets to each state."""
ALLOWED = {
    "offered": {"acceptance", "return", "recall"},
    "accepted": {"return", "result", "recall"},
    "returned": set(),
    "result_returned": {"acknowledgement"},
    "acknowledged": set(),
    "recalled": set(),
}
REFUSED_AS = {
    ("offered", "result"): "referral-step-not-allowed",
    ("offered", "acknowledgement"): "referral-step-not-allowed",
    ("accepted", "acceptance"): "referral-answered",
    ("accepted", "acknowledgement"): "referral-step-not-allowed",
    ("returned", "return"): "referral-answered",
    ("result_returned", "acceptance"): "referral-answered",
    ("result_returned", "result"): "referral-answered",
    ("result_returned", "return"): "referral-step-not-allowed",
    ("result_returned", "recall"): "referral-step-not-allowed",
    ("acknowledged", "acceptance"): "referral-answered",
    ("acknowledged", "result"): "referral-answered",
    ("acknowledged", "acknowledgement"): "referral-answered",
    ("acknowledged", "return"): "referral-step-not-allowed",
    ("acknowledged", "recall"): "referral-step-not-allowed",
    ("recalled", "recall"): "referral-answered",
}


@dataclass
class HandOff:
    clerk: Caller
    liaison: Caller
    case: dict[str, Any]
    round: dict[str, Any]
    direction: str

    @property
    def path(self) -> str:
        return f"/mediations/{self.round['id']}"

    def is_ours(self, step: str) -> bool:
        return (self.direction == "in") is (step in OF_RECEIVER)

    def body(self, step: str, on: str = ON, **fields: Any) -> dict[str, Any]:
        return {"on": on, **BODIES[step], **fields}

    async def by_us(self, step: str, **fields: Any) -> Any:
        """A partner's step as its letter told it."""
        letter = {} if self.is_ours(step) else {"letter_no": "示例函〔2020〕9号", "officer_name": "庹某乙"}
        return await self.clerk.post(f"{self.path}/referral/{step}", json=self.body(step, **letter, **fields))

    async def by_them(self, step: str, **fields: Any) -> Any:
        return await self.liaison.post(f"{self.path}/referral/{step}", json=self.body(step, **fields))

    async def reach(self, state: str) -> "HandOff":
        for step in WAYS[state]:
            await ok(self.by_us(step))
        return self

    async def deadlines(self) -> dict[str, str]:
        found = await ok(self.clerk.get(f"/cases/{self.case['id']}"))
        running = [d for d in found["deadlines"] if d["code"].startswith("referral") and d["ended_on"] is None]
        return {d["code"].removeprefix("referral_"): d["due_on"] for d in running}


@dataclass
class Sides:
    clerk: Caller
    liaison: Caller
    partner: str

    async def hand_off(self, direction: str = "in", sent_on: str = SENT_ON) -> HandOff:
        accepted = await accepted_case(self.clerk)
        referral = {"direction": direction, "partner_id": self.partner, "sent_on": sent_on, "docket_no": "示例案号"}
        body = round_of("court", SENT_ON, referral=referral)
        mediation = await created(self.clerk.post(f"/cases/{accepted['id']}/mediations", json=body))
        return HandOff(self.clerk, self.liaison, accepted, mediation, direction)


async def sides(world: World) -> Sides:
    court = await organization(world, OTHER_TOWN, kind=OrganizationKind.PEOPLES_TRIBUNAL)
    liaison = await account(world, Role.LIAISON_COURT, DISTRICT, organization_id=court)
    return Sides(await world.caller(Role.OFFICE_CLERK, TOWN), liaison, str(court))


def test_the_tables_are_whole() -> None:
    pairs = {(state, step) for state in WAYS for step in BODIES}
    allowed = {(state, step) for state, steps in ALLOWED.items() for step in steps}
    over = {(state, step) for state, step in pairs if state in {"returned", "recalled"}} - set(REFUSED_AS)
    assert pairs == allowed | set(REFUSED_AS) | over
    assert not allowed & (set(REFUSED_AS) | over)


@pytest.mark.parametrize("direction", ["in", "out"])
@pytest.mark.parametrize("state", list(WAYS))
async def test_every_step_from_every_state_is_taken_or_refused_as_actions_says(
    world: World, direction: str, state: str
) -> None:
    both = await sides(world)
    standing = await (await both.hand_off(direction)).reach(state)
    items = (await ok(both.clerk.get(f"{standing.path}/actions")))["items"]
    actions = {item["step"].removeprefix("referral_"): item for item in items if item["step"].startswith("referral_")}
    assert list(actions) == list(BODIES)
    before = await content(world)
    for step in set(BODIES) - ALLOWED[state]:
        code = REFUSED_AS.get((state, step), "referral-ended")
        problem = await refused(standing.by_us(step), 409, code)
        assert problem["referral_state"] == state
        assert (actions[step]["allowed"], actions[step]["reason"]) == (False, problem["detail"])
    assert changed(before, await content(world)) == {}
    for step in sorted(ALLOWED[state]):
        assert actions[step]["allowed"], step
        assert ("pointer" in actions[step]) is not standing.is_ours(step), "a partner's step is taken by its letter"
        one = await (await both.hand_off(direction)).reach(state)
        taken = await ok(one.by_us(step))
        assert (taken["referral"]["state"], taken["case_status"]) == (LEADS_TO[step], "mediating")
        await last_step(one, step)


async def last_step(one: HandOff, step: str) -> None:
    """In the round, and in the timeline of its case."""
    told = (await ok(one.clerk.get(one.path)))["referral"]
    last = told["answers"][-1]
    ours = one.is_ours(step)
    assert [told["state"], last["state"], last["on"]] == [LEADS_TO[step], LEADS_TO[step], ON]
    assert (last["side"], last["way"]) == (("office", "account") if ours else ("partner", "letter"))
    assert (last["letter_no"], last["officer_name"]) == ((None, None) if ours else ("示例函〔2020〕9号", "庹某乙"))
    assert {name: last[name] for name in ("reason", "outcome", "text") if last[name]} == BODIES[step]
    *_, entry = (await ok(one.clerk.get(f"/cases/{one.case['id']}/timeline")))["items"]
    assert (entry["step"], entry["from"], entry["to"]) == (f"referral_{step}", "mediating", "mediating")
    assert (entry["document_no"], entry["reason"]) == (last["letter_no"], last["reason"])


@pytest.mark.parametrize("direction", ["in", "out"])
async def test_the_partner_takes_its_own_steps_and_no_others(world: World, direction: str) -> None:
    both = await sides(world)
    for state, steps in ALLOWED.items():
        for step in sorted(steps):
            one = await (await both.hand_off(direction)).reach(state)
            items = (await ok(both.liaison.get(f"{one.path}/actions")))["items"]
            action = next(item for item in items if item["step"] == f"referral_{step}")
            assert action["allowed"] is not one.is_ours(step), (state, step)
            assert not next(item for item in items if item["step"] == "sessions")["allowed"]
            if one.is_ours(step):
                before = await content(world)
                problem = await refused(one.by_them(step), 409, "offices-step")
                assert problem["detail"] == action["reason"]
                assert changed(before, await content(world)) == {}
                continue
            answer = await one.by_them(step)
            taken = await ok(answered(answer))
            assert set(taken) == {
                *("id", "version", "case_id", "method", "started_on", "outcome", "concluded_on", "referral"),
            }
            last = (await ok(both.clerk.get(one.path)))["referral"]["answers"][-1]
            assert (last["side"], last["way"]) == ("partner", "account")
            assert last["recorded_by"] == str(both.liaison.account.id)
            assert answer.headers["etag"] == f'"{taken["version"]}-partner"'


async def answered(answer: Any) -> Any:
    return answer


async def test_a_partners_step_is_recorded_by_its_letter_alone(world: World) -> None:
    both = await sides(world)
    one = await both.hand_off("out")
    path = f"{one.path}/referral/acceptance"
    problem = await refused(both.clerk.post(path, json=one.body("acceptance")), 409, "partners-step")
    assert [error["pointer"] for error in problem["errors"]] == ["/letter_no"]
    for step, missing in (("return", "reason"), ("result", "outcome"), ("result", "text"), ("recall", "on")):
        body = {name: value for name, value in one.body(step).items() if name != missing}
        problem = await refused(both.clerk.post(f"{one.path}/referral/{step}", json=body), 422, "invalid-input")
        assert [error["pointer"] for error in problem["errors"]] == [f"/{missing}"]
    await ok(one.by_us("acceptance"))


async def test_dates_of_a_hand_off_follow_one_another(world: World) -> None:
    both = await sides(world)
    one = await both.hand_off()
    await refused(one.by_us("acceptance", on="2020-03-02"), 409, "dates-out-of-order")
    await ok(one.by_us("acceptance", on="2020-03-05"))
    await refused(one.by_us("result", on="2020-03-04"), 409, "dates-out-of-order")
    await refused(one.by_us("result", on="2999-01-01"), 422, "invalid-input")
    await ok(one.by_us("result", on="2020-03-05"))


async def test_a_partner_sees_the_hand_off_from_its_first_day_until_recall_or_return(world: World) -> None:
    both = await sides(world)
    for direction, step, by_them in (("in", "recall", True), ("in", "return", False), ("out", "return", True)):
        one = await both.hand_off(direction)
        paths = (f"/cases/{one.case['id']}", one.path, f"{one.path}/actions")
        for path in paths:
            assert (await both.liaison.get(path)).status_code == 200
        assert one.round["id"] in await listed(both.liaison)
        ended = await ok(one.by_them(step) if by_them else one.by_us(step))
        assert ended["referral"]["state"] == LEADS_TO[step], "the answer itself is still the partner's to read"
        for path in paths:
            await refused(both.liaison.get(path), 404, "not-found")
        for late in BODIES:
            await refused(one.by_them(late), 404, "not-found")
            await refused(one.by_us(late), 409, "referral-answered" if late == step else "referral-ended")
        assert await listed(both.liaison) == []
        assert one.round["id"] in await listed(both.clerk)


async def listed(caller: Caller, **query: Any) -> list[str]:
    found = await ok(caller.get("/referrals", params={"limit": 200, "total": "exact", **query}))
    assert found["total"] == len(found["items"])
    return [item["mediation_id"] for item in found["items"]]


async def test_another_partner_and_another_round_stay_unseen(world: World) -> None:
    both = await sides(world)
    one, unseen = await both.hand_off(), await accepted_case(both.clerk)
    other = await organization(world, OTHER_TOWN, kind=OrganizationKind.COURT, name="示例法院")
    stranger = await account(world, Role.LIAISON_COURT, DISTRICT, organization_id=other)
    own = await created(both.clerk.post(f"/cases/{unseen['id']}/mediations", json=round_of("court", SENT_ON)))
    await ok(both.clerk.post(f"{one.path}/conclusion", json=failed()))
    later = round_of("court", "2020-03-06", referral={"partner_id": str(other)})
    second = await created(both.clerk.post(f"/cases/{one.case['id']}/mediations", json=later))
    neighbour = await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    before = await content(world)
    for caller, unseen_round in (
        *((stranger, one.round), (stranger, own), (both.liaison, own), (both.liaison, second)),
        (neighbour, one.round),
    ):
        for step in BODIES:
            path = f"/mediations/{unseen_round['id']}/referral/{step}"
            body = one.body(step, letter_no="示例函")
            await refused(caller.post(path, json=body), 404, "not-found")
    assert changed(before, await content(world)) == {}
    assert await listed(stranger) == [second["id"]]
    assert await listed(both.liaison) == [one.round["id"]]
    mediator = await world.caller(Role.COMMITTEE_CHAIR, TOWN)
    await refused(mediator.post(f"{one.path}/referral/acceptance", json={"on": ON}), 403, "forbidden")


async def test_a_hand_off_never_blocks_the_round_and_outlives_it(world: World) -> None:
    both = await sides(world)
    for state in WAYS:
        one = await (await both.hand_off()).reach(state)
        session = {"held_on": "2020-03-04", "form": "onsite", "record": "现场查看。"}
        await created(both.clerk.post(f"{one.path}/sessions", json=session))
        await ok(both.clerk.post(f"{one.path}/conclusion", json=agreed()))
        for step in sorted(ALLOWED[state])[:1]:
            taken = await ok(one.by_us(step))
            assert (taken["referral"]["state"], taken["case_status"]) == (LEADS_TO[step], "closed_success")


async def test_a_locked_case_takes_no_step(world: World) -> None:
    both, head = await sides(world), await world.caller(Role.OFFICE_HEAD, TOWN)
    voided, merged, archived = [await both.hand_off() for _ in range(3)]
    survivor = await accepted_case(both.clerk)
    await ok(head.post(f"/cases/{voided.case['id']}/void", json={"reason": "误登记。"}))
    into = {"into": survivor["id"], "reason": "同一纠纷。"}
    await ok(head.post(f"/cases/{merged.case['id']}/merge", json=into))
    await ok(both.clerk.post(f"{archived.path}/conclusion", json=agreed()))
    await ok(both.clerk.post(f"/cases/{archived.case['id']}/archive", json={"statement": "材料另存。"}))
    for one in (voided, merged, archived):
        for step in BODIES:
            await refused(one.by_us(step), 409, "case-locked")
            await refused(one.by_them(step), 409, "case-locked")


async def test_a_round_without_a_referral_has_no_steps_of_one(world: World) -> None:
    both = await sides(world)
    accepted = await accepted_case(both.clerk)
    own = await created(both.clerk.post(f"/cases/{accepted['id']}/mediations", json=round_of()))
    await refused(both.clerk.post(f"/mediations/{own['id']}/referral/acceptance", json={"on": ON}), 409, "no-referral")
    items = (await ok(both.clerk.get(f"/mediations/{own['id']}/actions")))["items"]
    assert [item["step"] for item in items] == ["sessions", "conclusion", "termination", "replacement"]


async def test_the_same_answer_under_one_key_is_given_again(world: World) -> None:
    both = await sides(world)
    one = await both.hand_off("out")
    path, headers = f"{one.path}/referral/acceptance", {"Idempotency-Key": "一".encode().hex()}
    first, again = [await both.liaison.post(path, json=one.body("acceptance"), headers=headers) for _ in range(2)]
    assert (first.json(), first.headers["etag"]) == (again.json(), again.headers["etag"])
    assert again.headers["idempotent-replay"] == "true"
    await refused(one.by_them("acceptance"), 409, "referral-answered")
    assert len((await ok(both.clerk.get(one.path)))["referral"]["answers"]) == 1


async def test_an_answer_to_what_has_changed_meanwhile_is_refused(world: World) -> None:
    both = await sides(world)
    one = await both.hand_off("out")
    for caller in (both.clerk, both.liaison):
        body, path = one.body("acceptance", letter_no="示例函"), f"{one.path}/referral/acceptance"
        await refused(caller.post(path, json=body, headers={"If-Match": '"9-full"'}), 412, "precondition-failed")
    current = (await both.liaison.get(one.path)).headers["etag"]
    headers = {"If-Match": current}
    await ok(both.liaison.post(f"{one.path}/referral/acceptance", json=one.body("acceptance"), headers=headers))
    assert (await both.liaison.get(one.path)).headers["etag"] != current


async def test_answers_end_what_was_due(world: World) -> None:
    """Receipt in one working day, feedback in five, from a Tuesday."""
    both = await sides(world)
    waited = {"receipt": "2020-03-04", "feedback": "2020-03-10"}
    only_feedback = {"feedback": "2020-03-10"}
    for steps, left in (
        ([], waited),
        (["acceptance"], only_feedback),
        (["acceptance", "result"], {}),
        (["acceptance", "result", "acknowledgement"], {}),
        (["return"], {}),
        (["acceptance", "return"], {}),
        (["recall"], {}),
    ):
        one = await both.hand_off()
        for step in steps:
            await ok(one.by_us(step))
        assert await one.deadlines() == left, steps
        item = next(i for i in await items(both.clerk) if i["mediation_id"] == one.round["id"])
        assert (item["receipt_due_on"], item["feedback_due_on"]) == (left.get("receipt"), left.get("feedback"))


async def items(caller: Caller, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await ok(caller.get("/referrals", params={"limit": 200, **query})))["items"]
    return found


async def test_an_answer_to_an_earlier_round_ends_nothing_of_the_later(world: World) -> None:
    both = await sides(world)
    one = await both.hand_off()
    await ok(both.clerk.post(f"{one.path}/conclusion", json=failed()))
    later = round_of("court", "2020-03-09", referral={"partner_id": both.partner})
    await created(both.clerk.post(f"/cases/{one.case['id']}/mediations", json=later))
    waited = await one.deadlines()
    assert waited == {"receipt": "2020-03-10", "feedback": "2020-03-16"}
    await ok(one.by_us("acceptance"))
    await ok(one.by_us("result"))
    assert await one.deadlines() == waited


async def test_what_an_answer_ended_stays_ended_when_a_merge_is_undone(world: World) -> None:
    both, head = await sides(world), await world.caller(Role.OFFICE_HEAD, TOWN)
    one, survivor = await both.hand_off(), await accepted_case(both.clerk)
    today = str(world.kernel.clock.now().date())
    await ok(one.by_us("acceptance", on=today))
    await ok(head.post(f"/cases/{one.case['id']}/merge", json={"into": survivor["id"], "reason": "同一纠纷。"}))
    assert await one.deadlines() == {}
    await ok(head.post(f"/cases/{one.case['id']}/separation", json={"reason": "并非同一纠纷。"}))
    assert await one.deadlines() == {"feedback": "2020-03-10"}


async def test_the_list_finds_what_is_overdue_as_the_deadlines_do(world: World) -> None:
    both = await sides(world)
    late, half, done = [await both.hand_off() for _ in range(3)]
    out = await both.hand_off("out")
    await half.reach("accepted")
    await done.reach("result_returned")
    ids = [h.round["id"] for h in (late, half, done, out)]
    late_ids = {late.round["id"], half.round["id"], out.round["id"]}
    assert await listed(both.clerk) == ids[::-1]
    for query, found in (
        ({"overdue": "true"}, late_ids),
        ({"overdue": "false"}, {done.round["id"]}),
        ({"state": "accepted,result_returned"}, {half.round["id"], done.round["id"]}),
        ({"direction": "out"}, {out.round["id"]}),
        ({"method": "police"}, set()),
        ({"method": "court", "partner_id": both.partner}, set(ids)),
        ({"partner_id": both.clerk.account.organization_id}, set()),
        ({"due_before": "2020-03-05"}, {late.round["id"], out.round["id"]}),
        ({"due_before": "2020-03-04"}, set()),
        ({"due_before": "2020-03-11"}, late_ids),
        ({"concluded": "true"}, set()),
        ({"concluded": "false", "place": TOWN}, set(ids)),
        ({"place": OTHER_TOWN}, set()),
    ):
        for caller in (both.clerk, both.liaison):
            assert set(await listed(caller, **query)) == found, query
    codes = {"code": "referral_receipt,referral_feedback", "overdue": "true", "limit": 200}
    due = (await ok(both.clerk.get("/deadlines", params=codes)))["items"]
    assert {d["case_id"] for d in due} == {i["case_id"] for i in await items(both.clerk, overdue="true")}
    assert await listed(await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)) == []
    seen = {name for item in await items(both.liaison) for name in item}
    assert {name for item in await items(both.clerk) for name in item} - seen == {
        *("number", "place", "case_status", "organization_id"),
    }
    await ok(both.clerk.post(f"{late.path}/conclusion", json=failed()))
    assert set(await listed(both.clerk, overdue="true")) == late_ids - {late.round["id"]}
    assert await listed(both.clerk, concluded="true") == [late.round["id"]]


async def test_the_list_is_paged_by_one_statement(world: World) -> None:
    both = await sides(world)
    ids = [(await both.hand_off()).round["id"] for _ in range(5)]
    found, query = [], {"limit": 2, "overdue": "true"}
    for _ in range(3):
        part = await ok(both.liaison.get("/referrals", params=query))
        found += [item["mediation_id"] for item in part["items"]]
        query |= {"cursor": part["next"]}
    assert (found, part["next"]) == (ids[::-1], None)
    await both.liaison.get("/referrals")
    with counted(world) as sent:
        await ok(both.clerk.get("/referrals", params={"overdue": "true", "place": TOWN, "due_before": "2020-05-01"}))
        await ok(both.liaison.get("/referrals"))
    statements = [statement for statement in sent if "referrals" in statement]
    assert len(statements) == 2, sent


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_round_with_its_answers_reads_in_few_statements(world: World) -> None:
    both = await sides(world)
    one = await (await both.hand_off()).reach("acknowledged")
    await ok(both.clerk.get(one.path))
    with counted(world) as sent:
        await ok(both.clerk.get(one.path))
    assert len([statement for statement in sent if statement.startswith("SELECT")]) <= 4, sent


async def test_of_two_answers_at_once_one_is_kept(own_world: World) -> None:
    """The same step by both sides; then what excludes one another: whoever comes late is told so, or sees no more."""
    both = await sides(own_world)
    one = await both.hand_off("out")
    path, steps = f"{one.path}/referral", await count(own_world, CaseStep)
    body = one.body("acceptance", letter_no="示例函〔2020〕9号")
    answers = await at_once([posting(c, f"{path}/acceptance", body) for c in (both.clerk, both.liaison) * 5], 10)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"referral-answered"}
    assert await count(own_world, CaseStep) == steps + 1
    rivals = [
        posting(both.liaison, f"{path}/return", one.body("return")),
        posting(both.liaison, f"{path}/result", one.body("result")),
        posting(both.clerk, f"{path}/recall", one.body("recall")),
    ]
    answers = await at_once(rivals * 3, 9)
    told = Counter(answer.status_code for answer in answers)
    assert told[200] == 1, told
    assert set(told) <= {200, 404, 409}, told
    assert await count(own_world, CaseStep) == steps + 2
    referral = (await ok(both.clerk.get(one.path)))["referral"]
    assert [answer["state"] for answer in referral["answers"]] == ["accepted", referral["state"]]
    is_over = referral["state"] in {"returned", "recalled"}
    assert (await both.liaison.get(one.path)).status_code == (404 if is_over else 200)


FIT = {
    "police": "police_station",
    "court": "peoples_tribunal",
    "arbitration": "commercial_arbitration",
    "lawyer": "law_firm",
    "petition": "petition_office",
    "procuratorate": "procuratorate",
    "administrative": "government_office",
    "industry": "mass_organization",
}
NUMBERS: dict[str, dict[str, Any]] = {
    "court": {"docket_no": "示例案号", "officer_name": "庹某乙", "letter_kind": "entrustment"},
    "police": {"officer_name": "庹某乙", "letter_kind": "referral"},
    "petition": {"petition_no": "示例信访件1号"},
    "procuratorate": {"procuratorate_case_no": "示例检案1号"},
    "administrative": {"department": "示例局", "work_order_no": "示例工单1号"},
    "industry": {"department": "示例行业协会"},
}


ALSO_FIT = {("administrative", "police"), ("industry", "administrative"), ("lawyer", "industry")}
"""Methods beside their own partner's that take it too."""


async def test_a_partner_is_of_a_kind_that_goes_with_the_method(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    path = f"/cases/{(await accepted_case(clerk, category='contract'))['id']}/mediations"
    bodies = {
        method: str(await organization(world, TOWN, kind=member_of(OrganizationKind, kind)))
        for method, kind in FIT.items()
    }
    for method in FIT:
        own = round_of(method).get("referral", {})
        for other in FIT:
            if other == method or (method, other) in ALSO_FIT:
                continue
            wrong = round_of(method, referral=own | {"partner_id": bodies[other]})
            problem = await refused(clerk.post(path, json=wrong), 409, "partner-unfit")
            assert [error["pointer"] for error in problem["errors"]] == ["/referral/partner_id"]
        right = round_of(method, referral=own | {"partner_id": bodies[method]})
        started = await created(clerk.post(path, json=right))
        await ok(clerk.post(f"/mediations/{started['id']}/conclusion", json=failed("2020-03-03")))
    own = {"arbitration_kind": "rural_land", "partner_id": bodies["arbitration"]}
    await refused(clerk.post(path, json=round_of("arbitration", referral=own)), 409, "partner-unfit")
    lawyer = round_of("lawyer")["referral"] | {"law_firm_id": bodies["industry"]}
    problem = await refused(clerk.post(path, json=round_of("lawyer", referral=lawyer)), 409, "partner-unfit")
    assert [error["pointer"] for error in problem["errors"]] == ["/referral/law_firm_id"]


async def test_each_method_has_its_own_numbers(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    path = f"/cases/{(await accepted_case(clerk))['id']}/mediations"
    for method, numbers in NUMBERS.items():
        own = round_of(method).get("referral", {}) | numbers
        for number in ("petition_no", "procuratorate_case_no", "department", "work_order_no", "incident_no"):
            if number in own:
                continue
            wrong = round_of(method, referral=own | {number: "示例"})
            problem = await refused(clerk.post(path, json=wrong), 422, "invalid-input")
            assert [error["pointer"] for error in problem["errors"]] == [f"/referral/{number}"]
        started = await created(clerk.post(path, json=round_of(method, referral=own)))
        assert {name: started["referral"][name] for name in own} == own
        await ok(clerk.post(f"/mediations/{started['id']}/conclusion", json=failed("2020-03-03")))


async def test_bodies_that_mediate_together_have_one_session_with_one_record(world: World) -> None:
    both = await sides(world)
    one = await both.hand_off()
    station = str(await organization(world, TOWN, kind=OrganizationKind.POLICE_STATION))
    office = str(await organization(world, TOWN, kind=OrganizationKind.JUDICIAL_OFFICE))
    path = f"{one.path}/sessions"
    session = {"held_on": "2020-03-04", "form": "onsite", "record": "一庭两所联合调解。"}
    triad = [
        {"organization_id": body, "spoken_by": name}
        for body, name in ((both.partner, "冉某甲"), (station, "庹某乙"), (office, "李某丙"))
    ]
    alone = await created(both.clerk.post(path, json=session))
    assert (alone["bodies"], alone["joint"]) == ([], None)
    held = await created(both.clerk.post(path, json=session | {"bodies": triad}))
    assert [(body["organization_id"], body["spoken_by"]) for body in held["bodies"]] == [
        tuple(body.values()) for body in triad
    ]
    assert [body["kind"] for body in held["bodies"]] == ["peoples_tribunal", "police_station", "judicial_office"]
    assert held["joint"] == "court_police_justice_triad"
    pair = await created(both.clerk.post(path, json=session | {"bodies": triad[1:]}))
    assert pair["joint"] == "several_bodies"
    assert (await ok(both.clerk.get(path)))["items"] == [alone, held, pair]
    await refused(both.clerk.post(path, json=session | {"bodies": [triad[0], triad[0]]}), 422, "invalid-input")
    unknown = {"organization_id": one.round["id"], "spoken_by": "冉某甲"}
    problem = await refused(
        both.clerk.post(path, json=session | {"bodies": [*triad, unknown]}), 422, "unknown-reference"
    )
    assert [error["pointer"] for error in problem["errors"]] == ["/bodies/3/organization_id"]
    await refused(both.liaison.get(path), 403, "forbidden")
