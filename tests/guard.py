"""The third wall: the SQL of narrowed sessions is read; a located table without its predicate fails the test."""

import re
from collections import Counter
from functools import cache
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.core.jurisdiction import CaseBound, CaseGrant, Granted, Located, OneCase, Subtree, located_models
from app.core.walls import NarrowedSession

NAMED = re.compile(r'(?:FROM|JOIN|UPDATE|INTO|,)\s+"?(\w+)\b"?(?!\.)(?:\s+AS\s+"?(\w+)"?)?', re.IGNORECASE)


class UnnarrowedStatement(AssertionError):
    pass


def stand() -> None:
    event.listen(NarrowedSession, "after_begin", _remember_session)
    event.listen(Engine, "before_cursor_execute", _read)


def _remember_session(session: NarrowedSession, _: Any, connection: Any) -> None:
    connection.info["session"] = session


def _read(connection: Any, _: Any, statement: str, __: Any, context: Any, ___: Any) -> None:
    options = context.execution_options if context else {}
    if jurisdiction := options.get("jurisdiction"):
        _refuse_unnarrowed(statement, jurisdiction)
        return
    session = connection.info.get("session")
    if session is None or not session.in_transaction() or options.get("kernel"):
        return
    if session._flushing:
        return  # rows are checked one by one before they are flushed
    _refuse_unnarrowed(statement, session.jurisdiction, is_counting=bool(options.get("counting")))


def _refuse_unnarrowed(statement: str, jurisdiction: Any, *, is_counting: bool = False) -> None:
    if missing := missing_predicates(statement, jurisdiction, is_counting=is_counting):
        raise UnnarrowedStatement(f"{missing} stand without their predicate in: {statement}")


def missing_predicates(statement: str, jurisdiction: Any, *, is_counting: bool = False) -> list[str]:
    """Located tables and aliases that stand in the statement more often than they are held to the jurisdiction."""
    if isinstance(jurisdiction, Granted | OneCase):
        held = "granted" if isinstance(jurisdiction, Granted) else "one case"
        return _missing(statement, held, is_barred=False)
    if not isinstance(jurisdiction, Subtree):
        return []
    return _missing(statement, jurisdiction.level, is_barred=bool(jurisdiction.barred) and not is_counting)


@cache
def _missing(statement: str, level: str, *, is_barred: bool) -> list[str]:
    """`level` of the subtree, or what holds a partner body; `is_barred` from some of its cases.

    Statements are few, and each is sent a thousand times.
    """
    tables = {table.__tablename__: table for table in located_models()}  # type: ignore[attr-defined]
    named = Counter((alias or table, table) for table, alias in NAMED.findall(statement) if table in tables)
    return [
        alias
        for (alias, table), times in named.items()
        if any(
            _times(predicate, statement) < times
            for predicate in _predicates(alias, tables[table], level) + _bars(alias, tables[table]) * is_barred
        )
    ]


def _times(predicate: str, statement: str) -> int:
    written = statement.replace("0 = 1", "false")  # as SQLite has it
    return len(re.findall(rf'(?<![\w."]){re.escape(predicate)}', written))


def _bars(alias: str, model: type[Located]) -> list[str]:
    if issubclass(model, CaseBound):
        return [f"{alias}.case_id NOT IN ("]
    return [f"{alias}.id NOT IN ("] if model.path_key == "case_id" else []


def _predicates(alias: str, model: type[Located], level: str) -> list[str]:
    if level not in {"granted", "one case"}:
        return [f"{alias}.district = ", f"{alias}.{level} = "]
    if level == "granted" and model is CaseGrant:
        return [f"{alias}.district = ", f"{alias}.organization_id = "]
    if not issubclass(model, CaseBound) and model.path_key != "case_id":
        return ["false"]  # shown nothing of it
    held = "IN (SELECT case_grants.case_id" if level == "granted" else "= "
    return [f"{alias}.district = ", f"{alias}.{'case_id' if issubclass(model, CaseBound) else 'id'} {held}"]
