"""The parties of a case after its registration: added, changed, removed; their agents and guardians; notes."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.core.audit import AuditRecord
from app.intake.models import Case, Party
from app.people.codes import OrganizationKind, Role
from tests.samples import ID_NUMBER, PHONE
from tests.tables import rows
from tests.world import (
    DISTRICT,
    KEY,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    account,
    agreed,
    case,
    created,
    ok,
    operating,
    organization,
    party,
    refused,
    round_of,
    settled_case,
    started_round,
)

THIRD = party("third_party", "张某丙")
OTHER_NUMBER, OTHER_PHONE = "500114197001010010", "13900000000"


def etag(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}-full"'}


async def three(caller: Caller, **fields: Any) -> tuple[str, list[str]]:
    """A case of three parties: its path and their ids."""
    made = await case(caller, parties=[party(), party("respondent", "张某乙"), THIRD], **fields)
    return f"/cases/{made['id']}", [one["id"] for one in made["parties"]]


async def test_a_party_is_added_once_and_raises_the_version(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    path = f"/cases/{(await case(clerk))['id']}"
    body = THIRD | {"id": str(uuid4()), "id_number": ID_NUMBER, "phone": PHONE}
    first = await clerk.post(f"{path}/parties", json=body)
    assert (first.status_code, first.headers["etag"]) == (201, '"2-full"')
    assert first.json()["id_number"] == "110105********002X"
    again = await clerk.post(f"{path}/parties", json=body)
    assert (again.status_code, again.json(), again.headers["etag"]) == (200, first.json(), '"2-full"')
    await refused(clerk.post(f"{path}/parties", json=body | {"name": "张某丁"}), 409, "id-reused")
    other = f"/cases/{(await case(clerk))['id']}"
    await refused(clerk.post(f"{other}/parties", json=body), 409, "id-reused")
    standing = await ok(clerk.get(path))
    assert [one["name"] for one in standing["parties"]] == ["张某甲", "张某乙", "张某丙"]
    named_with_case = standing["parties"][0] | {"name": "张某甲"}
    same = party(id=named_with_case["id"])
    await refused(clerk.post(f"{path}/parties", json=same), 409, "id-reused")
    stale = clerk.post(f"{path}/parties", json=party("third_party", "张某丁"), headers=etag(1))
    assert (await refused(stale, 412, "precondition-failed"))["changed_fields"] == ["parties"]


async def test_parties_are_listed_in_order_by_pages(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    path, _ = await three(clerk)
    first = await ok(clerk.get(f"{path}/parties", params={"limit": 2, "total": "exact"}))
    assert ([one["name"] for one in first["items"]], first["total"]) == (["张某甲", "张某乙"], 3)
    second = await ok(clerk.get(f"{path}/parties", params={"limit": 2, "cursor": first["next"]}))
    assert ([one["name"] for one in second["items"]], second["next"]) == (["张某丙"], None)
    stranger = await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    await refused(stranger.get(f"{path}/parties"), 404, "not-found")


async def test_a_changed_identity_is_sealed_and_hashed_anew(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    head = await world.caller(Role.OFFICE_HEAD, TOWN)
    made = await case(clerk, parties=[party(id_number=ID_NUMBER, phone=PHONE), party("respondent", "张某乙")])
    path = f"/cases/{made['id']}/parties/{made['parties'][0]['id']}"
    body = {"id_number": OTHER_NUMBER, "phone": OTHER_PHONE}
    changed = await clerk.patch(path, json=body, headers=etag(1))
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2-full"')
    assert (changed.json()["id_number"], changed.json()["phone"]) == ("500114********0010", "139****0000")
    revealed = await ok(head.get(f"{path}/identity", params={"reason": "核对身份"}))
    assert revealed == {"id_kind": "resident_id", "id_number": OTHER_NUMBER, "phone": OTHER_PHONE}
    async with operating(world) as work:
        kept = await work.session.get_one(Party, UUID(made["parties"][0]["id"]))
        assert kept.id_number_hash == KEY.hash("id_number", ["resident_id", OTHER_NUMBER])
        assert kept.phone_hash == KEY.hash("phone", OTHER_PHONE)
    await ok(clerk.patch(path, json={"id_kind": "household_book"}, headers=etag(2)))
    async with operating(world) as work:
        kept = await work.session.get_one(Party, UUID(made["parties"][0]["id"]))
        assert kept.id_number_hash == KEY.hash("id_number", ["household_book", OTHER_NUMBER])
    cleared = await ok(clerk.patch(path, json={"id_number": None, "phone": None, "id_kind": None}, headers=etag(3)))
    assert (cleared["id_kind"], cleared["id_number"], cleared["phone"]) == (None, None, None)
    for secret in (OTHER_NUMBER, OTHER_PHONE):
        assert secret not in str(await rows(world, "audit_records")) + str(await rows(world, "events"))
    async with operating(world) as work:
        audited = select(AuditRecord.fields).where(AuditRecord.action == "change_party")
        assert set(map(tuple, await work.session.scalars(audited))) == {("parties",)}


async def test_a_patch_without_effect_keeps_the_version(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    agent = {"kind": "entrusted", "name": "张某丁", "power": "special", "phone": PHONE}
    first = party(id_number=ID_NUMBER, phone=PHONE, agent=agent)
    made = await case(clerk, parties=[first, party("respondent", "张某乙")])
    path = f"/cases/{made['id']}/parties/{made['parties'][0]['id']}"
    for body in ({}, first, {"agent": {"name": "张某丁"}}, {"id_kind": None}, {"name": "张某甲"}):
        answer = await clerk.patch(path, json=body, headers=etag(1))
        assert (answer.status_code, answer.headers["etag"]) == (200, '"1-full"'), body
    for missing in (None, "*"):
        headers = {"If-Match": missing} if missing else {}
        await refused(clerk.patch(path, json={}, headers=headers), 428, "precondition-required")
    await refused(clerk.patch(path, json={"name": "张某戊"}, headers=etag(9)), 412, "precondition-failed")
    absent = f"/cases/{made['id']}/parties/{uuid4()}"
    await refused(clerk.patch(absent, json={"name": "张某戊"}, headers=etag(9)), 404, "not-found")


SAID_WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"name": None}, "", "name-or-unknown"),
    ({"unknown": True}, "", "unknown-with-identity"),
    ({"id_kind": "none_declared"}, "", "number-without-kind"),
    ({"id_number": "110105194912310021"}, "", "wrong-check-digit"),
    ({"agent": {"name": "张某丁"}}, "/agent/kind", "required"),
    ({"agent": {"kind": "guardian", "name": "张某丁", "power": "general"}}, "/agent", "power-of-guardian"),
    ({"agent": {"kind": "entrusted", "name": "张某丁"}}, "/agent", "power-missing"),
    ({"side": None}, "/side", "unknown-code"),
    ({"consent": None}, "/consent", "unknown-code"),
    ({"capacity": "little"}, "/capacity", "unknown-code"),
    ({"position": 1}, "/position", "unknown-field"),
    ({"id": str(uuid4())}, "/id", "unknown-field"),
]


async def test_a_changed_party_is_held_to_the_rules_of_a_new_one(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    made = await case(clerk, parties=[party(id_number=ID_NUMBER), party("respondent", "张某乙")])
    path = f"/cases/{made['id']}/parties/{made['parties'][0]['id']}"
    for body, pointer, code in SAID_WRONG:
        problem = await refused(clerk.patch(path, json=body, headers=etag(1)), 422, "invalid-input")
        assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]


async def test_an_unknown_party_may_later_be_named_and_one_alone_be_unknown(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    unknown = {"side": "respondent", "unknown": True}
    made = await case(clerk, parties=[party(), unknown])
    path = f"/cases/{made['id']}/parties"
    await refused(clerk.post(path, json=unknown | {"side": "third_party"}), 409, "second-unknown-party")
    first, second = (one["id"] for one in made["parties"])
    nameless = {"name": None, "unknown": True}
    await refused(clerk.patch(f"{path}/{first}", json=nameless, headers=etag(1)), 409, "second-unknown-party")
    named = await ok(clerk.patch(f"{path}/{second}", json={"name": "张某乙", "phone": PHONE}, headers=etag(1)))
    assert (named["name"], named["unknown"], named["phone"]) == ("张某乙", False, "138****0000")
    assert (await ok(clerk.patch(f"{path}/{first}", json=nameless, headers=etag(2))))["unknown"] is True


async def test_a_party_is_removed_while_two_remain(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    path, (first, second, third) = await three(clerk)
    await refused(clerk.delete(f"{path}/parties/{third}"), 428, "precondition-required")
    await refused(clerk.delete(f"{path}/parties/{third}", headers=etag(2)), 412, "precondition-failed")
    remaining = await ok(clerk.delete(f"{path}/parties/{third}", headers=etag(1)))
    assert [one["id"] for one in remaining["parties"]] == [first, second]
    assert remaining["version"] == 2
    await refused(clerk.delete(f"{path}/parties/{third}", headers=etag(2)), 404, "not-found")
    await refused(clerk.delete(f"{path}/parties/{second}", headers=etag(2)), 409, "too-few-parties")
    assert (await ok(clerk.get(path)))["version"] == 2


async def test_a_case_names_two_hundred_parties_at_most(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    path = f"/cases/{(await case(clerk, parties=[party(name=f'张某{n}') for n in range(199)]))['id']}/parties"
    await created(clerk.post(path, json=THIRD))
    await refused(clerk.post(path, json=THIRD), 409, "too-many-parties")


async def test_once_agreed_the_parties_stand(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    parties = [party(), party("respondent", "张某乙"), THIRD]
    settled = await settled_case(clerk, parties=parties)
    path, party_id = f"/cases/{settled['id']}/parties", settled["parties"][2]["id"]
    headers = etag(settled["version"])
    await refused(clerk.post(path, json=party("third_party", "张某丁")), 409, "parties-fixed")
    await refused(clerk.delete(f"{path}/{party_id}", headers=headers), 409, "parties-fixed")
    for body in ({"consent": "refused"}, {"side": "respondent"}, {"name": None, "unknown": True}):
        await refused(clerk.patch(f"{path}/{party_id}", json=body, headers=headers), 409, "parties-fixed")
    corrected = await ok(clerk.patch(f"{path}/{party_id}", json={"name": "张某丙（更正）"}, headers=headers))
    assert corrected["name"] == "张某丙（更正）"


async def test_a_party_named_elsewhere_is_not_removed(world: World) -> None:
    """Also where the case goes on after an agreement: it stays a party of that one."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk, parties=[party(), party("respondent", "张某乙"), THIRD])
    owing, _, free = (one["id"] for one in accepted["parties"])
    mediation = await started_round(clerk, accepted["id"])
    obligations = [{"party_id": owing, "what": "清理屋檐", "due_on": "2020-04-01"}]
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed(obligations=obligations)))
    async with operating(world) as work:
        goes_on = await work.session.get_one(Case, UUID(accepted["id"]))
        goes_on.agreement_form = None
    version = (await ok(clerk.get(f"/cases/{accepted['id']}")))["version"]
    path = f"/cases/{accepted['id']}/parties"
    await refused(clerk.delete(f"{path}/{owing}", headers=etag(version)), 409, "party-named")
    await ok(clerk.delete(f"{path}/{free}", headers=etag(version)))


