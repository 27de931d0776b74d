"""Frozen reports: what was reported stays as it was, and what has changed since is told case by case."""

import asyncio
import hashlib
from typing import Any
from uuid import uuid4

import orjson
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.core.walls import KERNEL
from app.people.codes import Role
from app.statistics.report_models import AlreadyFrozen, Report
from tests.tables import changed, content
from tests.world import (
    DISTRICT,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    case,
    created,
    ok,
    operating,
    patrol,
    refused,
    settled_case,
    started_round,
)

REPORTS = "/statistics/reports"
MARCH = {"kind": "monthly", "from": "2020-03-01", "to": "2020-03-31"}
APRIL = {"kind": "monthly", "from": "2020-04-01", "to": "2020-04-30"}
REASON = {"reason": "补录的案件须计入。"}


async def office(world: World) -> tuple[Caller, Caller]:
    """The clerk who makes reports, and the head who confirms them."""
    return await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.OFFICE_HEAD, TOWN)


async def locked_report(world: World, **period: Any) -> dict[str, Any]:
    clerk, head = await office(world)
    made = await created(clerk.post(REPORTS, json=period or MARCH))
    return await taken_to_the_end(clerk, head, made["id"])


async def taken_to_the_end(clerk: Caller, head: Caller, report_id: str) -> dict[str, Any]:
    await ok(clerk.post(f"{REPORTS}/{report_id}/check"))
    await ok(head.post(f"{REPORTS}/{report_id}/confirmation"))
    return await ok(head.post(f"{REPORTS}/{report_id}/locking"))


