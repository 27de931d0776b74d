"""The main figures over HTTP in the text that Prometheus scrapes."""

from typing import Annotated

from fastapi import Query
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from app.core.answers import FileAnswer, content_etag, file_responses
from app.core.auth import Permission
from app.core.route import guarded_router, read
from app.core.unit_of_work import Reading
from app.statistics.export_schemas import ExpositionQuery
from app.statistics.exposition import exposition

router = guarded_router(prefix="/statistics", tags=["statistics"])


@router.get("/exposition", responses=file_responses("text/plain"))
async def read_exposition(
    query: Annotated[ExpositionQuery, Query()], reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> FileAnswer:
    """The main figures in the text format of Prometheus: gauges with place, name and period, for the year so far if no
    period is sent."""
    text = await exposition(reading, query)
    return FileAnswer(text, "figures.txt", len(text), CONTENT_TYPE_PLAIN_0_0_4, content_etag(text.decode()))
