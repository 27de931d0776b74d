"""From signature to the last instalment: obligations performed, urged, refused, changed; a draft put right; who signed
and how."""

import asyncio
from typing import Any

import pytest

from app.people.codes import Role
from tests.statements import statements
from tests.test_races import at_once, posting
from tests.world import (
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    created,
    ok,
    refused,
    started_round,
)

Body = dict[str, Any]
PARTS = [{"due_on": "2020-04-01", "amount": "400.00"}, {"due_on": "2020-05-01", "amount": "600.00"}]


async def settled(caller: Caller, *obligations: Body, place: str = VILLAGE, **fields: Any) -> Body:
    """A case settled orally on 2020-03-05, whose respondent owes what is given; with its agreement."""
    accepted = await accepted_case(caller, place, **fields)
    mediation = await started_round(caller, accepted["id"])
    owed = [{"party_id": accepted["parties"][1]["id"], **one} for one in obligations]
    body = agreed(amount="1000.00", obligations=owed)
    await ok(caller.post(f"/mediations/{mediation['id']}/conclusion", json=body))
    closed = await ok(caller.get(f"/cases/{accepted['id']}"))
    return closed | {"agreement": await agreement(caller, closed)}


async def agreement(caller: Caller, case: Body) -> Body:
    return await ok(caller.get(f"/cases/{case['id']}/agreement"))


async def owing(caller: Caller, **terms: Any) -> tuple[Body, str]:
    """The case and the path of its one obligation."""
    case = await settled(caller, {"what": "支付赔偿款", **terms})
    return case, f"/obligations/{case['agreement']['obligations'][0]['id']}"


def everybody(case: Body) -> list[str]:
    return [party["id"] for party in case["parties"]]


async def test_instalments_are_paid_until_nothing_is_owed(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case, path = await owing(clerk, amount="1000.00", instalments=PARTS)
    obligation = case["agreement"]["obligations"][0]
    assert (obligation["status"], obligation["due_on"]) == ("performing", "2020-05-01")
    assert (obligation["next_due_on"], case["agreement"]["performance_status"]) == ("2020-04-01", "performing")
    first = await ok(clerk.post(f"{path}/performance", json={"on": "2020-03-30", "amount": "450.00", "proof": "收条"}))
    assert [part["performed_amount"] for part in first["instalments"]] == ["400.00", "50.00"], "the earliest first"
    assert (first["status"], first["next_due_on"]) == ("partly_performed", "2020-05-01")
    assert first["case_version"] == case["version"] + 1
    over = await refused(
        clerk.post(f"{path}/performance", json={"on": "2020-05-01", "amount": "550.01"}), 409, "over-performed"
    )
    assert over["remaining"] == "550.00"
    named = {"on": "2020-05-01", "instalment": 1, "amount": "0.01"}
    await refused(clerk.post(f"{path}/performance", json=named), 409, "over-performed")
    unknown = await refused(clerk.post(f"{path}/performance", json=named | {"instalment": 3}), 422, "unknown-reference")
    assert unknown["errors"][0]["pointer"] == "/instalment"
    for body in ({"amount": "0.00"}, {"partial": True}, {"amount": "-1"}):
        await refused(clerk.post(f"{path}/performance", json={"on": "2020-05-01"} | body), 422, "invalid-input")
    early = {"on": "2020-03-04"}
    await refused(clerk.post(f"{path}/performance", json=early), 409, "dates-out-of-order")
    last = await ok(clerk.post(f"{path}/performance", json={"on": "2020-05-01", "instalment": 2}))
    assert (last["status"], last["performed_amount"], last["next_due_on"]) == ("performed", "1000.00", None)
    assert [act["amount"] for act in last["acts"]] == ["450.00", "550.00"]
    assert [act["instalment"] for act in last["acts"]] == [None, 2]
    assert (last["acts"][0]["note"], last["acts"][0]["recorded_by"]) == ("收条", str(clerk.account.id))
    await refused(clerk.post(f"{path}/performance", json={"on": "2020-05-02"}), 409, "obligation-settled")
    assert (await agreement(clerk, case))["performance_status"] == "performed"
    steps = (await ok(clerk.get(f"/cases/{case['id']}/timeline")))["items"]
    assert [step["step"] for step in steps[-2:]] == ["performance"] * 2
    assert "amount" not in steps[-1]["facts"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "999.99", "instalments": PARTS},
        {"instalments": PARTS},
        {"amount": "1000.00", "instalments": PARTS[::-1]},
        {"amount": "1000.00", "instalments": PARTS, "due_on": "2020-06-01"},
        {"amount": "1000.00", "instalments": PARTS, "performed_on_spot": True},
        {"amount": "400.00", "instalments": [*PARTS[:1], {"due_on": "2020-05-01", "amount": "0.00"}]},
    ],
)
async def test_instalments_that_do_not_add_up_are_refused(world: World, wrong: Body) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    mediation = await started_round(clerk, accepted["id"])
    owed = {"party_id": accepted["parties"][1]["id"], "what": "支付", **wrong}
    body = agreed(obligations=[owed])
    problem = await refused(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=body), 422, "invalid-input")
    assert problem["errors"][0]["pointer"].startswith("/agreement/obligations/0")
    assert (await ok(clerk.get(f"/cases/{accepted['id']}")))["status"] == "mediating"


