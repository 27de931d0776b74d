"""The indicators as a page of the documentation: what each counts, by which date, and of what it is a share."""

from collections.abc import Iterator

from app.statistics.indicators import REGISTRY, Indicator, definition_version

_HEAD = """\
# 统计指标 Indicators

由程序生成，请勿手改（`make docs`）。同样的内容：`GET /api/v1/statistics/indicators`。
统计方法见 [figures.md](figures.md)。
Made by the program, not by hand (`make docs`). The same by API: `GET /api/v1/statistics/indicators`. How they are
counted: [figures.md](figures.md).
"""


def render() -> str:
    return "\n".join([_HEAD, f"定义版本 Version of the definitions: {definition_version()}", "", *_rows()]) + "\n"


def _rows() -> Iterator[str]:
    yield "| 指标 Indicator | 单位 Unit | 日期 Date | 含义 Meaning | v |"
    yield "|---|---|---|---|---|"
    for indicator in REGISTRY.values():
        yield _row(indicator)


def _row(indicator: Indicator) -> str:
    basis = indicator.date_basis.replace("|", "or")
    unit = f"{indicator.unit.zh} {indicator.unit.en}" if indicator.unit.zh != "%" else "%"
    meaning = f"{indicator.meaning_zh} {indicator.meaning_en}"
    name = f"{indicator.zh} {indicator.en} `{indicator.slug}`"
    return f"| {name} | {unit} | `{basis}` | {meaning} | {indicator.version} |"
