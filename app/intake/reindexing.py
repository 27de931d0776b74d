"""Writing the texts of all cases anew: after cases came past the service, or when another Python knows more
characters."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import delete, insert, select

from app.core.db import new_id
from app.core.unit_of_work import Work
from app.intake.models import Case, Party
from app.intake.search import FTS, CaseText
from app.intake.search_text import bigrams, text_of

BATCH = 1000
CASES = (Case.id, Case.district, Case.township, Case.place, Case.number, Case.title, Case.summary)


async def reindex(work: Work) -> int:
    """How many cases were written."""
    is_sqlite, written = work.kernel.database.is_sqlite, 0
    await work.session.execute(delete(CaseText))
    if is_sqlite:
        await work.session.execute(delete(FTS))
    page = select(*CASES).order_by(Case.id).limit(BATCH)
    cases = (await work.session.execute(page)).all()
    while cases:
        names = select(Party.case_id, Party.name).where(Party.case_id.in_([case.id for case in cases]))
        parties = (await work.session.execute(names.order_by(Party.case_id, Party.position))).all()
        rows = list(_rows(cases, parties))
        await work.insert(CaseText, rows)
        if is_sqlite:
            index = [{"case_id": row["case_id"], "bigrams": " ".join(row["bigrams"])} for row in rows]
            await work.session.execute(insert(FTS), index)
        written += len(rows)
        cases = (await work.session.execute(page.where(Case.id > cases[-1].id))).all()
    return written


def _rows(cases: Sequence[Any], parties: Sequence[Any]) -> Iterator[dict[str, Any]]:
    names = {id: [party.name for party in own] for id, own in groupby(parties, key=lambda party: party.case_id)}
    for case in cases:
        text = text_of(case.number, case.title, case.summary, names.get(case.id, []))
        place = {"district": case.district, "township": case.township, "place": case.place}
        yield place | {"id": new_id(), "case_id": case.id, "text": text, "bigrams": bigrams(text)}
