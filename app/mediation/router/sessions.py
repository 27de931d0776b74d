"""Sessions of a round over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.intake.access import find_case
from app.mediation import queries
from app.mediation.answers.sessions import CorrectionOut, SessionList, SessionOut
from app.mediation.entries import shown
from app.mediation.models import Session
from app.mediation.schemas.sessions import CorrectionIn, SessionIn
from app.mediation.session_rows import session_answer, session_list
from app.mediation.sessions import add_session, correct_session

router = guarded_router(tags=["mediation"])


@router.post("/mediations/{mediation_id}/sessions", status_code=201)
async def record_session(
    mediation_id: PathId, body: SessionIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[SessionOut]:
    """Records one session of an open round. In a case of domestic violence the parties do not meet by default."""
    session, is_new = await add_session(work, mediation_id, body)
    await work.session.flush()
    return Answer(await session_answer(work, session.id), status=201 if is_new else 200)  # type: ignore[arg-type]


@router.get("/mediations/{mediation_id}/sessions")
async def list_sessions(
    mediation_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> SessionList:
    """The sessions of a round by date, each with who was there and with its corrections."""
    found = await session_list(reading, Session.mediation_id == mediation_id, query)
    if not found["items"]:
        await queries.single_round(reading, mediation_id)
    return found


@router.get("/cases/{case_id}/sessions")
async def list_case_sessions(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> SessionList:
    """The sessions of all rounds of a case by date."""
    found = await session_list(reading, Session.case_id == case_id, query)
    if not found["items"]:
        await find_case(reading, case_id)
    return found


@router.post("/mediations/{mediation_id}/sessions/{session_id}/corrections", status_code=201)
async def correct_session_record(
    mediation_id: PathId,
    session_id: PathId,
    body: CorrectionIn,
    work: Annotated[Work, work(Permission.CASES_MEDIATE)],
) -> Answer[CorrectionOut]:
    """Adds a correction to the record of a session, which itself is never changed; also after the round."""
    correction, is_new = await correct_session(work, mediation_id, session_id, body)
    return Answer(shown(correction, CorrectionOut), status=201 if is_new else 200)
