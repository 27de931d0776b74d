"""Reading sessions: each with who was there and with its corrections, in one statement for any number of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.embedded import Embedded
from app.core.paging import Order, listed, page
from app.core.prepared import AnySelect
from app.core.schemas import PageQuery
from app.core.unit_of_work import Reading
from app.mediation.answers.sessions import SessionList, SessionOut
from app.mediation.models import Session, SessionAttendance, SessionCorrection
from app.mediation.session_bodies import BODIES, bodies_out

ATTENDING = {"parties": "party_id", "mediators": "mediator_id", "participants": "participant_id"}
"""What a session says of who was there, and the column of it."""
_ATTENDANCE = Embedded(
    "attendance",
    SessionAttendance.session_id == Session.id,
    Session,
    (*(getattr(SessionAttendance, column) for column in ATTENDING.values()), SessionAttendance.position),
)
_CORRECTIONS = Embedded(
    "corrections",
    SessionCorrection.session_id == Session.id,
    Session,
    (SessionCorrection.id, SessionCorrection.text, SessionCorrection.seq),
)
_PLAIN = [name for name in SessionOut.__annotations__ if name not in {*ATTENDING, "bodies", "joint", "corrections"}]


def session_rows() -> AnySelect:
    plain = (getattr(Session, name) for name in _PLAIN)
    return select(*plain, BODIES.column, _ATTENDANCE.column, _CORRECTIONS.column)


def session_out(row: Any) -> dict[str, Any]:
    there = _ATTENDANCE.read(row.attendance)
    return {
        **{name: getattr(row, name) for name in _PLAIN},
        **bodies_out(row.bodies),
        **{name: [id for one in there if (id := getattr(one, column))] for name, column in ATTENDING.items()},
        "corrections": [{"id": c.id, "seq": c.seq, "text": c.text} for c in _CORRECTIONS.read(row.corrections)],
    }


async def session_answer(reading: Reading, session_id: UUID) -> dict[str, Any]:
    return session_out((await reading.session.execute(session_rows().where(Session.id == session_id))).one())


async def session_list(reading: Reading, condition: Any, query: PageQuery) -> SessionList:
    order = Order(Session.held_on, Session.id)
    rows, following, total = await page(reading, session_rows().where(condition), query, order)
    return listed(SessionList, [session_out(row) for row in rows], following, total)
