"""A session is recorded, with who was there; a mistake in its record is corrected beside it, never over it."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.problems import NotFound, Problem, UnknownReference
from app.core.unit_of_work import Work
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.models import Case
from app.intake.queries import mediators_of, parties_of
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.access import locked_round, require_current_round
from app.mediation.entries import as_sent, changed, enter
from app.mediation.guards import why_not_in_round
from app.mediation.models import Mediation, RoundMediator, Session, SessionAttendance, SessionCorrection
from app.mediation.participants import refuse_uninvited
from app.mediation.police import limit_sittings, refuse_late_sitting, sittings_with
from app.mediation.problems import ViolenceRisk
from app.mediation.rounds import raise_round_version
from app.mediation.schemas.sessions import CorrectionIn, SessionIn
from app.mediation.session_bodies import kinds_of, put_bodies
from app.mediation.session_rows import ATTENDING
from app.mediation.staffing import why_abandoned


async def add_session(work: Work, mediation_id: UUID, body: SessionIn) -> tuple[Session, bool]:
    case, mediation = await locked_round(work, mediation_id)
    if body.id and (standing := await work.sent_before(Session, body.id, as_sent(mediation_id, body))):
        return standing, False
    await require_current_round(work, case, mediation)
    parties = await parties_of(work, case.id)
    _require(body.parties, {party.id for party in parties}, "parties")
    if body.mediators:
        _require(body.mediators, await _mediators_on(work, mediation, body), "mediators")
    if body.participants:
        await refuse_uninvited(work, case.id, body.participants, parties, body.held_on)
    kinds = await kinds_of(work, body.bodies)
    await work.refuse_taken_ids(Session, [body.id])
    refuse_if(why_not_in_round(Step.SESSION, case, mediation.outcome))
    refuse_if(await why_abandoned(work, mediation.id))
    refuse_disorder(("started_on", mediation.started_on), ("held_on", body.held_on))
    refuse_if(_why_apart(case, body))
    sittings = await sittings_with(work, mediation, body)
    if sittings:
        await refuse_late_sitting(work, case, sittings)
    session, is_new = await work.claim(_new_session(work, case, mediation, body), as_sent(mediation_id, body))
    if is_new:
        await _put_attendance(work, session, body)
        await put_bodies(work, session, body.bodies, kinds)
        raise_round_version(work, mediation)
        facts: dict[str, Any] = {"mediation_id": str(mediation.id), "session_id": str(session.id)}
        await record_step(work, case, Step.SESSION, body.held_on, case.status, **facts)
        if sittings:
            await limit_sittings(work, case, sittings, body.held_on)
    return session, is_new


def _require(ids: list[UUID], known: set[UUID], name: str) -> None:
    for position, id in enumerate(ids):
        if id not in known:
            raise UnknownReference(f"/{name}/{position}")


async def _mediators_on(work: Work, mediation: Mediation, body: SessionIn) -> set[UUID]:
    """The round's mediators of that day; of a round that named none, the case's."""
    named = select(RoundMediator.mediator_id).where(RoundMediator.mediation_id == mediation.id)
    still = or_(RoundMediator.until_on.is_(None), RoundMediator.until_on >= body.held_on)
    found = set(await work.session.scalars(named.where(RoundMediator.from_on <= body.held_on, still)))
    if found or await work.session.scalar(named.limit(1)) is not None:
        return found
    return set(await mediators_of(work, mediation.case_id))


def _why_apart(case: Case, body: SessionIn) -> Problem | None:
    """Domestic violence: the parties meet only where whoever is at risk agreed, and safety was seen to."""
    if not case.domestic_violence or not body.form.brings_together:
        return None
    return None if body.at_risk_agreed and body.safety_measures else ViolenceRisk("/form")


def _new_session(work: Work, case: Case, mediation: Mediation, body: SessionIn) -> Session:
    return Session(
        **body.model_dump(exclude={"id", "bodies", *ATTENDING}),
        **Spot.of(case).columns,
        id=body.id or new_id(),
        case_id=case.id,
        mediation_id=mediation.id,
        recorded_at=work.now,
    )


async def _put_attendance(work: Work, session: Session, body: SessionIn) -> None:
    nobody: dict[str, Any] = dict.fromkeys(ATTENDING.values())
    there = [(column, id) for name, column in ATTENDING.items() for id in getattr(body, name)]
    common = {"case_id": session.case_id, "session_id": session.id, **Spot.of(session).columns}
    rows = [
        {"id": new_id(), "position": position, **nobody, column: id, **common}
        for position, (column, id) in enumerate(there)
    ]
    await work.insert(SessionAttendance, rows)


async def correct_session(
    work: Work, mediation_id: UUID, session_id: UUID, body: CorrectionIn
) -> tuple[SessionCorrection, bool]:
    """Also after the round: the record is what a dispute over it is judged by."""
    case, mediation = await locked_round(work, mediation_id)
    session = await work.session.scalar(
        select(Session).where(Session.mediation_id == mediation.id, Session.id == session_id)
    )
    if session is None:
        raise NotFound
    fingerprint = as_sent(session.id, body)
    if body.id and (standing := await work.sent_before(SessionCorrection, body.id, fingerprint)):
        return standing, False
    await require_current_round(work, case, mediation)
    case.require_changeable()
    last = select(func.max(SessionCorrection.seq)).where(SessionCorrection.session_id == session.id)
    seq = (await work.session.scalar(last) or 0) + 1
    correction = await enter(work, case, SessionCorrection, body, session.id, session_id=session.id, seq=seq)
    raise_round_version(work, mediation)
    await changed(work, case, "session_correction", session_id=str(session.id))
    return correction, True