async def hash_from_outside(caller: Caller, report: dict[str, Any]) -> str:
    """As anyone computes it from what is answered."""
    names = ("place", "kind", "from", "to", "cut_off_at", "definition_version", "definitions", "figures", "adjustments")
    cases: list[list[str]] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        page = await ok(caller.get(f"{REPORTS}/{report['id']}/cases", params=query))
        cases += [[item["case_id"], item["counted_id"]] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(cases) == report["case_count"]
    said = {name: report[name] for name in names} | {"cases": sorted(cases)}
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def value(figures: Any, slug: str) -> Any:
    return figures["total"][slug]["value"]


async def test_a_report_goes_from_draft_to_locked_by_those_who_may(world: World) -> None:
    clerk, head = await office(world)
    for _ in range(2):
        await settled_case(clerk)
    await accepted_case(clerk, OTHER_VILLAGE, category="marriage_family")
    await created(clerk.post("/inspections", json=patrol()))
    body = MARCH | {"id": str(uuid4()), "remark": "三月月报"}
    made = await created(clerk.post(REPORTS, json=body))
    assert await ok(clerk.post(REPORTS, json=body)) == made
    await refused(clerk.post(REPORTS, json=body | {"remark": "另"}), 409, "id-reused")
    assert (made["place"], made["state"], made["case_count"], made["edition"]) == (TOWN, "draft", 3, 1)
    assert [value(made["figures"], slug) for slug in ("received", "closed", "open_at_end", "patrols")] == [3, 2, 1, 1]
    by_category = {row["category"]: row["values"]["received"]["value"] for row in made["figures"]["category"]}
    assert by_category == {"neighbor": 2, "marriage_family": 1}
    assert {check["holds"] for check in made["checks"]} == {True}
    identity = next(one for one in made["checks"] if one["name"] == "carried_in + received = closed + open_at_end")
    assert (identity["left"], identity["right"]) == ("3", "3")
    assert await hash_from_outside(clerk, made) == made["content_hash"]
    path = f"{REPORTS}/{made['id']}"
    await refused(head.post(f"{path}/confirmation"), 409, "report-step-not-allowed")
    stale = clerk.post(f"{path}/check", headers={"If-Match": '"9-full"'})
    assert (await refused(stale, 412, "precondition-failed"))["current_version"] == 1
    checked = await clerk.post(f"{path}/check", headers={"If-Match": '"1-full"'})
    assert (checked.status_code, checked.headers["etag"], checked.json()["state"]) == (200, '"2-full"', "checked")
    await refused(clerk.post(f"{path}/confirmation"), 403, "forbidden")
    await refused(head.post(f"{path}/locking"), 409, "report-step-not-allowed")
    confirmed = await ok(head.post(f"{path}/confirmation"))
    locked = await ok(head.post(f"{path}/locking"))
    assert locked["state"] == "locked"
    by = [locked[f"{name}_by"] for name in ("made", "checked", "confirmed", "locked")]
    assert by == [str(clerk.account.id)] * 2 + [str(head.account.id)] * 2
    assert locked["locked_at"] >= locked["confirmed_at"] == confirmed["confirmed_at"] >= locked["checked_at"]
    before = await content(world)
    for step in ("check", "confirmation", "locking"):
        await refused(head.post(f"{path}/{step}"), 409, "report-step-not-allowed")
    await refused(head.post(f"{path}/discarding", json=REASON), 409, "report-step-not-allowed")
    await refused(clerk.post(REPORTS, json=MARCH), 409, "report-stands")
    assert changed(before, await content(world)) == {}
    etag = (await clerk.get(path)).headers["etag"]
    assert (await clerk.get(path, headers={"If-None-Match": etag})).status_code == 304


async def test_what_is_no_period_or_elsewhere_is_refused(world: World) -> None:
    clerk, _ = await office(world)
    before = await content(world)
    for body, pointer in (
        (MARCH | {"to": "2020-02-01"}, "/"),
        (MARCH | {"to": "2020-04-30"}, "/"),
        (MARCH | {"kind": "weekly"}, "/kind"),
        (MARCH | {"figures": {}}, "/figures"),
        (MARCH | {"cut_off_at": "2099-01-01T00:00:00+08:00"}, "/cut_off_at"),
    ):
        problem = await refused(clerk.post(REPORTS, json=body), 422, "invalid-input")
        assert problem["errors"][0]["pointer"] in {pointer, ""}, problem
    early = MARCH | {"cut_off_at": "2020-02-29T23:59:59+08:00"}
    assert (await refused(clerk.post(REPORTS, json=early), 422, "period-not-begun"))["errors"][0]["pointer"] == "/from"
    for place in (OTHER_TOWN, DISTRICT, "500114109299"):
        await refused(clerk.post(REPORTS, json=MARCH | {"place": place}), 422, "unknown-reference")
    assert changed(before, await content(world)) == {}


async def test_a_report_is_of_its_own_jurisdiction_and_read_by_the_district(world: World) -> None:
    clerk, head = await office(world)
    await settled_case(clerk)
    town = await created(clerk.post(REPORTS, json=MARCH))
    village = await created(clerk.post(REPORTS, json=MARCH | {"place": VILLAGE}))
    mediator = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    viewer = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    for caller, seen in ((mediator, [village]), (viewer, [town, village]), (head, [town, village])):
        listed = (await ok(caller.get(REPORTS, params={"kind": "monthly", "state": "draft"})))["items"]
        assert {item["id"] for item in listed} == {one["id"] for one in seen}
        assert not {"figures", "checks", "definitions"} & set(listed[0])
        assert await ok(caller.get(f"{REPORTS}/{village['id']}")) == village
    for query, count in (({"place": VILLAGE}, 1), ({"state": "locked"}, 0), ({"from": "2020-04-01"}, 0),
                         ({"from": "2020-03-31", "to": "2020-03-31"}, 2), ({"kind": "yearly"}, 0)):  # fmt: skip
        listing = await ok(clerk.get(REPORTS, params=query | {"total": "exact", "limit": 1}))
        assert listing["total"] == count, query
    for caller in (await world.caller(Role.OFFICE_HEAD, OTHER_TOWN), mediator):
        for path in ("", "/cases", "/difference", "/correction-note"):
            await refused(caller.get(f"{REPORTS}/{town['id']}{path}"), 404, "not-found")
    stranger = await world.caller(Role.OFFICE_HEAD, OTHER_TOWN)
    for step in ("check", "confirmation", "locking"):
        await refused(stranger.post(f"{REPORTS}/{town['id']}/{step}"), 404, "not-found")
    for caller in (mediator, viewer):
        await refused(caller.post(REPORTS, json=MARCH), 403, "forbidden")
        await refused(caller.post(f"{REPORTS}/{village['id']}/check"), 403, "forbidden")
    await refused((await world.caller(Role.GRID_WORKER, VILLAGE)).get(REPORTS), 403, "forbidden")


async def test_a_head_confirms_anothers_report_where_there_is_another_head(world: World) -> None:
    _, head = await office(world)
    own = await created(head.post(REPORTS, json=MARCH))
    await ok(head.post(f"{REPORTS}/{own['id']}/check"))
    second = await world.caller(Role.OFFICE_HEAD, TOWN, name="庹某乙")
    await refused(head.post(f"{REPORTS}/{own['id']}/confirmation"), 409, "own-report")
    assert (await ok(second.post(f"{REPORTS}/{own['id']}/confirmation")))["state"] == "confirmed"
    away = await created(head.post(REPORTS, json=APRIL))
    await ok(head.post(f"{REPORTS}/{away['id']}/check"))
    async with operating(world) as work:
        found = await work.session.get(type(second.account), second.account.id)
        assert found is not None
        found.disabled_at = work.now
    assert (await ok(head.post(f"{REPORTS}/{away['id']}/confirmation")))["confirmed_by"] == str(head.account.id)


async def test_what_was_discarded_stays_on_the_list_and_makes_room(world: World) -> None:
    clerk, _ = await office(world)
    first = await created(clerk.post(REPORTS, json=MARCH))
    await refused(clerk.post(REPORTS, json=MARCH), 409, "report-stands")
    await refused(clerk.post(f"{REPORTS}/{first['id']}/discarding", json={}), 422, "invalid-input")
    gone = await ok(clerk.post(f"{REPORTS}/{first['id']}/discarding", json=REASON))
    assert (gone["state"], gone["discarded_because"]) == ("discarded", REASON["reason"])
    await refused(clerk.post(f"{REPORTS}/{first['id']}/check"), 409, "report-step-not-allowed")
    second = await created(clerk.post(REPORTS, json=MARCH))
    states = {item["id"]: item["state"] for item in (await ok(clerk.get(REPORTS)))["items"]}
    assert states == {first["id"]: "discarded", second["id"]: "draft"}


async def test_a_new_version_supersedes_once_it_is_locked_and_the_old_stays(world: World) -> None:
    clerk, head = await office(world)
    await settled_case(clerk)
    first = await locked_report(world)
    path = f"{REPORTS}/{first['id']}"
    late = await settled_case(clerk)
    body = REASON | {"id": str(uuid4())}
    draft = await created(clerk.post(f"{path}/supersession", json=body))
    assert await ok(clerk.post(f"{path}/supersession", json=body)) == draft
    assert (draft["edition"], draft["supersedes_id"], draft["made_because"]) == (2, first["id"], REASON["reason"])
    assert (value(first["figures"], "received"), value(draft["figures"], "received")) == (1, 2)
    await refused(clerk.post(f"{path}/supersession", json=REASON), 409, "report-stands")
    await refused(clerk.post(f"{REPORTS}/{draft['id']}/supersession", json=REASON), 409, "report-step-not-allowed")
    assert (await ok(clerk.get(path)))["state"] == "locked"
    second = await taken_to_the_end(clerk, head, draft["id"])
    old = await ok(clerk.get(path))
    assert (old["state"], old["superseded_by"]) == ("superseded", second["id"])
    assert old["figures"] == first["figures"]
    assert await hash_from_outside(clerk, old) == first["content_hash"]
    await refused(clerk.post(f"{path}/supersession", json=REASON), 409, "report-stands")
    assert late["id"] in {i["case_id"] for i in (await ok(clerk.get(f"{path}/difference")))["items"]}


async def test_a_report_that_does_not_add_up_is_not_checked(world: World) -> None:
    clerk, _ = await office(world)
    await settled_case(clerk)
    made = await created(clerk.post(REPORTS, json=MARCH))
    figures = made["figures"]
    await _tamper(world, made["id"], figures | {"total": figures["total"] | {"closed": {"value": 2}}})
    problem = await refused(clerk.post(f"{REPORTS}/{made['id']}/check"), 409, "report-does-not-add-up")
    names = {one["name"] for one in problem["failing"]}
    assert {"carried_in + received = closed + open_at_end", "closed by category"} <= names
    assert {one["holds"] for one in problem["failing"]} == {False}
    await _tamper(world, made["id"], figures | {"total": figures["total"] | {"median_days": {"value": "1.0"}}})
    await refused(clerk.post(f"{REPORTS}/{made['id']}/check"), 409, "report-altered")
    assert (await ok(clerk.get(f"{REPORTS}/{made['id']}/difference")))["hash_holds"] is False
    await _tamper(world, made["id"], figures)
    assert (await ok(clerk.post(f"{REPORTS}/{made['id']}/check")))["state"] == "checked"


async def _tamper(world: World, report_id: str, figures: Any) -> None:
    """As somebody may who has the database: past the trigger, which refuses it."""
    is_sqlite = world.database.is_sqlite
    off, on = ("DROP TRIGGER reports_frozen", None) if is_sqlite else (
        "ALTER TABLE reports DISABLE TRIGGER reports_frozen", "ALTER TABLE reports ENABLE TRIGGER reports_frozen",
    )  # fmt: skip
    async with world.database.writes.connect() as connection:
        if is_sqlite:
            on = (
                await connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'reports_frozen'"))
            ).scalar()
        await connection.execute(text(off))
        name = report_id if not is_sqlite else report_id.replace("-", "")
        statement = text("UPDATE reports SET figures = :figures WHERE CAST(id AS TEXT) = :id")
        done = await connection.execute(statement, {"figures": orjson.dumps(figures).decode(), "id": name})
        assert done.rowcount == 1
        await connection.execute(text(str(on)))
        await connection.commit()


async def test_neither_program_nor_database_writes_over_what_was_reported(own_world: World) -> None:
    await settled_case(await own_world.caller(Role.OFFICE_CLERK, TOWN))
    locked = await locked_report(own_world)
    async with operating(own_world) as work:
        (report,) = (await work.session.scalars(select(Report))).all()
        for name, other in (("figures", {}), ("figures_hash", ""), ("cut_off_at", work.now), ("checks", [])):
            with pytest.raises(AlreadyFrozen):
                setattr(report, name, other)
    for statement in (
        "UPDATE reports SET figures = '{}'",
        "UPDATE reports SET figures_hash = ''",
        "DELETE FROM reports",
        "UPDATE reported_cases SET counted_id = case_id",
        "DELETE FROM reported_cases",
    ):
        async with own_world.database.writes.connect() as connection:
            with pytest.raises(DBAPIError, match="append-only"):
                await connection.execute(text(statement))
    async with operating(own_world) as work:
        with pytest.raises(DBAPIError, match="append-only"):
            await work.session.execute(update(Report).values(figures={}), execution_options=KERNEL)
        await work.session.rollback()
    clerk, _ = await office(own_world)
    assert (await ok(clerk.get(f"{REPORTS}/{locked['id']}")))["figures"] == locked["figures"]


async def test_two_heads_confirm_at_once_and_one_of_them_does(own_world: World) -> None:
    clerk, head = await office(own_world)
    other = await own_world.caller(Role.OFFICE_HEAD, TOWN, name="庹某乙")
    made = await created(clerk.post(REPORTS, json=MARCH))
    await ok(clerk.post(f"{REPORTS}/{made['id']}/check"))
    path = f"{REPORTS}/{made['id']}/confirmation"
    answers = await asyncio.gather(head.post(path), other.post(path))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await ok(clerk.get(f"{REPORTS}/{made['id']}")))["version"] == 3


