"""The official case table as it is given away: as JSON, and as a sheet for CSV and XLSX."""

from decimal import Decimal
from typing import Any

from app.core.unit_of_work import Reading
from app.statistics.codes import Dimension, Unit
from app.statistics.indicators import definition_version
from app.statistics.official_columns import Column
from app.statistics.official_table import Table, Values
from app.statistics.sheets import Sheet
from app.statistics.table_answers import TableColumn
from app.statistics.values import ten_thousands

TITLE = "人民调解案件及排查预防情况统计表"


def as_json(table: Table) -> dict[str, Any]:
    """Everything of the answer but the instant it was computed."""
    checks = table.checks
    return {
        "definition_version": definition_version(),
        "title": TITLE,
        "place": table.place.code,
        "name": table.place.name,
        "from": table.query.first,
        "to": table.query.last,
        "as_of": table.query.as_of,
        "columns": [_column(column) for column in table.columns],
        "rows": [
            {"place": unit.code, "name": unit.name, "values": _printed(table, values)} for unit, values in table.rows
        ],
        "total": _printed(table, table.total),
        "checks": checks,
        "foots": all(check["holds"] for check in checks),
    }


def _column(column: Column) -> TableColumn:
    shown: TableColumn = {
        "key": column.key,
        "heads": [{"zh": head.zh, "en": head.en} for head in column.heads],
        "unit": column.unit,
        "indicators": list(column.indicators),
    }
    if column.dimension in {Dimension.CATEGORY, Dimension.SOURCE}:
        shown["codes"] = sorted(str(code) for code in column.codes)
    return shown


def _printed(table: Table, values: Values) -> dict[str, int | str]:
    return {
        column.key: ten_thousands(Decimal(values[column.key])) if _is_amount(column) else values[column.key]
        for column in table.columns
    }


def _is_amount(column: Column) -> bool:
    return column.unit is Unit.TEN_THOUSAND_YUAN


def as_sheet(reading: Reading, table: Table) -> Sheet:
    heads = [("单位",), ("区划代码",), *(_heads(column) for column in table.columns)]
    rows = [[_name(table, unit.code, unit.name), unit.code, *_numbers(table, values)] for unit, values in table.rows]
    return Sheet(
        TITLE,
        table.place.name,
        table.query.period,
        table.query.as_of or reading.now,
        heads,
        rows,
        ["合计", "", *_numbers(table, table.total)],
        [
            (check["zh"], check["place"] or "", check["left"], check["relation"], check["right"], check["holds"])
            for check in table.checks
        ],
        definition_version(),
    )


def _heads(column: Column) -> tuple[str, ...]:
    *above, leaf = (head.zh for head in column.heads)
    return *above, f"{leaf}（{column.unit.zh}）"


def _name(table: Table, code: str, name: str) -> str:
    return f"{name}（本级）" if code == table.place.code and len(table.rows) > 1 else name


def _numbers(table: Table, values: Values) -> list[Any]:
    """Ten thousand yuan to the fen, six decimals."""
    return [
        Decimal(values[column.key]).scaleb(-4) if _is_amount(column) else values[column.key] for column in table.columns
    ]
