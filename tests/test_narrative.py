"""The paragraph of the yearly report: every number in both texts is the register's, and its cases are listed."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import docx
import pytest

from app.people.codes import Role
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
    failed,
    ok,
    refused,
    started_round,
)

YEAR = {"year": "2020"}


async def told(caller: Caller, **query: str) -> Any:
    return await ok(caller.get("/statistics/narrative", params=query or YEAR))


async def ended_case(caller: Caller, method: str, body: dict[str, Any], on: str = "2020-03-02", **fields: Any) -> None:
    year = on[:4]
    days = {"on": f"{year}-03-03"}
    accepted = await accepted_case(caller, on=on, reported_on=f"{year}-03-01", **fields)
    mediation = await started_round(caller, accepted["id"], method, **days)
    await ok(caller.post(f"/mediations/{mediation['id']}/conclusion", json=body))
    if body["outcome"] == "failed":
        await ok(caller.post(f"/cases/{accepted['id']}/closure", json={"closed_on": f"{year}-03-06"}))


async def a_year(world: World) -> Caller:
    """2019: one case, settled. 2020: four accepted, of which two settled, one failed, one not begun."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await ended_case(clerk, "people", agreed("2019-03-05"), on="2019-03-02")
    await ended_case(clerk, "people", agreed())
    await ended_case(clerk, "police", agreed(), source="referral_police")
    await ended_case(clerk, "lawyer", failed(), source="proactive")
    await accepted_case(clerk, OTHER_VILLAGE)
    return clerk


async def listed(caller: Caller, link: str) -> int:
    answer = await ok(caller.get(link.removeprefix("/api/v1") + "&total=exact"))
    return int(answer["total"])


async def test_the_paragraph_of_a_year(world: World) -> None:
    clerk = await a_year(world)
    narrative = await told(clerk)
    assert narrative["zh"] == (
        "2020年，黎水镇共受理矛盾纠纷4件，其中依申请2件、主动调解（含排查发现）1件、接受委托移送1件；按调解方式，"
        "人民调解1件、警调对接1件、律调对接1件、尚未开始调解1件。受理的案件中，已调处3件，调处率75.00%（3/4），"
        "调处成功率66.67%（2/3）。期内办结3件，其中调解成功2件、调解不成1件，协议达成率66.67%（2/3）；期末未结1件。"
        "与上年同期（1件）相比，受理数增加3件（300.00%），调处成功率较上年同期的100.00%（1/1）下降33.33个百分点。"
    )
    assert narrative["en"] == (
        "Disputes received by 黎水镇 in 2020: 4; of these 2 on application, 1 on the committees' own initiative "
        "(patrols included), 1 referred by other bodies; by method: People's mediation 1, Police linkage 1, "
        "Lawyer linkage 1, not yet mediated 1. Handled: 3, a handling rate of 75.00% (3/4); success rate 66.67% (2/3). "
        "Closed in the period: 3 (2 with success, 1 without); agreement rate 66.67% (2/3); open at the end: 1. "
        "Against the same days of the year before (1 received): 3 more (300.00%); success rate, then 100.00% (1/1), "
        "down 33.33 percentage points."
    )


def digits(text: str) -> str:
    return "".join(character for character in text if character in "0123456789.%/")


def backing_of(number: Any) -> str:
    """What it is to be printed as, from what backs it."""
    if "percent" not in number:
        was = number.get("before", {"value": 0})["value"]
        more = abs(number["value"] - was)
        return f"{more}" + (f"{100 * more / was:.2f}%" if was else "")
    if "before" in number:
        return f"{abs(float(number['percent']) - float(number['before']['percent'])):.2f}"
    return f"{number['percent']}%{number['numerator']}/{number['denominator']}"


async def test_every_number_is_backed(world: World) -> None:
    """No digit stands in either text outside a backed number, but for the year; each is printed as its backing says;
    and its cases are as many as it counts."""
    clerk = await a_year(world)
    narrative = await told(clerk)
    for text, span in ((narrative["zh"], "zh_span"), (narrative["en"], "en_span")):
        rest, end = "", 0
        for number in narrative["numbers"]:
            rest, (start, end) = rest + text[end : number[span][0]], number[span]
            printed = text[start:end]
            assert digits(printed) == backing_of(number), printed
        assert digits(rest + text[end:]).strip(".") in {"2020", "2020."}, rest
    for number in narrative["numbers"]:
        counted = number.get("value", number.get("numerator"))
        assert await listed(clerk, number["cases"]) == counted, number
    changes = [number for number in narrative["numbers"] if "before" in number]
    assert [await listed(clerk, number["before"]["cases"]) for number in changes] == [1, 1]


