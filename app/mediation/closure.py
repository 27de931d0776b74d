"""结案: on an effective agreement with success; after a failed last round, or where a party refuses any
further one, without."""

from uuid import UUID

from app.core.input_errors import refuse_fields
from app.core.unit_of_work import Work
from app.intake.access import case_to_change
from app.intake.codes import CaseOutcome, CaseStatus
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.models import Case
from app.intake.queries import parties_of
from app.intake.step_codes import Step
from app.intake.step_dates import refuse_before_steps
from app.intake.steps import record_step
from app.mediation.duties import why_unreported
from app.mediation.guards import has_failed, why_not_close
from app.mediation.models import Mediation
from app.mediation.queries import agreement_of, last_round
from app.mediation.schemas.leaving import ClosureIn

_FAILURE = ("failure_reason", "remedy_notice_on")


async def close(work: Work, case_id: UUID, body: ClosureIn) -> Case:
    case = await case_to_change(work, case_id)
    last = await last_round(work, case.id)
    failed = last if has_failed(last) else None
    agreement = await agreement_of(work, case.id)
    effective_on = agreement.effective_on if agreement else None
    refuse_if(why_not_close(case, last, effective_on, await parties_of(work, case.id)))
    refuse_if(await why_unreported(work, case))
    _check_failure_fields(body, case, failed)
    refuse_disorder(
        ("accepted_on", case.accepted_on),
        ("concluded_on", last.concluded_on if last else None),
        ("closed_on", body.closed_on),
    )
    await refuse_before_steps(work, case, ("closed_on", body.closed_on), {Step.REOPENING})
    before = case.status
    if before is CaseStatus.AGREED:
        refuse_disorder(("effective_on", effective_on), ("closed_on", body.closed_on))
        case.close(CaseOutcome.SUCCESS, body.closed_on)
    else:
        case.close(CaseOutcome.FAILED, body.closed_on)
        source = failed or body
        case.failure_reason, case.remedy_notice_on = source.failure_reason, source.remedy_notice_on
    case.closure_note = body.note
    await record_step(work, case, Step.CLOSURE, body.closed_on, before, outcome=str(case.outcome))
    return case


def _check_failure_fields(body: ClosureIn, case: Case, failed: Mediation | None) -> None:
    """Reason and remedy notice (art. 26) are the failed round's, and sent here only where a party refused instead."""
    sent = {name for name in _FAILURE if getattr(body, name) is not None}
    if failed is None and case.status is not CaseStatus.AGREED:
        refuse_fields("needed_here", [f"/{name}" for name in _FAILURE if name not in sent])
    else:
        refuse_fields("not_here", [f"/{name}" for name in sent])
