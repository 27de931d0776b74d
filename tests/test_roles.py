"""What each role may do and see: every role at every operation, the partner's reduced view, the fields of figures."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from app.core.jurisdiction import CaseGrant
from app.people.codes import OrganizationKind, Role
from tests.samples import CANARY, ID_NUMBER, PHONE, samples, scene
from tests.tables import changed, content
from tests.wire import Reply
from tests.world import (
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_DISTRICT_TOWN,
    OTHER_TOWN,
    OTHER_TOWN_VILLAGE,
    OTHER_VILLAGE,
    Caller,
    World,
    account,
    case,
    created,
    failed,
    ok,
    operating,
    organization,
    refused,
    round_of,
    started_round,
)

OWN_CASES_ONLY = {"reveal_party_identity"}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_role_is_refused_every_operation_it_may_not_do(world: World) -> None:
    """403 before anything else is looked at, and nothing kept."""
    own = await scene(world)
    guarded = [sample for sample in samples(own) if sample.permission is not None]
    callers = {role: await own.caller(role) for role in Role}
    before, refusals = await content(world), 0
    for sample in guarded:
        for role in set(Role) - set(sample.roles):
            reply = await sample.send(world, callers[role], b"{not json" if sample.json is not None else None)
            assert (reply.status, reply.document["code"]) == (403, "forbidden"), (sample.operation, role, reply)
            refusals += 1
    assert changed(before, await content(world)) == {}
    assert refusals > 300


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_role_is_let_in_wherever_it_may(world: World) -> None:
    """Within the jurisdiction nothing is 403 or 404 but others' identities and, to a partner, what was not referred."""
    own = await scene(world)
    entered = 0
    for sample in samples(own):
        if sample.permission is None:
            continue
        for role in sample.roles:
            # What one role removes the next would not find: each is let in as far as the ETag.
            stale = {"if-match": '"99-full"'} if sample.method == "DELETE" else None
            reply = await sample.send(world, await own.caller(role), headers=stale)
            if sample.operation in OWN_CASES_ONLY and role in {Role.VILLAGE_MEDIATOR, Role.COMMITTEE_CHAIR}:
                assert (reply.status, reply.document["code"]) == (403, "not-own-case"), (role, reply)
            elif sample.operation in ENDS_THE_GRANT and role.is_liaison:
                assert reply.status == 404, "the clerk has taken the step before"
            else:
                assert reply.status not in {401, 403, 404}, (sample.operation, role, reply)
                assert reply.status < 500, (sample.operation, role, reply)
            entered += 1
    assert entered > 200


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_nobody_enters_without_a_token(world: World) -> None:
    own = await scene(world)
    before = await content(world)
    for sample in samples(own):
        if sample.permission is None:
            continue
        for authorization in (b"", b"Bearer", b"Bearer ", "Bearer 例子".encode(), b"Basic YTpi", b"bearer nobody"):
            reply = await sample.send(world, None, headers={"authorization": authorization})
            assert (reply.status, reply.document["code"]) == (401, "not-signed-in"), (sample.operation, authorization)
            assert reply.headers["www-authenticate"] == "Bearer"
    assert changed(before, await content(world)) == {}


ENDS_THE_GRANT = {"return_referral", "recall_referral"}
OUTSIDE = {
    "village": (OTHER_VILLAGE, OTHER_TOWN_VILLAGE),
    "township": (OTHER_TOWN, OTHER_DISTRICT_TOWN),
    "district": (OTHER_DISTRICT,),
}
SHARED = "reference:read"


async def outsiders(world: World, role: Role) -> list[Caller]:
    """Accounts of the role from whose jurisdiction nothing of the scene can be seen."""
    if not role.is_liaison:
        return [await world.caller(role, place) for place in OUTSIDE[role.levels[0]]]
    kind = OrganizationKind.POLICE_STATION
    places = (DISTRICT, OTHER_DISTRICT)
    return [await account(world, role, p, organization_id=await organization(world, p, kind=kind)) for p in places]


def said(reply: Reply) -> Any:
    """All of an answer, headers too, but the number of the request."""
    headers = {name: value for name, value in reply.headers.items() if name != "x-request-id"}
    return reply.status, headers, {name: value for name, value in reply.document.items() if name != "instance"}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_nothing_tells_what_lies_outside_from_what_is_not_there(world: World) -> None:
    own = await scene(world)
    callers = {role: await outsiders(world, role) for role in Role}
    before, asked = await content(world), 0
    for sample in [sample for sample in samples(own) if sample.record_ids and sample.permission != SHARED]:
        absent = {name: "500114109999" if name == "code" else str(uuid4()) for name in sample.record_ids}
        for caller in [caller for role in sample.roles for caller in callers[role]]:
            foreign, missing = await sample.send(world, caller), await sample.naming(**absent).send(world, caller)
            assert foreign.status == 404, (sample.operation, caller.account.role, foreign)
            assert said(foreign) == said(missing), sample.operation
            asked += 2
    assert changed(before, await content(world)) == {}
    assert asked > 300


