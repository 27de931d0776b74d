"""Our own templates of what holds a volume together: cover, index, and the statement of what is missing."""

from app.documents.layout import Sheet, day


def statement() -> Sheet:
    sheet = Sheet("卷宗情况说明")
    sheet.line("卷号：{{ volume.number }}    案件编号：{{ case.number }}")
    sheet.line("卷名：{{ volume.name }}")
    sheet.head("说明")
    sheet.line("{{ volume.statement or '\\n' * 6 }}", indent=True)
    sheet.tag("if volume.gaps")
    sheet.line("登记系统提示尚缺：{{ volume.gaps }}。", indent=True, size=12)
    sheet.tag("endif")
    sheet.line("")
    sheet.right("立卷人（签名）：{{ volume.filer or '                    ' }}")
    sheet.right(day("volume.filed_on"))
    return sheet


def cover() -> Sheet:
    sheet = Sheet()
    sheet.title("{{ committee or '人民调解委员会' }}", 26, before=40, after=30)
    sheet.title("人民调解卷宗", 36, after=40)
    sheet.rows(
        [
            ("卷  名", "{{ volume.name }}", 1.6),
            ("卷  号", "{{ volume.number }}", 1.4),
            ("案件编号", "{{ case.number }}", 1.4),
            ("人民调解员", "{{ mediators }}", 1.4),
            ("调解日期", "{{ case.mediated_on or case.accepted_on }} 至 {{ case.closed_on }}", 1.4),
            ("调解结果", "{{ case.outcome }}", 1.4),
            ("立卷人", "{{ volume.filer }}", 1.4),
            ("立卷日期", "{{ volume.filed_on }}", 1.4),
            ("保管期限", "{{ volume.retention }}", 1.4),
            ("页  数", "{{ volume.page_count }}", 1.4),
            ("备  注", "{{ volume.remark }}", 1.8),
        ]
    )
    return sheet


def index() -> Sheet:
    sheet = Sheet("卷内目录")
    columns = [
        ("序号", "{{ e.seq }}", 1.4),
        ("文书名称", "{{ e.title }}", 8.0),
        ("页号", "{{ e.first_page }}", 1.8),
        ("页数", "{{ e.page_count }}", 1.8),
        ("备注", "", 2.6),
    ]
    sheet.grid(columns, "e in volume.entries", blank_rows=3)
    sheet.line("")
    sheet.line("本卷宗共{{ volume.page_count }}页。")
    sheet.right("立卷人（签名）：{{ volume.filer or '                    ' }}")
    sheet.right(day("volume.filed_on"))
    return sheet
