"""Whether a day fits what a case has been through: a step does not happen before those that were taken already."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from app.core.unit_of_work import Work
from app.intake.dates import NAMES, refuse_disorder
from app.intake.models import Case, CaseStep
from app.intake.problems import DatesOutOfOrder
from app.intake.step_codes import Step

DATED = frozenset(
    {
        *(Step.ACCEPTANCE, Step.MEDIATION, Step.SESSION, Step.CONCLUSION, Step.SIGNATURE, Step.CLOSURE),
        *(Step.TERMINATION, Step.REPLACEMENT),
        *(Step.SUSPENSION, Step.RESUMPTION, Step.EXTENSION, Step.WITHDRAWAL, Step.TRANSFER, Step.REOPENING),
        *(Step.PERFORMANCE, Step.URGING, Step.PERFORMANCE_REFUSAL, Step.OBLIGATION_CHANGE),
        *(Step.JUDICIAL_CONFIRMATION, Step.ARBITRATION_REVIEW, Step.REMEDY, Step.RETURN_VISIT),
    }
)
"""Steps that say when they happened; the others carry the day on which they were recorded."""


async def refuse_before_steps(work: Work, case: Case, later: tuple[str, date], steps: Collection[Step] = DATED) -> None:
    """409 where the case was reported, or took one of the steps, after that day."""
    name, day = later
    refuse_disorder(("reported_on", case.reported_on), later)
    after = select(CaseStep.step).where(CaseStep.case_id == case.id, CaseStep.step.in_(steps), CaseStep.on > day)
    step = await work.session.scalar(after.order_by(CaseStep.on.desc()).limit(1))
    if step is not None:
        raise DatesOutOfOrder(earlier_name=(f"{step.zh}日期", f"the {step.en.lower()}"), later_name=NAMES[name])
