"""Every step of a case leaves its mark: a higher version, one row of history that is never rewritten, one event."""

from datetime import date
from typing import Any

from app.core.jurisdiction import Spot
from app.core.unit_of_work import Work
from app.intake.codes import CaseStatus
from app.intake.models import Case, CaseStep
from app.intake.search import keep_text
from app.intake.step_codes import Step


async def record_step(work: Work, case: Case, step: Step, on: date, before: CaseStatus | None, **facts: Any) -> None:
    """`before` is the status before the step; the case already carries the one after it.

    Facts are ids and codes only.
    """
    if before is not None:
        await raise_version(work, case)
    work.session.add(
        CaseStep(
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
            **Spot.of(case).columns,
        )
    )
    work.event(f"case.{step}", "case", case, status=case.status, version=case.version, **facts)


async def raise_version(work: Work, case: Case) -> None:
    """After the change itself: what the change touched is read here."""
    case.version += 1
    case.changed_at = work.now
    await work.session.flush()
    await keep_text(work, case)
