"""What 警调, 仲调 and 律调 demand beside what all methods have in common: each guard with its article, and allowed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.core.clock import FixedClock
from app.intake.codes import DisputeCategory
from app.mediation.arbitration_codes import ArbitrationExclusion, ArbitrationKind
from app.mediation.codes import ExcludedMatter
from app.people.codes import OrganizationKind, Role
from tests.tables import changed, content
from tests.world import (
    REFERRALS,
    TOWN,
    Caller,
    World,
    accepted_case,
    agreed,
    case,
    created,
    dispute,
    failed,
    ok,
    organization,
    party,
    refused,
    round_of,
    started_round,
)

POLICE = {"incident_no": "示例警情1号", "public_security_case": True, "officer_name": "庹某乙"}
AGENT = {"kind": "entrusted", "name": "文某甲", "power": "general", "license_no": "示例执业证号0001"}


async def clerk_of(world: World) -> Caller:
    return await world.caller(Role.OFFICE_CLERK, TOWN)


async def police_round(clerk: Caller, **referral: Any) -> dict[str, Any]:
    accepted = await accepted_case(clerk, category="damage_compensation")
    return await started_round(clerk, accepted["id"], "police", referral=POLICE | referral)


def session(held_on: str, form: str = "face_to_face") -> dict[str, Any]:
    return {"held_on": held_on, "form": form, "record": "双方到场陈述。"}


async def deadlines(clerk: Caller, case_id: str) -> dict[str, dict[str, Any]]:
    """Those that run, by code."""
    found = await ok(clerk.get(f"/cases/{case_id}"))
    return {d["code"]: d for d in found["deadlines"] if d["ended_on"] is None}


def says(problem: dict[str, Any], *words: str) -> None:
    for word in words:
        assert word in problem["detail"], problem


async def test_what_the_police_may_not_have_mediated_is_refused_with_its_article(world: World) -> None:
    clerk = await clerk_of(world)
    path = f"/cases/{(await accepted_case(clerk))['id']}/mediations"
    before = await content(world)
    for matter, item in zip(ExcludedMatter, "一二三四五六七", strict=True):
        body = round_of("police", referral=POLICE | {"excluded_matter": matter})
        problem = await refused(clerk.post(path, json=body), 409, "matter-excluded")
        says(problem, f"第一百七十九条第{item}项")
        assert problem["errors"][0]["pointer"] == "/referral/excluded_matter"
    assert changed(before, await content(world)) == {}
    await created(clerk.post(path, json=round_of("police", referral=POLICE)))


async def test_a_public_security_case_is_mediated_twice_within_seven_working_days_at_most(world: World) -> None:
    """First on Friday 2020-03-06: the seventh working day is Tuesday 2020-03-17."""
    clerk = await clerk_of(world)
    for second, is_allowed in (("2020-03-17", True), ("2020-03-18", False)):
        started = await police_round(clerk)
        path = f"/mediations/{started['id']}/sessions"
        await created(clerk.post(path, json=session("2020-03-05", "phone")))
        assert "police_second_session" not in await deadlines(clerk, started["case_id"])
        await created(clerk.post(path, json=session("2020-03-06")))
        await created(clerk.post(path, json=session("2020-03-06", "back_to_back")))
        due = (await deadlines(clerk, started["case_id"]))["police_second_session"]
        assert (due["starts_on"], due["due_on"]) == ("2020-03-06", "2020-03-17")
        assert "第一百八十三条" in due["basis"]
        if is_allowed:
            await created(clerk.post(path, json=session(second)))
            assert "police_second_session" not in await deadlines(clerk, started["case_id"])
            problem = await refused(clerk.post(path, json=session("2020-03-19")), 409, "sessions-used")
            says(problem, "第一百八十三条", "公安机关")
        else:
            problem = await refused(clerk.post(path, json=session(second)), 409, "second-session-late")
            says(problem, "2020-03-17", "第一百八十三条", "公安机关")


async def test_another_round_of_the_incident_begins_no_new_count(world: World) -> None:
    clerk = await clerk_of(world)
    started = await police_round(clerk)
    for held_on in ("2020-03-04", "2020-03-05"):
        await created(clerk.post(f"/mediations/{started['id']}/sessions", json=session(held_on)))
    await ok(clerk.post(f"/mediations/{started['id']}/conclusion", json=failed()))
    again = await started_round(clerk, started["case_id"], "police", on="2020-03-06", referral=POLICE)
    path = f"/mediations/{again['id']}/sessions"
    await refused(clerk.post(path, json=session("2020-03-06")), 409, "sessions-used")
    await ok(clerk.post(f"/mediations/{again['id']}/conclusion", json=failed("2020-03-06")))
    people = await started_round(clerk, started["case_id"], on="2020-03-06")
    await created(clerk.post(f"/mediations/{people['id']}/sessions", json=session("2020-03-09")))


async def test_an_ordinary_private_dispute_of_the_police_has_as_many_sessions_as_it_needs(world: World) -> None:
    clerk = await clerk_of(world)
    started = await police_round(clerk, public_security_case=False)
    for held_on in ("2020-03-04", "2020-03-05", "2020-04-20"):
        await created(clerk.post(f"/mediations/{started['id']}/sessions", json=session(held_on)))


async def test_what_goes_back_to_the_police_with_an_agreement_is_whole(world: World) -> None:
    clerk = await clerk_of(world)
    started = await police_round(clerk)
    path = f"/mediations/{started['id']}"
    await ok(clerk.post(f"{path}/referral/acceptance", json={"on": "2020-03-04"}))
    result: dict[str, Any] = {"on": "2020-03-09", "outcome": "agreed", "text": "已达成协议并履行。"}
    package = {"performance_proof": "收条一张", "joint_application_on": "2020-03-08"}
    answer = f"{path}/referral/result"
    problem = await refused(clerk.post(answer, json=result | package), 409, "return-package-missing")
    says(problem, "生效的协议", "第一百八十六条", "第九条")
    await ok(clerk.post(f"{path}/conclusion", json=agreed()))
    for name, words in (("performance_proof", "履行证明"), ("joint_application_on", "共同书面申请")):
        short = {key: value for key, value in package.items() if key != name}
        problem = await refused(clerk.post(answer, json=result | short), 409, "return-package-missing")
        says(problem, words)
        assert problem["errors"][0]["pointer"] == f"/{name}"
    early = package | {"joint_application_on": "2020-03-04"}
    await refused(clerk.post(answer, json=result | early), 409, "dates-out-of-order")
    late = package | {"joint_application_on": "2020-03-10"}
    await refused(clerk.post(answer, json=result | late), 422, "invalid-input")
    elsewhere = result | package | {"outcome": "failed"}
    problem = await refused(clerk.post(answer, json=elsewhere), 422, "invalid-input")
    assert {error["pointer"] for error in problem["errors"]} == {f"/{name}" for name in package}
    told = (await ok(clerk.post(answer, json=result | package)))["referral"]["answers"][-1]
    assert {name: told[name] for name in package} == package


async def test_of_other_cases_an_agreement_goes_back_without_a_package(world: World) -> None:
    clerk = await clerk_of(world)
    for referral in ({"public_security_case": False}, {"direction": "out"}):
        started = await police_round(clerk, **referral)
        path = f"/mediations/{started['id']}/referral"
        letter = {"on": "2020-03-04", "letter_no": "示例函〔2020〕2号"}
        await ok(clerk.post(f"{path}/acceptance", json=letter))
        await ok(clerk.post(f"{path}/result", json=letter | {"outcome": "agreed", "text": "已达成协议。"}))


async def test_a_failed_public_security_case_is_overdue_until_the_police_are_told(world: World) -> None:
    clerk = await clerk_of(world)
    started = await police_round(clerk)
    case_path, path = f"/cases/{started['case_id']}", f"/mediations/{started['id']}"
    await ok(clerk.post(f"{path}/referral/acceptance", json={"on": "2020-03-04"}))
    await ok(clerk.post(f"{path}/conclusion", json=failed("2020-03-06")))
    await ok(clerk.post(f"{case_path}/closure", json={"closed_on": "2020-03-06"}))
    feedback = (await deadlines(clerk, started["case_id"]))["referral_feedback"]
    assert (feedback["starts_on"], feedback["due_on"]) == ("2020-03-06", "2020-03-13")
    overdue = await ok(clerk.get("/referrals?overdue=true"))
    assert [(item["mediation_id"], item["feedback_due_on"]) for item in overdue["items"]] == [
        (started["id"], "2020-03-13")
    ]
    due = await ok(clerk.get("/deadlines?code=referral_feedback&overdue=true"))
    assert [item["case_id"] for item in due["items"]] == [started["case_id"]]
    told = {"on": "2020-03-13", "outcome": "failed", "text": "双方分歧较大，请依法处理。"}
    answered = await ok(clerk.post(f"{path}/referral/result", json=told))
    assert answered["referral"]["answers"][-1]["on"] == "2020-03-13"
    assert "referral_feedback" not in await deadlines(clerk, started["case_id"])
    assert (await ok(clerk.get("/referrals?overdue=true")))["items"] == []


async def test_another_failed_hand_off_is_not_awaited(world: World) -> None:
    clerk = await clerk_of(world)
    started = await police_round(clerk, public_security_case=False)
    await ok(clerk.post(f"/mediations/{started['id']}/conclusion", json=failed()))
    assert "referral_feedback" not in await deadlines(clerk, started["case_id"])


async def incident(clerk: Caller, number: int, on: str = "2020-03-03", **fields: Any) -> dict[str, Any]:
    """A case with one police incident, as it stands then."""
    told = {"reported_on": "2020-01-01"} | fields
    accepted = await accepted_case(clerk, on="2020-01-02", **told)
    referral = {"incident_no": f"示例警情{number}号"}
    await started_round(clerk, accepted["id"], "police", on=on, referral=referral)
    return await ok(clerk.get(f"/cases/{accepted['id']}"))


def strangers(number: int) -> list[dict[str, Any]]:
    return [party(name=f"张某{number}甲"), party("respondent", f"张某{number}乙")]


@pytest.mark.parametrize(
    ("risk", "raised"), [(None, "high"), ("low", "medium"), ("medium", "high"), ("high", "major"), ("major", "major")]
)
async def test_the_third_incident_of_a_location_raises_the_risk_by_a_level(
    world: World, risk: str | None, raised: str
) -> None:
    clerk = await clerk_of(world)
    there: dict[str, Any] = {"location": "二组水井", "risk_level": risk}
    for number in (1, 2):
        earlier = await incident(clerk, number, parties=strangers(number), **there)
        assert earlier["risk_level"] == risk
    elsewhere = await incident(clerk, 3, parties=strangers(3), **there | {"location": "三组"})
    assert elsewhere["risk_level"] == risk
    third = await incident(clerk, 4, parties=strangers(4), **there)
    assert third["risk_level"] == raised
    last = (await ok(clerk.get(f"/cases/{third['id']}/timeline")))["items"][-1]
    if risk == "major":
        assert last["step"] == "mediations"
        return
    assert (last["step"], last["from"], last["to"]) == ("risk_raise", "mediating", "mediating")
    assert last["facts"] == {
        "risk_from": risk,
        "risk_to": raised,
        "days": 180,
        "incidents": {"same_location": 3},
    }


async def test_the_same_pair_is_found_by_name_in_a_place_and_only_within_the_days(world: World) -> None:
    clerk = await clerk_of(world)
    await incident(clerk, 1, on="2020-02-01")
    await incident(clerk, 2, on="2020-06-01")
    assert (await incident(clerk, 2, on="2020-06-02"))["risk_level"] is None, "the same incident"
    too_late = await incident(clerk, 3, on="2020-07-31")
    assert too_late["risk_level"] is None, "181 days after the first"
    third = await incident(clerk, 4, on="2020-07-30")
    assert third["risk_level"] == "high"
    swapped = [party(name="张某乙"), party("respondent", "张某丙")]
    assert (await incident(clerk, 5, on="2020-07-30", parties=swapped))["risk_level"] is None


async def test_how_many_incidents_raise_the_risk_is_a_setting(world: World) -> None:
    clerk, kernel = await clerk_of(world), world.app.state.kernel
    try:
        world.app.state.kernel = replace(kernel, incidents_until_risk=2, incidents_within_days=10)
        await incident(clerk, 1)
        assert (await incident(clerk, 2, on="2020-03-14"))["risk_level"] is None
        assert (await incident(clerk, 3, on="2020-03-13"))["risk_level"] == "high"
    finally:
        world.app.state.kernel = kernel


TAKEN = {
    "labor": {"labor", "migrant_wage_arrears", "labor_other"},
    "rural_land": {"forest_land", "contract"},
}
FAMILY = {"marriage_family", "divorce_and_courtship", "elder_support", "child_support", "inheritance"}
FAMILY |= {"domestic_violence"}
NOT_COMMERCIAL = FAMILY | TAKEN["labor"] | {"forest_land", "grave_site", "expropriation_demolition", "village_affairs"}


def test_every_category_is_within_or_outside_each_scope() -> None:
    for kind in ArbitrationKind:
        taken = {str(category) for category in DisputeCategory if kind.takes(category)}
        assert taken == TAKEN.get(kind, {str(category) for category in DisputeCategory} - NOT_COMMERCIAL), kind


async def why_not_arbitration(clerk: Caller, category: str, kind: str, **referral: Any) -> dict[str, Any] | None:
    accepted = await accepted_case(clerk, category=category)
    body = round_of("arbitration", referral={"arbitration_kind": kind, **referral})
    answer = await clerk.post(f"/cases/{accepted['id']}/mediations", json=body)
    problem: dict[str, Any] = answer.json()
    assert answer.status_code in {201, 409}, problem
    return None if answer.status_code == 201 else problem


async def test_each_arbitration_keeps_to_its_scope(world: World) -> None:
    clerk = await clerk_of(world)
    for category, kind, code, article in (
        ("labor_other", "labor", None, ""),
        ("contract", "labor", "outside-arbitration-scope", "《劳动争议调解仲裁法》第二条"),
        ("forest_land", "rural_land", None, ""),
        ("neighbor", "rural_land", "outside-arbitration-scope", "第二条第二款"),
        ("expropriation_demolition", "rural_land", "dispute-excluded", "第二条第三款"),
        ("contract", "commercial", None, ""),
        ("labor", "commercial", "outside-arbitration-scope", "《仲裁法》"),
        ("village_affairs", "commercial", "outside-arbitration-scope", "《仲裁法》"),
        ("expropriation_demolition", "commercial", "dispute-excluded", "《仲裁法》第三条"),
        *((family, "commercial", "dispute-excluded", "《仲裁法》第三条") for family in sorted(FAMILY)),
    ):
        problem = await why_not_arbitration(clerk, category, kind)
        assert (problem and problem["code"]) == code, (category, kind)
        if problem:
            says(problem, article)
            assert problem["errors"][0]["pointer"] == "/referral/arbitration_kind"


async def test_what_no_arbitration_takes_on_is_refused_whatever_the_category(world: World) -> None:
    clerk = await clerk_of(world)
    for exclusion in ArbitrationExclusion:
        problem = await why_not_arbitration(clerk, "contract", "rural_land", arbitration_exclusion=exclusion)
        assert problem is not None
        assert problem["code"] == "dispute-excluded"
        says(problem, exclusion.article[0], exclusion.instead[0])
        assert problem["errors"][0]["pointer"] == "/referral/arbitration_exclusion"
    english = await clerk.post(
        f"/cases/{(await accepted_case(clerk, category='inheritance'))['id']}/mediations",
        json=round_of("arbitration"),
        headers={"Accept-Language": "en"},
    )
    says(english.json(), "Arbitration Law, art. 3")


@pytest.mark.parametrize(
    ("kind", "category", "days", "ends_on"),
    [
        ("labor", "labor_other", 365, "2020-12-31"),
        ("rural_land", "forest_land", 730, "2021-12-31"),
        ("commercial", "contract", 1095, "2022-12-31"),
    ],
)
async def test_a_limitation_runs_from_the_dispute_or_to_the_day_that_is_known(
    world: World, kind: str, category: str, days: int, ends_on: str
) -> None:
    clerk, code = await clerk_of(world), f"limitation_{kind}"
    accepted = await accepted_case(clerk, category=category, occurred_on="2020-01-01")
    path = f"/cases/{accepted['id']}/mediations"
    first = await created(clerk.post(path, json=round_of("arbitration", referral={"arbitration_kind": kind})))
    counted = (await deadlines(clerk, accepted["id"]))[code]
    assert (counted["starts_on"], counted["days"], counted["due_on"]) == ("2020-01-01", days, ends_on)
    await ok(clerk.post(f"/mediations/{first['id']}/conclusion", json=failed()))
    known = {"arbitration_kind": kind, "limitation_ends_on": "2020-04-01"}
    second = await created(clerk.post(path, json=round_of("arbitration", on="2020-03-06", referral=known)))
    assert (await deadlines(clerk, accepted["id"]))[code]["due_on"] == "2020-04-01"
    listed = await ok(clerk.get(f"/deadlines?code={code}&due_to=2020-04-30"))
    assert [item["case_id"] for item in listed["items"]] == [accepted["id"]]
    assert (await ok(clerk.get(f"/deadlines?code={code}&overdue=true")))["items"] == [], "a right lapses"
    await ok(clerk.post(f"/mediations/{second['id']}/conclusion", json=failed("2020-03-07")))
    await ok(clerk.post(f"/cases/{accepted['id']}/closure", json={"closed_on": "2020-03-07"}))
    assert code in await deadlines(clerk, accepted["id"]), "the claim stands after a failure"


async def test_a_claim_that_was_settled_has_no_limitation(world: World) -> None:
    clerk = await clerk_of(world)
    accepted = await accepted_case(clerk, category="contract")
    referral = {"arbitration_kind": "commercial", "limitation_ends_on": "2020-12-31"}
    started = await started_round(clerk, accepted["id"], "arbitration", referral=referral)
    await ok(clerk.post(f"/mediations/{started['id']}/conclusion", json=agreed()))
    assert "limitation_commercial" not in await deadlines(clerk, accepted["id"])


async def reasons_on(world: World, clerk: Caller, mediation_id: str, day: date) -> set[str]:
    kernel = world.app.state.kernel
    try:
        world.app.state.kernel = replace(kernel, clock=FixedClock(day))
        items = (await ok(clerk.get(f"/mediations/{mediation_id}/actions")))["items"]
    finally:
        world.app.state.kernel = kernel
    allowed = [item for item in items if item["step"] in {"sessions", "conclusion"} and item["allowed"]]
    assert len(allowed) == 2
    return {item.get("reason", "") for item in allowed}


async def test_those_who_mediate_are_warned_before_a_claim_lapses_and_after_the_fifteen_days(world: World) -> None:
    clerk = await clerk_of(world)
    accepted = await accepted_case(clerk, category="labor_other", reported_on="2020-03-02")
    limit = (await deadlines(clerk, accepted["id"]))["mediate_labor"]
    assert (limit["starts_on"], limit["days"], limit["due_on"]) == ("2020-03-02", 15, "2020-03-17")
    referral = {"arbitration_kind": "labor", "limitation_ends_on": "2020-06-01"}
    started = await started_round(clerk, accepted["id"], "arbitration", referral=referral)
    assert "mediate_labor" in await deadlines(clerk, accepted["id"])
    for day, words in (
        (date(2020, 3, 17), []),
        (date(2020, 3, 18), ["第十四条", "申请仲裁"]),
        (date(2020, 5, 1), ["第十四条"]),
        (date(2020, 5, 2), ["第十四条", "2020-06-01", "第二十七条"]),
    ):
        (reason,) = await reasons_on(world, clerk, started["id"], day)
        assert bool(reason) is bool(words), (day, reason)
        assert all(word in reason for word in words), (day, reason)
        assert ("2020-06-01" in reason) is ("2020-06-01" in words), day


async def test_a_labour_dispute_is_decided_on_within_three_working_days(world: World) -> None:
    clerk = await clerk_of(world)
    registered = await case(clerk, category="labor_other", reported_on="2020-03-06")
    (decision,) = registered["deadlines"]
    assert (decision["code"], decision["due_on"]) == ("accept_decision", "2020-03-11")


async def lawyer_round(clerk: Caller, case_id: str, **fields: Any) -> dict[str, Any]:
    return await started_round(clerk, case_id, "lawyer", **fields)


def with_agent(**agent: Any) -> list[dict[str, Any]]:
    return [party(agent=AGENT | agent), party("respondent", "张某乙")]


@pytest.mark.parametrize(
    ("agent", "is_same"),
    [
        ({}, True),
        ({"name": "文某乙"}, True),
        ({"license_no": None}, True),
        ({"license_no": "示例执业证号0002"}, False),
        ({"name": "文某乙", "license_no": None}, False),
        ({"kind": "guardian", "power": None, "license_no": None}, False),
    ],
)
async def test_an_agent_does_not_mediate_and_the_mediating_lawyer_becomes_no_agent(
    world: World, agent: dict[str, Any], *, is_same: bool
) -> None:
    clerk = await clerk_of(world)
    represented = await accepted_case(clerk, parties=with_agent(**agent))
    path = f"/cases/{represented['id']}/mediations"
    before = await content(world)
    answer = await clerk.post(path, json=round_of("lawyer"))
    assert answer.status_code == (409 if is_same else 201), answer.text
    if is_same:
        assert answer.json()["code"] == "lawyer-acts-for-party"
        says(answer.json(), "司发通〔2017〕105号")
        assert answer.json()["errors"][0]["pointer"] == "/referral/lawyer_name"
        assert changed(before, await content(world)) == {}
    mediated = await accepted_case(clerk)
    await lawyer_round(clerk, mediated["id"])
    third = party("third_party", "张某丙", agent=AGENT | agent)
    added = await clerk.post(f"/cases/{mediated['id']}/parties", json=third)
    assert added.status_code == (409 if is_same else 201), added.text
    one = await ok(clerk.get(f"/cases/{mediated['id']}"))
    answer = await clerk.patch(
        f"/cases/{mediated['id']}/parties/{one['parties'][0]['id']}",
        json={"agent": AGENT | agent},
        headers={"If-Match": f'"{one["version"]}-full"'},
    )
    assert answer.status_code == (409 if is_same else 200), answer.text
    if is_same:
        assert answer.json()["errors"][0]["pointer"] == "/agent"
        again = await ok(clerk.get(f"/cases/{mediated['id']}"))
        assert (again["version"], again["parties"]) == (one["version"], one["parties"])


async def test_the_rule_follows_the_dispute_through_a_merge(world: World) -> None:
    clerk, head = await clerk_of(world), await world.caller(Role.OFFICE_HEAD, TOWN)
    mediated, survivor = await accepted_case(clerk), await accepted_case(clerk)
    represented = await accepted_case(clerk, parties=with_agent())
    started = await lawyer_round(clerk, mediated["id"])
    await ok(clerk.post(f"/mediations/{started['id']}/conclusion", json=failed()))
    merge = {"into": represented["id"], "reason": "同一纠纷。"}
    problem = await refused(head.post(f"/cases/{mediated['id']}/merge", json=merge), 409, "lawyer-acts-for-party")
    assert problem["errors"][0]["pointer"] == "/into"
    await ok(head.post(f"/cases/{mediated['id']}/merge", json=merge | {"into": survivor["id"]}))
    third = party("third_party", "张某丙", agent=AGENT)
    await refused(clerk.post(f"/cases/{survivor['id']}/parties", json=third), 409, "lawyer-acts-for-party")
    other = third | {"agent": AGENT | {"name": "文某乙", "license_no": "示例执业证号0002"}}
    added = await created(clerk.post(f"/cases/{survivor['id']}/parties", json=other))
    assert added["agent"]["license_no"] == "示例执业证号0002"


async def test_only_a_lawyer_has_a_licence(world: World) -> None:
    clerk = await clerk_of(world)
    wrong = with_agent(kind="guardian", power=None)
    problem = await refused(clerk.post("/cases", json=dispute(parties=wrong)), 422, "invalid-input")
    assert problem["errors"][0]["code"] == "license-of-guardian"


async def test_a_fee_is_of_a_law_firm_and_never_with_legal_aid(world: World) -> None:
    clerk = await clerk_of(world)
    path = f"/cases/{(await accepted_case(clerk))['id']}/mediations"
    firm = {"law_firm_id": str(await organization(world, TOWN, kind=OrganizationKind.LAW_FIRM))}
    station = {"partner_id": str(await organization(world, TOWN, kind=OrganizationKind.LEGAL_SERVICE_STATION))}
    own = REFERRALS["lawyer"]
    for referral, code, article in (
        ({}, "fee-outside-law-firm", "司发通〔2017〕105号"),
        (station, "fee-outside-law-firm", "司发通〔2017〕105号"),
        (firm | {"legal_aid_no": "示例援助1号"}, "fee-with-legal-aid", "《法律援助法》"),
    ):
        body = round_of("lawyer", fee="200.00", referral=own | referral)
        problem = await refused(clerk.post(path, json=body), 409, code)
        says(problem, article)
        assert problem["errors"][0]["pointer"] == "/fee"
    aided = round_of("lawyer", referral=own | firm | {"legal_aid_no": "示例援助1号"})
    started = await created(clerk.post(path, json=aided))
    assert (started["fee"], started["referral"]["legal_aid_no"]) == (None, "示例援助1号")
    await ok(clerk.post(f"/mediations/{started['id']}/conclusion", json=failed()))
    paid = round_of("lawyer", on="2020-03-06", fee="200.00", referral=own | firm)
    assert (await created(clerk.post(path, json=paid)))["fee"] == "200.00"


async def test_undisputed_facts_are_signed_by_all_after_a_lawyers_failed_round(world: World) -> None:
    clerk = await clerk_of(world)
    unknown = {"side": "third_party", "unknown": True}
    accepted = await accepted_case(clerk, parties=[party(), party("respondent", "张某乙"), unknown])
    first, second, _ = (one["id"] for one in accepted["parties"])
    people = await started_round(clerk, accepted["id"])
    facts = {"undisputed_facts": "双方认可借款本金一万元。", "facts_confirmed_by": [first, second]}
    path = f"/mediations/{people['id']}/conclusion"
    problem = await refused(clerk.post(path, json=failed() | facts), 409, "undisputed-facts-not-here")
    says(problem, "司发通〔2017〕105号")
    await ok(clerk.post(path, json=failed()))
    lawyer = await lawyer_round(clerk, accepted["id"], on="2020-03-06")
    path, ending = f"/mediations/{lawyer['id']}/conclusion", failed("2020-03-07")
    short = facts | {"facts_confirmed_by": [first]}
    problem = await refused(clerk.post(path, json=ending | short), 409, "undisputed-facts-unconfirmed")
    says(problem, "司发通〔2017〕105号")
    stranger = facts | {"facts_confirmed_by": [first, second, lawyer["id"]]}
    problem = await refused(clerk.post(path, json=ending | stranger), 422, "unknown-reference")
    assert problem["errors"][0]["pointer"] == "/facts_confirmed_by/2"
    for name, value in facts.items():
        problem = await refused(clerk.post(path, json=ending | {name: value}), 422, "invalid-input")
        assert [error["code"] for error in problem["errors"]] == ["needed-here"]
    with_success = agreed("2020-03-07") | facts
    assert (await clerk.post(path, json=with_success)).status_code == 422
    concluded = await ok(clerk.post(path, json=ending | facts))
    assert {name: concluded[name] for name in facts} == facts
