"""How sealed values pass to the current key: table by table, a batch of rows in one transaction.

Any batch may be the last: what has passed is passed over when it is all done again from the start.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from app.core.auth import OPERATOR
from app.core.columns import Sealed
from app.core.crypto import FieldKey, WrongKey
from app.core.db import Base
from app.core.unit_of_work import Asked, Kernel, Reading, operate, perform

BATCH = 500
Texts = dict[str, str | None]
LOOKUPS: dict[str, Callable[[FieldKey, Any, Texts], dict[str, str | None]]] = {}
"""By table: the columns of hashes by which its sealed values are looked up, from a row and its opened texts."""


class DoesNotOpen(Exception):
    """A value that no key of the file opens: which it is."""


def sealed_models() -> dict[type[Any], list[str]]:
    """Every mapped class with the names of its sealed columns."""
    found = {
        mapper.class_: [column.key for column in mapper.columns if isinstance(column.type, Sealed)]
        for mapper in Base.registry.mappers
    }
    return {model: names for model, names in found.items() if names}


async def count_rows(kernel: Kernel) -> int:
    reading = Reading(kernel, OPERATOR, Asked("count_rows"))

    async def count() -> int:
        counts = [await reading.session.scalar(select(func.count(model.id))) or 0 for model in sealed_models()]
        return sum(counts)

    return await perform(reading, count)


async def reseal(kernel: Kernel) -> AsyncIterator[int]:
    """Tells of each batch how many rows it went through."""
    for model, names in sealed_models().items():
        after: UUID | None = None
        while ids := await _reseal_batch(kernel, model, names, after):
            after = ids[-1]
            yield len(ids)


async def _reseal_batch(kernel: Kernel, model: type[Any], names: list[str], after: UUID | None) -> list[UUID]:
    async with operate(kernel, OPERATOR, "reseal") as work:
        statement = select(model).order_by(model.id).limit(BATCH).with_for_update()
        if after is not None:
            statement = statement.where(model.id > after)
        rows = list(await work.session.scalars(statement))
        resealed = [values for row in rows if (values := _resealed(kernel.key, row, names))]
        if resealed:
            await work.session.execute(update(model), resealed)
        return [row.id for row in rows]


def _resealed(key: FieldKey, row: Any, names: list[str]) -> dict[str, Any] | None:
    """What of the row changes; None where the current key has sealed all of it."""
    table = row.__tablename__
    places = {name: f"{table}.{name} {row.id}" for name in names if getattr(row, name) is not None}
    opened = {name: _opened(key, getattr(row, name), place) for name, place in places.items()}
    if all(by is key.current for _, by in opened.values()):
        return None
    texts: Texts = dict.fromkeys(names) | {name: text for name, (text, _) in opened.items()}
    lookups = LOOKUPS[table](key, row, texts) if table in LOOKUPS else {}
    return {"id": row.id, **{name: key.encrypt(opened[name][0], of=places[name]) for name in places}, **lookups}


def _opened(key: FieldKey, sealed: bytes, place: str) -> Any:
    try:
        return key.opened(sealed, of=place)
    except WrongKey:
        raise DoesNotOpen(place) from None
