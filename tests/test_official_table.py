"""The official case table is what a plain recount of the register finds, foots, and opens elsewhere with its sums."""

import asyncio
import csv
import io
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.core.csv_text import csv_of
from app.people.codes import CommitteeType, MediatorKind, OrganizationKind, Role
from app.people.models import Mediator, Organization
from app.statistics.models import CountedCase
from app.statistics.official_checks import checks
from app.statistics.official_columns import SUBJECTS, columns, subject_of
from app.statistics.table_schemas import XLSX_TYPE
from tests.recount import FIRST, LAST, PERIOD, PLACES_BELOW, below, register
from tests.world import (
    DISTRICT,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    Caller,
    World,
    committee,
    created,
    mediator,
    ok,
    operating,
    organization,
    patrol,
    refused,
    settled_case,
    zero_report,
)

pytestmark = pytest.mark.recounts_by_hand
"""Counted rows are written here without their cases, and recounted from what was written."""
TABLE = "/statistics/official-table"
YEAR = {"from": "2020-01-01", "to": "2020-12-31"}
HARMS = {"suicide_people": "suicides", "fight_people": "fights"}


async def table(caller: Caller, **query: Any) -> Any:
    return await ok(caller.get(TABLE, params=PERIOD | query))


async def kinds_of_committee(world: World) -> dict[Any, str]:
    """The township's becomes a stationed office, for which the form has no column."""
    town, village = await committee(world, TOWN), await committee(world, VILLAGE)
    async with operating(world) as work:
        change = update(Organization).where(Organization.id == town)
        await work.session.execute(change.values(committee_type=CommitteeType.STATIONED_OFFICE))
    return {town: "social_org", village: "village"}


async def elaborate(world: World, cases: list[dict[str, Any]], seed: int) -> None:
    """What the generated cases do not say of themselves."""
    chance = random.Random(seed)
    async with operating(world) as work:
        for case in cases:
            facts = {
                "party_count": chance.randrange(2, 9),
                "agreement_amount": Decimal(chance.randrange(10_000_000)).scaleb(-2),
                "difficulty": chance.choice(["simple", "difficult", "major", None]),
                **{column: chance.choice([None, None, 1, 4]) for column in HARMS},
            }
            case.update(facts)
            await work.session.execute(update(CountedCase).where(CountedCase.case_id == case["id"]).values(**facts))


def recounted(cases: list[dict[str, Any]], kinds: dict[Any, str]) -> dict[str, Any]:
    """By the words of docs/official-table.md, in plain Python."""
    succeeded = [case for case in cases if case["outcome"] == "success"]
    form = [case["agreement_form"] for case in succeeded]
    source, category = ([case[name] for case in cases] for name in ("source", "category"))
    counts = {
        "cases": len(cases),
        "parties": sum(case["party_count"] for case in cases),
        "succeeded": len(succeeded),
        "difficult": sum(case["difficulty"] in {"difficult", "major"} for case in cases),
        "amount": sum(case["agreement_amount"] for case in succeeded) / 10_000,
        "oral": sum(one in {"oral", "on_the_spot"} for one in form),
        "written": form.count("written"),
        "source_referral": sum(one.startswith("referral") for one in source),
        "source_referral_other": sum(one in {"referral_other", "referral_labor_inspection"} for one in source),
        "source_referral_police": source.count("referral_police"),
        "source_proactive": source.count("proactive"),
        "category_labor": sum(one in {"labor", "migrant_wage_arrears"} for one in category),
        "category_migrant_wage_arrears": category.count("migrant_wage_arrears"),
        "category_neighbor": category.count("neighbor"),
        "category_other": category.count("other"),
    }
    for kind in ("village", "social_org"):
        counts[f"organization_{kind}"] = sum(kinds[case["organization_id"]] == kind for case in cases)
    for column, harm in HARMS.items():
        people = [case[column] for case in cases if case[column] is not None]
        counts |= {f"{harm}_prevented": len(people), f"people_in_{harm}_prevented": sum(people)}
    return counts


def of_period(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        case
        for case in cases
        if case["accepted_on"] and case["status"] not in {"merged", "voided"}
        if case["closed_on"] and FIRST <= case["closed_on"] <= LAST
    ]


