"""The codebook as a page of the documentation, `docs/codebook.md`."""

from typing import Any

from app.codebook.queries import codebook
from app.core.auth import Permission
from app.people.codes import Role
from app.people.permissions import PERMISSIONS

_HEAD = """\
# 代码表 Codebook

由程序生成，请勿手改（`make docs`）。接口：`GET /api/v1/codebook`。
Made by the program, not by hand (`make docs`). By API: `GET /api/v1/codebook`.
"""


def render() -> str:
    parts = [_HEAD, _roles(), *(_table(table) for table in codebook())]
    return "\n".join(parts)


def _roles() -> str:
    roles = list(Role)
    lines = ["## 岗位与权限 Roles and permissions", "", _row(["permission", *(f"`{role}`" for role in roles)])]
    lines.append(_rule(len(roles) + 1))
    lines += [_row([f"`{p}`", *("✓" if p in PERMISSIONS[role] else "" for role in roles)]) for p in Permission]
    return "\n".join([*lines, ""])


def _table(table: Any) -> str:
    further = [name for name in ("parent", "status", "retired_on") if any(name in e for e in table["entries"])]
    lines = [f"## {table['table']}", "", _row(["code", "中文", "English", *further]), _rule(3 + len(further))]
    lines += [
        _row([f"`{e['code']}`", e["zh"], e["en"], *(str(e.get(n, "")) for n in further)]) for e in table["entries"]
    ]
    return "\n".join([*lines, ""])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |"


def _rule(columns: int) -> str:
    return "|" + "---|" * columns
