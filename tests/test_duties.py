"""What is found out, reported and told on the way: investigations, evidence, escalation reports, notices of rights."""

from typing import Any
from uuid import uuid4

import pytest

from app.people.codes import Role
from tests.samples import EVIDENCE, INVESTIGATION, REPORT
from tests.test_staffing import mediated
from tests.world import TOWN, World, accepted_case, agreed, case, created, failed, ok, party, refused

WITHDRAWAL = {"on": "2020-03-06", "reason": "自行和解。"}


async def test_violence_against_who_lacks_capacity_is_to_be_told_to_the_police(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    child = party("respondent", "张某丙", born_on="2015-01-01")
    told = await case(clerk, parties=[party(), child], domestic_violence=True)
    path = f"/cases/{told['id']}"

    async def reporting() -> dict[str, Any]:
        items = (await ok(clerk.get(f"{path}/actions", headers={"Accept-Language": "en"})))["items"]
        found: dict[str, Any] = next(item for item in items if item["step"] == "escalation_report")
        return found

    assert "art. 14" in (await reporting())["reason"]
    assert (await reporting())["pointer"] == "/parties/1"
    await created(clerk.post(f"{path}/escalation-reports", json=REPORT | {"to": "department"}))
    assert "reason" in await reporting(), "the police it is that must know"
    await created(clerk.post(f"{path}/escalation-reports", json=REPORT))
    assert "reason" not in await reporting()


@pytest.mark.parametrize("mark", [{"forecast": "may_become_criminal"}, {"risk_level": "major"}])
async def test_a_case_that_may_escalate_does_not_end_unreported(world: World, mark: dict[str, Any]) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    told, round_id = await mediated(clerk, **mark)
    path, conclusion = f"/cases/{told['id']}", f"/mediations/{round_id}/conclusion"
    outside = {"external": "示例法院", "document_no": "示例函1号"}
    for url, body in (
        (conclusion, agreed()),
        (conclusion, {"outcome": "withdrawn", "concluded_on": "2020-03-05"}),
        (f"{path}/withdrawal", WITHDRAWAL),
        (f"{path}/transfer", WITHDRAWAL | {"to": outside}),
    ):
        problem = await refused(clerk.post(url, json=body), 409, "report-missing")
        assert "第二十五条" in problem["detail"]
    await ok(clerk.post(conclusion, json=failed()))
    closure = {"closed_on": "2020-03-06"}
    said = (await refused(clerk.post(f"{path}/closure", json=closure), 409, "report-missing"))["detail"]
    actions = {item["step"]: item for item in (await ok(clerk.get(f"{path}/actions")))["items"]}
    for step in ("closure", "withdrawal"):
        assert (actions[step]["allowed"], actions[step]["reason"]) == (False, said)
    assert (actions["transfer"]["allowed"], actions["transfer"]["pointer"]) == (True, "/to/external")
    assert actions["escalation_report"] == {"step": "escalation_report", "allowed": True, "reason": said}
    await created(clerk.post(f"{path}/escalation-reports", json=REPORT))
    assert (await ok(clerk.post(f"{path}/closure", json=closure)))["status"] == "closed_failed"


async def test_a_report_is_entered_once_and_stands_in_the_timeline(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    path = f"/cases/{(await case(clerk))['id']}"
    body = REPORT | {"id": str(uuid4())}
    report = await created(clerk.post(f"{path}/escalation-reports", json=body))
    assert await ok(clerk.post(f"{path}/escalation-reports", json=body)) == report
    assert (report["reported_at"], report["recorded_by"]) == ("2020-03-04T01:00:00Z", str(clerk.account.id))
    for at in ("2100-01-01T00:00:00+08:00", "2020-03-04T09:00:00"):
        await refused(clerk.post(f"{path}/escalation-reports", json=REPORT | {"reported_at": at}), 422, "invalid-input")
    assert (await ok(clerk.get(f"{path}/escalation-reports")))["items"] == [report]
    step = (await ok(clerk.get(f"{path}/timeline")))["items"][-1]
    facts = {"report_id": report["id"], "to": "police", "danger": "criminal_case"}
    assert (step["step"], step["on"], step["facts"]) == ("escalation_report", "2020-03-04", facts)


async def test_an_investigation_is_entered_once(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    path = f"/cases/{(await accepted_case(clerk))['id']}/investigations"
    body = INVESTIGATION | {"id": str(uuid4()), "signed_by": ["冉某乙", "庹某甲"], "recorder": "文某甲"}
    made = await created(clerk.post(path, json=body))
    assert {name: made[name] for name in body} == body
    assert await ok(clerk.post(path, json=body)) == made
    await refused(clerk.post(path, json=body | {"record": "别的"}), 409, "id-reused")
    await refused(clerk.post(path, json=INVESTIGATION | {"investigated_on": "2020-02-01"}), 409, "dates-out-of-order")
    assert (await ok(clerk.get(path)))["items"] == [made]


async def test_an_item_of_evidence_is_taken_back_and_stays_on_the_list(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    told = await accepted_case(clerk)
    case_path, path = f"/cases/{told['id']}", f"/cases/{told['id']}/evidence"
    item = EVIDENCE | {"id": str(uuid4()), "submitted_by": told["parties"][0]["id"], "pages": 3}
    first = await created(clerk.post(path, json=item))
    assert {name: first[name] for name in item} == item
    assert await ok(clerk.post(path, json=item)) == first
    await refused(clerk.post(path, json=item | {"pages": 4}), 409, "id-reused")
    await refused(clerk.post(path, json=EVIDENCE | {"submitted_by": told["id"]}), 422, "unknown-reference")
    await created(clerk.post(path, json=EVIDENCE | {"name": "收条"}))
    version, back = (await ok(clerk.get(case_path)))["version"], f"{path}/{first['id']}/withdrawal"
    away = {"on": "2020-03-05", "reason": "当事人取回。"}
    await refused(clerk.post(back, json=away | {"on": "2020-03-01"}), 409, "dates-out-of-order")
    await ok(clerk.post(back, json=away))
    await refused(clerk.post(back, json=away), 409, "evidence-withdrawn")
    assert (await ok(clerk.get(case_path)))["version"] == version + 1
    listed = (await ok(clerk.get(path, params={"total": "exact"})))["items"]
    assert [(one["seq"], one["withdrawn_on"]) for one in listed] == [(1, "2020-03-05"), (2, None)]
    assert listed[0]["withdrawal_reason"] == "当事人取回。"
    void = await world.caller(Role.OFFICE_HEAD, TOWN)
    await ok(void.post(f"{case_path}/void", json={"reason": "误登记。"}))
    await refused(clerk.post(path, json=EVIDENCE), 409, "case-locked")


async def test_each_party_is_told_of_its_rights_and_acknowledges_once(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    told = await accepted_case(clerk)
    path, ids = f"/cases/{told['id']}", [p["id"] for p in told["parties"]]
    url = f"{path}/rights-notices"

    async def hint() -> str | None:
        items = (await ok(clerk.get(f"{path}/actions")))["items"]
        pointer: str | None = next(item for item in items if item["step"] == "rights_notice").get("pointer")
        return pointer

    assert await hint() == "/parties/0"
    body = {"party_id": ids[0], "manner": "written", "served_on": "2020-03-03"}
    served = await created(clerk.post(url, json=body))
    assert served["acknowledged_on"] is None
    assert await ok(clerk.post(url, json=body)) == served
    assert await hint() == "/parties/1"
    await refused(clerk.post(url, json=body | {"acknowledged_on": "2020-03-02"}), 422, "invalid-input")
    signed = body | {"acknowledged_on": "2020-03-04"}
    done = await ok(clerk.post(url, json=signed))
    assert (done["id"], done["acknowledged_on"]) == (served["id"], "2020-03-04")
    for other in (body, signed | {"acknowledged_on": "2020-03-05"}, signed | {"manner": "oral"}):
        await refused(clerk.post(url, json=other), 409, "notice-served")
    await refused(clerk.post(url, json=body | {"party_id": told["id"]}), 422, "unknown-reference")
    await created(clerk.post(url, json=signed | {"party_id": ids[1]}))
    assert await hint() is None
    assert len((await ok(clerk.get(url)))["items"]) == 2
    steps = [step["step"] for step in (await ok(clerk.get(f"{path}/timeline")))["items"]]
    assert steps.count("rights_notice") == 3
