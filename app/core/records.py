"""What records have in common that are read by ETag and made once by a client's id."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnDefault, String, inspect
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant


class Claimed:
    """A record whose id its client may make: `content_hash` recognises the same creation sent again, for ever."""

    content_hash: Mapped[str] = mapped_column(String(64))


class Versioned:
    """A record that changes under If-Match. Every change of it or its embedded parts raises `version`."""

    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


def change(row: Any, values: Mapping[str, Any], at: datetime) -> bool:
    """Sets what differs and raises the version; false, and nothing done, where all is as it stood."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    if different:
        row.version += 1
        if isinstance(row, Versioned):
            row.changed_at = at
    return bool(different)


R = TypeVar("R", bound=Any)


def complete(row: R) -> R:
    """The row with every attribute set that was not: to its column's default, or to nothing.

    Past the session's instruments: such a row is written without it.
    """
    known = vars(row)
    for name, default in _defaults(_model(row)):
        if name not in known:
            known[name] = default()
    return row


def values_of(row: Any) -> dict[str, Any]:
    """What a complete row writes, by column."""
    known = vars(row)
    return {column: known[name] for name, column in _columns(_model(row))}


def _model(row: Any) -> Any:
    return type(row)


@cache
def _columns(model: Any) -> list[tuple[str, str]]:
    return [(attribute.key, attribute.columns[0].key) for attribute in inspect(model).column_attrs]


@cache
def _defaults(model: Any) -> list[tuple[str, Callable[[], Any]]]:
    return [(attribute.key, _default(attribute.columns[0].default)) for attribute in inspect(model).column_attrs]


def _default(default: Any) -> Callable[[], Any]:
    if not isinstance(default, ColumnDefault):
        return lambda: None
    if default.is_callable:
        return lambda: default.arg(None)
    return lambda: default.arg
