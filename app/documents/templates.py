"""Our own templates: the twelve forms, drawn by program after the samples of 2010 (司发通〔2010〕239号); the report.

`tiaojie forms FOLDER` writes them as files, for an office to change and put into TIAOJIE_FORMS.
"""

import io
from collections.abc import Callable
from functools import cache

from app.documents.codes import DocumentForm, ReportPaper
from app.documents.layout import Sheet, day
from app.documents.report_templates import narrative
from app.documents.volume_templates import cover, index, statement

Paper = DocumentForm | ReportPaper
SIGNED = "（签名、盖章或按指印）："


def _parties(sheet: Sheet) -> None:
    sheet.head("当事人（姓名、性别、年龄、证件、住址、联系方式；单位写名称、地址、法定代表人）")
    sheet.line("申请人：{{ applicants }}")
    sheet.line("被申请人：{{ respondents }}")
    sheet.tag("if third_parties")
    sheet.line("第三人：{{ third_parties }}")
    sheet.tag("endif")


def application() -> Sheet:
    sheet = Sheet("人民调解申请书")
    _parties(sheet)
    sheet.head("纠纷简要情况")
    sheet.line("{{ case.summary }}", indent=True)
    sheet.head("当事人申请事项")
    sheet.line("1．请求{{ committee or '人民调解委员会' }}就上述{{ case.category }}进行调解。", indent=True)
    sheet.tag("if case.amount")
    sheet.line("2．涉及金额{{ case.amount }}。", indent=True)
    sheet.tag("endif")
    sheet.line("人民调解委员会已将申请人民调解的相关规定告知我，现自愿申请人民调解。", indent=True)
    sheet.line("")
    sheet.right(f"申请人{SIGNED}                    ")
    sheet.right(day("case.reported_on"))
    return sheet


def registration() -> Sheet:
    sheet = Sheet("人民调解受理登记表")
    sheet.rows(
        [
            ("时  间", day("case.accepted_on"), 1.1),
            ("编  号", "{{ case.number }}", 1.1),
            ("当事人", "{{ party_list }}", 3.2),
            ("纠纷类型", "{{ case.category }}", 1.1),
            ("案件来源", "{{ case.source }}", 1.1),
            ("纠纷发生", "{{ case.occurred_on }} {{ case.place }}{{ case.location }}", 1.1),
            ("纠纷简要\n情　　况", "{{ case.summary }}", 6.0),
            ("当事人\n签　名", "\n", 1.8),
            ("登记人\n签　名", "{{ registrar }}", 1.5),
        ]
    )
    sheet.line("备注：此表由人民调解委员会填写。", size=12)
    sheet.right("{{ committee }}（印）")
    sheet.right(day("case.accepted_on"))
    return sheet


def investigation() -> Sheet:
    sheet = Sheet()
    sheet.tag("for r in investigations or [blank]")
    sheet.title("人民调解调查记录")
    sheet.line("时间：" + day("r.on"))
    sheet.line("地点：{{ r.place }}")
    sheet.line("参加人：{{ r.present }}")
    sheet.line("被调查人：{{ r.asked }}")
    sheet.line("纠纷当事人：{{ party_names }}")
    sheet.head("记录")
    sheet.line("{{ r.record or '\\n' * 12 }}", indent=True)
    _signers(sheet, "被调查人", "调查人：{{ r.asked_by }}", "记录人：{{ r.recorder }}")
    _next(sheet)
    return sheet


def evidence() -> Sheet:
    sheet = Sheet("人民调解证据材料")
    sheet.line("案件编号：{{ case.number }}    当事人：{{ party_names }}")
    columns = [
        ("序号", "{{ e.seq }}", 1.5),
        ("证据名称", "{{ e.name }}", 3.7),
        ("来源", "{{ e.source }}", 3.3),
        ("提交人", "{{ e.by }}", 2.2),
        ("页数", "{{ e.pages }}", 1.4),
        ("收到日期", "{{ e.on }}", 3.5),
    ]
    sheet.grid(columns, "e in evidence", blank_rows=6)
    sheet.line("")
    sheet.right("收集人（签名）：                    ")
    sheet.right("      年   月   日")
    return sheet


def record() -> Sheet:
    sheet = Sheet()
    sheet.tag("for s in sessions or [blank]")
    sheet.title("人民调解记录")
    sheet.line("案件编号：{{ case.number }}（第{{ s.no or ' ' }}次，{{ s.form }}）")
    sheet.line("时间：" + day("s.held_on"))
    sheet.line("地点：{{ s.place }}")
    sheet.line("当事人：{{ party_names }}")
    sheet.line("参加人：{{ s.attendees }}")
    sheet.line("人民调解委员会已将人民调解的相关规定告知各方当事人。", indent=True)
    sheet.head("调解记录")
    sheet.line("{{ s.record or '\\n' * 10 }}", indent=True)
    sheet.head("调解结果")
    sheet.line("{{ s.result or s.next_step or ' ' }}", indent=True)
    _signers(
        sheet, "当事人", "人民调解员（签名）：{{ mediators }}", "参加人（签名）：", "记录人（签名）：{{ s.recorder }}"
    )
    _next(sheet)
    return sheet


