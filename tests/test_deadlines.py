"""Deadlines over the life of a case: begun, stopped, moved, ended; rules by their dates; what is due, recounted."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app.core.clock import today
from app.intake.codes import CaseStatus
from app.intake.models import Case
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.people.codes import Role
from tests.statements import statements
from tests.tables import changed, content
from tests.world import (
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_DISTRICT_TOWN,
    OTHER_TOWN,
    OTHER_TOWN_VILLAGE,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    case,
    created,
    failed,
    ok,
    operating,
    party,
    refused,
    round_of,
    settled_case,
    started_round,
)


def due(body: dict[str, Any], *, ended: bool = False) -> dict[str, str]:
    """Code and last day of the deadlines that run, or of those that have ended."""
    return {d["code"]: d["due_on"] for d in body["deadlines"] if (d["ended_on"] is not None) == ended}


def one(body: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = [d for d in body["deadlines"] if d["code"] == code]
    return dict(found)


async def read(caller: Caller, case_id: str) -> dict[str, Any]:
    return await ok(caller.get(f"/cases/{case_id}"))


async def step(caller: Caller, case_id: str, name: str, **body: Any) -> dict[str, Any]:
    return await ok(caller.post(f"/cases/{case_id}/{name}", json=body))


async def mediated_case(caller: Caller, on: str = "2020-03-01", **fields: Any) -> dict[str, Any]:
    accepted = await accepted_case(caller, on=on, **fields)
    await started_round(caller, accepted["id"], on=on)
    return accepted


def consents(body: dict[str, Any]) -> list[str]:
    return [p["id"] for p in body["parties"] if not p["unknown"]]


async def test_deadlines_follow_a_case_through_its_life(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk)
    assert due(registered) == {"accept_decision": "2020-03-04"}
    id = registered["id"]
    accepted = await step(clerk, id, "acceptance", accepted_on="2020-03-01")
    assert due(accepted) == {"mediate_general": "2020-03-31"}
    assert one(accepted, "accept_decision")["ended_on"] == "2020-03-01"
    mediation = await started_round(clerk, id, on="2020-03-03")
    stopped = await step(clerk, id, "suspension", reason="expertise", on="2020-03-10")
    assert (stopped["status"], one(stopped, "mediate_general")["paused_on"]) == ("suspended", "2020-03-10")
    resumed = await step(clerk, id, "resumption", on="2020-03-20", reason="鉴定意见已出")
    assert (resumed["status"], due(resumed)) == ("mediating", {"mediate_general": "2020-04-10"})
    more = {"reason": "双方仍愿协商", "on": "2020-03-30", "consents": consents(resumed)}
    extended = await step(clerk, id, "extension", **more)
    assert one(extended, "mediate_general") == {
        "code": "mediate_general",
        "due_on": "2020-05-10",
        "starts_on": "2020-03-01",
        "days": 30,
        "kind": "calendar",
        "rolls": False,
        "paused_days": 10,
        "paused_on": None,
        "extended_days": 30,
        "extension_reason": "双方仍愿协商",
        "calendar_published": True,
        "ended_on": None,
        "basis": "《人民调解工作若干规定》一般在一个月内调结；经当事人同意可以延长",
        "rule_id": one(extended, "mediate_general")["rule_id"],
    }
    rule = await ok(clerk.get(f"/deadline-rules/{one(extended, 'mediate_general')['rule_id']}"))
    assert (rule["code"], rule["district"], rule["days"]) == ("mediate_general", None, 30)
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed("2020-04-20")))
    closed = await read(clerk, id)
    assert one(closed, "mediate_general")["ended_on"] == "2020-04-20"
    assert due(closed) == {
        "judicial_confirmation": "2020-05-20",
        "return_visit": "2020-05-05",
        "archive": "2020-05-20",
    }
    timeline = await ok(clerk.get(f"/cases/{id}/timeline"))
    told = {s["step"]: s["facts"] for s in timeline["items"]}
    assert told["suspension"] == {"reason": "expertise", "consents": []}
    assert told["extension"] == {"deadline": "mediate_general", "days": 30, "consents": consents(resumed)}


async def test_an_extension_is_added_to_the_limit_by_consent_in_time_and_once(world: World) -> None:
    """Accepted 2020-03-01, extension of 30 agreed 03-30: due 2020-04-30, not thirty days from the agreement."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk, on="2020-03-01")
    path = f"/cases/{accepted['id']}/extension"
    body: dict[str, Any] = {"reason": "补充材料", "on": "2020-03-30", "consents": consents(accepted)}
    before = await content(world)
    missing = await refused(clerk.post(path, json=body | {"consents": body["consents"][:1]}), 409, "consent-missing")
    assert "人民调解工作若干规定" in missing["detail"]
    late = await refused(clerk.post(path, json=body | {"on": "2020-04-01"}), 409, "extension-too-late")
    assert late["due_on"] == "2020-03-31"
    await refused(clerk.post(path, json=body | {"days": 31}), 409, "extension-beyond-rule")
    await refused(clerk.post(path, json=body | {"on": "2020-02-29"}), 409, "dates-out-of-order")
    stranger = body | {"consents": [*body["consents"], accepted["id"]]}
    unknown = await refused(clerk.post(path, json=stranger), 422, "unknown-reference")
    assert [e["pointer"] for e in unknown["errors"]] == ["/consents/2"]
    assert changed(before, await content(world)) == {}
    assert due(await ok(clerk.post(path, json=body))) == {"mediate_general": "2020-04-30"}
    again = await refused(clerk.post(path, json=body), 409, "extension-beyond-rule")
    assert (again["most_times"], again["most_days"]) == (1, 30)
    items = (await ok(clerk.get(f"/cases/{accepted['id']}/actions")))["items"]
    assert [item["allowed"] for item in items if item["step"] == "extension"] == [False]


