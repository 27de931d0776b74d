"""The codebook: every code table, problem and indicator, each with a version that changes when its content does."""

from functools import cache
from typing import Any

from app.core.answers import dump
from app.core.codes import FURTHER_TABLES, TABLES, Code
from app.core.crypto import token_hash
from app.core.problems import PROBLEMS, NotFound
from app.risk_review import codes as _risk_review  # noqa: F401 declares its tables, which no route imports yet


@cache
def codebook() -> list[Any]:
    """All tables by name. They are declared when the program starts and stay."""
    entries = {name: [_entry(member) for member in codes] for name, codes in TABLES.items()}
    entries |= {"problems": _problems()} | {name: make() for name, make in FURTHER_TABLES.items()}
    return [{"table": name, "version": _version(entries[name]), "entries": entries[name]} for name in sorted(entries)]


def one_table(name: str) -> Any:
    for table in codebook():
        if table["table"] == name:
            return table
    raise NotFound


def _entry(member: Code) -> dict[str, Any]:
    entry: dict[str, Any] = {"code": str(member), "zh": member.zh, "en": member.en}
    if member.parent is not None:
        entry["parent"] = member.parent
    if member.retired_on is not None:
        entry["retired_on"] = member.retired_on
    return entry if member.storable else entry | {"is_total": True}


def _problems() -> list[dict[str, Any]]:
    return [
        {"code": code, "zh": problem.zh, "en": problem.en, "status": problem.status}
        for code, problem in sorted(PROBLEMS.items())
    ]


def _version(entries: list[Any]) -> str:
    return token_hash(dump(entries).decode())[:16]
