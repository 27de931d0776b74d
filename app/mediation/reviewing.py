"""仲裁审查: within fifteen days of effect all parties to a labour agreement may have the arbitration commission turn it
into a mediation document (Rules for Handling Labour Arbitration Cases)."""

from uuid import UUID

from app.calendar.codes import DeadlineCode
from app.core.unit_of_work import Work
from app.intake.access import case_to_change
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.models import Case
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.agreement_codes import RemedyRoute, ReviewStatus
from app.mediation.agreement_guards import REVIEW_FOLLOWS, nothing_follows, spoken, why_not_review
from app.mediation.applications import last_of, new_application, parties_named, refuse_late, require_all
from app.mediation.models import Agreement, ArbitrationReview
from app.mediation.problems import AgreementNotEffective
from app.mediation.queries import agreement_of
from app.mediation.schemas.applications import ReviewIn

ARTICLE = "《劳动人事争议仲裁办案规则》", "Rules for Handling Labour Arbitration Cases"
_INSTEAD = spoken([RemedyRoute.LABOR_ARBITRATION, RemedyRoute.LABOR_PAYMENT_ORDER])


async def review(work: Work, case_id: UUID, body: ReviewIn) -> tuple[Case, Agreement]:
    case = await case_to_change(work, case_id)
    parties = await parties_named(work, case, body.applicants)
    agreement = await agreement_of(work, case.id)
    last = await last_of(work, ArbitrationReview, agreement)
    standing = last.status if last else None
    refuse_if(why_not_review(case, agreement, standing))
    if agreement is None:
        raise AgreementNotEffective
    if body.status not in REVIEW_FOLLOWS[standing]:
        raise nothing_follows(standing, REVIEW_FOLLOWS[standing])
    if body.status is ReviewStatus.APPLIED:
        refuse_disorder(("effective_on", agreement.effective_on), ("applied_on", body.on))
        code = DeadlineCode.ARBITRATION_REVIEW
        await refuse_late(work, case, agreement, code, body.on, ARTICLE, _INSTEAD)
        require_all(parties, body.applicants or [], ARTICLE)
        applicants = [str(id) for id in body.applicants or []]
        said = body.model_dump(include={"status", "authority", "docket_no", "note"}) | {"applicants": applicants}
        await new_application(work, ArbitrationReview, agreement, applied_on=body.on, **said)
    elif last is not None:
        _decide(last, body)
    facts = {"agreement_id": str(agreement.id), "reached": str(body.status)}
    await record_step(work, case, Step.ARBITRATION_REVIEW, body.on, case.status, **facts)
    return case, agreement


def _decide(application: ArbitrationReview, body: ReviewIn) -> None:
    refuse_disorder(("applied_on", application.applied_on), ("decided_on", body.on))
    application.status, application.decided_on = body.status, body.on
    application.docket_no, application.note = body.docket_no or application.docket_no, body.note or application.note
