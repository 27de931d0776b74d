"""The third wall: the SQL of narrowed sessions is read; a located table without its predicate fails the test."""

import re
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.core.jurisdiction import Granted, Subtree, located_tables
from app.core.walls import NarrowedSession

NAMED = re.compile(r'(?:FROM|JOIN|UPDATE|INTO|,)\s+"?(\w+)"?(?:\s+AS\s+"?(\w+)"?)?', re.IGNORECASE)


class UnnarrowedStatement(AssertionError):
    pass


def stand() -> None:
    event.listen(NarrowedSession, "after_begin", _remember_session)
    event.listen(Engine, "before_cursor_execute", _read)


def _remember_session(session: NarrowedSession, _: Any, connection: Any) -> None:
    connection.info["session"] = session


def _read(connection: Any, _: Any, statement: str, __: Any, context: Any, ___: Any) -> None:
    session = connection.info.get("session")
    if session is None or not session.in_transaction() or (context and context.execution_options.get("kernel")):
        return
    if session._flushing or statement.lstrip().upper().startswith("INSERT"):
        return  # rows are checked one by one before they are flushed
    if missing := missing_predicates(statement, session.jurisdiction):
        raise UnnarrowedStatement(f"{missing} stand without their predicate in: {statement}")


def missing_predicates(statement: str, jurisdiction: Any) -> list[str]:
    """Located tables and aliases in the statement that are not held to the jurisdiction."""
    if not isinstance(jurisdiction, Subtree | Granted):
        return []
    tables = located_tables()
    aliases = [alias or table for table, alias in NAMED.findall(statement) if table in tables]
    return [alias for alias in aliases if not all(p in statement for p in _predicates(alias, jurisdiction))]


def _predicates(alias: str, jurisdiction: Subtree | Granted) -> list[str]:
    if isinstance(jurisdiction, Granted):
        return [f"{alias}.district = "]
    return [f"{alias}.district = ", f"{alias}.{jurisdiction.level} = "]
