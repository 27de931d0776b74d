"""All cases behind a figure as one table, streamed: their ids in order through a cursor, the cases themselves some
hundreds at a time, all in one snapshot."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.core.answers import FileAnswer
from app.core.csv_text import CSV_TYPE, MARK, csv_piece
from app.core.locale import Language
from app.core.streams import streamed
from app.core.unit_of_work import Reading
from app.intake.models import Case
from app.intake.views import case_items, case_rows
from app.places.models import Place
from app.statistics.export_columns import columns
from app.statistics.indicators import Indicator
from app.statistics.models import CountedCase
from app.statistics.queries import DATES
from app.statistics.schemas import FigureCasesQuery
from app.statistics.service import figure_behind

AT_ONCE = 200
"""Cases of one piece: some forty kilobytes, so that a slow line takes it within the time a client may take nothing."""


async def export_figure_cases(reading: Reading, slug: str, query: FigureCasesQuery) -> FileAnswer:
    indicator, place, conditions = await figure_behind(reading, slug, query)
    content = await streamed(reading, lambda own: _pieces(own, indicator, conditions))
    word = indicator.en if reading.asked.language is Language.EN else indicator.zh
    return FileAnswer(content, f"{word} {place} {query.first} {query.last}.csv", None, f"{CSV_TYPE}; charset=utf-8")


async def _pieces(
    own: Reading, indicator: Indicator, conditions: Sequence[ColumnElement[bool]]
) -> AsyncGenerator[bytes, None]:
    names = await own.session.execute(select(Place.code, Place.name).where(Place.district == own.actor.district))
    table = columns(own.actor.view, own.asked.language, {row.code: row.name for row in names})
    piece = MARK + csv_piece([[column.head for column in table]])
    async with aclosing(_in_order(own, indicator, conditions)) as batches:
        async for ids in batches:
            cases = await _cases(own, ids)
            yield piece + csv_piece([column.cell(case) for column in table] for case in cases)
            piece = b""
    if piece:
        yield piece


async def _in_order(
    own: Reading, indicator: Indicator, conditions: Sequence[ColumnElement[bool]]
) -> AsyncGenerator[list[UUID], None]:
    """By the date that counts them, as the list is. Ids alone are sorted, not whole cases."""
    case_id = CountedCase.case_id
    statement = select(case_id).where(*conditions).order_by(DATES[indicator.population], case_id)
    found = await own.session.stream(statement, execution_options={"yield_per": AT_ONCE})
    try:
        async for rows in found.partitions():
            yield [row.case_id for row in rows]
    finally:
        await found.close()


async def _cases(own: Reading, ids: list[UUID]) -> list[dict[str, Any]]:
    """Those that their reader may see: one who is barred from a case does not find it here either."""
    rows = (await own.session.execute(case_rows(own.actor.view).where(Case.id.in_(ids)))).all()
    found = {case["id"]: case for case in case_items(rows)}
    return [found[id] for id in ids if id in found]
