"""The session that keeps a request inside its jurisdiction, whatever statement is written: two of the three walls."""

from typing import Any, NoReturn

from sqlalchemy import Connection, Table, TextClause, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import visitors

from app.core.jurisdiction import Everywhere, Jurisdiction, Located, Subtree, located_tables

KERNEL = {"kernel": True}
"""Execution option of the few statements of `core` that serve all jurisdictions: counters, idempotency, checked
bulk inserts, and the one look into the neighbours' registers."""
COUNTING = {"counting": True}
"""Execution option of the statements that count figures: a village's figure is the same whoever reads it, so the cases
that its reader is barred from count in it. What shows a case never carries it."""


class OutsideJurisdiction(Exception):
    """A programming error, not an answer: a statement or a row that the session must never send."""


class NarrowedSession(Session):
    """Refuses what the criterion cannot reach. `info["jurisdiction"]` is set when the session is opened."""

    @property
    def jurisdiction(self) -> Jurisdiction:
        jurisdiction: Jurisdiction = self.info["jurisdiction"]
        return jurisdiction

    def connection(self, *arguments: Any, of_kernel: bool = False, **options: Any) -> Connection:
        if of_kernel:
            return super().connection(*arguments, **options)
        raise OutsideJurisdiction("a bare connection is not narrowed")

    def _bulk(self, *_: Any, **__: Any) -> NoReturn:
        raise OutsideJurisdiction("the old bulk methods pass by every wall: work.insert checks its rows")

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = _bulk


@event.listens_for(NarrowedSession, "do_orm_execute")
def narrow(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, NarrowedSession) or "jurisdiction" not in session.info:
        raise OutsideJurisdiction("a session without a jurisdiction")
    if (state.is_update or state.is_delete) and getattr(_target(state), "decides_actors", False):
        session.info["decided_actors"] = True
    if isinstance(session.jurisdiction, Everywhere) or state.execution_options.get("kernel"):
        return
    if state.is_insert and issubclass(_target(state), Located):
        raise OutsideJurisdiction("rows are added one by one, or through work.insert")
    if state.is_insert or not state.is_orm_statement:
        _refuse_bare(state.statement)
    else:
        refuse_raw(state.statement)
        if (state.is_update or state.is_delete) and state.parameters and issubclass(_target(state), Located):
            raise OutsideJurisdiction("a bulk update by primary key is not narrowed")
        state.statement = state.statement.options(*_reach(session.jurisdiction, state).criteria())


def _reach(jurisdiction: Jurisdiction, state: ORMExecuteState) -> Jurisdiction:
    if isinstance(jurisdiction, Subtree) and jurisdiction.barred and state.execution_options.get("counting"):
        return Subtree(jurisdiction.code)
    return jurisdiction


def _target(state: ORMExecuteState) -> type[Any]:
    mapper = state.bind_mapper
    return mapper.class_ if mapper is not None else object


def _refuse_bare(statement: Any) -> None:
    """Core statements, and inserts from a select, pass only where no located table stands in them."""
    located = located_tables()
    for element in visitors.iterate(statement):
        if _is_raw_sql(element) or (isinstance(element, Table) and element.name in located):
            raise OutsideJurisdiction(f"a Core statement on {element} is not narrowed")


def refuse_raw(statement: Any) -> None:
    """In an ORM statement raw SQL could hold an OR that undoes the criterion beside it."""
    if statement is not None and any(_is_raw_sql(element) for element in visitors.iterate(statement)):
        raise OutsideJurisdiction("text() and literal_column() are not narrowed")


def _is_raw_sql(element: Any) -> bool:
    """But the star of `count(*)`, which SQLAlchemy writes so."""
    return isinstance(element, TextClause) or (getattr(element, "is_literal", False) and element.name != "*")


@event.listens_for(NarrowedSession, "before_flush")
def check_rows(session: NarrowedSession, *_: Any) -> None:
    for row in {*session.new, *session.dirty, *session.deleted}:
        if isinstance(row, Located):
            check_row(session.jurisdiction, row)
        if getattr(row, "decides_actors", False):
            session.info["decided_actors"] = True


def check_row(jurisdiction: Jurisdiction, row: Located) -> None:
    """New and old place alike must lie inside; what the kernel writes about a request belongs to its actor."""
    if not jurisdiction.contains(row) and not getattr(row, "of_kernel", False):
        raise OutsideJurisdiction(f"a row of {type(row).__name__} outside the jurisdiction")
    if inspect(row).persistent and not getattr(row, "is_moving", False):
        for column in ("district", "township", "place"):
            if inspect(row).attrs[column].history.deleted:
                raise OutsideJurisdiction("a place is changed by move_case alone")
