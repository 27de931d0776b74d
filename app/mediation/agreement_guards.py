"""Why a step after an agreement is not allowed now: the same answer for the step itself and for the list of actions."""

from collections.abc import Collection, Iterable

from app.core.problems import Problem
from app.intake.codes import DisputeCategory
from app.intake.models import Case, Party
from app.intake.step_codes import Step
from app.mediation.agreement_codes import RemedyRoute, ReviewStatus
from app.mediation.agreement_problems import ApplicationStepNotAllowed, NotALaborDispute, ObligationSettled
from app.mediation.codes import ConfirmationStatus
from app.mediation.models import Agreement, Obligation
from app.mediation.problems import AgreementNotEffective

_S = ConfirmationStatus
CONFIRMATION_FOLLOWS: dict[ConfirmationStatus, tuple[ConfirmationStatus, ...]] = {
    _S.TO_APPLY: (_S.APPLIED, _S.LAPSED),
    _S.APPLIED: (_S.UNDER_REVIEW, _S.NOT_ACCEPTED),
    _S.UNDER_REVIEW: (_S.CONFIRMED, _S.DENIED),
    _S.NOT_ACCEPTED: (_S.APPLIED, _S.LAPSED),
}
"""What may follow; nothing follows the others."""
REVIEW_FOLLOWS: dict[ReviewStatus | None, tuple[ReviewStatus, ...]] = {
    None: (ReviewStatus.APPLIED,),
    ReviewStatus.APPLIED: (ReviewStatus.DOCUMENT_ISSUED, ReviewStatus.REFUSED),
}
LABOR = frozenset(DisputeCategory.LABOR.with_children())


def is_effective(agreement: Agreement | None) -> bool:
    return agreement is not None and agreement.effective_on is not None


def why_not_after_agreement(step: Step, case: Case, agreement: Agreement | None) -> Problem | None:
    return case.why_not(step) or (None if is_effective(agreement) else AgreementNotEffective())


def why_not_on_obligation(step: Step, case: Case, agreement: Agreement, obligation: Obligation) -> Problem | None:
    if problem := why_not_after_agreement(step, case, agreement):
        return problem
    return ObligationSettled() if obligation.is_settled else None


def why_not_confirm(case: Case, agreement: Agreement | None, standing: ConfirmationStatus) -> Problem | None:
    if problem := why_not_after_agreement(Step.JUDICIAL_CONFIRMATION, case, agreement):
        return problem
    return None if standing in CONFIRMATION_FOLLOWS else nothing_follows(standing, ())


def why_not_review(case: Case, agreement: Agreement | None, standing: ReviewStatus | None) -> Problem | None:
    if problem := why_not_after_agreement(Step.ARBITRATION_REVIEW, case, agreement):
        return problem
    if case.category not in LABOR:
        return NotALaborDispute()
    return None if standing in REVIEW_FOLLOWS else nothing_follows(standing, ())


def nothing_follows(
    standing: ConfirmationStatus | ReviewStatus | None, possible: Collection[ConfirmationStatus | ReviewStatus]
) -> Problem:
    where = (standing.zh, standing.en) if standing else ("未申请", "Not applied for")
    return ApplicationStepNotAllowed(standing=where, possible=spoken(possible))


def spoken(codes: Collection[ConfirmationStatus | ReviewStatus | RemedyRoute]) -> tuple[str, str]:
    return "、".join(c.zh for c in codes) or "无", ", ".join(c.en.lower() for c in codes) or "nothing"


def missing_consent(parties: Iterable[Party], named: Collection[object]) -> bool:
    """Whether a known party is not among those named."""
    return any(party.id not in named for party in parties if not party.unknown)


def open_remedies(case: Case, *, is_money: bool, enforceable: bool) -> list[RemedyRoute]:
    """Where a party may turn when an agreement is not performed; what a court or commission made enforceable is
    enforced."""
    if enforceable:
        return [RemedyRoute.ENFORCEMENT]
    if case.category in LABOR:
        return [RemedyRoute.LABOR_ARBITRATION, *([RemedyRoute.LABOR_PAYMENT_ORDER] if is_money else [])]
    return [RemedyRoute.LAWSUIT, *([RemedyRoute.PAYMENT_ORDER] if is_money else [])]
