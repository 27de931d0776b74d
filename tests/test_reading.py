"""Reading and changing: versions and ETags, patches, keyset pages, filters, identities sealed and masked, the audit."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.core.audit import AuditRecord
from app.core.jurisdiction import CaseBound, located_models
from app.intake.models import Party
from app.people.codes import Role
from tests.world import (
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    World,
    accepted_case,
    case,
    committee,
    dispute,
    mediator,
    ok,
    operating,
    party,
    refused,
    settled_case,
    started_round,
)

ID_NUMBER, PHONE = "500114197001010010", "023-12345678"
MASKED = ("500114********0010", "023*****5678")


async def test_an_unchanged_record_is_not_sent_again(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk)
    first = await clerk.get(f"/cases/{registered['id']}")
    assert first.headers["etag"] == '"1-full"'
    again = await clerk.get(f"/cases/{registered['id']}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await ok(clerk.post(f"/cases/{registered['id']}/acceptance", json={"accepted_on": "2020-03-02"}))
    changed = await clerk.get(f"/cases/{registered['id']}", headers={"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2-full"')


async def test_a_round_changes_with_the_case_it_shows(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    mediation = await started_round(clerk, accepted["id"])
    before = await clerk.get(f"/mediations/{mediation['id']}")
    lead = str(await mediator(world, TOWN))
    await ok(clerk.post(f"/cases/{accepted['id']}/assignment", json={"mediators": [lead]}))
    after = await clerk.get(f"/mediations/{mediation['id']}", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.json()["case_version"] == before.json()["case_version"] + 1


async def test_a_change_needs_the_version_that_was_read(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk)
    path, body = f"/cases/{registered['id']}", {"title": "屋檐滴水"}
    await refused(clerk.patch(path, json=body), 428, "precondition-required")
    await refused(clerk.patch(path, json=body, headers={"If-Match": "*"}), 428, "precondition-required")
    await ok(clerk.patch(path, json={"location": "三组"}, headers={"If-Match": '"1-full"'}))
    for stale in ('"1-full"', 'W/"2-full"', '"2-partner"', "junk"):
        problem = await refused(clerk.patch(path, json=body, headers={"If-Match": stale}), 412, "precondition-failed")
        assert problem["current_version"] == 2
    stale_patch = clerk.patch(path, json=body, headers={"If-Match": '"1-full"'})
    assert (await refused(stale_patch, 412, "precondition-failed"))["changed_fields"] == ["location"]
    step = clerk.post(f"{path}/acceptance", json={"accepted_on": "2020-03-02"}, headers={"If-Match": '"1-full"'})
    await refused(step, 412, "precondition-failed")


async def test_merge_patches(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk, title="旧题", special_groups=["elderly", "women"], amount_claimed="300.00")
    path = f"/cases/{registered['id']}"

    async def patched(etag: str, **changes: Any) -> dict[str, Any]:
        return await ok(clerk.patch(path, json=changes, headers={"If-Match": etag}))

    same = await patched('"1-full"', title="旧题", special_groups=["elderly", "women"], amount_claimed="300")
    assert same["version"] == 1
    changed = await patched('"1-full"', title=None, special_groups=["minors"], amount_claimed="12.5")
    assert (changed["version"], changed["title"], changed["amount_claimed"]) == (2, None, "12.50")
    assert changed["special_groups"] == ["minors"]
    refusals: list[dict[str, Any]] = [{"summary": None}, {"place": None}, {"number": "1"}, {"parties": []}]
    for refusal in refusals:
        await refused(clerk.patch(path, json=refusal, headers={"If-Match": '"2-full"'}), 422, "invalid-input")
    assert (await patched('"2-full"'))["version"] == 2


async def test_a_case_moves_with_all_that_hangs_on_it(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    settled = await settled_case(clerk, VILLAGE)
    path, etag = f"/cases/{settled['id']}", {"If-Match": f'"{settled["version"]}-full"'}
    await refused(clerk.patch(path, json={"place": OTHER_TOWN}, headers=etag), 422, "unknown-reference")
    moved = await ok(clerk.patch(path, json={"place": OTHER_VILLAGE}, headers=etag))
    assert (moved["place"], moved["number"]) == (OTHER_VILLAGE, settled["number"])
    async with operating(world) as work:
        for model in located_models():
            if issubclass(model, CaseBound):
                places = await work.session.scalars(select(model.place).where(model.case_id == UUID(settled["id"])))
                assert set(places) <= {OTHER_VILLAGE}, model
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    await refused(village.get(path), 404, "not-found")


async def test_an_accepted_case_keeps_its_committee(world: World) -> None:
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(village)
    path, etag = f"/cases/{accepted['id']}", {"If-Match": '"2-full"'}
    move = clerk.patch(path, json={"place": OTHER_VILLAGE}, headers=etag)
    await refused(move, 409, "place-outside-organization")
    other = {"organization_id": str(await committee(world, TOWN))}
    await refused(clerk.patch(path, json=other, headers=etag), 409, "organization-fixed")


SORTS = ["-reported_on", "reported_on", "-received_on", "received_on", "-closed_on", "closed_on"]


@pytest.mark.parametrize("sort", SORTS)
async def test_pages_neither_repeat_nor_skip(world: World, sort: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for number in range(7):
        await settled_case(clerk, reported_on=f"2020-02-{number // 2 + 1:02}")
    await case(clerk, reported_on="2020-02-02")
    seen: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await ok(clerk.get("/cases", params={"sort": sort, "limit": "3", "total": "exact", **cursor}))
        seen += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    has_dates = sort.endswith("reported_on")
    assert len(seen) == len({item["id"] for item in seen}) == page["total"] == (8 if has_dates else 7)
    keys = [(item[sort.lstrip("-")], item["id"]) for item in seen]
    assert all((a > b) if sort.startswith("-") else (a < b) for a, b in pairwise(keys))
    other = clerk.get("/cases", params={"sort": sort, "category": "labor", **cursor})
    await refused(other, 422, "invalid-input")


async def test_pages_hold_while_cases_are_registered(world: World) -> None:
    """What comes in meanwhile, before and behind the page, neither repeats nor hides what was there."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    there = {(await case(clerk, reported_on=f"2020-02-{day:02}"))["id"] for day in (3, 3, 3, 5, 5, 7, 9)}
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await ok(clerk.get("/cases", params={"limit": "2", **cursor}))
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        for day in ("2020-02-01", "2020-02-03", "2020-02-28"):
            if len(seen) < len(there):
                await case(clerk, reported_on=day)
        cursor = {"cursor": page["next"]}
    assert len(seen) == len(set(seen))
    assert there <= set(seen)


