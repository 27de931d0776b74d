"""The codebook, for every signed-in account: clients read labels here, for they never travel with records."""

from typing import Annotated

from app.codebook.queries import codebook, one_table
from app.codebook.schemas import CodebookOut, TableOut
from app.core.answers import Answer, content_etag
from app.core.auth import Permission
from app.core.route import guarded_router, read
from app.core.unit_of_work import Reading

router = guarded_router(prefix="/codebook", tags=["codebook"])


@router.get("")
async def read_codebook(_: Annotated[Reading, read(Permission.REFERENCE_READ)]) -> Answer[CodebookOut]:
    """Every table at once, with its version. Send the ETag back: the answer is 304 until something changes."""
    body: CodebookOut = {"tables": codebook()}
    return Answer(body, etag=content_etag(body))


@router.get("/{table}")
async def read_table(table: str, _: Annotated[Reading, read(Permission.REFERENCE_READ)]) -> Answer[TableOut]:
    """One table."""
    body: TableOut = one_table(table)
    return Answer(body, etag=content_etag(body))
