"""Judicial confirmation in every state, arbitration review, return visits; and the deadlines that each of them ends."""

from datetime import date
from typing import Any

import pytest

from app.mediation.confirming import articles
from app.people.codes import Role
from tests.test_agreements import everybody, settled
from tests.test_deadlines import due, one, read, step
from tests.world import (
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    created,
    mediator,
    ok,
    refused,
    started_round,
)

Body = dict[str, Any]
STATES = {
    "applied": {"on": "2020-03-10"},
    "under_review": {"on": "2020-03-12"},
    "confirmed": {"on": "2020-03-20", "docket_no": "（2020）渝0114民特1号"},
    "denied": {"on": "2020-03-20", "docket_no": "（2020）渝0114民特1号", "denial": "unclear"},
    "not_accepted": {"on": "2020-03-12", "bar": "materials"},
    "lapsed": {"on": "2020-04-10"},
}
WAYS: dict[str, list[str]] = {
    "to_apply": [],
    "applied": ["applied"],
    "under_review": ["applied", "under_review"],
    "confirmed": ["applied", "under_review", "confirmed"],
    "denied": ["applied", "under_review", "denied"],
    "not_accepted": ["applied", "not_accepted"],
    "lapsed": ["lapsed"],
}
FOLLOWS = {
    "to_apply": {"applied", "lapsed"},
    "applied": {"under_review", "not_accepted"},
    "under_review": {"confirmed", "denied"},
    "not_accepted": {"applied", "lapsed"},
}


def body_of(case: Body, state: str, **fields: Any) -> Body:
    applicants = {"applicants": everybody(case)} if state == "applied" else {}
    return {"status": state, **STATES[state], **applicants, **fields}


async def confirm(caller: Caller, case: Body, state: str, **fields: Any) -> Body:
    path = f"/cases/{case['id']}/judicial-confirmation"
    return await ok(caller.post(path, json=body_of(case, state, **fields)))


async def refuse(caller: Caller, case: Body, state: str, status: int, code: str, **fields: Any) -> Body:
    path = f"/cases/{case['id']}/judicial-confirmation"
    return await refused(caller.post(path, json=body_of(case, state, **fields)), status, code)


async def case_at(caller: Caller, standing: str) -> Body:
    case = await settled(caller)
    for earlier in WAYS[standing]:
        await confirm(caller, case, earlier)
    return case


