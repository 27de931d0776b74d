"""Organizations, mediators and accounts: kept by the administrator of their district, and by nobody else."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from app.core.auth import OPERATOR, Permission
from app.core.problems import InvalidInput, UnknownReference
from app.core.unit_of_work import operate
from app.people.accounts import first_administrator
from app.people.codes import Role
from app.people.permissions import PERMISSIONS
from app.people.problems import RoleNotAtPlace, UsernameTaken
from tests.signing import ELSEWHERE, new_account, quick_passwords, refresh, sign_in, try_password
from tests.world import (
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_DISTRICT_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    case,
    created,
    dispute,
    ok,
    refused,
)

__all__ = ["quick_passwords"]
ETAG = {"If-Match": '"1-full"'}
PLACE_OF = {role: {"district": DISTRICT, "township": TOWN, "village": VILLAGE}[role.levels[0]] for role in Role}
SELF_SERVICE = {"self", "reference:read"}
PATROLS = {"inspections:read", "inspections:record"}
MEDIATING = PATROLS | {
    "cases:register", "cases:list", "cases:read", "cases:follow", "cases:change", "cases:accept", "cases:mediate",
    "mediations:read", "statistics:read",
}  # fmt: skip
OFFICE = {"cases:assign", "cases:refuse", "cases:transfer", "cases:archive", "referrals:answer", "reports:make"}
REFERRED = {"cases:list", "cases:read", "mediations:read", "referrals:answer"}
CONTRACT = {
    "village_mediator": MEDIATING | {"cases:reveal"},
    "committee_chair": MEDIATING | {"cases:reveal", "cases:assign", "cases:refuse"},
    "grid_worker": {"cases:register", "cases:list", "cases:read"} | PATROLS,
    "office_clerk": MEDIATING | OFFICE,
    "office_head": MEDIATING | OFFICE | {"cases:reveal", "cases:supervise", "reports:confirm"},
    "liaison_police": REFERRED,
    "liaison_court": REFERRED,
    "liaison_arbitration": REFERRED,
    "liaison_lawyer": REFERRED,
    "district_stat_viewer": {"cases:list", "statistics:read"},
    "district_admin": {"places:manage", "accounts:manage", "clients:manage", "rules:manage"},
    "auditor": {"audit:read"},
}


def committee(place: str = VILLAGE, **fields: Any) -> dict[str, Any]:
    name = {"kind": "mediation_committee", "committee_type": "village", "name": "示例人民调解委员会"}
    return {**name, "place": place, "number_prefix": f"示例{place[-6:]}调", **fields}


def person(role: str = "grid_worker", place: str = VILLAGE, **fields: Any) -> dict[str, Any]:
    return {"username": f"sample.{uuid4().hex[:8]}", "name": "庹某甲", "role": role, "place": place, **fields}


async def admin_of(world: World, district: str = DISTRICT) -> Caller:
    return await world.caller(Role.DISTRICT_ADMIN, district)


async def of_role(world: World, role: Role) -> Caller:
    fields = {}
    if role.is_liaison:
        station = {"kind": "police_station", "name": "示例派出所", "place": TOWN}
        fields["organization_id"] = (await created((await admin_of(world)).post("/organizations", json=station)))["id"]
    account = await new_account(world, role, PLACE_OF[role], **fields)
    one = await sign_in(world, account)
    return Caller(world.callers[Role.DISTRICT_ADMIN, DISTRICT].account, one.client, one.access_token)


def test_each_role_may_what_the_contract_says_and_nothing_else() -> None:
    assert {role: set(PERMISSIONS[role]) for role in Role} == {role: CONTRACT[role] | SELF_SERVICE for role in Role}
    granted = set().union(*PERMISSIONS.values())
    assert granted == set(Permission), "a permission that no role has"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_each_role_enters_by_its_own_doors(world: World, role: Role) -> None:
    caller = await of_role(world, role)
    me = await ok(caller.get("/me"))
    assert set(me["permissions"]) == CONTRACT[role] | SELF_SERVICE
    for path in ("/places", "/organizations", "/mediators", "/codebook", f"/places/{VILLAGE}"):
        assert (await caller.get(path)).status_code == 200, path
    for permission, method, path, body in [
        ("accounts:manage", "GET", "/accounts", None),
        ("accounts:manage", "GET", f"/accounts/{uuid4()}", None),
        ("accounts:manage", "POST", "/accounts", person()),
        ("accounts:manage", "POST", f"/accounts/{uuid4()}/password", None),
        ("places:manage", "POST", "/organizations", committee()),
        (
            "places:manage",
            "POST",
            "/mediators",
            {"name": "李某甲", "kind": "part_time", "organization_id": str(uuid4())},
        ),
        ("audit:read", "GET", "/audit-events", None),
        ("cases:list", "GET", "/cases", None),
        ("cases:register", "POST", "/cases", dispute()),
        ("cases:read", "GET", f"/cases/{uuid4()}", None),
        ("referrals:answer", "POST", f"/mediations/{uuid4()}/referral/acceptance", {"on": "2020-03-04"}),
        ("statistics:read", "GET", "/statistics?from=2020-01-01&to=2020-12-31", None),
    ]:
        options = {"json": body} if body else {}
        status = (await caller.request(method, path, **options)).status_code
        is_allowed = permission in CONTRACT[role]
        assert (status != 403) == is_allowed, f"{role} {method} {path}: {status}"


async def test_an_administrator_sets_up_a_village(world: World) -> None:
    admin = await admin_of(world)
    organization = await created(admin.post("/organizations", json=committee()))
    assert organization["number_prefix"] == "示例109200调"
    mediator_body = {"name": "冉某乙", "kind": "part_time", "organization_id": organization["id"]}
    mediator = await created(admin.post("/mediators", json=mediator_body))
    body = person("village_mediator", organization_id=organization["id"], mediator_id=mediator["id"])
    response = await admin.post("/accounts", json=body)
    account = response.json()
    assert response.headers["location"] == f"/api/v1/accounts/{account['id']}"
    own = await sign_in(world, account)
    caller = Caller(admin.account, own.client, own.access_token)
    accepted = await accepted_case(caller, VILLAGE)
    assert accepted["number"] == "示例109200调〔2020〕1号"
    found = await ok(own.client.get(f"/organizations?place={TOWN}&kind=mediation_committee"))
    assert organization["id"] in [item["id"] for item in found["items"]]
    assert (await ok(own.client.get(f"/mediators?organization_id={organization['id']}")))["items"] == [mediator]
    assert await ok(own.client.get(f"/mediators/{mediator['id']}")) == mediator


async def test_the_initial_password_is_told_once(world: World) -> None:
    admin = await admin_of(world)
    body, key = person(id=str(uuid4())), {"Idempotency-Key": "account-1"}
    first = await admin.post("/accounts", json=body, headers=key)
    assert first.status_code == 201
    password = first.json()["initial_password"]
    assert len(password) >= 16
    replayed = await admin.post("/accounts", json=body, headers=key)
    assert (replayed.headers["idempotent-replay"], replayed.json()) == ("true", first.json())
    again = await admin.post("/accounts", json=body)
    assert (again.status_code, again.json()) == (
        200,
        {k: v for k, v in first.json().items() if k != "initial_password"},
    )
    path = f"/accounts/{body['id']}"
    for answer in (await admin.get(path), await admin.get("/accounts"), await admin.patch(path, json={}, headers=ETAG)):
        assert password not in answer.text
        assert "password" not in answer.text


async def test_a_username_is_given_once(world: World) -> None:
    admin = await admin_of(world)
    body = person()
    await created(admin.post("/accounts", json=body))
    problem = await refused(admin.post("/accounts", json=body), 409, "username-taken")
    assert problem["errors"][0]["pointer"] == "/username"
    elsewhere = await admin_of(world, OTHER_DISTRICT)
    taken = body | {"role": "office_clerk", "place": OTHER_DISTRICT_TOWN}
    await refused(elsewhere.post("/accounts", json=taken), 409, "username-taken")
    race = person()
    answers = await asyncio.gather(*(admin.post("/accounts", json=race) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    listed = await ok(admin.get("/accounts?limit=200"))
    assert [item["username"] for item in listed["items"]].count(race["username"]) == 1


@pytest.mark.parametrize(
    "username", ["", "ab", "Sample", "1sample", "sample name", "样例", "sample\u0000", "x" * 65, "sample/..", None, 7]
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_username_is_plain(world: World, username: Any) -> None:
    admin = await admin_of(world)
    await refused(admin.post("/accounts", json=person() | {"username": username}), 422, "invalid-input")


async def test_role_place_organization_and_mediator_fit_each_other(world: World) -> None:
    admin = await admin_of(world)
    organization = (await created(admin.post("/organizations", json=committee())))["id"]
    mediator_body = {"name": "冉某乙", "kind": "part_time", "organization_id": organization}
    mediator = (await created(admin.post("/mediators", json=mediator_body)))["id"]
    for body, code, pointer in [
        (person("office_clerk", VILLAGE), "role-not-at-place", "/place"),
        (person("village_mediator", TOWN), "role-not-at-place", "/place"),
        (person("liaison_police", TOWN, organization_id=organization), "role-not-at-place", "/place"),
        (person("liaison_police", DISTRICT), "organization-required", "/organization_id"),
        (person("grid_worker", mediator_id=mediator), "not-a-mediators-role", "/mediator_id"),
        (person(place="500114109999"), "unknown-reference", "/place"),
        (person(place=OTHER_DISTRICT_TOWN), "unknown-reference", "/place"),
        (person(organization_id=str(uuid4())), "unknown-reference", "/organization_id"),
        (person("village_mediator", mediator_id=str(uuid4())), "unknown-reference", "/mediator_id"),
    ]:
        problem = await refused(admin.post("/accounts", json=body), 422, code)
        assert problem["errors"][0]["pointer"] == pointer
    await created(admin.post("/accounts", json=person("committee_chair", TOWN)))
    await created(admin.post("/accounts", json=person("committee_chair", VILLAGE)))
    assert (await ok(admin.get("/accounts?total=exact&role=committee_chair,grid_worker")))["total"] == 2


async def test_number_prefixes_are_of_committees_and_given_once(world: World) -> None:
    admin = await admin_of(world)
    first = await created(admin.post("/organizations", json=committee()))
    await refused(
        admin.post("/organizations", json=committee(OTHER_VILLAGE, number_prefix="示例109200调")),
        409,
        "number-prefix-taken",
    )
    court = {"kind": "court", "name": "示例法院", "place": DISTRICT}
    await refused(admin.post("/organizations", json=court | {"number_prefix": "示例法"}), 422, "only-for-committees")
    await refused(admin.post("/organizations", json=court | {"committee_type": "village"}), 422, "only-for-committees")
    await refused(admin.post("/organizations", json=committee(number_prefix="示例〔2020〕")), 422, "invalid-input")
    elsewhere = await admin_of(world, OTHER_DISTRICT)
    await created(elsewhere.post("/organizations", json=committee(OTHER_DISTRICT_TOWN, number_prefix="示例109200调")))
    path = f"/organizations/{first['id']}"
    await refused(admin.patch(path, json={"kind": "court"}, headers=ETAG), 422, "only-for-committees")
    changed = await ok(admin.patch(path, json={"number_prefix": "改名调"}, headers=ETAG))
    assert (changed["number_prefix"], changed["version"]) == ("改名调", 2)


async def test_a_prefix_that_numbered_a_case_stays(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await accepted_case(clerk)
    admin = await admin_of(world)
    path = f"/organizations/{world.organizations[TOWN]}"
    for body in ({"number_prefix": "改名调"}, {"number_prefix": None}):
        await refused(admin.patch(path, json=body, headers=ETAG), 409, "number-prefix-in-use")
    await ok(admin.patch(path, json={"name": "改名的调委会"}, headers=ETAG))


async def test_who_is_retired_is_no_longer_chosen(world: World) -> None:
    admin = await admin_of(world)
    organization = await created(admin.post("/organizations", json=committee()))
    mediator_body = {"name": "冉某乙", "kind": "part_time", "organization_id": organization["id"]}
    mediator = await created(admin.post("/mediators", json=mediator_body))
    retired = {"retired_on": "2021-01-01"}
    await ok(admin.patch(f"/mediators/{mediator['id']}", json=retired, headers=ETAG))
    account = person("village_mediator", mediator_id=mediator["id"])
    await refused(admin.post("/accounts", json=account), 422, "unknown-reference")
    await ok(admin.patch(f"/organizations/{organization['id']}", json=retired, headers=ETAG))
    await refused(admin.post("/mediators", json=mediator_body), 422, "unknown-reference")
    back = {"retired_on": "2100-01-01"}
    await ok(admin.patch(f"/organizations/{organization['id']}", json=back, headers={"If-Match": '"2-full"'}))
    await created(admin.post("/mediators", json=mediator_body))


async def test_administrators_of_two_districts_do_not_reach_each_other(world: World) -> None:
    here, there = await admin_of(world), await admin_of(world, OTHER_DISTRICT)
    organization = await created(here.post("/organizations", json=committee()))
    mediator_body = {"name": "冉某乙", "kind": "part_time", "organization_id": organization["id"]}
    mediator = await created(here.post("/mediators", json=mediator_body))
    body = person(id=str(uuid4()))
    account = await created(here.post("/accounts", json=body))
    missing = uuid4()
    for method, collection, tail, sent in [
        ("GET", "accounts", "", None),
        ("PATCH", "accounts", "", {"name": "改名"}),
        ("POST", "accounts", "/password", None),
        ("PATCH", "organizations", "", {"name": "改名"}),
        ("PATCH", "mediators", "", {"name": "改名"}),
    ]:
        id = {"accounts": account, "organizations": organization, "mediators": mediator}[collection]["id"]
        options = ({"json": sent} if sent else {}) | {"headers": ETAG}
        theirs = await there.request(method, f"/{collection}/{id}{tail}", **options)
        nobodys = await there.request(method, f"/{collection}/{missing}{tail}", **options)
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.json() | {"instance": ""} == nobodys.json() | {"instance": ""}
    await refused(there.post("/accounts", json=body), 409, "id-reused")
    await refused(there.post("/organizations", json=committee()), 422, "unknown-reference")
    await refused(there.post("/mediators", json=mediator_body), 422, "unknown-reference")
    liaison = person("liaison_police", OTHER_DISTRICT, organization_id=organization["id"])
    await refused(there.post("/accounts", json=liaison), 422, "unknown-reference")
    assert account["id"] not in (await there.get("/accounts?limit=200")).text
    assert (await ok(there.get(f"/accounts?place={VILLAGE}")))["items"] == []
    assert (await ok(here.get(f"/accounts/{account['id']}")))["name"] == "庹某甲"


async def change(world: World, account: dict[str, Any], version: int, **fields: Any) -> dict[str, Any]:
    admin = await admin_of(world)
    headers = {"If-Match": f'"{version}-full"'}
    changed: dict[str, Any] = await ok(admin.patch(f"/accounts/{account['id']}", json=fields, headers=headers))
    return changed


async def test_disabling_acts_on_the_next_request_and_for_good(world: World) -> None:
    account = await new_account(world)
    one = await sign_in(world, account)
    await ok(one.client.get("/me"))
    assert (await change(world, account, 1, disabled=True))["disabled"] is True
    await refused(one.client.get("/me"), 401, "not-signed-in")
    assert (await refresh(world, one.refresh_token)).status_code == 400
    assert (await try_password(world, account["username"], account["initial_password"])).status_code == 400
    assert (await ok((await admin_of(world)).get("/accounts?disabled=true")))["items"][0]["id"] == account["id"]
    enabled = await change(world, account, 2, disabled=False)
    assert (enabled["disabled"], enabled["version"]) == (False, 3)
    await refused(one.client.get("/me"), 401, "not-signed-in")
    await sign_in(world, account)


async def test_another_role_or_place_acts_on_the_next_request(world: World) -> None:
    account = await new_account(world, Role.VILLAGE_MEDIATOR, VILLAGE)
    one = await sign_in(world, account)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk, VILLAGE)
    await ok(one.client.get(f"/cases/{registered['id']}"))
    await change(world, account, 1, place=OTHER_VILLAGE)
    await refused(one.client.get(f"/cases/{registered['id']}"), 404, "not-found")
    await change(world, account, 2, place=VILLAGE)
    await ok(one.client.get(f"/cases/{registered['id']}"))
    await ok(one.client.get(f"/cases/{registered['id']}/timeline"))
    await change(world, account, 3, role="grid_worker")
    await refused(one.client.get(f"/cases/{registered['id']}/timeline"), 403, "forbidden")
    problem = await (await admin_of(world)).patch(
        f"/accounts/{account['id']}", json={"role": "office_clerk"}, headers={"If-Match": '"4-full"'}
    )
    assert (problem.status_code, problem.json()["code"]) == (422, "role-not-at-place")


async def test_a_reset_password_ends_the_sessions(world: World) -> None:
    account = await new_account(world)
    one = await sign_in(world, account)
    admin = await admin_of(world)
    reset = await ok(admin.post(f"/accounts/{account['id']}/password"))
    assert reset["initial_password"] != account["initial_password"]
    await refused(one.client.get("/me"), 401, "not-signed-in")
    assert (await try_password(world, account["username"], account["initial_password"], ELSEWHERE)).status_code == 400
    await sign_in(world, reset)


async def test_an_administrator_cannot_lock_itself_out(world: World) -> None:
    admin = await admin_of(world)
    path = f"/accounts/{admin.account.id}"
    for body in ({"disabled": True}, {"role": "auditor"}, {"place": DISTRICT}):
        await refused(admin.patch(path, json=body, headers=ETAG), 409, "own-account")
    await refused(admin.post(f"{path}/password"), 409, "own-account")
    assert (await ok(admin.patch(path, json={"name": "殷某乙", "disabled": False}, headers=ETAG)))["name"] == "殷某乙"


async def test_changes_need_the_version_that_was_read(world: World) -> None:
    admin = await admin_of(world)
    organization = await created(admin.post("/organizations", json=committee()))
    path = f"/organizations/{organization['id']}"
    read = await admin.get(path)
    assert read.headers["etag"] == '"1-full"'
    assert (await admin.get(path, headers={"If-None-Match": '"1-full"'})).status_code == 304
    await refused(admin.patch(path, json={"name": "改名"}), 428, "precondition-required")
    same = await ok(admin.patch(path, json={"name": organization["name"]}, headers=ETAG))
    assert same == organization
    await ok(admin.patch(path, json={"name": "改名"}, headers=ETAG))
    stale = await refused(admin.patch(path, json={"place": TOWN}, headers=ETAG), 412, "precondition-failed")
    assert (stale["current_version"], stale["changed_fields"]) == (2, ["name"])
    headers = {"If-Match": '"2-full"'}
    for null in ({"name": None}, {"kind": None}, {"place": None}):
        await refused(admin.patch(path, json=null, headers=headers), 422, "invalid-input")
    for unknown in ({"id": organization["id"]}, {"version": 3}, {"district": "500115"}):
        await refused(admin.patch(path, json=unknown, headers=headers), 422, "invalid-input")
    await asyncio.gather(*(admin.get(path) for _ in range(8)))  # so that connections stand ready for the race
    answers = await asyncio.gather(*(admin.patch(path, json={"name": f"改名{n}"}, headers=headers) for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_lists_are_paged_without_loss(world: World) -> None:
    admin = await admin_of(world)
    made = [(await created(admin.post("/accounts", json=person())))["id"] for _ in range(5)]
    seen: list[str] = []
    query = "limit=2&role=grid_worker"
    page = await ok(admin.get(f"/accounts?{query}&total=exact"))
    assert page["total"] == 5
    while page["next"]:
        seen += [item["id"] for item in page["items"]]
        page = await ok(admin.get(f"/accounts?{query}&cursor={page['next']}"))
    assert sorted(seen + [item["id"] for item in page["items"]]) == sorted(made)
    cursor = (await ok(admin.get(f"/accounts?{query}")))["next"]
    await refused(admin.get(f"/accounts?limit=2&cursor={cursor}"), 422, "invalid-input")
    await refused(admin.get(f"/organizations?cursor={cursor}"), 422, "invalid-input")


async def test_the_auditor_reads_what_was_done_in_the_district(world: World) -> None:
    admin, auditor = await admin_of(world), await world.caller(Role.AUDITOR, DISTRICT)
    organization = await created(admin.post("/organizations", json=committee()))
    headers = ETAG | {"X-Reason": "%E6%9B%B4%E6%AD%A3"}
    await ok(admin.patch(f"/organizations/{organization['id']}", json={"name": "改名"}, headers=headers))
    elsewhere = await admin_of(world, OTHER_DISTRICT)
    await created(elsewhere.post("/organizations", json=committee(OTHER_DISTRICT_TOWN)))
    latest = (await ok(auditor.get("/audit-events?limit=1")))["items"][0]
    assert {name: latest[name] for name in ("action", "actor_id", "role", "target_type", "target_id")} == {
        "action": "change_organization",
        "actor_id": str(admin.account.id),
        "role": "district_admin",
        "target_type": "organization",
        "target_id": organization["id"],
    }
    assert (latest["fields"], latest["reason"], latest["target_version"]) == (["name"], "更正", 2)
    of_admin = await ok(auditor.get(f"/audit-events?actor_id={admin.account.id}&total=exact"))
    assert of_admin["total"] == 2
    assert [item["seq"] for item in of_admin["items"]] == sorted((i["seq"] for i in of_admin["items"]), reverse=True)
    assert str(elsewhere.account.id) not in (await auditor.get("/audit-events?limit=200")).text
    made = await ok(auditor.get("/audit-events?action=add_organization"))
    assert [item["target_id"] for item in made["items"]] == [organization["id"]]
    assert (await ok(auditor.get("/audit-events?to=2020-12-31")))["items"] == []
    assert (await ok(auditor.get("/audit-events?from=2020-01-01&limit=1")))["items"] == [latest]
    await refused(auditor.get("/audit-events?from=2021-01-01&to=2020-01-01"), 422, "invalid-input")
    await refused(auditor.get("/audit-events?from=2020-02-30"), 422, "invalid-input")
    await refused(auditor.get("/audit-events?first=2020-01-01"), 422, "invalid-input")
    await refused(admin.get("/audit-events"), 403, "forbidden")


async def test_the_operator_makes_the_first_administrator(world: World) -> None:
    async with operate(world.kernel, OPERATOR, "first_administrator") as work:
        password = await first_administrator(work, DISTRICT, "admin.sample", "殷某乙")
    one = await sign_in(world, {"username": "admin.sample"}, password)
    me = await ok(one.client.get("/me"))
    assert (me["role"], me["place"]) == ("district_admin", DISTRICT)
    auditor = await world.caller(Role.AUDITOR, DISTRICT)
    record = (await ok(auditor.get(f"/audit-events?target_id={me['id']}&action=first_administrator")))["items"][0]
    assert (record["role"], record["actor_id"]) == ("operator", None)
    for district, username, problem in [
        (TOWN, "admin.other", RoleNotAtPlace),
        ("500199000000", "admin.other", UnknownReference),
        ("nowhere", "admin.other", InvalidInput),
        (DISTRICT, "Ä", InvalidInput),
        (DISTRICT, "admin.sample", UsernameTaken),
    ]:
        with pytest.raises(problem):
            async with operate(world.kernel, OPERATOR, "first_administrator") as work:
                await first_administrator(work, district, username, "殷某乙")
