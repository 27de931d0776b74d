"""Figures for those who do not come through the dashboard: a monitoring that scrapes them, and the public."""

from typing import Annotated

from fastapi import Query
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from app.core.answers import Answer, FileAnswer, content_etag, file_responses
from app.core.auth import Permission
from app.core.openapi import may_refuse
from app.core.route import guarded_router, public_read, read
from app.core.unit_of_work import Reading
from app.statistics.export_schemas import ExpositionQuery
from app.statistics.exposition import exposition
from app.statistics.public_answers import PublicQuery, PublicTables
from app.statistics.public_figures import public_tables

router = guarded_router(prefix="/statistics", tags=["statistics"])
public_router = guarded_router(prefix="/api/v1/public/statistics", tags=["statistics"])


@router.get("/exposition", responses=file_responses("text/plain"))
async def read_exposition(
    query: Annotated[ExpositionQuery, Query()], reading: Annotated[Reading, read(Permission.STATISTICS_READ)]
) -> FileAnswer:
    """The main figures in the text format of Prometheus: gauges with place, name and period, for the year so far if no
    period is sent."""
    text = await exposition(reading, query)
    return FileAnswer(text, "figures.txt", len(text), CONTENT_TYPE_PLAIN_0_0_4, content_etag(text.decode()))


@public_router.get("", responses=may_refuse(404))
async def read_public_statistics(
    query: Annotated[PublicQuery, Query()], reading: Annotated[Reading, public_read()]
) -> Answer[PublicTables]:
    """Fixed tables of a year that is over, for anybody, with small counts left out so that they cannot be worked out;
    404 where the service is not set to publish them."""
    tables = await public_tables(reading, query)
    return Answer(tables, content_etag(tables))