PARTNER_CASE = {"id", "version", "number", "status", "place", "category", "reported_on", "title", "summary", "parties"}
PARTNER_ROUND = {"id", "version", "case_id", "method", "started_on", "outcome", "concluded_on", "referral"}


async def test_a_partner_sees_what_was_referred_to_it_reduced_and_nothing_else(world: World) -> None:
    own = await scene(world)
    liaison = await own.caller(Role.LIAISON_POLICE)
    listed = await ok(liaison.get("/cases", params={"total": "exact"}))
    assert {item["id"] for item in listed["items"]} == {*own.handed_over}
    assert listed["total"] == len(own.handed_over)
    read = await ok(liaison.get(f"/cases/{own.of('referred')}"))
    assert set(read) == PARTNER_CASE
    assert set(read["parties"][0]) == {"id", "side", "name"}
    assert read in listed["items"]
    mediation = await liaison.get(f"/mediations/{own.of('referred round')}")
    assert set(mediation.json()) == PARTNER_ROUND
    for secret in (ID_NUMBER, PHONE, "*", f"{CANARY}一组", "现场查看"):
        assert secret not in (await liaison.get(f"/cases/{own.of('referred')}")).text + mediation.text
    assert (await liaison.get(f"/cases/{own.of('referred')}", headers={"If-None-Match": '"3-full"'})).status_code == 200
    for other in ("registered", "accepted", "agreed", "failed"):
        await refused(liaison.get(f"/cases/{own.of(other)}"), 404, "not-found")
    for other in ("agreed round", "failed round"):
        await refused(liaison.get(f"/mediations/{own.of(other)}"), 404, "not-found")


async def test_a_partner_sees_no_other_round_of_a_case_it_was_referred(world: World) -> None:
    own = await scene(world)
    liaison, clerk = await own.caller(Role.LIAISON_POLICE), await own.caller(Role.OFFICE_CLERK)
    case_id, first = own.of("referred"), own.of("referred round")
    await ok(clerk.post(f"/mediations/{first}/conclusion", json=failed()))
    court = await organization(world, DISTRICT, kind=OrganizationKind.COURT)
    elsewhere = {"partner_id": str(court), "letter_no": f"{CANARY}函"}
    second = await created(
        clerk.post(f"/cases/{case_id}/mediations", json=round_of("court", "2020-03-06", referral=elsewhere))
    )
    await refused(liaison.get(f"/mediations/{second['id']}"), 404, "not-found")
    judge = await world.caller(Role.LIAISON_COURT, DISTRICT, organization_id=court)
    assert (await ok(judge.get(f"/mediations/{second['id']}")))["referral"]["partner_id"] == str(court)
    await refused(judge.get(f"/mediations/{first}"), 404, "not-found")


async def test_a_grant_that_has_ended_shows_nothing_any_more(world: World) -> None:
    own = await scene(world)
    liaison = await own.caller(Role.LIAISON_POLICE)
    async with operating(world) as work:
        ended = update(CaseGrant).where(CaseGrant.case_id.in_(map(UUID, own.handed_over)))
        await work.session.execute(ended.values(ended_at=datetime.now(UTC)))
    assert (await ok(liaison.get("/cases")))["items"] == []
    await refused(liaison.get(f"/cases/{own.of('referred')}"), 404, "not-found")
    await refused(liaison.get(f"/mediations/{own.of('referred round')}"), 404, "not-found")


async def test_the_districts_statistics_see_no_person_and_no_story(world: World) -> None:
    own = await scene(world)
    viewer = await own.caller(Role.DISTRICT_STAT_VIEWER)
    listed = await viewer.get("/cases", params={"limit": "200"})
    assert len(listed.json()["items"]) == sum("number" in record for record in own.ids.values())
    assert CANARY not in listed.text
    assert set(listed.json()["items"][0]) == {
        *("id", "version", "number", "place", "category", "source", "method", "status", "outcome"),
        *("occurred_on", "reported_on", "received_on", "closed_on"),
    }
    behind = await viewer.get("/statistics/received/cases", params={"from": "2020-01-01", "to": "2020-12-31"})
    assert len(behind.json()["items"]) > 5
    assert CANARY not in behind.text


async def test_a_partner_whose_referral_has_no_round_of_its_own_sees_no_timeline_or_people(world: World) -> None:
    own = await scene(world)
    liaison, clerk = await own.caller(Role.LIAISON_POLICE), await own.caller(Role.OFFICE_CLERK)
    for path in ("timeline", "mediations", "agreement", "actions"):
        await refused(liaison.get(f"/cases/{own.of('referred')}/{path}"), 403, "forbidden")
    mine = await case(clerk)
    await ok(clerk.post(f"/cases/{mine['id']}/acceptance", json={"accepted_on": "2020-03-02"}))
    await started_round(clerk, mine["id"], "police")
    await refused(liaison.get(f"/cases/{mine['id']}"), 404, "not-found")