def agreement() -> Sheet:
    sheet = Sheet("人民调解协议书")
    sheet.right("编号：{{ case.number }}")
    _parties(sheet)
    sheet.head("纠纷主要事实、争议事项")
    sheet.line("{{ case.summary }}", indent=True)
    sheet.head("经调解，自愿达成如下协议")
    sheet.line("{{ agreement.content }}", indent=True)
    sheet.head("履行方式、时限")
    sheet.line("{{ agreement.performance or '按上述内容履行。' }}", indent=True)
    sheet.line(
        "本协议一式{{ agreement.copies }}份，当事人各持一份，人民调解委员会留存一份。"
        "协议自各方当事人签名、盖章或者按指印，人民调解员签名并加盖人民调解委员会印章之日起生效。",
        indent=True,
        with_next=True,
    )
    sheet.line("", with_next=True)
    sheet.tag("for p in parties")
    sheet.line(f"{{{{ p.side }}}}{SIGNED}", with_next=True)
    sheet.tag("endfor")
    sheet.line("人民调解员（签名）：", with_next=True)
    sheet.line("记录人（签名）：", with_next=True)
    sheet.tag("if agreement.signatures")
    sheet.line("登记的签章：{{ agreement.signatures }}", size=12, with_next=True)
    sheet.tag("endif")
    sheet.right("{{ committee }}（印）", with_next=True)
    sheet.right(day("agreement.agreed_on"))
    return sheet


def oral_agreement() -> Sheet:
    sheet = Sheet("人民调解口头协议登记表")
    sheet.right("编号：{{ case.number }}")
    sheet.rows(
        [
            ("当事人", "{{ party_list }}", 3.0),
            ("纠纷主要\n事实、\n争议事项", "{{ case.summary }}", 4.4),
            ("口头协议\n内　　容", "{{ agreement.content }}", 4.4),
            ("履行方式、\n时　　限", "{{ agreement.performance }}", 2.6),
            ("协议达成\n日　　期", "{{ agreement.agreed_on }}（{{ agreement.form }}）", 1.2),
            ("人民调解员\n签　　名", "{{ mediators }}", 1.5),
            ("备  注", "", 1.2),
        ]
    )
    sheet.line("")
    sheet.right("{{ committee }}（印）")
    sheet.right(day("agreement.agreed_on"))
    return sheet


def return_visit() -> Sheet:
    sheet = Sheet()
    sheet.tag("for v in visits or [blank]")
    sheet.title("人民调解回访记录")
    sheet.line("当事人：{{ v.parties or party_names }}")
    sheet.line("调解协议编号：{{ case.number }}")
    sheet.line("回访事由：{{ v.why or '了解协议履行情况和当事人意见' }}")
    sheet.line("回访方式：{{ v.form }}    是否满意：{{ v.satisfaction }}")
    sheet.line("履行情况：{{ v.performance }}    有无新的纠纷：{{ v.new_dispute }}")
    sheet.head("回访情况")
    sheet.line("{{ v.findings or '\\n' * 8 }}", indent=True)
    sheet.line("")
    sheet.right("回访人（签名）：{{ v.visitor or '                    ' }}")
    sheet.right(day("v.on"))
    _next(sheet)
    return sheet


def confirmation() -> Sheet:
    sheet = Sheet("司法确认申请书")
    sheet.line("申请人：{{ applicants }}")
    sheet.line("申请人：{{ respondents }}")
    sheet.head("请求事项")
    sheet.line("请求依法确认{{ committee }}主持达成的{{ case.number }}人民调解协议有效。", indent=True)
    sheet.head("事实和理由")
    sheet.line("{{ case.summary }}", indent=True)
    sheet.line("{{ agreement.agreed_on }}，申请人在人民调解员{{ mediators }}主持下自愿达成协议：", indent=True)
    sheet.line("{{ agreement.content }}", indent=True)
    sheet.line("协议已于{{ agreement.effective_on or '      年   月   日' }}生效。", indent=True)
    sheet.line(
        "申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；如因协议内容给他人造成损害，愿意承担相应的"
        "民事责任和其他法律责任。依照《中华人民共和国人民调解法》第三十三条，自协议生效之日起三十日内共同申请司法确认。",
        indent=True,
    )
    sheet.line("此致")
    sheet.line("{{ court or '                    人民法院' }}")
    sheet.tag("for p in parties")
    sheet.right(f"申请人（{{{{ p.name }}}}）{SIGNED}                ")
    sheet.tag("endfor")
    sheet.right("      年   月   日")
    sheet.line("附：人民调解协议书{{ confirmation }}", size=12)
    return sheet


def _signers(sheet: Sheet, who: str, *further: str) -> None:
    sheet.line("")
    sheet.line(f"{who}{SIGNED}")
    for line in further:
        sheet.line(line)


def _next(sheet: Sheet) -> None:
    """Each record begins a page of its own."""
    sheet.tag("if not loop.last")
    sheet.new_page()
    sheet.tag("endif")
    sheet.tag("endfor")


DRAWN: dict[Paper, Callable[[], Sheet]] = {
    DocumentForm.APPLICATION: application,
    DocumentForm.REGISTRATION: registration,
    DocumentForm.INVESTIGATION: investigation,
    DocumentForm.EVIDENCE: evidence,
    DocumentForm.RECORD: record,
    DocumentForm.AGREEMENT: agreement,
    DocumentForm.ORAL_AGREEMENT: oral_agreement,
    DocumentForm.RETURN_VISIT: return_visit,
    DocumentForm.CONFIRMATION: confirmation,
    DocumentForm.STATEMENT: statement,
    DocumentForm.COVER: cover,
    DocumentForm.INDEX: index,
    ReportPaper.NARRATIVE: narrative,
}


@cache
def template_of(form: Paper) -> bytes:
    written = io.BytesIO()
    DRAWN[form]().document.save(written)
    return written.getvalue()
