"""Sessions of a round over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.paging import Order, listed, page
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.mediation import queries
from app.mediation.answers.sessions import SessionList, SessionOut
from app.mediation.models import Session
from app.mediation.rounds import add_session
from app.mediation.schemas.sessions import SessionIn
from app.mediation.session_bodies import told_with_bodies

router = guarded_router(tags=["mediation"])


@router.post("/mediations/{mediation_id}/sessions", status_code=201)
async def record_session(
    mediation_id: PathId, body: SessionIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[SessionOut]:
    """Records one session of an open round."""
    session, is_new = await add_session(work, mediation_id, body)
    await work.session.flush()
    row = (await work.session.execute(queries.sessions_of(mediation_id).where(Session.id == session.id))).one()
    return Answer(told_with_bodies(row), status=201 if is_new else 200)  # type: ignore[arg-type]


@router.get("/mediations/{mediation_id}/sessions")
async def list_sessions(
    mediation_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> SessionList:
    """The sessions of a round by date."""
    await queries.single_round(reading, mediation_id)
    order = Order(Session.held_on, Session.id)
    rows, following, total = await page(reading, queries.sessions_of(mediation_id), query, order)
    return listed(SessionList, [told_with_bodies(row) for row in rows], following, total)