def unit_of(case: dict[str, Any], place: str) -> str:
    return str(case["place"][:9] + "000" if place == DISTRICT else case["place"])


@pytest.mark.parametrize("seed", [3, 11])
async def test_every_cell_is_what_a_recount_finds(world: World, seed: int) -> None:
    kinds = await kinds_of_committee(world)
    cases = of_period(await register(world, seed, 150))
    await elaborate(world, cases, seed)
    readers = {TOWN: Role.OFFICE_CLERK, VILLAGE: Role.VILLAGE_MEDIATOR, DISTRICT: Role.DISTRICT_STAT_VIEWER}
    for place, role in readers.items():
        answer = await table(await world.caller(role, place))
        units = {row["place"]: row["values"] for row in answer["rows"]}
        assert len(answer["rows"]) == len(units)
        assert set(PLACES_BELOW[place]) <= set(units)
        mine = [case for case in cases if below(place, case["place"])]
        for code, values in [*units.items(), (None, answer["total"])]:
            expected = recounted([case for case in mine if code in (None, unit_of(case, place))], kinds)
            assert {key: _number(values[key]) for key in expected} == expected, (place, code)
            assert {key for key, value in values.items() if _number(value)} <= expected.keys()
        assert answer["foots"]
        assert len(answer["checks"]) == 9 * (len(units) + 1) + len(answer["columns"])
        assert [check["name"] for check in answer["checks"] if not check["holds"]] == []


def _number(value: Any) -> Any:
    return Decimal(value) if isinstance(value, str) else value


async def test_patrols_and_what_they_prevented_stand_beside_the_cases(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await created(clerk.post("/inspections", json=zero_report()))
    found = await created(clerk.post("/inspections", json=patrol(OTHER)))
    path = f"/inspections/{found['id']}/findings/{found['findings'][0]['id']}"
    await ok(clerk.post(f"{path}/lead", json={"on": "2020-03-01"}))
    await ok(clerk.post(f"{path}/prevention", json={"on": "2020-03-02", "note": "已劝和。"}))
    await settled_case(clerk)
    answer = await ok(clerk.get(TABLE, params=YEAR))
    rows = {row["name"]: row["values"] for row in answer["rows"]}
    assert answer["total"].items() >= {"patrols": 2, "prevented": 1, "cases": 1, "parties": 2, "oral": 1}.items()
    assert [values["patrols"] for values in rows.values()].count(1) == 2
    before = await ok(clerk.get(TABLE, params=YEAR | {"as_of": "2020-02-01T00:00:00Z"}))
    assert not any(_number(value) for value in before["total"].values())


OTHER = PLACES_BELOW[TOWN][2]


def test_every_kind_of_committee_has_one_column_and_the_form_has_two_sections() -> None:
    assert {subject_of(kind) for kind in CommitteeType} == set(SUBJECTS)
    assert subject_of(None) is CommitteeType.SOCIAL_ORG
    form = columns()
    assert len({column.key for column in form}) == len({column.heads for column in form}) == len(form) == 51
    assert [section.zh for section in dict.fromkeys(column.heads[0] for column in form)] == ["调解情况", "排查预防"]


def test_what_does_not_foot_is_said() -> None:
    form = columns()
    nothing = dict.fromkeys((column.key for column in form), 0)
    wrong = nothing | {"cases": 2, "succeeded": 3, "oral": 4, "source_referral": 1}
    failed = [
        (check["name"], check["place"]) for check in checks(form, {VILLAGE: wrong}, nothing) if not check["holds"]
    ]
    of_village = ["subjects", "sources", "categories", "referrals", "success", "forms"]
    down = ["units_cases", "units_succeeded", "units_source_referral", "units_oral"]
    assert failed == [*((name, VILLAGE) for name in of_village), *((name, None) for name in down)]


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"from": "2020-02-01", "to": "2020-01-01"}, "query:", "reversed-period"),
        ({"from": "2090-01-01", "to": "2090-12-31"}, "query:from", "period-not-begun"),
        (YEAR | {"as_of": "2019-12-31T15:59:59Z"}, "query:from", "period-not-begun"),
        (YEAR | {"format": "pdf"}, "query:format", "unknown-code"),
        ({"from": "2020-01-01"}, "query:to", "required"),
        (YEAR | {"category": "labor"}, "query:", "unknown-parameter"),
    ],
)
async def test_what_cannot_be_asked(world: World, query: dict[str, str], pointer: str, code: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    problem = await refused(clerk.get(TABLE, params=query), 422, "invalid-input")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]