async def test_two_drafts_at_once_make_one(own_world: World) -> None:
    clerk, head = await office(own_world)
    answers = await asyncio.gather(*(caller.post(REPORTS, json=MARCH) for caller in (clerk, head) * 2))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len((await ok(clerk.get(REPORTS)))["items"]) == 1


async def test_a_report_made_while_others_write_adds_up(own_world: World) -> None:
    clerk, _ = await office(own_world)
    await settled_case(clerk)
    writing = [settled_case(clerk) for _ in range(4)]
    made, *_ = await asyncio.gather(created(clerk.post(REPORTS, json=MARCH)), *writing)
    assert 1 <= value(made["figures"], "received") <= made["case_count"] <= 5
    assert {check["holds"] for check in made["checks"]} == {True}
    assert await hash_from_outside(clerk, made) == made["content_hash"]


async def test_what_changed_since_is_named_case_by_case(world: World) -> None:
    clerk, head = await office(world)
    kept, reopened, voided, merged = [await settled_case(clerk) for _ in range(4)]
    reclassified = await accepted_case(clerk)
    moved = await settled_case(clerk, OTHER_VILLAGE)
    continued = await accepted_case(clerk, on="2020-03-30")
    locked = await locked_report(world)
    village = await created(clerk.post(REPORTS, json=MARCH | {"place": VILLAGE}))
    await _nothing_changed(clerk, locked)
    await _correct(head, kept, reopened, voided, merged)
    late = await settled_case(clerk)
    for one, change in (
        (reclassified, {"category": "marriage_family"}),
        (moved, {"place": VILLAGE}),
        (kept, {"title": "改题"}),
    ):
        await _change(clerk, one["id"], change)
    mediation = await started_round(clerk, continued["id"], on="2020-04-01")
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed("2020-04-02")))

    after = await ok(clerk.get(f"{REPORTS}/{locked['id']}"))
    assert after == locked
    assert await hash_from_outside(clerk, after) == locked["content_hash"]
    path = f"{REPORTS}/{locked['id']}/difference"
    told = await ok(clerk.get(path, params={"total": "exact"}))
    assert told["hash_holds"] is True
    found = {item["case_id"]: item for item in told["items"]}
    assert {id: (item["presence"], item["cause"], item["action"]) for id, item in found.items()} == {
        late["id"]: ("added", "late", "conclude_mediation"),
        reopened["id"]: ("changed", "reopened", "reopen_case"),
        voided["id"]: ("removed", "voided", "void_case"),
        merged["id"]: ("removed", "merged", "merge_case"),
        reclassified["id"]: ("changed", "reclassified", "change_case"),
        continued["id"]: ("changed", "continued", "conclude_mediation"),
    }
    assert told["total"] == 6
    fact = {one["name"]: (one["from"], one["to"]) for one in found[reopened["id"]]["facts"]}
    assert (fact["outcome"], fact["closed_on"]) == (("success", None), ("2020-03-05", None))
    assert "received" not in found[reopened["id"]]["indicators"]
    assert {"succeeded", "closed", "open_at_end", "success_rate"} <= set(found[reopened["id"]]["indicators"])
    assert found[continued["id"]]["indicators"] == [
        "handled", "handling_rate", "success_rate", "success_of_received",
    ]  # fmt: skip
    moves = {one["slug"]: (one["reported"].get("value"), one["now"].get("value"), one["change"])
             for one in told["indicators"]}  # fmt: skip
    assert moves["received"] == (7, 6, "-1")
    assert moves["closed"] == (5, 3, "-2")
    now = await ok(clerk.get("/statistics", params={"from": "2020-03-01", "to": "2020-03-31", "place": TOWN}))
    values = now["rows"][0]["values"]
    for one in told["indicators"]:
        assert one["now"].items() <= values[one["slug"]].items(), one
    await _paged_alike(clerk, path, told)
    (alone,) = (await ok(clerk.get(path, params={"late": "true"})))["items"]
    assert alone == found[late["id"]]
    await _of_the_village(clerk, village, moved["id"])
    await _in_words(clerk, locked)
    await _as_figures_alone(world, path, found)