async def test_an_unknown_party_need_not_consent(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    unknown = {"side": "respondent", "unknown": True}
    accepted = await accepted_case(clerk, on="2020-03-01", parties=[party(), unknown])
    body = {"reason": "查找对方", "on": "2020-03-31", "days": 5, "consents": consents(accepted)}
    assert due(await step(clerk, accepted["id"], "extension", **body)) == {"mediate_general": "2020-04-05"}


async def test_dates_of_the_clock_keep_the_order_of_the_record(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await mediated_case(clerk, "2020-03-03")
    path = f"/cases/{accepted['id']}"
    early = {"reason": "other", "on": "2020-03-02"}
    await refused(clerk.post(f"{path}/suspension", json=early), 409, "dates-out-of-order")
    await refused(clerk.post(f"{path}/suspension", json=early | {"reason": "weather"}), 422, "invalid-input")
    await step(clerk, accepted["id"], "suspension", reason="cannot_contact", on="2020-03-10")
    await refused(clerk.post(f"{path}/resumption", json={"on": "2020-03-09"}), 409, "dates-out-of-order")
    await step(clerk, accepted["id"], "resumption", on="2020-03-15")
    overlapping = {"reason": "other", "on": "2020-03-14"}
    await refused(clerk.post(f"{path}/suspension", json=overlapping), 409, "dates-out-of-order")
    await step(clerk, accepted["id"], "suspension", reason="awaiting_ruling", on="2020-04-01")
    resumed = await step(clerk, accepted["id"], "resumption", on="2020-04-11")
    assert one(resumed, "mediate_general")["paused_days"] == 15
    assert due(resumed) == {"mediate_general": "2020-04-17"}


async def test_while_the_clock_stands_an_extension_is_in_time_if_the_limit_had_not_ended(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for stopped_on, outcome in (("2020-03-31", 200), ("2020-04-01", 409)):
        accepted = await mediated_case(clerk)
        await step(clerk, accepted["id"], "suspension", reason="expertise", on=stopped_on)
        body = {"reason": "等待鉴定", "on": "2020-04-20", "consents": consents(accepted)}
        answer = await clerk.post(f"/cases/{accepted['id']}/extension", json=body)
        assert answer.status_code == outcome, answer.text


STEPS = {
    Step.SUSPENSION: {"reason": "other", "on": "2020-03-05"},
    Step.RESUMPTION: {"on": "2020-03-06"},
    Step.EXTENSION: {"reason": "补充材料", "on": "2020-03-06"},
}


async def put_status(world: World, case_id: str, status: CaseStatus) -> None:
    async with operating(world) as work:
        await work.session.execute(update(Case).where(Case.id == UUID(case_id)).values(status=status))


async def test_each_step_of_the_clock_is_taken_from_its_statuses_alone(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for name, body in STEPS.items():
        accepted = await mediated_case(clerk)
        path = f"/cases/{accepted['id']}/{name}"
        consent = {"consents": consents(accepted)} if name is Step.EXTENSION else {}
        for status in sorted(CaseStatus, key=lambda status: status in name.allowed_from):
            await put_status(world, accepted["id"], status)
            items = (await ok(clerk.get(f"/cases/{accepted['id']}/actions")))["items"]
            may = next(item for item in items if item["step"] == name)
            if status not in name.allowed_from:
                problem = await refused(clerk.post(path, json=body), 409, "step-not-allowed")
                assert problem["case_status"] == status
                assert (may["allowed"], may["reason"]) == (False, problem["detail"])
            elif may["allowed"]:
                await ok(clerk.post(path, json=body | consent))
        expected = {Step.SUSPENSION: "suspended", Step.RESUMPTION: "mediating"}.get(name, status)
        assert (await read(clerk, accepted["id"]))["status"] == expected
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    own = await mediated_case(village)
    await step(village, own["id"], "suspension", **STEPS[Step.SUSPENSION])
    elsewhere = await world.caller(Role.VILLAGE_MEDIATOR, OTHER_VILLAGE)
    await refused(elsewhere.post(f"/cases/{own['id']}/resumption", json=STEPS[Step.RESUMPTION]), 404, "not-found")
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    await refused(grid.post(f"/cases/{own['id']}/resumption", json=STEPS[Step.RESUMPTION]), 403, "forbidden")
    await refused(grid.get("/deadlines"), 403, "forbidden")
    stale = {"If-Match": '"1-full"'}
    await refused(
        village.post(f"/cases/{own['id']}/resumption", json=STEPS[Step.RESUMPTION], headers=stale),
        412,
        "precondition-failed",
    )


async def test_the_limit_goes_by_category_and_a_correction_takes_its_pauses_along(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    labour = await accepted_case(clerk, on="2020-03-03", category="migrant_wage_arrears")
    assert due(labour) == {"mediate_labor": "2020-03-16"}, "fifteen days from the application"
    medical = await accepted_case(clerk, on="2020-03-02", category="medical")
    assert due(medical) == {"mediate_medical": "2020-04-14"}, "thirty working days; 6 April was a holiday"
    await started_round(clerk, medical["id"])
    await step(clerk, medical["id"], "suspension", reason="expertise", on="2020-04-03")
    resumed = await step(clerk, medical["id"], "resumption", on="2020-04-07")
    assert (one(resumed, "mediate_medical")["paused_days"], due(resumed)) == (1, {"mediate_medical": "2020-04-15"})

    async def patch(body: dict[str, Any], **change: Any) -> dict[str, Any]:
        headers = {"If-Match": f'"{body["version"]}-full"'}
        return await ok(clerk.patch(f"/cases/{body['id']}", json=change, headers=headers))

    general = await patch(resumed, category="neighbor")
    assert (one(general, "mediate_general")["paused_days"], due(general)) == (4, {"mediate_general": "2020-04-05"})
    again = await patch(general, category="medical", place=OTHER_VILLAGE)
    assert due(again) == {"mediate_medical": "2020-04-15"}
    assert len(again["deadlines"]) == 3
    earlier = await patch(labour, reported_on="2020-02-28")
    assert due(earlier) == {"mediate_labor": "2020-03-14"}
    registered = await case(clerk)
    assert due(await patch(registered, reported_on="2020-03-06")) == {"accept_decision": "2020-03-11"}


async def test_a_court_gives_its_own_time_and_a_referral_is_answered_in_time(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk, on="2020-03-02")
    rounds = f"/cases/{accepted['id']}/mediations"
    referral = {"court_stage": "entrusted_simple", "sent_on": "2020-03-05"}
    first = await created(clerk.post(rounds, json=round_of("court", "2020-03-06", referral=referral)))
    assert first["referral"]["court_stage"] == "entrusted_simple"
    assert due(await read(clerk, accepted["id"])) == {
        "court_entrusted_simple": "2020-03-13",
        "referral_receipt": "2020-03-06",
        "referral_feedback": "2020-03-12",
    }
    await ok(clerk.post(f"/mediations/{first['id']}/conclusion", json=failed("2020-03-10")))
    assert due(await read(clerk, accepted["id"])) == {"court_entrusted_simple": "2020-03-13"}
    second = await created(clerk.post(rounds, json=round_of("court", "2020-03-11")))
    assert due(await read(clerk, accepted["id"])) == {"court_predirected": "2020-04-10"}
    await ok(clerk.post(f"/mediations/{second['id']}/conclusion", json=failed("2020-03-12")))
    await created(clerk.post(rounds, json=round_of("people", "2020-03-13")))
    assert due(await read(clerk, accepted["id"])) == {"mediate_general": "2020-04-01"}
    wrong = round_of("police", "2020-03-14") | {"referral": {"incident_no": "示例", "court_stage": "predirected"}}
    await refused(clerk.post(rounds, json=wrong), 422, "invalid-input")


async def test_the_parties_rights_run_from_the_day_the_agreement_takes_effect(world: World) -> None:
    """Effective 2020-09-01: the thirtieth day lies in the National Day week, so the last is 2020-10-09."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    lead = (await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)).account.mediator_id
    accepted = await accepted_case(clerk, on="2020-08-20", category="labor", reported_on="2020-08-20")
    await step(clerk, accepted["id"], "assignment", mediators=[str(lead)])
    mediation = await started_round(clerk, accepted["id"], on="2020-08-20")
    written = agreed("2020-08-31", form="written")
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=written))
    waiting = await read(clerk, accepted["id"])
    assert (waiting["status"], due(waiting)) == ("agreed", {})
    signers = [{"party_id": p["id"]} for p in accepted["parties"]] + [{"mediator_id": str(lead)}, {"seal": True}]
    for signer in signers:
        signature = signer | {"on": "2020-09-01"}
        await created(clerk.post(f"/cases/{accepted['id']}/agreement/signatures", json=signature))
    rights = {"judicial_confirmation": "2020-10-09", "arbitration_review": "2020-09-16"}
    assert due(await read(clerk, accepted["id"])) == rights
    closed = await step(clerk, accepted["id"], "closure", closed_on="2020-09-02")
    assert due(closed) == rights | {"return_visit": "2020-09-17", "archive": "2020-10-02"}


async def test_a_case_that_ends_owes_nothing_but_its_archive(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await mediated_case(clerk, "2020-03-02")
    (mediation,) = (await ok(clerk.get(f"/cases/{accepted['id']}/mediations")))["items"]
    withdrawn = {"outcome": "withdrawn", "concluded_on": "2020-03-05"}
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=withdrawn))
    assert due(await read(clerk, accepted["id"])) == {"archive": "2020-04-04"}
    registered = await case(clerk)
    declined = await step(clerk, registered["id"], "refusal", reason="duplicate", notice_on="2020-03-03")
    assert (due(declined), due(declined, ended=True)) == ({}, {"accept_decision": "2020-03-04"})
    assert one(declined, "accept_decision")["ended_on"] == "2020-03-03"


RULE = {
    "code": "mediate_general",
    "days": 20,
    "kind": "calendar",
    "extension_days": 10,
    "extension_count": 2,
    "basis_zh": "示例区办法",
    "basis_en": "Measures of a sample district",
    "effective_from": "2020-06-01",
}


async def test_a_case_keeps_the_rule_in_force_when_its_clock_began(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    before = await accepted_case(clerk, on="2020-05-31")
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    rule = await created(admin.post("/deadline-rules", json=RULE))
    assert (rule["district"], rule["version"]) == (DISTRICT[:6], 1)
    assert due(await accepted_case(clerk, on="2020-05-31")) == {"mediate_general": "2020-06-30"}
    under = await accepted_case(clerk, on="2020-06-01")
    assert (due(under), one(under, "mediate_general")["basis"]) == ({"mediate_general": "2020-06-21"}, "示例区办法")
    far = await world.caller(Role.OFFICE_CLERK, OTHER_DISTRICT_TOWN)
    assert due(await accepted_case(far, OTHER_DISTRICT_TOWN, on="2020-06-01")) == {"mediate_general": "2020-07-01"}
    later = await created(admin.post("/deadline-rules", json=RULE | {"days": 25, "effective_from": "2020-09-01"}))
    assert due(await accepted_case(clerk, on="2020-09-01")) == {"mediate_general": "2020-09-26"}
    path = f"/deadline-rules/{later['id']}"
    first = {"If-Match": '"1-full"'}
    reversed_end = {"effective_to": "2020-08-31"}
    await refused(admin.patch(path, json=reversed_end, headers=first), 409, "rule-ends-before-it-begins")
    await refused(admin.patch(path, json={"days": 9}, headers=first), 422, "invalid-input")
    await refused(admin.post("/deadline-rules", json=RULE | {"effective_to": "2020-05-31"}), 422, "invalid-input")
    other = await world.caller(Role.DISTRICT_ADMIN, OTHER_DISTRICT)
    await refused(other.patch(path, json={"effective_to": None}, headers=first), 404, "not-found")
    ended = await ok(admin.patch(path, json={"effective_to": "2020-09-30"}, headers=first))
    assert (ended["version"], ended["effective_to"]) == (2, "2020-09-30")
    assert due(await accepted_case(clerk, on="2020-10-01")) == {"mediate_general": "2020-10-21"}
    for standing in (before, under):
        assert due(await read(clerk, standing["id"])) == due(standing)
    listed = await ok(clerk.get("/deadline-rules", params={"code": "mediate_general", "on": "2020-07-01"}))
    assert [(r["district"], r["days"]) for r in listed["items"]] == [(None, 30), (DISTRICT[:6], 20)]
    await refused(clerk.post("/deadline-rules", json=RULE), 403, "forbidden")
    national = one(before, "mediate_general")["rule_id"]
    await refused(admin.patch(f"/deadline-rules/{national}", json=reversed_end, headers=first), 404, "not-found")
    twice = {"reason": "补充材料", "on": "2020-06-20", "consents": consents(under)}
    for due_on in ("2020-07-01", "2020-07-11"):
        assert due(await step(clerk, under["id"], "extension", **twice)) == {"mediate_general": due_on}


async def test_days_entered_by_the_district_move_what_runs(world: World) -> None:
    """The year 2000 has no notice in the program: as a year to come, it knows weekends alone until days are entered."""
    clerk, admin = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    rule = RULE | {"code": "accept_decision", "days": 3, "kind": "working", "effective_from": "1999-01-01"}
    await created(admin.post("/deadline-rules", json=rule))
    registered = await case(clerk, reported_on="2000-05-05")
    assert due(registered) == {"accept_decision": "2000-05-10"}
    assert not one(registered, "accept_decision")["calendar_published"]
    earlier = await case(clerk, reported_on="2001-05-09")
    notice = {"on": "2000-05-08", "is_working": False, "document": "示例通知"}
    day = await created(admin.post("/calendar-days", json=notice))
    moved = await read(clerk, registered["id"])
    assert (due(moved), moved["version"]) == ({"accept_decision": "2000-05-11"}, registered["version"] + 1)
    assert one(moved, "accept_decision")["calendar_published"]
    assert await read(clerk, earlier["id"]) == {k: v for k, v in earlier.items() if k != "possible_duplicates"}
    await created(admin.post("/calendar-days", json=notice | {"on": "2000-05-06", "is_working": True}))
    assert due(await read(clerk, registered["id"])) == {"accept_decision": "2000-05-10"}
    await refused(admin.post("/calendar-days", json=notice | {"document": "另一通知"}), 409, "calendar-day-taken")
    mended = {"is_working": True}
    path, first = f"/calendar-days/{day['id']}", {"If-Match": '"1-full"'}
    assert (await ok(admin.patch(path, json=mended, headers=first)))["version"] == 2
    assert due(await read(clerk, registered["id"])) == {"accept_decision": "2000-05-09"}
    assert due(await case(clerk, reported_on="2000-05-05")) == {"accept_decision": "2000-05-09"}
    other = await world.caller(Role.DISTRICT_ADMIN, OTHER_DISTRICT)
    await refused(other.patch(path, json=mended, headers=first), 404, "not-found")
    await refused(clerk.post("/calendar-days", json=notice), 403, "forbidden")
    listed = await ok(clerk.get("/calendar-days", params={"on_from": "2000-05-07"}))
    assert [(d["on"], d["is_working"]) for d in listed["items"]] == [("2000-05-08", True)]
    elsewhere = await world.caller(Role.OFFICE_CLERK, OTHER_DISTRICT_TOWN)
    await created(other.post("/deadline-rules", json=rule))
    assert due(await case(elsewhere, OTHER_DISTRICT_TOWN, reported_on="2000-05-05")) == {
        "accept_decision": "2000-05-10"
    }


async def several_cases(world: World) -> Caller:
    """Late and in time, paused in time and too late, ended, with rights lapsed, in two villages and elsewhere."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    recently = (today() - timedelta(days=2)).isoformat()
    await case(clerk, OTHER_VILLAGE)
    await case(clerk, reported_on=today().isoformat())
    await accepted_case(clerk)
    await accepted_case(clerk, OTHER_VILLAGE, reported_on=recently, on=recently)
    for stopped_on in ("2020-03-20", "2020-05-20"):
        paused = await mediated_case(clerk)
        await step(clerk, paused["id"], "suspension", reason="other", on=stopped_on)
    settled = await settled_case(clerk)
    declined = await case(clerk)
    await step(clerk, declined["id"], "refusal", reason="duplicate", notice_on="2020-03-03")
    waiting = await mediated_case(clerk)
    (mediation,) = (await ok(clerk.get(f"/cases/{waiting['id']}/mediations")))["items"]
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed("2020-03-04", form="written")))
    assert "judicial_confirmation" in due(settled)
    await accepted_case(await world.caller(Role.OFFICE_CLERK, OTHER_TOWN), OTHER_TOWN_VILLAGE)
    return clerk


LAPSING = {"judicial_confirmation", "arbitration_review"}


def is_late(deadline: dict[str, Any]) -> bool:
    """The same once more, in plain words."""
    if deadline["ended_on"] or deadline["code"] in LAPSING:
        return False
    return bool(deadline["due_on"] < (deadline["paused_on"] or today().isoformat()))


async def everything(caller: Caller, path: str, **params: Any) -> list[dict[str, Any]]:
    items, cursor = [], None
    while True:
        page = await ok(caller.get(path, params=params | {"limit": 3} | ({"cursor": cursor} if cursor else {})))
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


async def test_what_is_overdue_is_what_a_recount_finds(world: World) -> None:
    clerk = await several_cases(world)
    cases = [await read(clerk, item["id"]) for item in await everything(clerk, "/cases")]
    late = {c["id"] for c in cases if any(map(is_late, c["deadlines"]))}
    assert 3 <= len(late) <= len(cases) - 3
    for overdue, expected in (("true", late), ("false", {c["id"] for c in cases} - late)):
        assert {item["id"] for item in await everything(clerk, "/cases", overdue=overdue)} == expected
    running = [
        (d["due_on"], c["id"], d["code"], is_late(d)) for c in cases for d in c["deadlines"] if not d["ended_on"]
    ]
    for params, chosen in (
        ({}, running),
        ({"overdue": "true"}, [r for r in running if r[3]]),
        ({"overdue": "false"}, [r for r in running if not r[3]]),
        ({"code": "archive,return_visit"}, [r for r in running if r[2] in {"archive", "return_visit"}]),
        (
            {"due_from": "2020-03-05", "due_to": "2020-03-31"},
            [r for r in running if "2020-03-05" <= r[0] <= "2020-03-31"],
        ),
    ):
        items = await everything(clerk, "/deadlines", **params)
        assert [item["due_on"] for item in items] == sorted(r[0] for r in chosen), params
        assert {(i["due_on"], i["case_id"], i["code"]) for i in items} == {r[:3] for r in chosen}, params
    there = await everything(clerk, "/deadlines", place=OTHER_VILLAGE)
    assert {item["place"] for item in there} == {OTHER_VILLAGE}
    village = await world.caller(Role.VILLAGE_MEDIATOR, OTHER_VILLAGE)
    assert await everything(village, "/deadlines") == there
    numbers = {c["id"]: c["number"] for c in cases}
    assert {i["case_id"]: i["number"] for i in there} == {i["case_id"]: numbers[i["case_id"]] for i in there}
    await refused(
        clerk.get("/deadlines", params={"due_from": "2020-04-01", "due_to": "2020-03-31"}), 422, "invalid-input"
    )


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_new_case_costs_one_statement_for_its_deadline(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await case(clerk)
    with statements(world.database.writes.sync_engine) as sent:
        await case(clerk)
    of_deadlines = [s for s in sent if "deadline" in s or "calendar_days" in s]
    assert len(of_deadlines) == 1, of_deadlines
    assert "INSERT INTO case_deadlines" in of_deadlines[0]


async def moved(world: World, case_id: str, name: Step, to: CaseStatus, on: str, **fields: Any) -> None:
    """A step that ends or reopens a case, as its own use case records it."""
    async with operating(world) as work:
        row = await work.session.get_one(Case, UUID(case_id))
        work.about(row)
        before, row.status = row.status, to
        for field, value in fields.items():
            setattr(row, field, value)
        await record_step(work, row, name, date.fromisoformat(on), before)


async def test_a_merge_undone_and_a_reopening_set_the_clock_going_again(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    settled = await settled_case(clerk)
    id = settled["id"]
    await moved(world, id, Step.MERGE, CaseStatus.MERGED, "2020-03-10")
    assert due(await read(clerk, id)) == {}
    await moved(world, id, Step.SEPARATION, CaseStatus.CLOSED_SUCCESS, "2020-03-12")
    assert due(await read(clerk, id)) == due(settled)
    assert len((await read(clerk, id))["deadlines"]) == len(settled["deadlines"])
    await moved(world, id, Step.REOPENING, CaseStatus.MEDIATING, "2020-04-01", closed_on=None, outcome=None)
    assert due(await read(clerk, id)) == {"mediate_general": "2020-05-01"}
    await started_round(clerk, id, on="2020-04-02")
    await step(clerk, id, "suspension", reason="other", on="2020-04-10")
    await moved(world, id, Step.WITHDRAWAL, CaseStatus.WITHDRAWN, "2020-04-15", closed_on=date(2020, 4, 15))
    assert due(await read(clerk, id)) == {"archive": "2020-05-15"}
    await moved(world, id, Step.REOPENING, CaseStatus.MEDIATING, "2020-05-01", closed_on=None)
    reopened = await read(clerk, id)
    running = [d for d in reopened["deadlines"] if d["ended_on"] is None]
    assert [(d["due_on"], d["paused_days"], d["paused_on"]) for d in running] == [("2020-05-31", 0, None)]
    await moved(world, id, Step.TRANSFER, CaseStatus.TRANSFERRED, "2020-05-02", closed_on=date(2020, 5, 2))
    await moved(world, id, Step.ARCHIVE, CaseStatus.TRANSFERRED, "2020-05-03", archived_at=datetime.now(UTC))
    assert due(await read(clerk, id)) == {}


async def test_a_suspended_case_that_was_merged_by_mistake_still_stands_still(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    paused = await mediated_case(clerk)
    await step(clerk, paused["id"], "suspension", reason="other", on="2020-03-10")
    await moved(world, paused["id"], Step.MERGE, CaseStatus.MERGED, "2020-03-12")
    await moved(world, paused["id"], Step.SEPARATION, CaseStatus.SUSPENDED, "2020-03-14")
    standing = one(await read(clerk, paused["id"]), "mediate_general")
    assert (standing["paused_on"], standing["paused_days"], standing["ended_on"]) == ("2020-03-14", 2, None)
    await step(clerk, paused["id"], "resumption", on="2020-03-20")
    assert due(await read(clerk, paused["id"])) == {"mediate_general": "2020-04-08"}
