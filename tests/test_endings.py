"""How a case ends before its time, leaves, is merged or voided, comes back, and is filed for good."""

from datetime import date
from typing import Any

from app.people.codes import OrganizationKind, Role
from tests.recount import recount, statistics
from tests.tables import changed, content, rows
from tests.test_recount import assert_same
from tests.world import (
    DISTRICT,
    OTHER_DISTRICT_TOWN,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    case,
    committee,
    failed,
    mediator,
    ok,
    organization,
    party,
    refused,
    round_of,
    settled_case,
    started_round,
)

WHY = {"reason": "双方自行和解。"}
COURT = {"external": "黔江区人民法院", "document_no": "示例函〔2020〕1号"}


async def head_of(world: World) -> Caller:
    return await world.caller(Role.OFFICE_HEAD, TOWN)


async def step(caller: Caller, case_id: str, name: str, **body: Any) -> dict[str, Any]:
    return await ok(caller.post(f"/cases/{case_id}/{name}", json=WHY | body))


async def last_step(caller: Caller, case_id: str) -> Any:
    return (await ok(caller.get(f"/cases/{case_id}/timeline")))["items"][-1]


async def test_a_withdrawal_ends_the_open_round_and_says_why(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    mediation = await started_round(clerk, accepted["id"])
    session = {"held_on": "2020-03-06", "form": "onsite", "record": "现场查看。"}
    assert (await clerk.post(f"/mediations/{mediation['id']}/sessions", json=session)).status_code == 201
    path = f"/cases/{accepted['id']}/withdrawal"
    unseen = await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    before = await content(world)
    early = await refused(clerk.post(path, json={"on": "2020-03-05", **WHY}), 409, "dates-out-of-order")
    assert "调解会日期不得晚于撤回日期" in early["detail"]
    await refused(unseen.post(path, json={"on": "2020-03-06", **WHY}), 404, "not-found")
    await refused(clerk.post(path, json={"on": "2020-03-06"}), 422, "invalid-input")
    assert changed(before, await content(world)) == {}
    withdrawn = await step(clerk, accepted["id"], "withdrawal", on="2020-03-06")
    assert [withdrawn[name] for name in ("status", "outcome", "closed_on", "number", "method")] == [
        *("withdrawn", "withdrawn", "2020-03-06", accepted["number"], "people")
    ]
    ended = await ok(clerk.get(f"/mediations/{mediation['id']}"))
    assert (ended["outcome"], ended["concluded_on"], ended["version"]) == ("withdrawn", "2020-03-06", 3)
    last = await last_step(clerk, accepted["id"])
    assert (last["step"], last["on"], last["reason"]) == ("withdrawal", "2020-03-06", WHY["reason"])
    assert last["facts"] == {"outcome": "withdrawn", "mediation_id": mediation["id"]}
    auditor = await world.caller(Role.AUDITOR, DISTRICT)
    records = (await ok(auditor.get("/audit-events?action=withdraw_case")))["items"]
    assert {record["target_id"] for record in records} == {accepted["id"], mediation["id"]}
    assert {record["reason"] for record in records} == {WHY["reason"]}
    assert not any(WHY["reason"] in str(event["facts"]) for event in await rows(world, "events"))


async def test_another_committee_takes_over_with_status_and_number(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    lead = str(await mediator(world, TOWN))
    registered = await case(clerk)
    body = {"accepted_on": "2020-03-02", "mediators": [lead]}
    accepted = await ok(clerk.post(f"/cases/{registered['id']}/acceptance", json=body))
    await started_round(clerk, accepted["id"])
    village = str(await committee(world, VILLAGE))
    moved = await step(clerk, accepted["id"], "transfer", on="2020-03-04", to={"organization_id": village})
    assert (moved["organization_id"], moved["number"], moved["mediators"]) == (village, accepted["number"], [])
    assert (moved["status"], moved["outcome"], moved["closed_on"]) == ("mediating", None, None)
    last = await last_step(clerk, accepted["id"])
    assert last["facts"] == {
        "organization_id": village,
        "previous_organization_id": accepted["organization_id"],
        "released_mediators": [lead],
    }
    path = f"/cases/{accepted['id']}/transfer"
    other_village = await committee(world, OTHER_VILLAGE)
    police = await organization(world, TOWN, kind=OrganizationKind.POLICE_STATION)
    foreign = await committee(world, OTHER_DISTRICT_TOWN)
    before = await content(world)
    for id, status, code in (
        (village, 409, "already-handling"),
        (other_village, 409, "organization-cannot-take-over"),
        (police, 409, "organization-cannot-take-over"),
        (foreign, 422, "unknown-reference"),
    ):
        sent = {"on": "2020-03-05", **WHY, "to": {"organization_id": str(id)}}
        problem = await refused(clerk.post(path, json=sent), status, code)
        assert status == 409 or problem["errors"][0]["pointer"] == "/to/organization_id"
    back = {"to": {"organization_id": accepted["organization_id"]}, **WHY}
    await refused(clerk.post(path, json={"on": "2020-03-03", **back}), 409, "dates-out-of-order")
    for to in ({}, {"external": "某法院"}, COURT | {"organization_id": village}):
        problem = await refused(clerk.post(path, json={"on": "2020-03-05", **WHY, "to": to}), 422, "invalid-input")
        assert problem["errors"][0] | {"message": ""} == {"pointer": "/to", "code": "one-target", "message": ""}
    assert changed(before, await content(world)) == {}


async def test_a_case_sent_outside_ends_here_with_the_document_that_took_it(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    mediation = await started_round(clerk, accepted["id"])
    gone = await step(clerk, accepted["id"], "transfer", on="2020-03-04", to=COURT)
    assert (gone["status"], gone["outcome"], gone["closed_on"]) == ("transferred", "transferred", "2020-03-04")
    ended = await ok(clerk.get(f"/mediations/{mediation['id']}"))
    assert (ended["outcome"], ended["transferred_to"]) == ("transferred", COURT["external"])
    last = await last_step(clerk, accepted["id"])
    assert (last["transferred_to"], last["document_no"]) == (COURT["external"], COURT["document_no"])


async def test_a_case_whose_agreement_waits_for_signatures_goes_to_a_committee_alone(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    mediation = await started_round(clerk, accepted["id"])
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed(form="written")))
    items = (await ok(clerk.get(f"/cases/{accepted['id']}/actions")))["items"]
    transfer = next(item for item in items if item["step"] == "transfer")
    assert transfer["allowed"]
    assert "区内" in transfer["reason"]
    path, body = f"/cases/{accepted['id']}/transfer", {"on": "2020-03-06", **WHY}
    problem = await refused(clerk.post(path, json=body | {"to": COURT}), 409, "step-not-allowed")
    assert problem["case_status"] == "agreed"
    village = str(await committee(world, VILLAGE))
    taken = await ok(clerk.post(path, json=body | {"to": {"organization_id": village}}))
    assert (taken["status"], taken["organization_id"]) == ("agreed", village)


async def test_a_case_is_merged_only_into_one_that_stands(world: World) -> None:
    head = await head_of(world)
    duplicate, survivor, elsewhere = [await case(head) for _ in range(3)]
    foreign = await case(await world.caller(Role.OFFICE_HEAD, OTHER_TOWN), OTHER_TOWN)
    declined, voided, merged, archived = [await case(head) for _ in range(4)]
    refusal = {"reason": "duplicate", "notice_on": "2020-03-02"}
    await ok(head.post(f"/cases/{declined['id']}/refusal", json=refusal))
    await step(head, voided["id"], "void")
    await step(head, merged["id"], "merge", into=duplicate["id"])
    await step(head, archived["id"], "withdrawal", on="2020-03-03")
    await ok(head.post(f"/cases/{archived['id']}/archive"))
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    path, before = f"/cases/{duplicate['id']}/merge", await content(world)
    for into, status, code in (
        (duplicate, 409, "merge-into-itself"),
        (foreign, 422, "unknown-reference"),
        *((gone, 409, "survivor-locked") for gone in (declined, voided, merged, archived)),
    ):
        await refused(head.post(path, json=WHY | {"into": into["id"]}), status, code)
    await refused(clerk.post(path, json=WHY | {"into": survivor["id"]}), 403, "forbidden")
    await refused(head.post(f"/cases/{foreign['id']}/merge", json=WHY | {"into": survivor["id"]}), 404, "not-found")
    stale = {"If-Match": '"7-full"'}
    body = WHY | {"into": foreign["id"]}
    await refused(head.post(path, json=body, headers=stale), 412, "precondition-failed")
    assert changed(before, await content(world)) == {}
    gone = await step(head, duplicate["id"], "merge", into=survivor["id"])
    assert (gone["status"], gone["merged_into"]) == ("merged", survivor["id"])
    stands = await ok(head.get(f"/cases/{survivor['id']}"))
    assert stands["version"] == survivor["version"]
    last = await last_step(head, duplicate["id"])
    assert last["facts"] == {"merged_into": survivor["id"], "survivor_version": 1}
    body = WHY | {"into": elsewhere["id"]}
    await refused(head.post(path, json=body), 409, "step-not-allowed")


async def test_a_merge_is_undone_to_what_it_was_while_nothing_was_built_on_it(world: World) -> None:
    head = await head_of(world)
    settled, survivor = await settled_case(head), await accepted_case(head)
    for _ in range(2):
        merged = await step(head, settled["id"], "merge", into=survivor["id"])
        assert (merged["status"], merged["outcome"]) == ("merged", None)
        again = await step(head, settled["id"], "separation")
        kept = set(settled) - {"version"}
        assert {name: again[name] for name in kept} == {name: settled[name] for name in kept}
    await step(head, settled["id"], "merge", into=survivor["id"])
    await started_round(head, survivor["id"])
    before = await content(world)
    path = f"/cases/{settled['id']}"
    problem = await refused(head.post(f"{path}/separation", json=WHY), 409, "built-upon")
    actions = {item["step"]: item for item in (await ok(head.get(f"{path}/actions")))["items"]}
    assert actions["separation"]["reason"] == problem["detail"]
    assert [item["step"] for item in actions.values() if item["allowed"]] == []
    assert changed(before, await content(world)) == {}


async def test_a_merge_into_a_case_that_was_archived_since_stays(world: World) -> None:
    head = await head_of(world)
    duplicate, survivor = await case(head), await settled_case(head)
    await step(head, duplicate["id"], "merge", into=survivor["id"])
    await ok(head.post(f"/cases/{survivor['id']}/archive", json={"statement": "材料另存。"}))
    await refused(head.post(f"/cases/{duplicate['id']}/separation", json=WHY), 409, "built-upon")


async def test_a_void_keeps_its_number(world: World) -> None:
    head = await head_of(world)
    settled = await settled_case(head)
    voided = await step(head, settled["id"], "void")
    assert (voided["status"], voided["outcome"], voided["number"]) == ("voided", None, settled["number"])
    following = await accepted_case(head)
    assert following["number"] == "调114109000〔2020〕2号"
    await refused(head.post(f"/cases/{settled['id']}/void", json=WHY), 409, "step-not-allowed")


async def test_a_reopened_case_goes_on_under_its_number(world: World) -> None:
    head = await head_of(world)
    accepted = await accepted_case(head)
    mediation = await started_round(head, accepted["id"])
    await ok(head.post(f"/mediations/{mediation['id']}/conclusion", json=failed()))
    closed = await ok(head.post(f"/cases/{accepted['id']}/closure", json={"closed_on": "2020-03-10", "note": "已告知"}))
    assert closed["failure_reason"]
    path = f"/cases/{accepted['id']}"
    early = {"on": "2020-03-09", **WHY}
    assert (
        "结案日期" in (await refused(head.post(f"{path}/reopening", json=early), 409, "dates-out-of-order"))["detail"]
    )
    again = await step(head, accepted["id"], "reopening", on="2020-04-01")
    cleared = ("outcome", "closed_on", "failure_reason", "remedy_notice_on", "closure_note")
    assert [again[name] for name in cleared] == [None] * 5
    assert (again["status"], again["number"], again["received_on"]) == ("mediating", accepted["number"], "2020-03-02")
    for late, body in (("mediations", round_of(on="2020-03-31")), ("closure", {"closed_on": "2020-03-31"})):
        await refused(head.post(f"{path}/{late}", json=body), 409, "dates-out-of-order")
    second = await started_round(head, accepted["id"], on="2020-04-02")
    await ok(head.post(f"/mediations/{second['id']}/conclusion", json=agreed("2020-04-03")))
    ended = await ok(head.get(path))
    assert (ended["status"], ended["closed_on"]) == ("closed_success", "2020-04-03")


async def test_a_case_reopened_before_any_round_is_accepted_again(world: World) -> None:
    head = await head_of(world)
    accepted = await accepted_case(head)
    await step(head, accepted["id"], "withdrawal", on="2020-03-05")
    assert (await step(head, accepted["id"], "reopening", on="2020-03-05"))["status"] == "accepted"
    unnumbered = await case(head)
    await step(head, unnumbered["id"], "withdrawal", on="2020-03-05")
    reopening = {"on": "2020-03-05", **WHY}
    await refused(head.post(f"/cases/{unnumbered['id']}/reopening", json=reopening), 409, "without-number")


async def test_a_reopened_case_in_which_a_party_refuses_closes_without_another_round(world: World) -> None:
    """Its last round did not fail, and no further one is allowed (art. 17): reason and notice are said here."""
    head = await head_of(world)
    parties = [party(), party("respondent", "张某乙", consent="refused")]
    accepted = await accepted_case(head, parties=parties)
    await step(head, accepted["id"], "withdrawal", on="2020-03-05")
    await step(head, accepted["id"], "reopening", on="2020-03-06")
    path, closed_on = f"/cases/{accepted['id']}/closure", {"closed_on": "2020-03-07"}
    await refused(
        head.post(f"/cases/{accepted['id']}/mediations", json=round_of(on="2020-03-06")), 409, "party-refuses"
    )
    await refused(head.post(path, json=closed_on), 422, "invalid-input")
    reason = {"failure_reason": "party_refuses_midway", "remedy_notice_on": "2020-03-07"}
    assert (await ok(head.post(path, json=closed_on | reason)))["status"] == "closed_failed"


async def test_figures_follow_every_ending_and_return(world: World) -> None:
    head = await head_of(world)
    stays, merged, separated, voided, reopened, again = [await settled_case(head) for _ in range(6)]
    withdrawn, gone = await accepted_case(head), await accepted_case(head)
    never = await case(head)
    await step(head, merged["id"], "merge", into=stays["id"])
    await step(head, separated["id"], "merge", into=stays["id"])
    await step(head, separated["id"], "separation")
    await step(head, voided["id"], "void")
    await step(head, withdrawn["id"], "withdrawal", on="2020-03-10")
    await step(head, never["id"], "withdrawal", on="2020-03-10")
    await step(head, gone["id"], "transfer", on="2020-03-11", to=COURT)
    for one in (reopened, again, withdrawn):
        await step(head, one["id"], "reopening", on="2020-04-01")
    second = await started_round(head, again["id"], on="2020-04-02")
    await ok(head.post(f"/mediations/{second['id']}/conclusion", json=agreed("2020-04-03")))
    year = {"from": "2020-01-01", "to": "2020-12-31"}
    (row,) = (await statistics(head, **year))["rows"]
    figures = recount(await rows(world, "cases"), TOWN, date(2020, 1, 1), date(2020, 12, 31), [])
    assert_same({"rows": [row]}, figures, [], TOWN)
    counts = {slug: row["values"][slug]["value"] for slug in ("received", "closed", "succeeded", "open_at_end")}
    assert counts == {"received": 6, "closed": 4, "succeeded": 3, "open_at_end": 2}
    by_month = (await statistics(head, by="month", **year))["rows"]
    assert [row["values"]["closed"]["value"] for row in by_month] == [0, 0, 3, 1] + [0] * 8