async def _as_figures_alone(world: World, path: str, found: dict[str, Any]) -> None:
    viewer = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    seen = {item["case_id"]: item for item in (await ok(viewer.get(path)))["items"]}
    assert set(seen) == set(found)
    assert {one["name"] for item in seen.values() for one in item["facts"]} <= {
        "place", "accepted_on", "closed_on", "outcome", "category", "source", "method",
    }  # fmt: skip


async def _nothing_changed(clerk: Caller, locked: dict[str, Any]) -> None:
    calm = await ok(clerk.get(f"{REPORTS}/{locked['id']}/difference", params={"total": "exact"}))
    assert (calm["items"], calm["total"]) == ([], 0)
    assert {one["change"] for one in calm["indicators"]} - {None} == {"0", "0.00", "0.0"}
    note = await ok(clerk.get(f"{REPORTS}/{locked['id']}/correction-note"))
    assert "一致，无须更正" in note["zh"]
    assert "nothing to correct" in note["en"]


async def _correct(head: Caller, kept: Any, reopened: Any, voided: Any, merged: Any) -> None:
    await ok(head.post(f"/cases/{reopened['id']}/reopening", json={"on": "2020-03-09", "reason": "反悔。"}))
    await ok(head.post(f"/cases/{voided['id']}/void", json={"reason": "误登记。"}))
    await ok(head.post(f"/cases/{merged['id']}/merge", json={"into": kept["id"], "reason": "同一纠纷。"}))