async def test_what_is_no_money_is_done_in_part_or_whole_or_on_the_spot(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    duties: list[Body] = [{"what": "加装水槽", "due_on": "2020-04-01"}, {"what": "当面道歉", "performed_on_spot": True}]
    case = await settled(clerk, *duties)
    gutter, apology = case["agreement"]["obligations"]
    assert (apology["status"], apology["next_due_on"]) == ("performed_on_spot", None)
    assert [(act["kind"], act["on"]) for act in apology["acts"]] == [("performance", "2020-03-05")]
    assert case["agreement"]["performance_status"] == "partly_performed"
    path = f"/obligations/{gutter['id']}/performance"
    await refused(clerk.post(path, json={"on": "2020-03-20", "amount": "5.00"}), 422, "invalid-input")
    part = await ok(clerk.post(path, json={"on": "2020-03-20", "partial": True}))
    assert (part["status"], part["next_due_on"]) == ("partly_performed", "2020-04-01")
    whole = await ok(clerk.post(path, json={"on": "2020-03-25"}))
    assert (whole["status"], whole["next_due_on"]) == ("performed", None)
    assert (await agreement(clerk, case))["performance_status"] == "performed"
    nothing = await settled(clerk)
    assert nothing["agreement"]["performance_status"] == "not_applicable"


async def test_who_does_not_perform_is_urged_and_the_other_told_where_to_turn(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case, path = await owing(clerk, amount="1000.00", due_on="2020-04-01")
    urged = await ok(clerk.post(f"{path}/urgings", json={"on": "2020-04-03", "note": "上门督促"}))
    assert (urged["status"], urged["acts"][-1]["kind"]) == ("performing", "urging")
    assert "remedies" not in urged
    refusal = {"on": "2020-04-10", "reason": "unwilling", "note": "称无义务"}
    answer = await ok(clerk.post(f"{path}/refusal", json=refusal))
    assert (answer["status"], answer["acts"][-1]["reason"]) == ("refused", "unwilling")
    assert [one["route"] for one in answer["remedies"]] == ["lawsuit", "payment_order"]
    assert "第三十二条" in answer["remedies"][0]["basis"]
    shown = await agreement(clerk, case)
    assert (shown["performance_status"], shown["open_remedies"]) == ("refused", answer["remedies"])
    paid = await ok(clerk.post(f"{path}/performance", json={"on": "2020-04-20", "amount": "10.00"}))
    assert paid["status"] == "partly_performed", "who refused may still pay"
    wages = await settled(clerk, {"what": "支付工资", "amount": "1000.00"}, category="migrant_wage_arrears")
    told = await ok(clerk.post(f"/obligations/{wages['agreement']['obligations'][0]['id']}/refusal", json=refusal))
    assert [one["route"] for one in told["remedies"]] == ["labor_arbitration", "labor_payment_order"]
    assert "第十六条" in told["remedies"][1]["basis"]


async def test_a_remedy_is_recorded_where_it_is_open(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case, _ = await owing(clerk, amount="1000.00")
    path = f"/cases/{case['id']}/agreement/remedies"
    claimant = everybody(case)[0]
    body = {"route": "payment_order", "party_id": claimant, "on": "2020-05-02", "authority": "示例人民法院"}
    closed = await refused(clerk.post(path, json=body | {"route": "enforcement"}), 409, "remedy-not-open")
    assert "支付令" in closed["detail"]
    await refused(clerk.post(path, json=body | {"route": "labor_payment_order"}), 409, "remedy-not-open")
    await refused(clerk.post(path, json=body | {"on": "2020-03-04"}), 409, "dates-out-of-order")
    other, _ = await owing(clerk, amount="1.00")
    stranger = body | {"party_id": everybody(other)[0]}
    assert (await refused(clerk.post(path, json=stranger), 422, "unknown-reference"))["errors"][0]["pointer"]
    id = "01a20e4c-4226-7647-b59f-f9acfe9718f0"
    taken = await created(clerk.post(path, json=body | {"id": id}))
    assert await ok(clerk.post(path, json=body | {"id": id})) == taken
    assert (await agreement(clerk, case))["remedies"] == [taken]


async def test_terms_change_by_the_consent_of_all_and_the_old_ones_stay(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case, path = await owing(clerk, amount="1000.00", instalments=PARTS)
    await ok(clerk.post(f"{path}/performance", json={"on": "2020-03-30", "amount": "450.00"}))
    later = [{"due_on": "2020-06-01", "amount": "150.00"}, {"due_on": "2020-07-01", "amount": "200.00"}]
    body = {"on": "2020-04-20", "reason": "收成不好", "consents": everybody(case), "amount": "800.00"}
    change = body | {"instalments": later}
    alone = change | {"consents": everybody(case)[:1]}
    await refused(clerk.post(f"{path}/change", json=alone), 409, "change-needs-consent")
    for wrong in (body, body | {"instalments": PARTS}, change | {"waived": True}, {**change, "due_on": "2020-08-01"}):
        await refused(clerk.post(f"{path}/change", json=wrong), 422, "invalid-input")
    below = await refused(clerk.post(f"{path}/change", json=change | {"amount": "449.99"}), 409, "below-performed")
    assert below["performed"] == "450.00"
    changed = await ok(clerk.post(f"{path}/change", json=change))
    assert [(p["no"], p["amount"], p["performed_amount"]) for p in changed["instalments"]] == [
        (1, "400.00", "400.00"),
        (2, "50.00", "50.00"),
        (3, "150.00", "0.00"),
        (4, "200.00", "0.00"),
    ]
    assert (changed["amount"], changed["due_on"], changed["next_due_on"]) == ("800.00", "2020-07-01", "2020-06-01")
    act = changed["acts"][-1]
    assert (act["kind"], act["consents"], act["note"]) == ("change", everybody(case), "收成不好")
    assert (act["old_terms"]["amount"], act["old_terms"]["due_on"]) == ("1000.00", "2020-05-01")
    assert [p["amount"] for p in act["old_terms"]["instalments"]] == ["400.00", "600.00"]
    waiver = {"on": "2020-06-02", "reason": "两清", "consents": everybody(case), "waived": True}
    waived = await ok(clerk.post(f"{path}/change", json=waiver))
    assert (waived["status"], waived["next_due_on"]) == ("waived_or_changed", None)
    await refused(clerk.post(f"{path}/change", json=waiver), 409, "obligation-settled")
    assert (await agreement(clerk, case))["performance_status"] == "waived_or_changed"


async def test_an_act_sent_again_under_its_id_happens_once(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    _, path = await owing(clerk, amount="1000.00")
    body = {"id": "01a20e4c-4226-7647-b59f-f9acfe9718f1", "on": "2020-03-30", "amount": "600.00"}
    first = await ok(clerk.post(f"{path}/performance", json=body))
    assert await ok(clerk.post(f"{path}/performance", json=body)) == first
    await refused(clerk.post(f"{path}/performance", json=body | {"amount": "1.00"}), 409, "id-reused")


async def test_what_is_owed_is_listed_by_the_day_it_is_due(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case, path = await owing(clerk, amount="1000.00", instalments=PARTS)
    await settled(clerk, {"what": "道歉"}, place=OTHER_VILLAGE)
    ahead = await settled(clerk, {"what": "迁坟", "due_on": "2099-01-01"}, place=OTHER_VILLAGE)
    unsigned = await accepted_case(clerk)
    mediation = await started_round(clerk, unsigned["id"])
    owed = {"party_id": unsigned["parties"][1]["id"], "what": "未生效", "due_on": "2020-03-10"}
    written = agreed(form="written", obligations=[owed])
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=written))

    async def listed(**params: str) -> list[str]:
        return [item["what"] for item in (await ok(clerk.get("/obligations", params=params)))["items"]]

    assert await listed() == ["支付赔偿款", "道歉", "迁坟"]
    assert await listed(overdue="true") == ["支付赔偿款"]
    assert await listed(overdue="false") == ["道歉", "迁坟"]
    assert await listed(due_before="2099-01-02") == ["支付赔偿款", "迁坟"]
    assert await listed(due_before="2020-04-01") == []
    assert await listed(place=OTHER_VILLAGE) == ["道歉", "迁坟"]
    assert await listed(case_id=ahead["id"]) == ["迁坟"]
    assert await listed(status="performed") == []
    await ok(clerk.post(f"{path}/performance", json={"on": "2020-03-30"}))
    assert await listed(status="performed") == ["支付赔偿款"]
    assert await listed(overdue="true") == []
    page = await ok(clerk.get("/obligations", params={"due_before": "2100-01-01", "limit": "1", "total": "exact"}))
    assert (page["total"], page["items"][0]["case_id"], page["next"]) == (1, ahead["id"], None)
    two = await ok(clerk.get("/obligations", params={"limit": "2"}))
    rest = await ok(clerk.get("/obligations", params={"limit": "2", "cursor": two["next"]}))
    assert [item["what"] for item in rest["items"]] == ["迁坟"]
    assert two["items"][0]["number"] == case["number"]


async def written_case(clerk: Caller, lead: str, **agreement: Any) -> Body:
    accepted = await accepted_case(clerk)
    await ok(clerk.post(f"/cases/{accepted['id']}/assignment", json={"mediators": [lead]}))
    mediation = await started_round(clerk, accepted["id"])
    owed = [{"party_id": accepted["parties"][1]["id"], "what": "支付", "amount": "10.00", "due_on": "2020-04-01"}]
    body = agreed(form="written", obligations=owed, **agreement)
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=body))
    return await ok(clerk.get(f"/cases/{accepted['id']}"))


async def lead_of(world: World) -> str:
    return str((await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)).account.mediator_id)


async def test_a_draft_is_put_right_until_somebody_signs(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case = await written_case(clerk, await lead_of(world))
    path = f"/cases/{case['id']}/agreement"
    etag = {"If-Match": (await clerk.get(path)).headers["etag"]}
    await refused(clerk.patch(path, json={"content": "x"}), 428, "precondition-required")
    same = await ok(clerk.patch(path, json={"content": (await agreement(clerk, case))["content"]}, headers=etag))
    assert same["case_version"] == case["version"]
    parts = {"party_id": everybody(case)[1], "what": "分期支付", "amount": "1000.00", "instalments": PARTS}
    body = {"content": "改为分期支付。", "amount": "1000.00", "obligations": [parts]}
    amended = await ok(clerk.patch(path, json=body, headers=etag))
    assert (amended["content"], amended["amount"]) == ("改为分期支付。", "1000.00")
    assert [len(one["instalments"]) for one in amended["obligations"]] == [2]
    assert amended["case_version"] == case["version"] + 1
    await refused(clerk.patch(path, json=body, headers=etag), 412, "precondition-failed")
    etag = {"If-Match": f'"{amended["case_version"]}-full"'}
    assert (await ok(clerk.patch(path, json=body, headers=etag)))["case_version"] == amended["case_version"]
    await created(clerk.post(f"{path}/signatures", json={"party_id": everybody(case)[0], "on": "2020-03-05"}))
    etag = {"If-Match": f'"{amended["case_version"] + 1}-full"'}
    problem = await refused(clerk.patch(path, json={"content": "改"}, headers=etag), 409, "agreement-signed")
    assert "协商变更" in problem["detail"]
    obligation = amended["obligations"][0]["id"]
    early = clerk.post(f"/obligations/{obligation}/performance", json={"on": "2020-03-06"})
    await refused(early, 409, "agreement-not-effective")
    settled_one, _ = await owing(clerk, amount="5.00")
    etag = {"If-Match": f'"{settled_one["version"]}-full"'}
    standing = clerk.patch(f"/cases/{settled_one['id']}/agreement", json={"content": "改"}, headers=etag)
    await refused(standing, 409, "agreement-signed")


async def test_a_signature_says_where_it_comes_from(world: World) -> None:
    clerk, lead = await world.caller(Role.OFFICE_CLERK, TOWN), await lead_of(world)
    case = await written_case(clerk, lead)
    one, other = everybody(case)
    path = f"/cases/{case['id']}/agreement/signatures"
    by_hand = {"party_id": one, "on": "2020-03-05", "manner": "fingerprint", "device": "平板 A-3"}
    signature = await created(clerk.post(path, json=by_hand))
    assert {name: signature[name] for name in by_hand} == by_hand
    assert (signature["recorded_by"], signature["authority"]) == (str(clerk.account.id), None)
    agent = {"party_id": other, "on": "2020-03-05", "manner": "by_agent"}
    for wrong in (
        agent,
        {"party_id": other, "on": "2020-03-05", "authority": "授权委托书"},
        {"mediator_id": lead, "on": "2020-03-05", "manner": "by_agent", "authority": "授权委托书"},
        {"seal": True, "on": "2020-03-05", "manner": "stamp"},
    ):
        await refused(clerk.post(path, json=wrong), 422, "invalid-input")
    await created(clerk.post(path, json=agent | {"authority": "授权委托书（特别授权）"}))
    shown = await agreement(clerk, case)
    assert [s["manner"] for s in shown["signatures"]] == ["fingerprint", "by_agent"]


async def test_signatures_at_once_make_it_effective_once(own_world: World) -> None:
    clerk, lead = await own_world.caller(Role.OFFICE_CLERK, TOWN), await lead_of(own_world)
    case = await written_case(clerk, lead)
    path = f"/cases/{case['id']}/agreement/signatures"
    signers: list[Body] = [{"party_id": id} for id in everybody(case)] + [{"mediator_id": lead}, {"seal": True}]
    answers = await at_once([posting(clerk, path, one | {"on": "2020-03-05"}) for one in signers * 2], 8)
    assert sorted(answer.status_code for answer in answers) == [201] * 4 + [409] * 4
    shown = await agreement(clerk, case)
    assert (len(shown["signatures"]), shown["effective_on"]) == (4, "2020-03-05")
    after = await ok(clerk.get(f"/cases/{case['id']}"))
    assert after["version"] == case["version"] + 4
    rights = [row for row in after["deadlines"] if row["code"] == "judicial_confirmation"]
    assert len(rights) == 1


async def test_payments_at_once_never_pay_too_much(own_world: World) -> None:
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    case, path = await owing(clerk, amount="1000.00", instalments=PARTS)
    payments = [posting(clerk, f"{path}/performance", {"on": "2020-04-01", "amount": "300.00"}) for _ in range(6)]
    answers = await at_once(payments, 6)
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [409] * 3
    (obligation,) = (await agreement(clerk, case))["obligations"]
    assert (obligation["performed_amount"], len(obligation["acts"])) == ("900.00", 3)
    assert [part["performed_amount"] for part in obligation["instalments"]] == ["400.00", "500.00"]


async def test_a_change_and_a_payment_at_once_leave_no_half_state(own_world: World) -> None:
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    case, path = await owing(clerk, amount="1000.00", due_on="2020-04-01")
    waiver = {"on": "2020-04-01", "reason": "两清", "consents": everybody(case), "waived": True}
    paying = posting(clerk, f"{path}/performance", {"on": "2020-04-01"})
    answers = await asyncio.gather(paying(), posting(clerk, f"{path}/change", waiver)(), paying())
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    (obligation,) = (await agreement(clerk, case))["obligations"]
    kind = {"performed": "performance", "waived_or_changed": "waiver"}[obligation["status"]]
    assert [act["kind"] for act in obligation["acts"]] == [kind]


async def test_a_new_agreement_stands_in_place_of_the_earlier_one(world: World) -> None:
    head = await world.caller(Role.OFFICE_HEAD, TOWN)
    case, path = await owing(head, amount="1000.00", due_on="2020-04-01")
    await ok(head.post(f"/cases/{case['id']}/reopening", json={"on": "2020-04-10", "reason": "不履行，重新调解"}))
    await refused(head.post(f"{path}/performance", json={"on": "2020-04-11"}), 409, "step-not-allowed")
    assert (await ok(head.get("/obligations")))["items"] == []
    mediation = await started_round(head, case["id"], on="2020-04-11")
    owed = [{"party_id": everybody(case)[1], "what": "减半支付", "amount": "500.00"}]
    body = agreed("2020-04-12", obligations=owed)
    await ok(head.post(f"/mediations/{mediation['id']}/conclusion", json=body))
    open_ones = await ok(head.get("/obligations", params={"status": "performing"}))
    assert [item["what"] for item in open_ones["items"]] == ["减半支付"]
    await refused(head.post(f"{path}/performance", json={"on": "2020-04-13"}), 409, "obligation-settled")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_an_agreement_is_read_in_few_statements(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    owed = [{"what": f"支付{n}", "amount": "1000.00", "instalments": PARTS} for n in range(10)]
    case = await settled(clerk, *owed)
    for one in case["agreement"]["obligations"]:
        await ok(clerk.post(f"/obligations/{one['id']}/performance", json={"on": "2020-03-30", "amount": "1.00"}))
    await agreement(clerk, case)
    with statements(world.database.reads.sync_engine) as sent:
        shown = await agreement(clerk, case)
    assert len([act for one in shown["obligations"] for act in one["acts"]]) == 10
    reads = [statement for statement in sent if statement.startswith("SELECT")]
    assert len(reads) <= 8, reads


async def test_archiving_warns_of_what_is_still_owed(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case, path = await owing(clerk, amount="1000.00")

    async def archive() -> Body:
        items = (await ok(clerk.get(f"/cases/{case['id']}/actions")))["items"]
        return next(item for item in items if item["step"] == "archive")

    warned = await archive()
    assert warned["allowed"]
    assert "未履行" in warned["reason"]
    await ok(clerk.post(f"{path}/performance", json={"on": "2020-03-30"}))
    assert "未履行" not in (await archive())["reason"], "what the volume lacks is told now"
