"""Selects of the fast path: columns alone, sent on a bare connection, held to the jurisdiction by the same criterion as
a session's. (Measured: the session around a statement cost three times the statement.)"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select

from app.core.jurisdiction import PREPARED, Everywhere, Jurisdiction, Subtree
from app.core.walls import refuse_raw

AnySelect = Select[*tuple[Any, ...]]
"""A statement of any columns."""


@dataclass(eq=False)
class Prepared:
    """A select that is built once; its values are bind parameters."""

    select: AnySelect
    _by_level: dict[str, AnySelect] = field(default_factory=dict)

    def within(self, jurisdiction: Jurisdiction) -> tuple[AnySelect, dict[str, Any]]:
        if isinstance(jurisdiction, Everywhere):
            level, values = "everywhere", {}
        elif isinstance(jurisdiction, Subtree) and not jurisdiction.barred:
            level, values = jurisdiction.level, jurisdiction.values
        else:
            return narrowed(self.select, jurisdiction)
        if level not in self._by_level:
            self._by_level[level], _ = narrowed(self.select, jurisdiction)
        return self._by_level[level], values


def listing(statement: AnySelect) -> AnySelect:
    """A select of columns to which each request adds its conditions: the columns are looked at once, here."""
    refuse_raw(statement)
    return statement.execution_options(columns_checked=True)


def narrowed(statement: AnySelect, jurisdiction: Jurisdiction) -> tuple[AnySelect, dict[str, Any]]:
    """The statement held to the jurisdiction, and the values it is then sent with."""
    if statement.get_execution_options().get("columns_checked"):
        refuse_raw(statement.whereclause)
    else:
        refuse_raw(statement)
    if isinstance(jurisdiction, Everywhere):
        return statement, {}
    if isinstance(jurisdiction, Subtree) and not jurisdiction.barred:
        return statement.options(PREPARED[jurisdiction.level]), jurisdiction.values
    return statement.options(*jurisdiction.criteria()), {}