async def _change(clerk: Caller, case_id: str, change: dict[str, Any]) -> None:
    etag = (await clerk.get(f"/cases/{case_id}")).headers["etag"]
    await ok(clerk.patch(f"/cases/{case_id}", json=change, headers={"If-Match": etag}))


async def _paged_alike(clerk: Caller, path: str, told: dict[str, Any]) -> None:
    items: list[Any] = []
    query: dict[str, Any] = {"limit": 2}
    for _ in range(3):
        page = await ok(clerk.get(path, params=query))
        items += page["items"]
        query["cursor"] = page["next"]
    assert (items, page["next"]) == (told["items"], None)


async def _of_the_village(clerk: Caller, village: dict[str, Any], moved: str) -> None:
    """A case that came from another village is none of the late ones."""
    told = await ok(clerk.get(f"{REPORTS}/{village['id']}/difference"))
    found = {item["case_id"]: item for item in told["items"]}
    assert (found[moved]["presence"], found[moved]["cause"], found[moved]["action"]) == (
        "added",
        "moved",
        "change_case",
    )


async def _in_words(clerk: Caller, locked: dict[str, Any]) -> None:
    note = await ok(clerk.get(f"{REPORTS}/{locked['id']}/correction-note"))
    assert "受理数：原报7件，现为6件（-1）" in note["zh"]
    assert "涉及案件6件，按原因：补录1件、作废1件、并案1件、重新启动1件、更正登记内容1件、后续办理1件" in note["zh"]
    assert "Received: reported 7 cases, now 6 cases (-1)" in note["en"]
    assert "late entry 1, voided 1, merged 1, reopened 1, entry corrected 1, handled further 1" in note["en"]


