"""The paragraph of the yearly report as a document: the words its template knows, and its making."""

import asyncio
from typing import Any

from app.core.clock import shanghai_date
from app.core.unit_of_work import Reading
from app.documents.codes import ReportPaper
from app.documents.extra import render
from app.documents.record_words import day
from app.statistics.indicators import REGISTRY
from app.statistics.narrative import narrate, period_words
from app.statistics.narrative_schemas import Narrative, NarrativeQuery


async def make_narrative(reading: Reading, query: NarrativeQuery) -> tuple[str, bytes]:
    """The name of the file, and its content."""
    narrative = await narrate(reading, query)
    period, _ = period_words(query.period)
    words = {
        "period": period,
        "place": narrative["place_name"],
        "text": narrative["zh"],
        "text_en": narrative["en"],
        "figures": _figures(narrative),
        "made_on": day(shanghai_date(reading.now)),
    }
    content = await asyncio.to_thread(render, ReportPaper.NARRATIVE, words, reading.kernel.forms)
    return f"{period}{narrative['place_name']}矛盾纠纷调处情况.docx", content


def _figures(narrative: Narrative) -> list[dict[str, Any]]:
    """Each indicator once, as the text first prints it: the whole before its parts."""
    printed: dict[str, str] = {}
    for number in narrative["numbers"]:
        start, end = number["zh_span"]
        printed.setdefault(number["indicator"], narrative["zh"][start:end])
    return [
        {"seq": str(seq), "name": REGISTRY[slug].zh, "number": number, "meaning": REGISTRY[slug].meaning_zh}
        for seq, (slug, number) in enumerate(printed.items(), 1)
    ]