async def test_a_locked_case_keeps_its_parties_and_notes(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    path, (first, _, third) = await three(clerk)
    await ok(clerk.post(f"{path}/refusal", json={"reason": "excluded_by_law", "notice_on": "2020-03-02"}))
    await refused(clerk.post(f"{path}/parties", json=THIRD), 409, "case-locked")
    await refused(clerk.delete(f"{path}/parties/{third}", headers=etag(2)), 409, "case-locked")
    await refused(clerk.patch(f"{path}/parties/{first}", json={"name": "张某戊"}, headers=etag(2)), 409, "case-locked")
    await refused(clerk.post(f"{path}/notes", json={"text": "已告知。"}), 409, "case-locked")


async def test_consent_changes_with_the_party_and_blocks_rounds(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    party_id = accepted["parties"][1]["id"]
    path = f"/cases/{accepted['id']}"
    await ok(clerk.patch(f"{path}/parties/{party_id}", json={"consent": "refused"}, headers=etag(2)))
    await refused(clerk.post(f"{path}/mediations", json=round_of()), 409, "party-refuses")
    await ok(clerk.patch(f"{path}/parties/{party_id}", json={"consent": "agreed"}, headers=etag(3)))
    await created(clerk.post(f"{path}/mediations", json=round_of()))


async def mediation_action(caller: Caller, case_id: str) -> tuple[bool, str | None]:
    items = (await ok(caller.get(f"/cases/{case_id}/actions")))["items"]
    return next((one["allowed"], one.get("pointer")) for one in items if one["step"] == "mediations")


async def test_who_lacks_full_capacity_needs_a_guardian_and_is_shown_without_one(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    parties = [
        party(consent="agreed", born_on="1960-01-01"),
        party("respondent", "张某乙", consent="agreed", born_on="2015-05-01"),
    ]
    accepted = await accepted_case(clerk, parties=parties)
    id, path = accepted["id"], f"/cases/{accepted['id']}/parties/{accepted['parties'][1]['id']}"
    assert await mediation_action(clerk, id) == (True, "/parties/1/agent")
    entrusted = {"kind": "entrusted", "name": "张某丁", "power": "special"}
    await ok(clerk.patch(path, json={"agent": entrusted}, headers=etag(2)))
    assert await mediation_action(clerk, id) == (True, "/parties/1/agent")
    guardian = {"kind": "guardian", "power": None, "phone": PHONE}
    changed = await ok(clerk.patch(path, json={"agent": guardian}, headers=etag(3)))
    assert changed["agent"] == {
        "kind": "guardian",
        "name": "张某丁",
        "power": None,
        "phone": "138****0000",
        "license_no": None,
    }
    assert await mediation_action(clerk, id) == (True, None)
    assert (await ok(clerk.patch(path, json={"agent": None}, headers=etag(4))))["agent"] is None
    for capacity, pointer in (("full", None), ("limited", "/parties/1/agent"), ("none", "/parties/1/agent")):
        version = (await ok(clerk.get(f"/cases/{id}")))["version"]
        await ok(clerk.patch(path, json={"capacity": capacity}, headers=etag(version)))
        assert await mediation_action(clerk, id) == (True, pointer), capacity
    await created(clerk.post(f"/cases/{id}/mediations", json=round_of()))


async def test_a_warning_points_to_where_the_party_stands_now(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    parties = [party(consent="agreed"), party("respondent", "张某乙", consent="agreed"), THIRD]
    accepted = await accepted_case(clerk, parties=parties)
    assert await mediation_action(clerk, accepted["id"]) == (True, "/parties/2/consent")
    await created(clerk.post(f"/cases/{accepted['id']}/parties", json=party("third_party", "张某丁", consent="agreed")))
    await ok(clerk.delete(f"/cases/{accepted['id']}/parties/{accepted['parties'][0]['id']}", headers=etag(3)))
    assert await mediation_action(clerk, accepted["id"]) == (True, "/parties/1/consent")


async def test_notes_are_kept_in_order_and_never_seen_by_a_partner(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    police = await organization(world, OTHER_TOWN, kind=OrganizationKind.POLICE_STATION)
    liaison = await account(world, Role.LIAISON_POLICE, DISTRICT, organization_id=police)
    accepted = await accepted_case(clerk)
    path = f"/cases/{accepted['id']}"
    body = {"id": str(uuid4()), "text": "李某丁说对方愿意谈。"}
    first = await created(clerk.post(f"{path}/notes", json=body))
    assert (first["seq"], first["author_id"]) == (1, str(clerk.account.id))
    assert await ok(clerk.post(f"{path}/notes", json=body)) == first
    await refused(clerk.post(f"{path}/notes", json=body | {"text": "另一条。"}), 409, "id-reused")
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    second = await created(village.post(f"{path}/notes", json={"text": "明天再去。"}))
    listed = await ok(clerk.get(f"{path}/notes", params={"total": "exact"}))
    assert (listed["items"], listed["total"]) == ([first, second], 2)
    assert (await ok(clerk.get(path)))["version"] == accepted["version"]
    await started_round(
        clerk, accepted["id"], "police", referral={"incident_no": "示例警情〔2020〕001号", "partner_id": str(police)}
    )
    assert body["text"] not in (await liaison.get(path)).text
    await refused(liaison.get(f"{path}/notes"), 403, "forbidden")
    assert body["text"] not in str(await rows(world, "events")) + str(await rows(world, "audit_records"))
    for method in ("patch", "delete"):
        answer = await getattr(clerk, method)(f"{path}/notes/{first['id']}")
        assert answer.status_code == 404
    stranger = await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    await refused(stranger.get(f"{path}/notes"), 404, "not-found")


async def test_a_case_is_found_by_its_number_in_another_system(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    stranger = await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    ids = [{"system": "12345", "value": "A-17:2"}, {"system": "grid", "value": "7"}]
    made = await case(clerk, external_ids=ids)
    await case(clerk, external_ids=[{"system": "grid", "value": "8"}])

    async def found(caller: Caller, text: str) -> list[str]:
        listed = await ok(caller.get("/cases", params={"external_id": text, "total": "exact"}))
        assert listed["total"] == len(listed["items"])
        return [item["id"] for item in listed["items"]]

    assert await found(clerk, "12345:A-17:2") == await found(clerk, "grid:7") == [made["id"]]
    assert (
        await found(clerk, "grid:A-17:2") == await found(clerk, "12345:A-17") == await found(stranger, "grid:7") == []
    )
    await refused(clerk.get("/cases", params={"external_id": "grid"}), 422, "invalid-input")
    await ok(clerk.patch(f"/cases/{made['id']}", json={"external_ids": ids[:1]}, headers=etag(1)))
    assert (await found(clerk, "grid:7"), await found(clerk, "12345:A-17:2")) == ([], [made["id"]])
    await ok(clerk.patch(f"/cases/{made['id']}", json={"place": TOWN}, headers=etag(2)))
    assert await found(await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE), "12345:A-17:2") == []


async def test_of_changes_of_parties_under_one_version_one_is_kept(own_world: World) -> None:
    """Each removes another party, or changes one: together they would leave too few."""
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    path, ids = await three(clerk)
    removals = [clerk.delete(f"{path}/parties/{id}", headers=etag(1)) for id in ids]
    changes = [
        clerk.patch(f"{path}/parties/{id}", json={"consent": "agreed", "phone": PHONE}, headers=etag(1)) for id in ids
    ]
    answers = await asyncio.gather(*removals, *changes)
    counts = Counter(answer.status_code for answer in answers)
    assert (counts[200], counts[412] + counts[404]) == (1, 5)
    stands = await ok(clerk.get(path))
    assert stands["version"] == 2
    agreed = [one for one in stands["parties"] if one["consent"] == "agreed"]
    assert (len(stands["parties"]), len(agreed)) in {(2, 0), (3, 1)}


async def test_a_party_added_ten_times_at_once_is_one(own_world: World) -> None:
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    path, _ = await three(clerk)
    twin = THIRD | {"id": str(uuid4())}
    answers = await asyncio.gather(*(clerk.post(f"{path}/parties", json=twin) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 9}
    others = await asyncio.gather(*(clerk.post(f"{path}/notes", json={"text": f"第{n}条"}) for n in range(10)))
    assert sorted(answer.json()["seq"] for answer in others) == list(range(1, 11))
    assert (await ok(clerk.get(path)))["version"] == 2
