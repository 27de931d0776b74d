"""The line of a case: registered, accepted, mediated in rounds, concluded, closed."""

from typing import Any

import pytest
import time_machine

from app.people.codes import OrganizationKind, Role
from tests.world import (
    OTHER_TOWN_VILLAGE,
    REFERRALS,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    account,
    agreed,
    case,
    created,
    dispute,
    failed,
    mediator,
    ok,
    oral,
    organization,
    party,
    refused,
    round_of,
    settled_case,
    started_round,
)


async def test_six_fields_are_enough(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    body = dispute()
    del body["reported_on"]
    registered = await case(clerk, **{k: v for k, v in body.items() if k != "place"})
    assert registered["status"] == "registered"
    assert registered["number"] is None
    assert registered["received_on"] is None
    assert [d["code"] for d in registered["deadlines"]] == ["accept_decision"]
    assert registered["possible_duplicates"] == []
    assert [p["name"] for p in registered["parties"]] == ["张某甲", "张某乙"]


async def test_the_whole_line_ends_in_success(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    settled = await settled_case(clerk)
    assert settled["status"] == "closed_success"
    assert settled["outcome"] == "success"
    assert settled["closed_on"] == "2020-03-05"
    assert settled["method"] == "people"
    assert settled["number"] == "调114109000〔2020〕1号"
    timeline = await ok(clerk.get(f"/cases/{settled['id']}/timeline"))
    assert [(s["step"], s["from"], s["to"]) for s in timeline["items"]] == [
        ("registration", None, "registered"),
        ("acceptance", "registered", "accepted"),
        ("mediations", "accepted", "mediating"),
        ("conclusion", "mediating", "closed_success"),
    ]
    assert all(p["consent"] == "agreed" for p in settled["parties"])


async def test_a_failed_round_leaves_the_case_open_until_closure(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    first = await started_round(clerk, accepted["id"])
    await refused(clerk.post(f"/cases/{accepted['id']}/closure", json={"closed_on": "2020-03-05"}), 409, "round-open")
    await refused(clerk.post(f"/cases/{accepted['id']}/mediations", json=round_of()), 409, "round-open")
    await ok(clerk.post(f"/mediations/{first['id']}/conclusion", json=failed()))
    await refused(clerk.post(f"/mediations/{first['id']}/conclusion", json=failed()), 409, "round-concluded")
    assert (await ok(clerk.get(f"/cases/{accepted['id']}")))["status"] == "mediating"
    wrong = {"closed_on": "2020-03-06", "failure_reason": "timeout"}
    await refused(clerk.post(f"/cases/{accepted['id']}/closure", json=wrong), 422, "invalid-input")
    closed = await ok(clerk.post(f"/cases/{accepted['id']}/closure", json={"closed_on": "2020-03-06"}))
    assert (closed["status"], closed["outcome"]) == ("closed_failed", "failed")
    assert (closed["failure_reason"], closed["remedy_notice_on"]) == ("no_agreement", "2020-03-05")


async def test_a_second_round_under_another_method_may_succeed(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    first = await started_round(clerk, accepted["id"])
    await ok(clerk.post(f"/mediations/{first['id']}/conclusion", json=failed()))
    firm = await organization(world, TOWN, kind=OrganizationKind.LAW_FIRM)
    referral = REFERRALS["lawyer"] | {"law_firm_id": str(firm)}
    second = await started_round(clerk, accepted["id"], "lawyer", on="2020-03-06", fee="200.00", referral=referral)
    assert second["round_no"] == 2
    assert second["fee"] == "200.00"
    await ok(clerk.post(f"/mediations/{second['id']}/conclusion", json=agreed("2020-03-08")))
    closed = await ok(clerk.get(f"/cases/{accepted['id']}"))
    assert (closed["status"], closed["method"]) == ("closed_success", "lawyer")
    rounds = await ok(clerk.get(f"/cases/{accepted['id']}/mediations"))
    assert [r["outcome"] for r in rounds["items"]] == ["failed", "agreed"]


@pytest.mark.parametrize("outcome", ["withdrawn", "transferred"])
async def test_withdrawn_and_transferred_rounds_close_the_case(world: World, outcome: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    mediation = await started_round(clerk, accepted["id"])
    body: dict[str, Any] = {"outcome": outcome, "concluded_on": "2020-03-05"}
    if outcome == "transferred":
        await refused(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=body), 422, "invalid-input")
        body["transferred_to"] = "黔江区人民法院"
    concluded = await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=body))
    assert concluded["case_status"] == outcome
    assert (await ok(clerk.get(f"/cases/{accepted['id']}")))["outcome"] == outcome


async def test_a_written_agreement_takes_effect_with_the_last_signature(world: World) -> None:
    """Party A 09-01, party B 09-03, mediator 09-03, seal 09-05: effective 09-05 (art. 29)."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    lead = await mediator(world, TOWN)
    registered = await case(clerk, reported_on="2020-08-20")
    accepted = await ok(
        clerk.post(
            f"/cases/{registered['id']}/acceptance",
            json={"accepted_on": "2020-08-20", "mediators": [lead]} | {"mediators": [str(lead)]},
        )
    )
    first, second = (p["id"] for p in accepted["parties"])
    mediation = await started_round(clerk, accepted["id"], on="2020-08-25")
    assert mediation["mediators"] == [str(lead)]
    written = agreed("2020-09-01", form="written", signatures=[{"party_id": first, "on": "2020-09-01"}])
    concluded = await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=written))
    assert concluded["case_status"] == "agreed"
    closure = {"closed_on": "2020-09-06"}
    await refused(clerk.post(f"/cases/{accepted['id']}/closure", json=closure), 409, "agreement-not-effective")
    sign = f"/cases/{accepted['id']}/agreement/signatures"
    await created(clerk.post(sign, json={"party_id": second, "on": "2020-09-03"}))
    await created(clerk.post(sign, json={"mediator_id": str(lead), "on": "2020-09-03"}))
    await refused(clerk.post(sign, json={"party_id": second, "on": "2020-09-03"}), 409, "already-signed")
    assert (await ok(clerk.get(f"/cases/{accepted['id']}/agreement")))["effective_on"] is None
    await created(clerk.post(sign, json={"seal": True, "on": "2020-09-05"}))
    agreement = await ok(clerk.get(f"/cases/{accepted['id']}/agreement"))
    assert agreement["effective_on"] == "2020-09-05"
    assert len(agreement["signatures"]) == 4
    assert (await ok(clerk.get(f"/cases/{accepted['id']}")))["status"] == "agreed"
    await refused(
        clerk.post(f"/cases/{accepted['id']}/closure", json={"closed_on": "2020-09-04"}), 409, "dates-out-of-order"
    )
    closed = await ok(clerk.post(f"/cases/{accepted['id']}/closure", json=closure))
    assert (closed["status"], closed["closed_on"]) == ("closed_success", "2020-09-06")


async def test_a_clear_refusal_forbids_mediation_and_closes_as_failed(world: World) -> None:
    """Three parties, two agreed, one refused: no mediation (art. 17); the case closes with reason and notice."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    parties = [
        party(consent="agreed"),
        party("respondent", "张某乙", consent="refused"),
        party("third_party", "张某丙"),
    ]
    accepted = await accepted_case(clerk, parties=parties)
    await refused(clerk.post(f"/cases/{accepted['id']}/mediations", json=round_of()), 409, "party-refuses")
    bare = {"closed_on": "2020-03-06"}
    problem = await refused(clerk.post(f"/cases/{accepted['id']}/closure", json=bare), 422, "invalid-input")
    assert [e["pointer"] for e in problem["errors"]] == ["/failure_reason", "/remedy_notice_on"]
    full = bare | {"failure_reason": "party_refuses_midway", "remedy_notice_on": "2020-03-06"}
    assert (await ok(clerk.post(f"/cases/{accepted['id']}/closure", json=full)))["status"] == "closed_failed"


async def test_an_applicant_who_refuses_is_not_accepted_but_declined(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk, parties=[party(consent="refused"), party("respondent", "张某乙")])
    accept = clerk.post(f"/cases/{registered['id']}/acceptance", json={"accepted_on": "2020-03-02"})
    await refused(accept, 409, "applicant-refuses")
    refusal = {"reason": "party_refuses", "notice_on": "2020-03-02"}
    declined = await ok(clerk.post(f"/cases/{registered['id']}/refusal", json=refusal))
    assert declined["status"] == "declined"
    patch = clerk.patch(f"/cases/{registered['id']}", json={"title": "标题"}, headers={"If-Match": '"2-full"'})
    await refused(patch, 409, "case-locked")
    late = clerk.post(f"/cases/{registered['id']}/acceptance", json={"accepted_on": "2020-03-02"})
    assert (await refused(late, 409, "step-not-allowed"))["case_status"] == "declined"


async def test_nothing_closes_an_accepted_case_that_nobody_refuses(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    closure = clerk.post(f"/cases/{accepted['id']}/closure", json={"closed_on": "2020-03-06"})
    await refused(closure, 409, "nothing-concluded")


async def test_a_village_accepts_for_its_own_committee_only(world: World) -> None:
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(village)
    path = f"/cases/{registered['id']}/acceptance"
    town_id = str(world.organizations[TOWN])
    body = {"accepted_on": "2020-03-02", "organization_id": town_id}
    await refused(village.post(path, json=body), 409, "organization-cannot-accept")
    accepted = await ok(village.post(path, json={"accepted_on": "2020-03-02"}))
    assert accepted["organization_id"] == str(world.organizations[VILLAGE])
    second = await case(village)
    assert (await ok(clerk.post(f"/cases/{second['id']}/acceptance", json=body)))["organization_id"] == town_id


async def test_an_organization_below_or_elsewhere_cannot_accept(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    await world.caller(Role.VILLAGE_MEDIATOR, OTHER_TOWN_VILLAGE)
    registered = await case(clerk, TOWN)
    for place in (VILLAGE, OTHER_TOWN_VILLAGE):
        body = {"accepted_on": "2020-03-02", "organization_id": str(world.organizations[place])}
        await refused(clerk.post(f"/cases/{registered['id']}/acceptance", json=body), 409, "organization-cannot-accept")


async def test_numbers_follow_the_year_of_acceptance(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    numbers = [(await accepted_case(clerk, on=on))["number"] for on in ("2020-03-02", "2021-01-01", "2020-12-31")]
    assert numbers == ["调114109000〔2020〕1号", "调114109000〔2021〕1号", "调114109000〔2020〕2号"]


async def test_dates_against_the_record_are_409_within_a_body_422(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk)
    early = clerk.post(f"/cases/{registered['id']}/acceptance", json={"accepted_on": "2020-02-29"})
    await refused(early, 409, "dates-out-of-order")
    reversed_body = dispute(occurred_on="2020-03-05")
    problem = await refused(clerk.post("/cases", json=reversed_body), 422, "invalid-input")
    assert problem["errors"][0]["code"] == "dates-out-of-order"
    accepted = await accepted_case(clerk)
    await refused(
        clerk.post(f"/cases/{accepted['id']}/mediations", json=round_of(on="2020-03-01")), 409, "dates-out-of-order"
    )
    mediation = await started_round(clerk, accepted["id"])
    session = {"held_on": "2020-03-02", "form": "onsite", "record": "现场调解。"}
    await refused(clerk.post(f"/mediations/{mediation['id']}/sessions", json=session), 409, "dates-out-of-order")
    await created(clerk.post(f"/mediations/{mediation['id']}/sessions", json=session | {"held_on": "2020-03-09"}))
    await refused(
        clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed("2020-03-08")), 409, "dates-out-of-order"
    )


async def test_referrals_ask_for_what_their_method_needs(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    path = f"/cases/{accepted['id']}/mediations"

    async def pointers(body: dict[str, Any]) -> list[str]:
        problem = await refused(clerk.post(path, json=body), 422, "invalid-input")
        return [e["pointer"] for e in problem["errors"]]

    assert await pointers({"method": "police", "started_on": "2020-03-03"}) == ["/referral"]
    assert await pointers({"method": "police", "started_on": "2020-03-03", "referral": {}}) == ["/referral/incident_no"]
    assert await pointers(round_of("people", referral={})) == ["/referral"]
    assert await pointers(round_of("people", fee="1.00")) == ["/fee"]
    assert await pointers(round_of("court", referral={"incident_no": "1"})) == ["/referral/incident_no"]
    lawyer = {"lawyer_name": "文某甲", "lawyer_license_no": "示例", "conflict_declared": False}
    assert await pointers(round_of("lawyer", referral=lawyer)) == ["/referral/conflict_declared"]
    excluded = {"incident_no": "示例", "excluded_matter": "hired_assault"}
    problem = await refused(clerk.post(path, json=round_of("police", referral=excluded)), 409, "matter-excluded")
    assert "第一百七十九条" in problem["detail"]
    started = await started_round(clerk, accepted["id"], "police")
    assert started["referral"]["direction"] == "in"
    assert started["referral"]["state"] == "offered"


LINE = {"acceptance", "refusal", "assignment", "mediations", "signatures", "closure", "suspension", "extension"}
"""The steps by which a case goes straight to its end, and those of its clock."""


async def test_actions_tell_why_not(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    registered = await case(village)

    async def allowed(caller: Any) -> set[str]:
        items = (await ok(caller.get(f"/cases/{registered['id']}/actions")))["items"]
        assert all(item["allowed"] or item["reason"] for item in items)
        return LINE & {item["step"] for item in items if item["allowed"]}

    assert await allowed(clerk) == {"acceptance", "refusal"}
    assert await allowed(village) == {"acceptance"}
    await ok(village.post(f"/cases/{registered['id']}/acceptance", json={"accepted_on": "2020-03-02"}))
    assert await allowed(clerk) == {"assignment", "mediations", "extension"}
    items = (await ok(clerk.get(f"/cases/{registered['id']}/actions")))["items"]
    mediations = next(item for item in items if item["step"] == "mediations")
    assert mediations["pointer"] == "/parties/0/consent"
    english = await ok(clerk.get(f"/cases/{registered['id']}/actions", headers={"Accept-Language": "en"}))
    reasons = {item["step"]: item.get("reason") for item in english["items"]}
    assert "The case is accepted" in reasons["acceptance"]
    mediation = await started_round(clerk, registered["id"])
    assert await allowed(clerk) == {"assignment", "suspension", "extension"}
    round_items = (await ok(clerk.get(f"/mediations/{mediation['id']}/actions")))["items"]
    assert {i["step"] for i in round_items if i["allowed"]} == {"sessions", "conclusion", "termination", "replacement"}


async def test_obligations_name_parties_of_the_case(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    other = await accepted_case(clerk)
    mediation = await started_round(clerk, accepted["id"])
    obligation = {"what": "加装水槽", "due_on": "2020-04-01", "amount": "300.00"}
    foreign = agreed(obligations=[obligation | {"party_id": other["parties"][0]["id"]}])
    problem = await refused(
        clerk.post(f"/mediations/{mediation['id']}/conclusion", json=foreign), 422, "unknown-reference"
    )
    assert problem["errors"][0]["pointer"] == "/agreement/obligations/0/party_id"
    own = agreed(amount="300.00", obligations=[obligation | {"party_id": accepted["parties"][0]["id"]}])
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=own))
    agreement = await ok(clerk.get(f"/cases/{accepted['id']}/agreement"))
    assert agreement["obligations"][0]["amount"] == "300.00"
    assert agreement["effective_on"] == oral()["agreed_on"]


async def test_the_day_is_shanghais(world: World) -> None:
    """Half past midnight of New Year in Shanghai is still the old year in UTC."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    body = dispute()
    del body["reported_on"]
    with time_machine.travel("2019-12-31T16:30:00Z", tick=False):
        registered = await created((await _fresh(world, TOWN)).post("/cases", json=body))
    assert registered["reported_on"] == "2020-01-01"
    accepted = await ok(clerk.post(f"/cases/{registered['id']}/acceptance", json={"accepted_on": "2020-01-01"}))
    assert "〔2020〕" in accepted["number"]
    with time_machine.travel("2019-12-31T15:30:00Z", tick=False):
        early = (await _fresh(world, TOWN)).post("/cases", json=dispute(reported_on="2020-01-01"))
        problem = await refused(early, 422, "invalid-input")
    assert problem["errors"][0] | {"message": ""} == {
        "pointer": "/reported_on",
        "code": "date-in-future",
        "message": "",
    }


async def _fresh(world: World, place: str) -> Caller:
    """An account whose token was made at the present moment, wherever the clock stands."""
    return await account(world, Role.OFFICE_CLERK, place)


async def test_the_mediator_who_starts_a_round_can_sign_for_it(world: World) -> None:
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    accepted = await accepted_case(village)
    mediation = await started_round(village, accepted["id"])
    assert mediation["mediators"] == [str(village.account.mediator_id)]


async def test_a_round_without_mediators_is_signed_by_one_assigned_later(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    lead = str(await mediator(world, TOWN))
    accepted = await accepted_case(clerk)
    mediation = await started_round(clerk, accepted["id"])
    assert mediation["mediators"] == []
    await ok(clerk.post(f"/cases/{accepted['id']}/assignment", json={"mediators": [lead]}))
    signatures = [{"party_id": p["id"], "on": "2020-03-05"} for p in accepted["parties"]]
    signatures += [{"mediator_id": lead, "on": "2020-03-05"}, {"seal": True, "on": "2020-03-05"}]
    body = agreed(form="written", signatures=signatures)
    concluded = await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=body))
    assert concluded["case_status"] == "closed_success"
