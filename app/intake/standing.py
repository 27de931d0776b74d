"""Whether a case stands: voided as if it had never been, or reopened after its end."""

from uuid import UUID

from app.core.unit_of_work import Work
from app.intake.access import case_to_change
from app.intake.guards import refuse_if, why_not_reopen
from app.intake.models import Case
from app.intake.schemas import ReasonIn, ReopeningIn
from app.intake.step_codes import Step
from app.intake.step_dates import refuse_before_steps
from app.intake.steps import record_step


async def void(work: Work, case_id: UUID, body: ReasonIn) -> Case:
    case = await case_to_change(work, case_id)
    refuse_if(case.why_not(Step.VOID))
    before = case.status
    case.void()
    await record_step(work, case, Step.VOID, work.today, before, {"reason": body.reason})
    return case


async def reopen(work: Work, case_id: UUID, body: ReopeningIn) -> Case:
    case = await case_to_change(work, case_id)
    refuse_if(why_not_reopen(case))
    await refuse_before_steps(work, case, ("reopened_on", body.on))
    before = case.status
    case.reopen()
    await record_step(work, case, Step.REOPENING, body.on, before, {"reason": body.reason})
    return case
