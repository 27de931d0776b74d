"""Every step of a case leaves its mark: a higher version, one row of history that is never rewritten, one event; and
moves its deadlines."""

from datetime import date
from typing import Any, TypedDict

from app.core.jurisdiction import Spot
from app.core.unit_of_work import Projection, Work
from app.intake.codes import CaseStatus
from app.intake.deadlines import keep_deadlines
from app.intake.models import Case, CaseStep
from app.intake.search import keep_text
from app.intake.step_codes import Step

PROJECTIONS: list[Projection] = []
"""Whoever keeps something of received cases, such as how they count; joined in `main`."""


class Words(TypedDict, total=False):
    """What people wrote of a step: kept with it, shown in the timeline, never sent out with the event."""

    reason: str
    transferred_to: str | None
    document_no: str | None


async def record_step(
    work: Work, case: Case, step: Step, on: date, before: CaseStatus | None, words: Words | None = None, /, **facts: Any
) -> None:
    """`before` is the status before the step; the case already carries the one after it.

    Facts are ids and codes only; a reason in `words` is the audit record's as well.
    """
    if words and "reason" in words:
        work.because(words["reason"])
    if before is not None:
        await _raise(work, case)
    row = CaseStep(
        case_id=case.id,
        seq=case.version,
        step=step,
        from_status=before,
        to_status=case.status,
        on=on,
        recorded_at=work.now,
        actor_id=work.actor.id,
        role=work.actor.role,
        facts=facts,
        **(words or {}),
        **Spot.of(case).columns,
    )
    if before is None:
        work.append(row)
    else:
        # What follows in the same work may read it: how long the clock stood still, say.
        work.session.add(row)
    await keep_deadlines(work, case, on, before, step)
    work.event(f"case.{step}", "case", case, status=case.status, version=case.version, **facts)


async def raise_version(work: Work, case: Case) -> None:
    """For a change that is no step, after the change itself: what it touched is read here."""
    await _raise(work, case)
    await keep_deadlines(work, case, work.today, case.status)


async def _raise(work: Work, case: Case) -> None:
    case.version += 1
    case.changed_at = work.now
    await work.session.flush()
    await keep_text(work, case)
    hand_on(work, case)


def hand_on(work: Work, case: Case) -> None:
    """To whoever keeps something of it: a case that was never received is in no figure."""
    for projection in PROJECTIONS if case.accepted_on else []:
        work.project(projection, case)
