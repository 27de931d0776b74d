"""Our own template of the paragraph of the yearly report, with the meaning of each figure under it."""

from app.documents.layout import Sheet


def narrative() -> Sheet:
    sheet = Sheet("{{ period }}{{ place }}矛盾纠纷调处情况")
    sheet.line("{{ text }}", indent=True, size=16)
    sheet.line("")
    sheet.head("附：数据口径")
    columns = [
        ("序号", "{{ f.seq }}", 1.2),
        ("指标", "{{ f.name }}", 2.7),
        ("数值", "{{ f.number }}", 4.0),
        ("口径", "{{ f.meaning }}", 7.7),
    ]
    sheet.grid(columns, "f in figures")
    sheet.line("比率均列分子、分母，四舍五入至两位小数；没有可作分母的案件时写“无”。", size=12)
    sheet.right("据登记簿 {{ made_on }} 所载生成")
    return sheet
