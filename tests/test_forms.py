"""Official forms filled from a case, and its volume: what they say, what is missing, and how it is closed."""

import io
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest

from app.documents import extra
from app.documents.codes import DocumentForm, ReportPaper
from app.documents.extra import write_templates
from app.people.codes import Role
from tests.sample_volume import oral_case, whole_case
from tests.samples import ID_NUMBER, PHONE
from tests.tables import rows
from tests.world import (
    PNG,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    attachment,
    case,
    created,
    failed,
    mediator,
    ok,
    party,
    refused,
    settled_case,
    started_round,
)

HOSTILE = "A&B <w:p> {{ 7*7 }} {% raw %} ]]> \"'</w:t>"


def text_of(content: bytes) -> str:
    """Paragraphs and cells, in the order of the document."""
    document = docx.Document(io.BytesIO(content))
    found = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            found += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            found.append(block.text)
    return "\n".join(found)


async def form(caller: Caller, case_id: str, name: str) -> str:
    reply = await caller.get(f"/cases/{case_id}/documents/{name}")
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-disposition"].endswith(".docx")
    return text_of(reply.content)


async def written_case(caller: Caller, world: World, sessions: int = 2) -> dict[str, Any]:
    parties = [
        party(id_number=ID_NUMBER, phone=PHONE, address="黄泥村二组", sex="male", born_on="1964-05-06"),
        party("respondent", "张某乙"),
    ]
    lead = await mediator(world, VILLAGE, "李某甲")
    known = await accepted_case(
        caller, parties=parties, summary="屋檐滴水，双方争执。\n经劝解未果。", amount_claimed="1200.00"
    )
    mediation = await started_round(caller, known["id"], mediators=[str(lead)])
    for number in range(sessions):
        session = {"held_on": "2020-03-04", "form": "onsite", "record": f"第{number + 1}次到场。\n双方各说各话。" * 20}
        await created(caller.post(f"/mediations/{mediation['id']}/sessions", json=session))
    payer = known["parties"][0]["id"]
    duty = {"party_id": payer, "what": "补偿粮食损失", "due_on": "2020-03-31", "amount": "1200.00"}
    signatures = [{"party_id": p["id"], "on": "2020-03-05"} for p in known["parties"]]
    signatures += [{"mediator_id": str(lead), "on": "2020-03-06"}, {"seal": True, "on": "2020-03-07"}]
    body = agreed(form="written", obligations=[duty], signatures=signatures)
    await ok(caller.post(f"/mediations/{mediation['id']}/conclusion", json=body))
    return await ok(caller.get(f"/cases/{known['id']}"))