@pytest.mark.parametrize("standing", WAYS)
async def test_each_state_of_a_confirmation_leads_where_the_procedure_has_it(world: World, standing: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case, again = await case_at(clerk, standing), {"on": "2020-03-15"} if standing == "not_accepted" else {}
    for state in set(STATES) - FOLLOWS.get(standing, set()):
        problem = await refuse(clerk, case, state, 409, "application-step-not-allowed", **again)
        assert "可以登记" in problem["detail"]
    actions = (await ok(clerk.get(f"/cases/{case['id']}/actions")))["items"]
    allowed = next(action["allowed"] for action in actions if action["step"] == "judicial_confirmation")
    assert allowed == (standing in FOLLOWS)
    for state in sorted(FOLLOWS.get(standing, ())):
        case = await case_at(clerk, standing)
        answer = await confirm(clerk, case, state, **(again if state == "applied" else {}))
        assert (answer["status"], answer["case_version"]) == (state, case["version"] + len(WAYS[standing]) + 1)
        last = (await ok(clerk.get(f"/cases/{case['id']}/timeline")))["items"][-1]
        assert (last["step"], last["facts"]["reached"]) == ("judicial_confirmation", state)


async def test_a_confirmation_is_told_whole(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case = await settled(clerk, {"what": "支付", "amount": "10.00"})
    path = f"/cases/{case['id']}/judicial-confirmation"
    waiting = await ok(clerk.get(path))
    assert (waiting["status"], waiting["due_on"], waiting["applications"]) == ("to_apply", "2020-04-07", [])
    await confirm(clerk, case, "applied", authority="示例人民法院")
    await refuse(clerk, case, "under_review", 409, "dates-out-of-order", on="2020-03-09")
    await confirm(clerk, case, "not_accepted")
    await confirm(clerk, case, "applied", on="2020-03-16")
    await confirm(clerk, case, "under_review", on="2020-03-17", docket_no="（2020）渝0114民特2号")
    await refuse(clerk, case, "confirmed", 409, "dates-out-of-order", on="2020-03-16")
    done = await confirm(clerk, case, "confirmed", docket_no="（2020）渝0114民特2号之一")
    first, second = done["applications"]
    assert (first["status"], first["bar"], first["authority"]) == ("not_accepted", "materials", "示例人民法院")
    assert (second["applied_on"], second["accepted_on"], second["decided_on"]) == (
        *("2020-03-16", "2020-03-17"),
        "2020-03-20",
    )
    assert (second["docket_no"], second["applicants"]) == ("（2020）渝0114民特2号之一", everybody(case))
    assert "第一百九十四条" in done["basis"]
    assert done == await ok(clerk.get(path))
    agreement = await ok(clerk.get(f"/cases/{case['id']}/agreement"))
    assert agreement["confirmation_status"] == "confirmed"
    assert [route["route"] for route in agreement["open_remedies"]] == ["enforcement"]
    enforcement = {"route": "enforcement", "party_id": everybody(case)[0], "on": "2020-05-01"}
    await created(clerk.post(f"/cases/{case['id']}/agreement/remedies", json=enforcement))


async def test_an_application_is_made_by_all_in_time_and_about_what_courts_confirm(world: World) -> None:
    """Effective 2020-09-01: the last day is 2020-10-09, after the National Day week."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk, on="2020-08-20", reported_on="2020-08-20")
    mediation = await started_round(clerk, accepted["id"], on="2020-08-21")
    await refuse(clerk, accepted, "applied", 409, "step-not-allowed")
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed("2020-09-01")))
    late = await refuse(clerk, accepted, "applied", 409, "application-too-late", on="2020-10-10")
    assert (late["due_on"], "第三十三条" in late["detail"], "起诉" in late["detail"]) == ("2020-10-09", True, True)
    await refuse(clerk, accepted, "applied", 409, "dates-out-of-order", on="2020-08-31")
    alone = everybody(accepted)[:1]
    await refuse(clerk, accepted, "applied", 409, "joint-application-needed", on="2020-10-09", applicants=alone)
    for matter in ("status", "title", "other_procedure"):
        await refuse(clerk, accepted, "applied", 409, "not-confirmable", on="2020-10-09", matter=matter)
    unknown = [*alone, "01a20e4c-4226-7647-b59f-f9acfe9718f0"]
    problem = await refuse(clerk, accepted, "applied", 422, "unknown-reference", on="2020-10-09", applicants=unknown)
    assert problem["errors"][0]["pointer"] == "/applicants/1"
    await refuse(clerk, accepted, "lapsed", 409, "not-lapsed-yet", on="2020-10-09")
    assert due(await read(clerk, accepted["id"]))["judicial_confirmation"] == "2020-10-09"
    await confirm(clerk, accepted, "applied", on="2020-10-09")


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "to_apply"},
        {"status": "applied", "applicants": None},
        {"status": "applied", "bar": "status"},
        {"status": "confirmed", "docket_no": None},
        {"status": "denied", "denial": None},
        {"status": "not_accepted", "bar": None},
        {"status": "lapsed", "docket_no": "民特1号"},
    ],
)
async def test_each_state_has_its_own_fields(world: World, wrong: Body) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case = await settled(clerk)
    base = body_of(case, wrong["status"]) if wrong["status"] in STATES else {"on": "2020-03-10"}
    body = {name: value for name, value in {**base, **wrong}.items() if value is not None}
    await refused(clerk.post(f"/cases/{case['id']}/judicial-confirmation", json=body), 422, "invalid-input")


def test_the_articles_are_those_of_the_day() -> None:
    for on, number in (
        ("2011-06-01", None),
        ("2020-03-10", "194–195"),
        ("2021-12-31", "194–195"),
        ("2022-01-01", "201–202"),
        ("2023-12-31", "201–202"),
        ("2024-01-01", "205–206"),
    ):
        _, en = articles(date.fromisoformat(on))
        assert "People's Mediation Law, art. 33" in en
        assert (number in en) if number else ("Civil" not in en)


async def test_the_deadlines_end_with_what_they_wait_for(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case = await settled(clerk, category="labor")
    rights = {"judicial_confirmation": "2020-04-07", "arbitration_review": "2020-03-20"}
    assert due(case) == rights | {"return_visit": "2020-03-20", "archive": "2020-04-04"}
    await confirm(clerk, case, "applied")
    applied = await read(clerk, case["id"])
    assert one(applied, "judicial_confirmation")["ended_on"] == "2020-03-10"
    assert due(applied)["confirmation_acceptance"] == "2020-03-13"
    await confirm(clerk, case, "not_accepted")
    again = due(await read(clerk, case["id"]))
    assert ("confirmation_acceptance" not in again, again["judicial_confirmation"]) == (True, "2020-04-07")
    await confirm(clerk, case, "applied", on="2020-03-13")
    await confirm(clerk, case, "under_review", on="2020-03-16")
    assert due(await read(clerk, case["id"]))["confirmation_review"] == "2020-03-31"
    await confirm(clerk, case, "confirmed", on="2020-03-30")
    await review(clerk, case, "applied")
    await visit(clerk, case, visited_on="2020-03-25")
    after = await read(clerk, case["id"])
    assert due(after) == {"archive": "2020-04-04"}
    assert one(after, "return_visit")["ended_on"] == "2020-03-25"


async def test_what_has_happened_is_not_due_again_after_a_merge_undone(world: World) -> None:
    head = await world.caller(Role.OFFICE_HEAD, TOWN)
    case, other = await settled(head), await settled(head)
    await visit(head, case, visited_on="2020-03-10")
    assert "return_visit" not in due(await read(head, case["id"]))
    await step(head, case["id"], "merge", into=other["id"], reason="同一纠纷。")
    separated = await step(head, case["id"], "separation", reason="并非同一纠纷。")
    assert set(due(separated)) == {"archive", "judicial_confirmation"}
    await ok(head.post(f"/cases/{other['id']}/archive", json={"statement": "材料另存。"}))
    assert due(await read(head, other["id"])) == {}, "of an archived case nobody can record a visit"


def review_body(case: Body, state: str, **fields: Any) -> Body:
    states: dict[str, Body] = {
        "applied": {"on": "2020-03-12", "applicants": everybody(case)},
        "document_issued": {"on": "2020-03-18", "docket_no": "示例劳人仲案字〔2020〕1号"},
        "refused": {"on": "2020-03-18"},
    }
    return {"status": state, **states[state], **fields}


async def review(caller: Caller, case: Body, state: str, **fields: Any) -> Body:
    path = f"/cases/{case['id']}/arbitration-review"
    return await ok(caller.post(path, json=review_body(case, state, **fields)))


async def test_a_labour_agreement_is_reviewed_by_the_commission(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case = await settled(clerk, {"what": "支付工资", "amount": "10.00"}, category="labor_other")
    path = f"/cases/{case['id']}/arbitration-review"
    waiting = await ok(clerk.get(path))
    assert (waiting["status"], waiting["due_on"]) == (None, "2020-03-20")
    for state, code, fields in (
        ("document_issued", "application-step-not-allowed", {}),
        ("applied", "application-too-late", {"on": "2020-03-21"}),
        ("applied", "joint-application-needed", {"applicants": everybody(case)[1:]}),
        ("applied", "dates-out-of-order", {"on": "2020-03-04"}),
    ):
        await refused(clerk.post(path, json=review_body(case, state, **fields)), 409, code)
    applied = await review(clerk, case, "applied", authority="示例劳动人事争议仲裁委员会")
    assert applied["status"] == "applied"
    again = clerk.post(path, json=review_body(case, "applied"))
    await refused(again, 409, "application-step-not-allowed")
    await refused(
        clerk.post(path, json=review_body(case, "document_issued", on="2020-03-11")), 409, "dates-out-of-order"
    )
    issued = await review(clerk, case, "document_issued")
    assert issued["applications"][0]["docket_no"] == "示例劳人仲案字〔2020〕1号"
    agreement = await ok(clerk.get(f"/cases/{case['id']}/agreement"))
    assert agreement["arbitration_review_status"] == "document_issued"
    assert [route["route"] for route in agreement["open_remedies"]] == ["enforcement"]
    for done in ("applied", "refused", "document_issued"):
        await refused(clerk.post(path, json=review_body(case, done)), 409, "application-step-not-allowed")
    neighbours = await settled(clerk)
    elsewhere = clerk.post(f"/cases/{neighbours['id']}/arbitration-review", json=review_body(neighbours, "applied"))
    await refused(elsewhere, 409, "not-a-labor-dispute")
    for state, name in (("applied", "applicants"), ("document_issued", "docket_no")):
        body = {key: value for key, value in review_body(case, state).items() if key != name}
        await refused(clerk.post(path, json=body), 422, "invalid-input")


def visit_body(case: Body, **fields: Any) -> Body:
    if "mediator_id" not in fields:
        fields = {"visitor_name": "庹某甲"} | fields
    base = {"visited_on": "2020-03-10", "form": "onsite", "findings": "已履行，双方满意。", "parties": everybody(case)}
    return base | fields


async def visit(caller: Caller, case: Body, **fields: Any) -> Body:
    return await created(caller.post(f"/cases/{case['id']}/return-visits", json=visit_body(case, **fields)))


async def test_return_visits_are_kept_as_found(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    case = await settled(clerk, {"what": "支付", "amount": "10.00"})
    path = f"/cases/{case['id']}/return-visits"
    found = {"satisfaction": "basically_satisfied", "performance": "performed", "new_dispute": True}
    id = "01a20e4c-4226-7647-b59f-f9acfe9718f0"
    first = await visit(clerk, case, id=id, remaining_risk="low", measures="下月再访。", **found)
    assert {name: first[name] for name in found} == found
    assert (first["recorded_by"], first["sampled"]) == (str(clerk.account.id), False)
    again = visit_body(case, id=id, remaining_risk="low", measures="下月再访。", **found)
    assert await ok(clerk.post(path, json=again)) == first
    second = await visit(clerk, case, visited_on="2020-03-08", form="phone")
    assert (await ok(clerk.get(path)))["items"] == [second, first], "by day"
    owed = (await ok(clerk.get(f"/cases/{case['id']}/agreement")))["obligations"]
    assert owed[0]["status"] == "performing", "a visit finds, it does not perform"
    await refused(clerk.post(path, json=visit_body(case, visited_on="2020-03-04")), 409, "dates-out-of-order")
    stranger = visit_body(case, parties=["01a20e4c-4226-7647-b59f-f9acfe9718f9"])
    await refused(clerk.post(path, json=stranger), 422, "unknown-reference")
    wrong: Body
    for wrong in ({"mediator_id": id, "visitor_name": "庹某甲"}, {"visitor_name": None}, {"parties": []}):
        await refused(clerk.post(path, json=visit_body(case, **wrong)), 422, "invalid-input")
    waiting = await accepted_case(clerk)
    await refused(
        clerk.post(f"/cases/{waiting['id']}/return-visits", json=visit_body(waiting)), 409, "step-not-allowed"
    )


async def test_a_sampled_visit_is_made_by_somebody_who_did_not_mediate(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    own = str(village.account.mediator_id)
    case = await settled(village)
    path = f"/cases/{case['id']}/return-visits"
    sampled = {"sampled": True}
    mine = visit_body(case, mediator_id=own, **sampled)
    await refused(clerk.post(path, json=mine), 409, "visitor-mediated")
    named = visit_body(case, visitor_name="李某甲", **sampled)
    await refused(clerk.post(path, json=named), 409, "visitor-mediated")
    await refused(village.post(path, json=visit_body(case, **sampled)), 409, "visitor-mediated")
    await visit(village, case, mediator_id=own)
    other = str(await mediator(world, TOWN, "冉某乙"))
    assert (await visit(clerk, case, mediator_id=other, **sampled))["sampled"]


async def test_who_may_record_what_follows_an_agreement(world: World) -> None:
    clerk, grid = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.GRID_WORKER, VILLAGE)
    case = await settled(clerk, {"what": "道歉"})
    duty = case["agreement"]["obligations"][0]["id"]
    for path, body in (
        (f"/obligations/{duty}/performance", {"on": "2020-03-10"}),
        (f"/cases/{case['id']}/return-visits", visit_body(case)),
        (f"/cases/{case['id']}/judicial-confirmation", body_of(case, "applied")),
    ):
        await refused(grid.post(path, json=body), 403, "forbidden")
    await refused(clerk.post(f"/obligations/{case['id']}/performance", json={"on": "2020-03-10"}), 404, "not-found")
