"""Keyset paging: a page ends at a row, and the signed cursor names that row and the filters it was made with."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NotRequired, TypeVar, cast
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, func, literal, select, tuple_
from typing_extensions import TypedDict

from app.core.answers import dump
from app.core.crypto import FieldKey
from app.core.prepared import AnySelect, Prepared
from app.core.problems import InputError, InvalidInput
from app.core.schemas import PageQuery
from app.core.unit_of_work import Reading

L = TypeVar("L")


class PageOf(TypedDict):
    """What every list has beside its own `items`."""

    next: str | None
    total: NotRequired[int]


IN_SNAPSHOT = {"in_snapshot": True}
"""Execution option of a page that is read in the transaction of what was asked before it."""
_PAGED = {"cursor", "limit", "total"}


@dataclass(frozen=True)
class Order:
    """Rows by one column, ties by another that is unique; `by` null sorts by the unique one alone."""

    by: Any
    ties: Any
    descending: bool = False

    @property
    def columns(self) -> list[Any]:
        return [self.ties] if self.by is None else [self.by, self.ties]

    def apply(self, statement: AnySelect) -> AnySelect:
        return statement.order_by(*(c.desc() if self.descending else c.asc() for c in self.columns))

    def after(self, keys: Sequence[Any]) -> ColumnElement[bool]:
        here = tuple_(*self.columns)
        there = tuple_(*(literal(key, column.type) for key, column in zip(keys, self.columns, strict=True)))
        return here < there if self.descending else here > there


async def page(
    reading: Reading, statement: AnySelect, query: PageQuery, order: Order
) -> tuple[Sequence[Any], str | None, int | None]:
    """One page of rows, the cursor of the next, and the exact total where it was asked for.

    The statement's last columns are the order's own: `Order.columns` is added to it here.
    """
    keyed = first_page(statement, query.limit, order)
    if query.cursor is not None:
        keyed = keyed.where(order.after(_read(reading.key, query)))
    total = None
    options = statement.get_execution_options()
    if query.total or {"kernel", "in_snapshot"} & set(options):
        # The page and its total in one snapshot.
        rows: Sequence[Any] = (await reading.session.execute(keyed)).all()
    else:
        rows = await reading.rows(keyed)
    if query.total:
        count = select(func.count()).select_from(statement.order_by(None).subquery())
        total = await reading.session.scalar(count, execution_options=options)
    return *_cut(reading, rows, query, order), total


def first_page(statement: AnySelect, limit: int, order: Order) -> AnySelect:
    """With one row more than the page has, which tells that another follows."""
    keyed = statement.add_columns(*(column.label(f"_key{i}") for i, column in enumerate(order.columns)))
    return order.apply(keyed).limit(limit + 1)


async def prepared_page(
    reading: Reading, first: Prepared, query: PageQuery, order: Order
) -> tuple[Sequence[Any], str | None, None]:
    """The same of a `first_page` that was built before."""
    return *_cut(reading, await reading.rows(first), query, order), None


def _cut(reading: Reading, rows: Sequence[Any], query: PageQuery, order: Order) -> tuple[Sequence[Any], str | None]:
    if len(rows) <= query.limit:
        return rows, None
    rows = rows[: query.limit]
    return rows, _write(reading.key, query, rows[-1][-len(order.columns) :])


def page_within(
    reading: Reading, items: Sequence[Any], query: PageQuery
) -> tuple[Sequence[Any], str | None, int | None]:
    """The same for a list that stands in the program, in its own order."""
    start = _read(reading.key, query)[0] if query.cursor is not None else 0
    end = start + query.limit
    following = _write(reading.key, query, [end]) if end < len(items) else None
    return items[start:end], following, len(items) if query.total else None


def listed(kind: type[L], items: Sequence[Any], following: str | None, total: int | None) -> L:
    """The body of a list, as the TypedDict that the route answers with."""
    body = {"items": items, "next": following}
    return cast(L, body if total is None else body | {"total": total})


def _write(key: FieldKey, query: PageQuery, keys: Sequence[Any]) -> str:
    payload = dump(list(keys))
    return base64.urlsafe_b64encode(_seal(key, query, payload) + payload).decode().rstrip("=")


def _read(key: FieldKey, query: PageQuery) -> list[Any]:
    cursor = query.cursor or ""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _forged(query) from None
    seal, payload = raw[:16], raw[16:]
    if not hmac.compare_digest(seal, _seal(key, query, payload)):
        raise _forged(query)
    return [_typed(value) for value in orjson.loads(payload)]


def _seal(key: FieldKey, query: PageQuery, payload: bytes) -> bytes:
    filters = query.model_dump(mode="json", exclude=_PAGED)
    return bytes.fromhex(key.hash("cursor", [type(query).__name__, filters, payload.decode()]))[:16]


def _typed(value: Any) -> Any:
    """Cursor keys are ids, dates, codes and numbers; JSON has made text of the first two."""
    if isinstance(value, str) and len(value) == 36:
        return UUID(value)
    if isinstance(value, str) and len(value) == 10 and value[4] == "-":
        return date.fromisoformat(value)
    return value


def _forged(query: PageQuery) -> InvalidInput:
    error = InputError(
        f"{query.where}cursor",
        "bad-cursor",
        "游标无效或不属于这组筛选条件，请从第一页重新读取",
        "the cursor is not of this list; start again",
    )
    return InvalidInput(errors=[error])