async def test_foreign_and_unknown_places_are_refused(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for place in (OTHER_TOWN, DISTRICT, "500114109299"):
        await refused(clerk.get(TABLE, params=YEAR | {"place": place}), 422, "unknown-reference")
    await refused((await world.caller(Role.GRID_WORKER, VILLAGE)).get(TABLE, params=YEAR), 403, "forbidden")


async def test_csv_by_parameter_or_header_with_an_etag_of_the_figures(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await settled_case(clerk)
    reply = await clerk.get(TABLE, params=YEAR | {"format": "csv"})
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.content.startswith(b"\xef\xbb\xbf")
    heads, *rows, total = csv.reader(io.StringIO(reply.content.decode("utf-8-sig")))
    assert heads[:3] == ["单位", "区划代码", "调解情况·调解案件总数（件）"]
    assert "调解情况·案件来源·其中：法院（件）" in heads
    answer = await ok(clerk.get(TABLE, params=YEAR))
    assert [row[1] for row in rows] == [row["place"] for row in answer["rows"]]
    assert [Decimal(cell) for cell in total[2:]] == [Decimal(str(value)) for value in answer["total"].values()]
    by_header = await clerk.get(TABLE, params=YEAR, headers={"Accept": "text/csv"})
    assert by_header.content == reply.content
    assert "Accept" in by_header.headers["vary"]
    tag = reply.headers["etag"]
    known = await clerk.get(TABLE, params=YEAR | {"format": "csv"}, headers={"If-None-Match": tag})
    assert (known.status_code, known.headers["etag"], known.content) == (304, tag, b"")
    assert (await clerk.get(TABLE, params=YEAR, headers={"If-None-Match": tag})).status_code == 200
    await settled_case(clerk)
    changed = await clerk.get(TABLE, params=YEAR | {"format": "csv"}, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert (await clerk.get(TABLE, params=YEAR, headers={"Accept": "text/html"})).status_code == 406


def test_no_cell_of_a_csv_is_a_formula() -> None:
    for text in ("=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"):
        assert csv_of([[text, -1]]).decode("utf-8-sig") == next(_line([f"'{text}", "-1"]))
    assert csv_of([["1-1", None, Decimal("-0.5")]]).decode("utf-8-sig") == "1-1,,-0.5\r\n"


def _line(cells: list[str]) -> Iterator[str]:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    yield text.getvalue()


async def workbook(world: World) -> tuple[bytes, Any]:
    await kinds_of_committee(world)
    cases = of_period(await register(world, 5, 80))
    await elaborate(world, cases, 5)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    reply = await clerk.get(TABLE, params=PERIOD | {"format": "xlsx"})
    assert reply.headers["content-type"] == XLSX_TYPE
    return reply.content, await table(clerk)


async def test_the_workbook_has_merged_heads_frozen_panes_and_traceable_sums(world: World) -> None:
    content, answer = await workbook(world)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in page
    (print_setup,) = re.findall("<pageSetup [^>]*>", page)
    assert all(part in print_setup for part in ('paperSize="8"', 'orientation="landscape"', 'fitToHeight="0"'))
    merged = set(re.findall(r'mergeCell ref="([A-Z0-9:]+)"', page))
    assert {"A3:A5", "C3:AQ3", "AR3:BA3", "H4:M4", "C4:C5"} <= merged
    sums = re.findall(r"<f>SUM\(([A-Z]+)7:\1([0-9]+)\)</f><v>([^<]+)</v>", page)
    assert {end for _, end, _ in sums} == {str(6 + len(answer["rows"]))}
    totals = [float(value) for value in answer["total"].values()]
    assert [round(float(value), 6) for *_, value in sums] == totals
    assert len(re.findall("<f>", page)) == len(totals)


async def test_libreoffice_opens_the_workbook_with_the_same_sums(world: World, tmp_path: Path) -> None:
    """It computes the formulas anew, whatever we wrote beside them."""
    content, answer = await workbook(world)
    content = _without_cached_sums(content)
    (tmp_path / "table.xlsx").write_bytes(content)
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    office: list[str | Path] = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/office",
        "--headless",
        "--convert-to",
    ]
    export = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"
    command = [*office, export, "--outdir", tmp_path, tmp_path / "table.xlsx"]
    for _ in range(2):  # the first start of a new installation may only set itself up
        await asyncio.to_thread(lambda: subprocess.run(command, check=False, timeout=60, capture_output=True))
        if (tmp_path / "table.csv").exists():
            break
    else:
        pytest.skip("LibreOffice is installed without Calc")
    lines = list(csv.reader(io.StringIO((tmp_path / "table.csv").read_text("utf-8"))))
    opened = {line[0]: line[2:] for line in lines}
    totals = [float(value) for value in answer["total"].values()]
    assert [float(cell) for cell in opened["合计"]] == totals
    assert [round(float(cell), 6) for cell in opened["各行相加（公式）"]] == totals


def _without_cached_sums(content: bytes) -> bytes:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(changed, "w") as other:
        for name in book.namelist():
            text = book.read(name)
            other.writestr(name, re.sub(rb"</f><v>[^<]*</v>", b"</f>", text) if "sheet1" in name else text)
    return changed.getvalue()


async def test_the_parts_agree_while_others_write(own_world: World) -> None:
    """All of a table is counted in one snapshot."""
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    reader = await own_world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT)
    await committee(own_world, VILLAGE)

    async def settle() -> None:
        for _ in range(4):
            await settled_case(clerk)

    writing = [asyncio.create_task(settle()) for _ in range(3)]
    seen = []
    while not all(task.done() for task in writing):
        answer = await ok(reader.get(TABLE, params=YEAR))
        assert answer["foots"], [check for check in answer["checks"] if not check["holds"]]
        seen.append(answer["total"]["cases"])
    await asyncio.gather(*writing)
    assert seen == sorted(seen)
    assert len(set(seen)) > 2
    assert (await ok(reader.get(TABLE, params=YEAR)))["total"]["cases"] == 12


async def test_committees_and_their_mediators_by_type(world: World) -> None:
    await kinds_of_committee(world)
    retired = await mediator(world, TOWN, "张某丙")
    for place, name in ((TOWN, "李某甲"), (VILLAGE, "李某乙"), (VILLAGE, "李某丙")):
        await mediator(world, place, name)
    await organization(world, TOWN, kind=OrganizationKind.POLICE_STATION)
    async with operating(world) as work:
        change = update(Mediator).where(Mediator.id == retired)
        await work.session.execute(change.values(retired_on=work.today))
        kinds = update(Mediator).where(Mediator.name == "李某乙")
        await work.session.execute(kinds.values(kind=MediatorKind.PART_TIME))
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    answer = await ok(clerk.get("/statistics/committee-table"))
    rows = {row.pop("committee_type"): row for row in answer["rows"]}
    assert list(rows) == [str(kind) for kind in CommitteeType]
    assert rows["village"] == {"committees": 1, "mediators": 2, "full_time": 1, "part_time": 1}
    assert rows["stationed_office"] == {"committees": 1, "mediators": 1, "full_time": 1, "part_time": 0}
    assert answer["total"] == {"committees": 2, "mediators": 3, "full_time": 2, "part_time": 1}
    for place in (OTHER_TOWN, DISTRICT):
        foreign = clerk.get("/statistics/committee-table", params={"place": place})
        await refused(foreign, 422, "unknown-reference")
    reply = await clerk.get("/statistics/committee-table", params={"format": "csv"})
    assert list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))[-1] == ["合计", "", "2", "3", "2", "1"]
    sheet = await clerk.get("/statistics/committee-table", params={"format": "xlsx"})
    with zipfile.ZipFile(io.BytesIO(sheet.content)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"<f>SUM\([A-Z0-9:]+\)</f><v>([0-9]+)</v>", page) == ["2", "3", "2", "1"]
    assert {"D3:F3", "C3:C4"} <= set(re.findall(r'mergeCell ref="([A-Z0-9:]+)"', page))