async def test_each_form_says_what_the_case_says(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await written_case(clerk, world)
    number = known["number"]
    says = {
        "application": ("人民调解申请书", "申请人：张某甲，男，55岁", "屋檐滴水", "1200.00元", "2020年3月1日"),
        "registration": ("2020年3月2日", number, "邻里纠纷", "依申请调解", "黎水镇人民调解委员会（印）"),
        "investigation": ("人民调解调查记录", "纠纷当事人：张某甲、张某乙"),
        "evidence": (number, "证据名称"),
        "record": ("（第1次，现场调解）", "第1次到场", "第2次到场", "达成协议", "2020年3月4日"),
        "agreement": (number, "被申请人：张某乙", "屋檐加装水槽", "补偿粮食损失，1200.00元，于2020年3月31日前履行",
                      "一式3份"),
        "return_visit": (number, "张某甲、张某乙"),
        "confirmation": (number, "2020年3月7日生效", "第三十三条"),
        "statement": ("卷宗情况说明", "没有协议书的签章原件"),
        "cover": ("（2020）人调字第1号", "张某甲、张某乙邻里纠纷", "2020年3月3日 至 2020年3月5日", "调解成功"),
        "index": ("人民调解记录（第1次）", "人民调解协议书", "本卷宗共"),
    }  # fmt: skip
    for name, words in says.items():
        told = await form(clerk, known["id"], name)
        for word in words:
            assert word in told, (name, word, told)
        assert ID_NUMBER not in told
        assert PHONE not in told
        assert "{" not in told
    assert "110105********002X" in await form(clerk, known["id"], "agreement")
    assert set(says) == set(DocumentForm) - {DocumentForm.ORAL_AGREEMENT}
    await refused(clerk.get(f"/cases/{known['id']}/documents/oral_agreement"), 409, "form-not-possible")
    await refused(clerk.get(f"/cases/{known['id']}/documents/other"), 404, "not-found")
    oral = await settled_case(clerk)
    told = await form(clerk, oral["id"], "oral_agreement")
    assert "屋檐加装水槽" in told
    assert "口头协议" in told


async def test_forms_that_the_case_does_not_give_yet_say_what_they_lack(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    listed = {item["form"]: item for item in (await ok(clerk.get(f"/cases/{known['id']}/documents")))["items"]}
    assert list(listed) == [str(one) for one in DocumentForm]
    assert [item["no"] for item in listed.values()] == list(range(1, 13))
    assert {name for name, item in listed.items() if item["possible"]} == {"application", "registration"}
    problem = await refused(clerk.get(f"/cases/{known['id']}/documents/agreement"), 409, "form-not-possible")
    assert problem["gaps"] == ["not_accepted", "no_agreement"]
    assert "张某甲" in await form(clerk, known["id"], "application")
    settled = await settled_case(clerk)
    listed = {item["form"]: item for item in (await ok(clerk.get(f"/cases/{settled['id']}/documents")))["items"]}
    required = {name for name, item in listed.items() if item["requirement"] == "required"}
    assert required == {"registration", "record", "oral_agreement", "cover", "index"}
    assert listed["record"]["missing"] == ["no_session_record"]


async def test_what_people_wrote_is_text_and_nothing_else(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    parties = [party(name=HOSTILE, address=HOSTILE), party("respondent", "张某乙")]
    known = await accepted_case(clerk, summary=HOSTILE, parties=parties)
    await attachment(clerk, known["id"], title=HOSTILE)
    for name in ("application", "registration", "cover", "index"):
        assert HOSTILE in await form(clerk, known["id"], name), name


async def test_a_volume_has_its_papers_in_order_with_their_pages(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await written_case(clerk, world)
    await attachment(clerk, known["id"], kind="receipt", title="收条")
    await attachment(clerk, known["id"], kind="evidence", title="粮食照片")
    await attachment(clerk, known["id"], kind="agreement", title="协议书原件", page_count="3")
    await attachment(clerk, known["id"], kind="identity")
    gone = await attachment(clerk, known["id"], kind="other", title="误传")
    await ok(clerk.post(f"/cases/{known['id']}/attachments/{gone['id']}/withdrawal", json={"reason": "误传"}))
    volume = await ok(clerk.get(f"/cases/{known['id']}/dossier"))
    told = [(entry["title"], entry["first_page"], entry["page_count"]) for entry in volume["entries"]]
    record = told[3][2]
    assert told == [
        ("人民调解受理登记表", 1, 1),
        ("身份证明", 2, 1),
        ("粮食照片", 3, 1),
        ("人民调解记录（第1次）", 4, record),
        ("人民调解记录（第2次）", 4 + record, record),
        ("协议书原件", 4 + 2 * record, 3),
        ("收条", 7 + 2 * record, 1),
    ]
    assert volume["page_count"] == 7 + 2 * record
    assert (volume["volume_no"], volume["missing"], volume["complete"]) == ("（2020）人调字第1号", [], True)
    assert volume["missing_if_needed"] == ["no_application", "no_rights_notice", "no_return_visit"]
    pdf = await clerk.post(
        f"/cases/{known['id']}/attachments", data={"kind": "receipt"}, files={"file": b"%PDF-1.7 sample"}
    )
    assert pdf.status_code == 201
    volume = await ok(clerk.get(f"/cases/{known['id']}/dossier"))
    assert volume["entries"][-1]["page_count"] is None
    assert "pages_unknown" in volume["missing_if_needed"]


async def actions(caller: Caller, case_id: str) -> dict[str, Any]:
    return {item["step"]: item for item in (await ok(caller.get(f"/cases/{case_id}/actions")))["items"]}


async def test_what_is_missing_is_said_before_closing_and_before_archiving(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await accepted_case(clerk)
    mediation = await started_round(clerk, known["id"])
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=failed()))
    closing = (await actions(clerk, known["id"]))["closure"]
    assert closing["allowed"]
    assert closing["reason"].startswith("卷宗尚缺：没有调解记录、")
    english = await clerk.get(f"/cases/{known['id']}/actions", headers={"Accept-Language": "en"})
    assert "the volume still lacks: no record of mediation" in english.text
    await ok(clerk.post(f"/cases/{known['id']}/closure", json={"closed_on": "2020-03-06"}))
    assert (await actions(clerk, known["id"]))["archive"]["reason"].startswith("卷宗尚缺：没有调解记录、")


async def test_an_incomplete_volume_is_closed_with_a_statement_alone(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await settled_case(clerk)
    path = f"/cases/{known['id']}"
    problem = await refused(clerk.post(f"{path}/archive"), 409, "volume-incomplete")
    assert (problem["gaps"], problem["errors"][0]["pointer"]) == (["no_session_record"], "/statement")
    statement = "当场调解，未作记录，由村委会证明。"
    body = {"statement": statement, "retention": "permanent", "filer": "庹某甲", "remark": "一册"}
    archived = await ok(clerk.post(f"{path}/archive", json=body))
    assert archived["archived_at"]
    filing = (await ok(clerk.get(f"{path}/dossier")))["filing"]
    assert (filing["retention"], filing["filer"], filing["gaps"][0]) == ("permanent", "庹某甲", "no_session_record")
    assert statement in await form(clerk, known["id"], "statement")
    cover = await form(clerk, known["id"], "cover")
    assert all(word in cover for word in ("永久", "庹某甲", "一册"))
    await refused(clerk.post(f"{path}/archive", json=body), 409, "case-locked")


async def test_a_complete_volume_is_closed_as_it_is(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await written_case(clerk, world)
    problem = await refused(clerk.post(f"/cases/{known['id']}/archive"), 409, "volume-incomplete")
    assert problem["gaps"] == ["no_signed_copy"]
    await attachment(clerk, known["id"], kind="agreement")
    await ok(clerk.post(f"/cases/{known['id']}/archive"))
    filing = (await ok(clerk.get(f"/cases/{known['id']}/dossier")))["filing"]
    assert (filing["retention"], filing["filer"]) == ("long", "样例")
    never = await case(clerk)
    await ok(clerk.post(f"/cases/{never['id']}/withdrawal", json={"on": "2020-03-03", "reason": "和好。"}))
    await ok(clerk.post(f"/cases/{never['id']}/archive"))


async def names_in(caller: Caller, case_id: str) -> list[str]:
    reply = await caller.get(f"/cases/{case_id}/dossier/content")
    assert reply.status_code == 200, reply.text
    with zipfile.ZipFile(io.BytesIO(reply.content)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            assert package.read(name) == PNG if name.startswith("附件") else text_of(package.read(name))
        return package.namelist()


async def test_a_volume_is_downloaded_whole_without_what_its_reader_may_not_see(world: World) -> None:
    clerk, head = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.OFFICE_HEAD, TOWN)
    known = await written_case(clerk, world)
    await attachment(clerk, known["id"], kind="identity", title="张某甲/身份证")
    await attachment(clerk, known["id"], kind="evidence")
    forms = [
        "01 卷宗封面.docx",
        "02 卷内目录.docx",
        "03 人民调解受理登记表.docx",
        "04 人民调解记录.docx",
        "05 人民调解协议书.docx",
    ]
    assert await names_in(clerk, known["id"]) == [*forms, "附件03 证据材料.png"]
    assert await names_in(head, known["id"]) == [*forms, "附件02 张某甲_身份证.png", "附件03 证据材料.png"]
    records = [r for r in await rows(world, "audit_records") if r["action"] == "download_dossier"]
    assert [(r["target_type"], str(r["target_id"]), r["fields"]) for r in records] == [
        ("case", known["id"], ["dossier"])
    ] * 2
    store: Any = world.kernel.files.store
    for path in list(store.root.glob("??/*")):
        path.unlink()
    await refused(clerk.get(f"/cases/{known['id']}/dossier/content"), 503, "file-missing")


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_volume_of_forty_pages_is_made_in_two_seconds(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await written_case(clerk, world, sessions=30)
    assert (await ok(clerk.get(f"/cases/{known['id']}/dossier")))["page_count"] >= 40
    took = []
    for _ in range(3):
        started = time.perf_counter()
        await names_in(clerk, known["id"])
        took.append(time.perf_counter() - started)
    assert min(took) < 2, took


async def test_an_office_puts_its_own_template_in_place_of_ours(world: World, tmp_path: Path) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await accepted_case(clerk)
    assert write_templates(tmp_path) == len(DocumentForm) + len(ReportPaper)
    world.app.state.kernel = replace(world.kernel, forms=tmp_path)
    own = docx.Document()
    own.add_paragraph("本所样式 {{ case.number }} {{ committee }}")
    own.save(str(tmp_path / "cover.docx"))
    assert write_templates(tmp_path) == 0, "what stands there is left alone"
    assert await form(clerk, known["id"], "cover") == f"本所样式 {known['number']} 黎水镇人民调解委员会"
    for broken in (
        "{{ no_such_word }}",
        "{% for x in parties %}",
        "{{ case.number.__class__.__mro__ }}",
        "{{ 1 / 0 }}",
        "{% for i in range(1000000000) %}x{% endfor %}",
    ):
        own = docx.Document()
        own.add_paragraph(broken)
        own.save(str(tmp_path / "cover.docx"))
        await refused(clerk.get(f"/cases/{known['id']}/documents/cover"), 409, "form-template-broken")
    (tmp_path / "cover.docx").write_bytes(b"no document")
    await refused(clerk.get(f"/cases/{known['id']}/documents/cover"), 409, "form-template-broken")
    assert "受理登记表" in await form(clerk, known["id"], "registration")


async def test_what_was_recorded_in_its_course_stands_in_the_forms(world: World) -> None:
    """Investigations, evidence, return visits, what the court was asked for; what was taken back is left out."""
    head = await world.caller(Role.OFFICE_HEAD, TOWN)
    id = await whole_case(world, head)
    says = {
        "investigation": ("2020年3月3日", "被调查人：庹某甲", "参加人：冉某乙", "调查人：李某甲", "约四十厘米"),
        "evidence": ("1\t现场照片\t当事人提供\t张某甲\t2\t2020年3月3日", "2\t受损粮食清单\t现场查看\t调委会收集"),
        "return_visit": ("上门回访", "是否满意：满意", "履行情况：已履行", "有无新的纠纷：无", "双方和好", "庹某甲"),
        "confirmation": ("黔江区人民法院", "2020年3月20日"),
    }
    for name, words in says.items():
        told = await form(head, id, name)
        for word in words:
            assert word in told, (name, word, told)
    listed = {item["form"]: item["missing"] for item in (await ok(head.get(f"/cases/{id}/documents")))["items"]}
    assert all(listed[name] == [] for name in says)
    titles = [entry["title"] for entry in (await ok(head.get(f"/cases/{id}/dossier")))["entries"]]
    assert titles == [
        *("人民调解受理登记表", "身份证复印件", "人民调解调查记录（第1次）", "人民调解证据材料", "受损粮食照片"),
        *("人民调解记录（第1次）", "人民调解记录（第2次）", "人民调解协议书", "收条"),
        *("人民调解回访记录（第1次）", "司法确认申请书"),
    ]
    known = await accepted_case(head)
    kept = {"name": "欠条", "source": "当事人提供", "received_on": "2020-03-03"}
    await created(head.post(f"/cases/{known['id']}/evidence", json=kept))
    gone = await created(head.post(f"/cases/{known['id']}/evidence", json=kept | {"name": "别家的欠条"}))
    withdrawal = {"on": "2020-03-04", "reason": "与本案无关。"}
    await ok(head.post(f"/cases/{known['id']}/evidence/{gone['id']}/withdrawal", json=withdrawal))
    told = await form(head, known["id"], "evidence")
    assert "1\t欠条" in told
    assert "别家" not in told


async def test_without_the_extra_the_service_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    head = await world.caller(Role.OFFICE_HEAD, TOWN)
    case_id = await oral_case(head)
    extra._rendering.cache_clear()
    monkeypatch.delitem(sys.modules, "app.documents.rendering", raising=False)
    monkeypatch.setitem(sys.modules, "docxtpl", None)
    path = f"/cases/{case_id}/documents/{DocumentForm.ORAL_AGREEMENT}"
    await refused(head.get(path), 503, "forms-not-installed")
    monkeypatch.undo()
    extra._rendering.cache_clear()
    assert (await head.get(path)).status_code == 200
