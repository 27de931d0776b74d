"""Conflict of interest (回避): a mediator related to a party no longer sees the case nor is among its mediators, until
that is withdrawn (People's Mediation Law, art. 15: no partiality)."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from app.core.jurisdiction import CaseConflict, Spot
from app.core.prepared import AnySelect
from app.core.problems import NotFound, UnknownReference
from app.core.unit_of_work import Work
from app.intake.access import case_to_change
from app.intake.conflicts import mediators_barred
from app.intake.models import Case, CaseMediator
from app.intake.queries import mediators_of, parties_of
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.models import Mediation
from app.mediation.problems import ConflictEnded, ConflictStands
from app.mediation.queries import last_round
from app.mediation.rounds import raise_round_version
from app.mediation.schemas.conflicts import ConflictEndIn, ConflictIn
from app.mediation.session_codes import LeavingReason
from app.mediation.staffing import leave, mediators_present
from app.people.queries import mediator_named

SHOWN = tuple(
    getattr(CaseConflict, name)
    for name in (
        *("id", "case_id", "mediator_id", "party_id", "relation", "note", "declared_at", "declared_by"),
        *("ended_at", "ended_by", "ended_because"),
    )
)


def conflicts_of(case_id: UUID) -> AnySelect:
    return select(*SHOWN).where(CaseConflict.case_id == case_id)


def conflict_out(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in SHOWN}


async def declare_conflict(work: Work, case_id: UUID, body: ConflictIn) -> CaseConflict:
    """In every status: it decides who sees the case, not what becomes of it."""
    case = await case_to_change(work, case_id)
    await mediator_named(work, body.mediator_id, "/mediator_id")
    if body.party_id and body.party_id not in {party.id for party in await parties_of(work, case.id)}:
        raise UnknownReference("/party_id")
    if body.mediator_id in await mediators_barred(work, case.id):
        raise ConflictStands
    conflict = CaseConflict(
        **body.model_dump(),
        **Spot.of(case).columns,
        case_id=case.id,
        declared_at=work.now,
        declared_by=work.actor.id,
    )
    work.session.add(conflict)
    await work.session.flush()
    removed = await _unassign(work, case, body.mediator_id)
    facts = {"conflict_id": str(conflict.id), "mediator_id": str(body.mediator_id), "unassigned": removed}
    await record_step(work, case, Step.CONFLICT, work.today, case.status, **facts)
    work.about(conflict)
    return conflict


async def _unassign(work: Work, case: Case, mediator_id: UUID) -> bool:
    """From the case and from its open round; of concluded rounds the record stays as it was."""
    mine = (CaseMediator.case_id == case.id) & (CaseMediator.mediator_id == mediator_id)
    was_assigned = mediator_id in await mediators_of(work, case.id)
    await work.session.execute(delete(CaseMediator).where(mine))
    last = await last_round(work, case.id)
    if last is not None and last.outcome is None:
        was_assigned |= await _leave_round(work, case, last, mediator_id)
    if was_assigned:
        work.touch(CaseMediator.part)
    return was_assigned


async def _leave_round(work: Work, case: Case, mediation: Mediation, mediator_id: UUID) -> bool:
    """Whoever leaves stays in the round's history. Where nobody is left, whoever follows the case is warned."""
    present = await mediators_present(work, mediation.id)
    mine = next((one for one in present if one.mediator_id == mediator_id), None)
    if mine is None:
        return False
    leave(mine, work.today)
    mine.leaving_reason = LeavingReason.RECUSAL
    raise_round_version(work, mediation)
    work.about(mediation)
    if len(present) == 1:
        alert = {"alert": "round_without_mediator", "mediation_id": str(mediation.id)}
        work.event("case.alert", "case", case, **alert)
    return True


async def withdraw_conflict(work: Work, case_id: UUID, conflict_id: UUID, body: ConflictEndIn) -> CaseConflict:
    """The mediator sees the case again, and is not assigned by that."""
    case = await case_to_change(work, case_id)
    conflict = await work.session.scalar(
        select(CaseConflict).where(CaseConflict.case_id == case.id, CaseConflict.id == conflict_id)
    )
    if conflict is None:
        raise NotFound
    if conflict.ended_at is not None:
        raise ConflictEnded
    conflict.ended_at, conflict.ended_by, conflict.ended_because = work.now, work.actor.id, body.reason
    work.because(body.reason)
    facts = {"conflict_id": str(conflict.id), "mediator_id": str(conflict.mediator_id)}
    await record_step(work, case, Step.CONFLICT_WITHDRAWAL, work.today, case.status, **facts)
    work.about(conflict)
    return conflict
