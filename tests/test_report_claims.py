"""What old reports printed is kept as they printed it, with what can be said of it, and counts nowhere."""

from app.people.codes import Role
from tests.test_claim_texts import REPORT
from tests.world import OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE, World, created, ok, refused, settled_case

YEAR = {"from": "2020-01-01", "to": "2020-12-31"}


async def test_the_report_of_2020_is_kept_as_not_reproducible(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await settled_case(clerk)
    body = {"id": "018f0000-0000-7000-8000-000000000002", "text": REPORT, "document": "2020年报告", **YEAR}
    kept = await created(clerk.post("/statistics/report-claims", json=body))
    assert (kept["text"], kept["place"], kept["from"], kept["reproducible"]) == (REPORT, TOWN, "2020-01-01", False)
    assert "41件中无论几件" in kept["reason_zh"]
    assert [figure["value"] for figure in kept["figures"]] == ["41", "100", "99"]
    assert await ok(clerk.post("/statistics/report-claims", json=body)) == kept
    await refused(clerk.post("/statistics/report-claims", json=body | {"document": "另一报告"}), 409, "id-reused")
    assert await ok(clerk.get(f"/statistics/report-claims/{kept['id']}")) == kept
    received = await ok(clerk.get("/statistics", params={**YEAR, "indicator": "received"}))
    assert received["rows"][0]["values"]["received"]["value"] == 1


async def test_a_claim_that_is_the_registers_is_reproducible(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await settled_case(clerk)
    told = {"text": "受理1起，调处率和成功率均达100%", **YEAR}
    assert (await created(clerk.post("/statistics/report-claims", json=told)))["reproducible"]
    unknown = {"text": "受理1起，满意率100%", **YEAR}
    assert not (await created(clerk.post("/statistics/report-claims", json=unknown)))["reproducible"]


async def test_kept_claims_are_of_a_place(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    told = {"text": "受理1起", **YEAR}
    own = await created(village.post("/statistics/report-claims", json=told))
    others = await created(clerk.post("/statistics/report-claims", json=told | {"place": OTHER_VILLAGE}))
    listed = await ok(clerk.get("/statistics/report-claims", params={"total": "exact"}))
    assert ([item["id"] for item in listed["items"]], listed["total"]) == ([own["id"], others["id"]], 2)
    assert "figures" not in listed["items"][0]
    of_village = await ok(clerk.get("/statistics/report-claims", params={"place": VILLAGE}))
    assert [item["id"] for item in of_village["items"]] == [own["id"]]
    assert len((await ok(village.get("/statistics/report-claims")))["items"]) == 1
    await refused(village.get(f"/statistics/report-claims/{others['id']}"), 404, "not-found")
    for place in (OTHER_TOWN, OTHER_VILLAGE):
        elsewhere = village.post("/statistics/report-claims", json=told | {"place": place})
        await refused(elsewhere, 422, "unknown-reference")
    viewer = await world.caller(Role.DISTRICT_STAT_VIEWER, "500114000000")
    await refused(viewer.post("/statistics/report-claims", json=told), 403, "forbidden")
    backwards = {"text": "受理1起", "from": "2020-02-01", "to": "2020-01-01"}
    await refused(clerk.post("/statistics/report-claims", json=backwards), 422, "invalid-input")
    await refused(clerk.post("/statistics/report-claims", json=told | {"text": "很好"}), 422, "claim-not-read")