async def test_where_nothing_was_received_there_is_no_rate(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await accepted_case(clerk)
    empty = await told(clerk, place=OTHER_VILLAGE, year="2020")
    assert empty["zh"] == (
        "2020年，黎水村共受理矛盾纠纷0件。受理的案件中，已调处0件，调处率无，调处成功率无。"
        "期内办结0件，其中调解成功0件、调解不成0件，协议达成率无；期末未结0件。"
    )
    assert "handling rate of none; success rate none" in empty["en"]
    started = await told(clerk, **{"from": "2020-03-01", "to": "2020-03-31"})
    assert started["zh"].startswith(
        "2020年3月1日至2020年3月31日，黎水镇共受理矛盾纠纷1件，其中依申请1件；按调解方式，尚未开始调解1件。"
    )
    assert "调处率0.00%（0/1），调处成功率无" in started["zh"]
    oldest = await told(clerk, **{"from": "1900-01-01", "to": "1900-12-31"})
    assert "上年" not in oldest["zh"]


async def test_a_district_without_cases_has_a_paragraph_too(world: World) -> None:
    viewer = await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    assert (await told(viewer))["zh"].startswith("2020年，黔江区共受理矛盾纠纷0件。")
    query = {"from": "2020-01-01", "to": "2020-12-31", "indicator": "received,agreement_amount"}
    values = (await ok(viewer.get("/statistics", params=query)))["rows"][0]["values"]
    assert (values["received"]["value"], values["agreement_amount"]["value"]) == (0, "0.00")


async def test_a_leap_day_is_compared_with_the_day_before(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await accepted_case(clerk, on="2019-02-28", reported_on="2019-02-28")
    narrative = await told(clerk, **{"from": "2020-02-29", "to": "2020-02-29"})
    assert "与上年同期（1件）相比，受理数减少1件（100.00%）。" in narrative["zh"]


async def test_a_year_that_runs_says_so(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    assert "2100年（截至20" in (await told(clerk, year="2100"))["zh"]
    assert "截至" not in (await told(clerk, year="2020"))["zh"]


async def test_it_changes_its_etag_with_its_figures_alone(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await accepted_case(clerk)
    first = await clerk.get("/statistics/narrative", params=YEAR)
    again = await clerk.get("/statistics/narrative", params=YEAR, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    await accepted_case(clerk)
    assert (await clerk.get("/statistics/narrative", params=YEAR)).headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"from": "2020-01-01"},
        {"year": "2020", "from": "2020-01-01", "to": "2020-12-31"},
        {"year": "2020", "to": "2020-12-31"},
        {"from": "2020-02-01", "to": "2020-01-01"},
        {"year": "1899"},
        {"year": "２０２０"},
        {"year": "2020", "wrong": "1"},
    ],
)
async def test_what_is_no_period_is_refused(world: World, query: dict[str, str]) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await refused(clerk.get("/statistics/narrative", params=query), 422, "invalid-input")


async def test_a_narrative_is_of_ones_own_place(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    elsewhere = clerk.get("/statistics/narrative", params={**YEAR, "place": OTHER_TOWN})
    problem = await refused(elsewhere, 422, "unknown-reference")
    assert problem["errors"][0]["pointer"] == "query:place"
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    assert (await told(village))["place"] == VILLAGE
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    await refused(grid.get("/statistics/narrative", params=YEAR), 403, "forbidden")


def cells_of(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(content)).tables[0].rows]


async def test_the_document_says_the_same_with_the_meaning_of_each_figure(world: World, tmp_path: Path) -> None:
    clerk = await a_year(world)
    narrative, reply = await told(clerk), await clerk.get("/statistics/narrative/document", params=YEAR)
    assert reply.status_code == 200, reply.text
    assert "2020" in unquote(reply.headers["content-disposition"])
    paragraphs = [paragraph.text for paragraph in docx.Document(io.BytesIO(reply.content)).paragraphs]
    assert paragraphs[0] == "2020年黎水镇矛盾纠纷调处情况"
    assert narrative["zh"] in paragraphs
    heads, *rows = cells_of(reply.content)
    assert heads == ["序号", "指标", "数值", "口径"]
    assert {row[1]: row[2] for row in rows}["调处成功率"] == "66.67%（2/3）"
    assert [row[1] for row in rows][:2] == ["受理数", "调处数"]
    assert len(rows) == len({number["indicator"] for number in narrative["numbers"]}) == 9
    assert all(row[3].endswith("。") for row in rows)
    world.app.state.kernel = replace(world.kernel, forms=tmp_path)
    own = docx.Document()
    own.add_paragraph("本镇样式：{{ text }}{{ text_en }}")
    own.save(str(tmp_path / "narrative.docx"))
    reply = await clerk.get("/statistics/narrative/document", params=YEAR)
    written = docx.Document(io.BytesIO(reply.content)).paragraphs[0].text
    assert written == f"本镇样式：{narrative['zh']}{narrative['en']}"
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    await refused(grid.get("/statistics/narrative/document", params=YEAR), 403, "forbidden")
