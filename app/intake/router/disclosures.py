"""Who looked at a person's identity."""

from typing import Annotated

from fastapi import Query

from app.core.auth import Permission
from app.core.route import guarded_router, work
from app.core.schemas import PageQuery
from app.core.unit_of_work import Work
from app.intake.answers import DisclosureList
from app.intake.disclosures import disclosures_of_person
from app.intake.schemas import PersonIn

router = guarded_router(prefix="/disclosures", tags=["cases"])


@router.post("/search")
async def search_disclosures(
    body: PersonIn,
    query: Annotated[PageQuery, Query()],
    work: Annotated[Work, work(Permission.CASES_SUPERVISE)],
) -> DisclosureList:
    """The same for a person in all cases of the jurisdiction, found by identity number. Itself recorded."""
    return await disclosures_of_person(work, body, query)
