"""Patrols (排查): recorded with what they found or as a zero report; what becomes of a finding; who has reported."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

from app.intake.codes import CaseStatus
from app.intake.models import Case
from app.people.codes import Role
from tests.tables import changed, content, rows
from tests.world import (
    DISTRICT,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    case,
    created,
    dispute,
    ok,
    operating,
    party,
    patrol,
    refused,
    zero_report,
)

FIRST = {"If-Match": '"1-full"'}
RECORDERS = [
    (Role.GRID_WORKER, VILLAGE),
    (Role.VILLAGE_MEDIATOR, VILLAGE),
    (Role.COMMITTEE_CHAIR, VILLAGE),
    (Role.OFFICE_CLERK, TOWN),
    (Role.OFFICE_HEAD, TOWN),
]


async def held(caller: Caller, body: dict[str, Any] | None = None) -> tuple[str, str]:
    """A recorded patrol: its path and that of its first finding."""
    made = await created(caller.post("/inspections", json=body or patrol()))
    path = f"/inspections/{made['id']}"
    return path, f"{path}/findings/{made['findings'][0]['id']}"


async def test_whoever_goes_out_records_a_patrol_once(world: World) -> None:
    for role, place in RECORDERS:
        await records_a_patrol_once(await world.caller(role, place))


async def records_a_patrol_once(caller: Caller) -> None:
    body = patrol() | {"id": str(uuid4())}
    first = await caller.post("/inspections", json=body)
    assert (first.status_code, first.headers["etag"]) == (201, '"1-full"')
    made = first.json()
    assert first.headers["location"] == f"/api/v1/inspections/{made['id']}"
    assert (made["place"], made["recorded_by"], made["nothing_found"]) == (VILLAGE, str(caller.account.id), False)
    assert [(one["state"], one["category"], one["case_id"]) for one in made["findings"]] == [
        ("open", "water_use", None)
    ]
    again = await caller.post("/inspections", json=body)
    assert (again.status_code, again.json()) == (200, made)
    await refused(caller.post("/inspections", json=body | {"kind": "visit"}), 409, "id-reused")
    read = await caller.get(f"/inspections/{made['id']}")
    assert (read.json(), read.headers["etag"]) == (made, '"1-full"')
    assert (await caller.get(f"/inspections/{made['id']}", headers={"If-None-Match": '"1-full"'})).status_code == 304
    outside = patrol(OTHER_TOWN)
    assert (await refused(caller.post("/inspections", json=outside), 422, "unknown-reference"))["errors"][0][
        "pointer"
    ] == "/place"


async def test_nobody_else_sees_or_records_patrols(world: World) -> None:
    for role in (Role.LIAISON_POLICE, Role.DISTRICT_STAT_VIEWER, Role.DISTRICT_ADMIN, Role.AUDITOR):
        caller = await world.caller(role, DISTRICT)
        await refused(caller.post("/inspections", json=patrol()), 403, "forbidden")
        for path in ("/inspections", "/inspections/coverage?from=2020-01-01&to=2020-12-31"):
            await refused(caller.get(path), 403, "forbidden")


SAID_WRONG: list[tuple[dict[str, Any], str, str]] = [
    (patrol() | {"findings": []}, "", "findings-or-nothing"),
    (patrol() | {"nothing_found": False, "findings": []}, "", "findings-or-nothing"),
    (patrol() | {"nothing_found": True}, "", "findings-in-zero-report"),
    (zero_report(inspected_on="2099-01-01"), "/inspected_on", "date-in-future"),
    (zero_report(kind="stroll"), "/kind", "unknown-code"),
    (zero_report(people=["张某甲"] * 51), "/people", "too-many"),
    (zero_report(findings=[{"summary": "争水"}] * 101), "/findings", "too-many"),
    (patrol(summary=" "), "/findings/0/summary", "blank"),
    (patrol(people_count=-1), "/findings/0/people_count", "too-small"),
    (patrol(state="case"), "/findings/0/state", "unknown-field"),
]


async def test_a_patrol_says_either_what_it_found_or_that_it_found_nothing(world: World) -> None:
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    before = await content(world)
    for body, pointer, code in SAID_WRONG:
        problem = await refused(grid.post("/inspections", json=body), 422, "invalid-input")
        assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]
    assert changed(before, await content(world)) == {}
    assert (await created(grid.post("/inspections", json=zero_report())))["findings"] == []


async def test_patrols_are_listed_within_the_jurisdiction_and_filtered(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    stranger = await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    first = await created(grid.post("/inspections", json=patrol()))
    second = await created(clerk.post("/inspections", json=zero_report(OTHER_VILLAGE, inspected_on="2020-03-02")))
    third = await created(clerk.post("/inspections", json=zero_report(TOWN, inspected_on="2020-03-03", kind="visit")))

    async def ids(caller: Caller, **params: str) -> list[str]:
        listed = await ok(caller.get("/inspections", params={**params, "total": "exact"}))
        assert listed["total"] == len(listed["items"])
        return [item["id"] for item in listed["items"]]

    one, two, three = first["id"], second["id"], third["id"]
    assert await ids(clerk) == [three, two, one]
    assert await ids(clerk, sort="inspected_on") == [one, two, three]
    assert await ids(grid) == [one]
    assert await ids(stranger) == await ids(stranger, place=TOWN) == []
    for params, expected in (
        ({"place": OTHER_VILLAGE}, [two]),
        ({"place": DISTRICT}, [three, two, one]),
        ({"inspected_from": "2020-03-02", "inspected_to": "2020-03-02"}, [two]),
        ({"kind": "visit,special"}, [three]),
        ({"nothing_found": "false"}, [one]),
        ({"nothing_found": "true"}, [three, two]),
        ({"finding_state": "open,lead"}, [one]),
        ({"finding_state": "case"}, []),
        ({"recorded_by": str(clerk.account.id)}, [three, two]),
    ):
        assert await ids(clerk, **params) == expected, params
    item = (await ok(grid.get("/inspections")))["items"][0]
    assert (item["finding_count"], "findings" in item) == (1, False)
    page = await ok(clerk.get("/inspections", params={"limit": 2}))
    rest = await ok(clerk.get("/inspections", params={"limit": 2, "cursor": page["next"]}))
    assert [one["id"] for one in page["items"] + rest["items"]] == [three, two, one]
    assert rest["next"] is None
    backwards = {"inspected_from": "2020-03-02", "inspected_to": "2020-03-01"}
    await refused(clerk.get("/inspections", params=backwards), 422, "invalid-input")


async def test_a_patrol_is_corrected_until_something_was_done_about_it(world: World) -> None:
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    path, finding = await held(grid)
    body = {"inspected_on": "2020-02-28", "kind": "key_period", "people": ["庹某甲", "冉某乙"]}
    await refused(grid.patch(path, json=body), 428, "precondition-required")
    fixed: list[dict[str, Any]] = [{"place": OTHER_VILLAGE}, {"nothing_found": True}, {"findings": []}, {"kind": None}]
    for wrong in fixed:
        await refused(grid.patch(path, json=wrong, headers=FIRST), 422, "invalid-input")
    corrected = await ok(grid.patch(path, json=body, headers=FIRST))
    assert corrected.items() > {**body, "version": 2}.items()
    same = await grid.patch(path, json=body, headers={"If-Match": '"2-full"'})
    assert same.headers["etag"] == '"2-full"'
    problem = await refused(grid.patch(path, json=body, headers=FIRST), 412, "precondition-failed")
    assert problem["changed_fields"] == ["inspected_on", "kind", "people"]
    await ok(grid.post(f"{finding}/lead", json={"on": "2020-03-01"}))
    day = {"inspected_on": "2020-02-27"}
    await refused(grid.patch(path, json=day, headers={"If-Match": '"3-full"'}), 409, "inspection-acted-on")
    await ok(grid.patch(path, json={"kind": "visit"}, headers={"If-Match": '"3-full"'}))


async def test_a_zero_report_that_turns_out_to_have_found_something_is_none_any_more(world: World) -> None:
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    made = await created(grid.post("/inspections", json=zero_report()))
    path = f"/inspections/{made['id']}"
    body = {"id": str(uuid4()), "summary": "两家为放牛争执。"}
    added = await grid.post(f"{path}/findings", json=body)
    assert (added.status_code, added.headers["etag"]) == (201, '"2-full"')
    again = await grid.post(f"{path}/findings", json=body)
    assert (again.status_code, again.json()) == (200, added.json())
    await refused(grid.post(f"{path}/findings", json=body | {"summary": "争水。"}), 409, "id-reused")
    stands = await ok(grid.get(path))
    assert (stands["nothing_found"], stands["findings"], stands["version"]) == (False, [added.json()], 2)
    full = await created(grid.post("/inspections", json=patrol() | {"findings": [{"summary": "争水"}] * 100}))
    await refused(grid.post(f"/inspections/{full['id']}/findings", json={"summary": "争水"}), 409, "too-many-findings")


async def test_a_lead_is_prevented_once(world: World) -> None:
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    stranger = await world.caller(Role.GRID_WORKER, OTHER_VILLAGE)
    _, finding = await held(grid)
    done = {"on": "2020-03-04", "note": "两家已约定轮流放水。"}
    await refused(grid.post(f"{finding}/prevention", json=done), 409, "not-a-lead")
    await refused(grid.post(f"{finding}/lead", json={"on": "2020-02-29"}), 409, "dates-out-of-order")
    lead = await ok(grid.post(f"{finding}/lead", json={"on": "2020-03-03", "note": "持续关注。"}))
    assert [(one["state"], one["lead_on"], one["lead_note"]) for one in lead["findings"]] == [
        ("lead", "2020-03-03", "持续关注。")
    ]
    await refused(grid.post(f"{finding}/lead", json={"on": "2020-03-03"}), 409, "finding-settled")
    await refused(grid.post(f"{finding}/prevention", json=done | {"on": "2020-03-02"}), 409, "dates-out-of-order")
    await refused(grid.post(f"{finding}/prevention", json={"on": "2020-03-04"}), 422, "invalid-input")
    stale = grid.post(f"{finding}/prevention", json=done, headers=FIRST)
    assert (await refused(stale, 412, "precondition-failed"))["changed_fields"] == ["findings"]
    await refused(stranger.post(f"{finding}/prevention", json=done), 404, "not-found")
    prevented = await ok(grid.post(f"{finding}/prevention", json=done))
    assert prevented["findings"][0].items() > {"state": "prevented", "settled_on": "2020-03-04"}.items()
    assert prevented["findings"][0]["settled_at"] > prevented["recorded_at"]
    notes = [prevented["findings"][0][name] for name in ("lead_note", "prevention_note")]
    assert notes == ["持续关注。", done["note"]]
    for step, body in (("prevention", done), ("lead", {"on": "2020-03-03"}), ("case", dispute())):
        await refused(grid.post(f"{finding}/{step}", json=body), 409, "finding-settled")
    types = [event["type"] for event in await rows(world, "events") if event["subject_type"] == "inspection"]
    assert sorted(types) == ["finding.lead", "finding.prevented", "inspection.recorded"]


async def test_a_finding_becomes_a_case_once(world: World) -> None:
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    path, finding = await held(grid)
    body = dispute(source="proactive", id=str(uuid4()))
    await refused(grid.post(f"{finding}/case", json=body | {"reported_on": "2020-02-01"}), 409, "dates-out-of-order")
    other = body | {"inspection_id": str(uuid4())}
    await refused(grid.post(f"{finding}/case", json=other), 422, "invalid-input")
    await refused(grid.post(f"{finding}/case", json=dispute(OTHER_VILLAGE)), 422, "unknown-reference")
    assert await rows(world, "cases") == []
    made = await grid.post(f"{finding}/case", json=body)
    assert made.status_code == 201
    assert made.headers["location"] == f"/api/v1/cases/{body['id']}"
    assert (made.json()["inspection_id"], made.json()["status"]) == (path.rsplit("/", 1)[1], "registered")
    again = await grid.post(f"{finding}/case", json=body)
    assert (again.status_code, again.json()["id"]) == (200, body["id"])
    await refused(grid.post(f"{finding}/case", json=dispute(source="proactive")), 409, "finding-settled")
    await refused(grid.post(f"{finding}/lead", json={"on": "2020-03-03"}), 409, "finding-settled")
    stands = await ok(grid.get(path))
    assert [(one["state"], one["case_id"]) for one in stands["findings"]] == [("case", body["id"])]
    assert stands["version"] == 2
    assert [item["inspection_id"] for item in (await ok(grid.get("/cases")))["items"]] == [made.json()["inspection_id"]]


async def test_a_case_may_name_the_patrol_that_found_it_when_it_is_registered(world: World) -> None:
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    stranger = await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    made = await created(grid.post("/inspections", json=patrol()))
    registered = await case(grid, inspection_id=made["id"])
    assert (await ok(grid.get(f"/cases/{registered['id']}")))["inspection_id"] == made["id"]
    for caller, place, id in ((stranger, OTHER_TOWN, made["id"]), (grid, VILLAGE, str(uuid4()))):
        problem = await refused(caller.post("/cases", json=dispute(place, inspection_id=id)), 422, "unknown-reference")
        assert [error["pointer"] for error in problem["errors"]] == ["/inspection_id"]
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    patch = village.patch(f"/cases/{registered['id']}", json={"inspection_id": None}, headers=FIRST)
    await refused(patch, 422, "invalid-input")


async def test_not_reported_is_not_the_same_as_none(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    march = {"from": "2020-03-01", "to": "2020-03-31"}
    nothing = {"patrols": 0, "zero_reports": 0, "findings": 0, "cases": 0, "prevented": 0}

    async def figures(caller: Caller, **params: str) -> dict[str, dict[str, Any]]:
        answer = await ok(caller.get("/inspections/coverage", params=march | params))
        return {row.pop("place"): row for row in answer["rows"]}

    assert await figures(clerk) == {place: {"reported": False, **nothing} for place in (VILLAGE, OTHER_VILLAGE)}
    await created(grid.post("/inspections", json=zero_report()))
    assert (await figures(clerk))[VILLAGE] == {"reported": True, **nothing, "patrols": 1, "zero_reports": 1}
    found = patrol() | {"findings": [{"summary": "争水。"}, {"summary": "争路。"}]}
    _, finding = await held(grid, found)
    await created(grid.post(f"{finding}/case", json=dispute(source="proactive")))
    _, early = await held(grid, patrol() | {"inspected_on": "2020-02-20"})
    await ok(grid.post(f"{early}/lead", json={"on": "2020-02-20"}))
    await ok(grid.post(f"{early}/prevention", json={"on": "2020-03-05", "note": "已劝和。"}))
    await created(clerk.post("/inspections", json=zero_report(TOWN)))
    full = {"reported": True, "patrols": 2, "zero_reports": 1, "findings": 2, "cases": 1, "prevented": 1}
    town = {"reported": True, **nothing, "patrols": 1, "zero_reports": 1}
    assert await figures(clerk) == {
        TOWN: town,
        VILLAGE: full,
        OTHER_VILLAGE: {"reported": False, **nothing},
    }
    assert await figures(clerk, place=OTHER_VILLAGE) == {OTHER_VILLAGE: {"reported": False, **nothing}}
    assert await figures(grid) == {VILLAGE: full}
    for place in (TOWN, OTHER_VILLAGE, OTHER_TOWN, "500114109999"):
        problem = await refused(
            grid.get("/inspections/coverage", params=march | {"place": place}), 422, "unknown-reference"
        )
        assert [error["pointer"] for error in problem["errors"]] == ["query:place"]
    for wrong in ({"from": "2020-03-01"}, {"from": "2020-03-02", "to": "2020-03-01"}):
        await refused(grid.get("/inspections/coverage", params=wrong), 422, "invalid-input")


async def test_a_merged_or_voided_case_is_no_case_of_the_patrol(world: World) -> None:
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    _, finding = await held(grid)
    made = await created(grid.post(f"{finding}/case", json=dispute(source="proactive")))
    async with operating(world) as work:
        (await work.session.get_one(Case, UUID(made["id"]))).status = CaseStatus.VOIDED
    answer = await ok(grid.get("/inspections/coverage", params={"from": "2020-03-01", "to": "2020-03-31"}))
    assert [(row["findings"], row["cases"]) for row in answer["rows"]] == [(1, 0)]


async def test_of_ten_who_register_the_case_of_a_finding_one_does(own_world: World) -> None:
    grid = await own_world.caller(Role.GRID_WORKER, VILLAGE)
    path, finding = await held(grid)
    bodies = [dispute(parties=[party(name=f"张某{n}"), party("respondent", "张某乙")]) for n in range(10)]
    answers = await asyncio.gather(*(grid.post(f"{finding}/case", json=body) for body in bodies))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    assert len(await rows(own_world, "cases")) == 1
    assert len(await rows(own_world, "parties")) == 2
    assert (await ok(grid.get(path)))["version"] == 2


async def test_a_patrol_recorded_ten_times_at_once_is_one(own_world: World) -> None:
    grid = await own_world.caller(Role.GRID_WORKER, VILLAGE)
    twin = patrol() | {"id": str(uuid4())}
    answers = await asyncio.gather(*(grid.post("/inspections", json=twin) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 9}
    assert len(await rows(own_world, "findings")) == 1
