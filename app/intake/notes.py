"""Notes of a case: what those who handle it tell each other. Added to, never changed; partners never see them."""

from uuid import UUID

from sqlalchemy import func, select

from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.prepared import AnySelect
from app.core.unit_of_work import Work
from app.intake.access import find_case, require_current
from app.intake.answers import NoteOut
from app.intake.models import CaseNote
from app.intake.schemas import NoteIn

NOTE = [getattr(CaseNote, name) for name in NoteOut.__annotations__]


def notes_of(case_id: UUID) -> AnySelect:
    return select(*NOTE).where(CaseNote.case_id == case_id)


async def add_note(work: Work, case_id: UUID, body: NoteIn) -> tuple[CaseNote, bool]:
    """A new note, or the one that the same creation made before. A note is no part of the case: its version stays."""
    fingerprint = {"parent": str(case_id), **body.model_dump(mode="json", exclude_unset=True)}
    case = await find_case(work, case_id, lock=True)
    if body.id and (standing := await work.sent_before(CaseNote, body.id, fingerprint)):
        return standing, False
    await require_current(work, case)
    await work.refuse_taken_ids(CaseNote, [body.id])
    case.require_changeable()
    last = await work.session.scalar(select(func.max(CaseNote.seq)).where(CaseNote.case_id == case.id))
    note = CaseNote(
        id=body.id or new_id(),
        case_id=case.id,
        seq=(last or 0) + 1,
        text=body.text,
        author_id=work.actor.account_id,
        recorded_at=work.now,
        **Spot.of(case).columns,
    )
    note, is_new = await work.claim(note, fingerprint)
    if is_new:
        work.touch("notes")
    return note, is_new