async def test_a_cursor_is_what_the_service_wrote_for_this_list(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for _ in range(2):
        await case(clerk)
    await mediator(world, TOWN)
    await mediator(world, TOWN, "李某乙")
    own = (await ok(clerk.get("/cases?limit=1")))["next"]
    foreign = (await ok(clerk.get("/mediators?limit=1")))["next"]
    payload = urlsafe_b64decode(own + "=" * (-len(own) % 4))
    resealed = urlsafe_b64encode(bytes(16) + payload[16:]).decode().rstrip("=")
    altered = [own[:at] + ("A" if own[at] != "A" else "B") + own[at + 1 :] for at in (0, 10, 30, len(own) // 2)]
    for cursor in (foreign, resealed, *altered, own[:-4], own + "AAAA", own + "!", "", "W10", "é"):
        problem = await refused(clerk.get("/cases", params={"limit": "1", "cursor": cursor}), 422, "invalid-input")
        assert [e["pointer"] for e in problem["errors"]] == ["query:cursor"], cursor
    assert len((await ok(clerk.get("/cases", params={"limit": "1", "cursor": own})))["items"]) == 1


async def test_the_filters_of_the_list(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    lead = str(await mediator(world, TOWN))
    wages = await accepted_case(clerk, category="migrant_wage_arrears", source="referral_police", risk_level="high")
    await ok(clerk.post(f"/cases/{wages['id']}/assignment", json={"mediators": [lead]}))
    settled = await settled_case(clerk, OTHER_VILLAGE, special_groups=["left_behind", "elderly"])
    registered = await case(clerk, TOWN)
    everything = {wages["id"], settled["id"], registered["id"]}

    async def found(**filters: str) -> set[str]:
        return {item["id"] for item in (await ok(clerk.get("/cases", params=filters)))["items"]}

    assert await found() == await found(place=TOWN) == everything
    assert (
        await found(place=VILLAGE) == await found(category="labor") == await found(source="referral") == {wages["id"]}
    )
    assert await found(risk_level="high,major") == await found(mediator_id=lead) == {wages["id"]}
    assert await found(status="registered,closed_success") == {settled["id"], registered["id"]}
    assert await found(outcome="success") == await found(method="people") == {settled["id"]}
    assert await found(method="none") == {wages["id"], registered["id"]}
    assert await found(special_group="elderly") == await found(closed_from="2020-03-05") == {settled["id"]}
    assert await found(special_group="minors") == await found(place=OTHER_TOWN) == set()
    assert await found(received_from="2020-03-02", received_to="2020-03-02") == {wages["id"], settled["id"]}
    assert await found(organization_id=str(world.organizations[TOWN])) == {wages["id"], settled["id"]}
    reversed_period = {"received_from": "2020-03-02", "received_to": "2020-03-01"}
    await refused(clerk.get("/cases", params=reversed_period), 422, "invalid-input")


async def test_checks_come_in_their_order(world: World) -> None:
    """401, 403, 422, 428, 404, 412, 422 unknown-reference, 409: the earlier hides the later."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    admin = await world.caller(Role.DISTRICT_ADMIN, "500114000000")
    registered = await case(clerk)
    nowhere = f"/cases/{UUID(int=7)}"
    await refused(world.client().patch(nowhere, json={"summary": 1}), 401, "not-signed-in")
    await refused(admin.patch(nowhere, json={"summary": 1}), 403, "forbidden")
    await refused(clerk.patch(nowhere, json={"summary": 1}), 422, "invalid-input")
    await refused(clerk.patch("/cases/junk", json={"summary": 1}), 422, "invalid-input")
    await refused(clerk.patch(nowhere, json={}), 428, "precondition-required")
    await refused(clerk.patch(nowhere, json={}, headers={"If-Match": '"9-full"'}), 404, "not-found")
    path, unknown = f"/cases/{registered['id']}", {"place": OTHER_TOWN}
    await refused(clerk.patch(path, json=unknown, headers={"If-Match": '"9-full"'}), 412, "precondition-failed")
    accept = f"{path}/acceptance"
    early = {"accepted_on": "2020-02-01", "organization_id": str(UUID(int=7))}
    await refused(clerk.post(accept, json=early), 422, "unknown-reference")
    await refused(clerk.post(accept, json={"accepted_on": "2020-02-01"}), 409, "dates-out-of-order")


async def test_refusals_of_the_request_come_before_those_of_the_record(world: World) -> None:
    """413 and 415 before 401; 422, then a reused key, before 428; 404 before 403 not-own-case; 412 on a step too."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    visitor = world.client()
    text, big = {"Content-Type": "text/plain"}, {"Content-Type": "application/json"}
    await refused(visitor.post("/cases", content=b"x", headers=text), 415, "unsupported-media-type")
    await refused(visitor.post("/cases", content=b"x" * 2**21, headers=big), 413, "body-too-large")
    registered = await case(clerk)
    path, key = f"/cases/{registered['id']}", {"Idempotency-Key": "order"}
    await ok(clerk.patch(path, json={"title": "甲"}, headers=key | {"If-Match": '"1-full"'}))
    await refused(clerk.patch(path, json={"summary": None}, headers=key), 422, "invalid-input")
    await refused(clerk.patch(path, json={"title": "乙"}, headers=key), 422, "idempotency-key-reused")
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    elsewhere = await case(clerk, OTHER_VILLAGE)
    asked, party_id = {"reason": "送达协议书"}, registered["parties"][0]["id"]
    unseen = f"/cases/{elsewhere['id']}/parties/{elsewhere['parties'][0]['id']}/identity"
    await refused(village.get(unseen, params=asked), 404, "not-found")
    await refused(village.get(f"{path}/parties/{UUID(int=7)}/identity", params=asked), 404, "not-found")
    await refused(village.get(f"{path}/parties/{party_id}/identity", params=asked), 403, "not-own-case")
    unknown = {"accepted_on": "2020-03-02", "organization_id": str(UUID(int=7))}
    stale = {"If-Match": '"9-full"'}
    await refused(clerk.post(f"{path}/acceptance", json=unknown, headers=stale), 412, "precondition-failed")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_file_of_the_register_holds_no_identity(world: World, tmp_path: Path) -> None:
    """Neither the file, nor its journal, nor the stored answer of an Idempotency-Key."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    agent = {"kind": "guardian", "name": "张某丁", "phone": PHONE}
    body = dispute(parties=[party(id_number=ID_NUMBER, phone=PHONE, agent=agent), party("respondent", "张某乙")])
    body["summary"] = "屋檐滴水之争"
    posted = await clerk.post("/cases", json=body, headers={"Idempotency-Key": "sealed"})
    assert posted.status_code == 201
    files = files_of(tmp_path)
    assert any(name.endswith("-wal") for name in files)
    everything = b"".join(files.values())
    assert body["summary"].encode() in everything
    for secret in (ID_NUMBER, PHONE):
        assert secret.encode() not in everything
        assert secret not in posted.text


async def test_identities_are_sealed_masked_and_revealed_with_a_reason(world: World) -> None:
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    agent = {"kind": "guardian", "name": "张某丁", "phone": PHONE}
    secret = party(id_number=ID_NUMBER, phone=PHONE, agent=agent, address="三组")
    registered = await case(village, parties=[secret, party("respondent", "张某乙")])
    shown = registered["parties"][0]
    assert (shown["id_kind"], shown["id_number"], shown["phone"]) == ("resident_id", *MASKED)
    assert shown["agent"]["phone"] == MASKED[1]
    async with operating(world) as work:
        kept = await work.session.get_one(Party, UUID(shown["id"]))
        for column in (kept.id_number, kept.phone, kept.agent):
            assert column is not None
            assert ID_NUMBER.encode() not in column
            assert PHONE.encode() not in column
    path = f"/cases/{registered['id']}/parties/{shown['id']}/identity"
    await refused(village.get(path), 422, "invalid-input")
    revealed = await ok(village.get(path, params={"reason": "送达协议书"}))
    assert revealed == {"id_kind": "resident_id", "id_number": ID_NUMBER, "phone": PHONE}
    await refused(clerk.get(path, params={"reason": "送达协议书"}), 403, "forbidden")
    other = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE, mediator_id=await mediator(world, VILLAGE, "李某乙"))
    await refused(other.get(path, params={"reason": "打听一下"}), 403, "not-own-case")
    records = await _audit(world, "reveal_party_identity")
    trail = [(r.target_type, str(r.target_id), r.fields, r.reason, r.actor_id) for r in records]
    targets = [("case", registered["id"]), ("party", shown["id"])]
    assert trail == [
        *((*target, ["identity"], "送达协议书", village.account.id) for target in targets),
        *((*target, ["identity denied"], "打听一下", other.account.id) for target in targets),
    ]


async def _audit(world: World, action: str) -> list[AuditRecord]:
    async with operating(world) as work:
        statement = select(AuditRecord).where(AuditRecord.action == action).order_by(AuditRecord.seq)
        return list(await work.session.scalars(statement))


async def test_every_change_is_audited_without_values(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk, title="不应出现在审计里")
    headers = {"If-Match": '"1-full"', "X-Reason": "%E6%9B%B4%E6%AD%A3%E7%AC%94%E8%AF%AF"}
    await ok(clerk.patch(f"/cases/{registered['id']}", json={"title": "也不应出现"}, headers=headers))
    made, changed = *(await _audit(world, "register_case")), *(await _audit(world, "change_case"))
    assert (made.target_id, made.target_version) == (UUID(registered["id"]), 1)
    assert (changed.fields, changed.reason, changed.target_version) == (["title"], "更正笔误", 2)
    assert (changed.role, changed.actor_id, changed.district) == ("office_clerk", clerk.account.id, "500114")
    await refused(clerk.post("/cases", json=dispute(place=OTHER_TOWN)), 422, "unknown-reference")
    assert len(await _audit(world, "register_case")) == 1


async def test_problems_speak_the_readers_language(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    nowhere = f"/cases/{UUID(int=7)}"
    chinese = await clerk.get(nowhere)
    english = await clerk.get(nowhere, headers={"Accept-Language": "en-GB,en;q=0.9,zh;q=0.5"})
    assert (chinese.headers["content-language"], english.headers["content-language"]) == ("zh-CN", "en")
    assert "没有找到" in chinese.json()["detail"]
    assert "Not found" in english.json()["detail"]
    assert chinese.json()["code"] == english.json()["code"] == "not-found"
    assert chinese.headers["cache-control"] == "no-store"
