"""Who mediates an open round: mediators leave and join, with history; a round whose mediators all left stands still
until another is named (People's Mediation Law, arts. 19 and 23)."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.core.jurisdiction import Spot
from app.core.problems import Problem
from app.core.unit_of_work import Reading, Work
from app.intake.conflicts import mediators_barred
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.models import Case
from app.intake.problems import ConflictOfInterest
from app.intake.queries import mediators_of
from app.intake.service import put_mediators
from app.intake.step_codes import Step
from app.intake.steps import Words, record_step
from app.mediation.access import round_to_change
from app.mediation.guards import why_not_in_round
from app.mediation.models import Mediation, RoundMediator
from app.mediation.problems import AlreadyInRound, NotInRound, RoundWithoutMediator
from app.mediation.rounds import raise_round_version
from app.mediation.schemas.staffing import ReplacementIn
from app.people.queries import mediator_named


async def replace_mediator(work: Work, mediation_id: UUID, body: ReplacementIn) -> Mediation:
    case, mediation = await round_to_change(work, mediation_id)
    if body.joins:
        await mediator_named(work, body.joins, "/joins")
    refuse_if(why_not_in_round(Step.REPLACEMENT, case, mediation.outcome))
    present = await mediators_present(work, mediation.id)
    leaving = next((one for one in present if one.mediator_id == body.leaves), None)
    await _check(work, case, present, leaving, body)
    refuse_disorder(
        ("started_on", mediation.started_on),
        ("joined_on", leaving.from_on if leaving else None),
        ("replaced_on", body.on),
    )
    _move(work, mediation, present, leaving, body)
    raise_round_version(work, mediation)
    await _move_in_case(work, case, body)
    words: Words = {"reason": body.note} if body.note else {}
    named = (("leaves", body.leaves), ("joins", body.joins), ("reason", body.reason), ("selected_by", body.selected_by))
    facts = {name: str(value) for name, value in named if value is not None}
    await record_step(
        work, case, Step.REPLACEMENT, body.on, case.status, words, mediation_id=str(mediation.id), **facts
    )
    return mediation


async def mediators_present(reading: Reading, mediation_id: UUID) -> list[RoundMediator]:
    statement = select(RoundMediator).where(
        RoundMediator.mediation_id == mediation_id, RoundMediator.until_on.is_(None)
    )
    return list(await reading.session.scalars(statement.order_by(RoundMediator.position)))


async def _check(
    work: Work, case: Case, present: list[RoundMediator], leaving: RoundMediator | None, body: ReplacementIn
) -> None:
    if body.leaves and leaving is None:
        raise NotInRound("/leaves")
    if body.joins in {one.mediator_id for one in present}:
        raise AlreadyInRound("/joins")
    if body.joins in await mediators_barred(work, case.id):
        raise ConflictOfInterest("/joins")
    if body.joins is None and len(present) == 1:
        raise RoundWithoutMediator("/joins")


def _move(
    work: Work, mediation: Mediation, present: list[RoundMediator], leaving: RoundMediator | None, body: ReplacementIn
) -> None:
    if leaving:
        leave(leaving, body.on)
        leaving.leaving_reason, leaving.leaving_note = body.reason, body.note
    if body.joins:
        last = max((one.position for one in present), default=-1)
        joined = RoundMediator(
            **Spot.of(mediation).columns,
            case_id=mediation.case_id,
            mediation_id=mediation.id,
            mediator_id=body.joins,
            position=leaving.position if leaving else last + 1,
            selected_by=body.selected_by,
            from_on=body.on,
        )
        work.session.add(joined)


def leave(one: RoundMediator, on: date) -> None:
    one.until_on = max(on, one.from_on)


async def _move_in_case(work: Work, case: Case, body: ReplacementIn) -> None:
    """Whoever leaves the round no longer handles the case, and whoever joins does."""
    standing = await mediators_of(work, case.id)
    moved = [body.joins if id == body.leaves else id for id in standing]
    following = list(dict.fromkeys(id for id in [*moved, body.joins] if id is not None))
    if following != standing:
        await put_mediators(work, case, following)


async def why_abandoned(reading: Reading, mediation_id: UUID) -> Problem | None:
    """Where everybody who was named has left. A round that never named anyone is the case's mediators'."""
    statement = select(RoundMediator.until_on).where(RoundMediator.mediation_id == mediation_id)
    until = list(await reading.session.scalars(statement))
    return RoundWithoutMediator() if until and None not in until else None