async def test_the_category_of_a_case_shows_where_figures_are_of_categories(world: World) -> None:
    clerk, _ = await office(world)
    counted = await accepted_case(clerk)
    locked = await locked_report(world)
    etag = (await clerk.get(f"/cases/{counted['id']}")).headers["etag"]
    await ok(clerk.patch(f"/cases/{counted['id']}", json={"category": "marriage_family"}, headers={"If-Match": etag}))
    (item,) = (await ok(clerk.get(f"{REPORTS}/{locked['id']}/difference")))["items"]
    assert (item["presence"], item["cause"], item["action"]) == ("changed", "reclassified", "change_case")
    assert (item["indicators"], item["by"]) == ([], ["category"])
    assert item["facts"] == [{"name": "category", "from": "neighbor", "to": "marriage_family"}]


async def test_a_case_its_reader_is_barred_from_counts_and_is_not_shown(world: World) -> None:
    clerk, _ = await office(world)
    await settled_case(clerk)
    barred = await settled_case(clerk)
    made = await created(clerk.post(REPORTS, json=MARCH | {"place": VILLAGE}))
    await _change(clerk, barred["id"], {"category": "marriage_family"})
    mediator = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    path = f"{REPORTS}/{made['id']}"
    assert barred["id"] in (await mediator.get(f"{path}/difference")).text
    relation = {"mediator_id": str(mediator.account.mediator_id), "relation": "relative"}
    await created(clerk.post(f"/cases/{barred['id']}/conflicts", json=relation))
    assert await ok(mediator.get(path)) == made
    own = await world.caller(Role.OFFICE_CLERK, TOWN, mediator_id=mediator.account.mediator_id)
    made_by_barred = await created(own.post(REPORTS, json=MARCH))
    assert (made_by_barred["case_count"], value(made_by_barred["figures"], "received")) == (2, 2)
    for part in ("/difference", "/cases"):
        assert barred["id"] not in (await mediator.get(path + part)).text
        assert barred["id"] in (await clerk.get(path + part)).text


async def test_the_next_report_lists_what_changed_before_it(world: World) -> None:
    clerk, head = await office(world)
    await settled_case(clerk)
    march = await locked_report(world)
    await settled_case(clerk)
    draft = await created(clerk.post(REPORTS, json=APRIL))
    (adjustment,) = draft["adjustments"]
    assert (adjustment["report_id"], adjustment["from"], adjustment["edition"]) == (march["id"], "2020-03-01", 1)
    moved = {one["slug"]: one for one in adjustment["indicators"]}
    assert moved["received"] == {"slug": "received", "reported": {"value": 1}, "now": {"value": 2}, "change": "1"}
    assert "patrols" not in moved
    assert value(draft["figures"], "received") == 0
    village = await created(clerk.post(REPORTS, json=APRIL | {"place": VILLAGE}))
    assert village["adjustments"] == []
    locked = await taken_to_the_end(clerk, head, draft["id"])
    await settled_case(clerk)
    assert (await ok(clerk.get(f"{REPORTS}/{locked['id']}")))["adjustments"] == draft["adjustments"]


async def test_an_earlier_cut_off_counts_what_was_known_then(world: World) -> None:
    clerk, _ = await office(world)
    await settled_case(clerk)
    then = (await ok(clerk.get("/statistics", params={"from": "2020-03-01", "to": "2020-03-31"})))["computed_at"]
    await case(clerk)
    await settled_case(clerk)
    made = await created(clerk.post(REPORTS, json=MARCH | {"cut_off_at": then}))
    assert (value(made["figures"], "received"), made["case_count"], made["cut_off_at"]) == (1, 1, then)
