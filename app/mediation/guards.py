"""Why a round cannot start or the case cannot close: the same answer for the step itself and for the list of
actions."""

from collections.abc import Iterable
from datetime import date

from app.core.problems import Problem
from app.intake.codes import CaseStatus, Consent
from app.intake.models import Case, Party
from app.intake.problems import PartyRefuses
from app.intake.step_codes import Step
from app.mediation.codes import MediationOutcome
from app.mediation.models import Agreement, Mediation
from app.mediation.problems import AgreementNotEffective, NoAgreement, NothingConcluded, RoundConcluded, RoundOpen


def any_refuses(parties: Iterable[Party]) -> bool:
    return any(party.consent is Consent.REFUSED for party in parties)


def is_open(last: Mediation | None) -> bool:
    return last is not None and last.outcome is None


def has_failed(last: Mediation | None) -> bool:
    return last is not None and last.outcome is MediationOutcome.FAILED


def why_not_mediate(case: Case, last: Mediation | None, parties: Iterable[Party]) -> Problem | None:
    """One round at a time, and none once a party clearly refuses (People's Mediation Law, art. 17)."""
    if problem := case.why_not(Step.MEDIATION):
        return problem
    if is_open(last):
        return RoundOpen()
    return PartyRefuses() if any_refuses(parties) else None


def why_not_in_round(step: Step, case: Case, outcome: MediationOutcome | None) -> Problem | None:
    """A session or the conclusion: while the case is in mediation and the round has no outcome."""
    if problem := case.why_not(step):
        return problem
    return None if outcome is None else RoundConcluded()


def why_not_sign(case: Case, agreement: Agreement | None) -> Problem | None:
    if problem := case.why_not(Step.SIGNATURE):
        return problem
    return NoAgreement() if agreement is None or agreement.effective_on is not None else None


def why_not_close(
    case: Case, last: Mediation | None, effective_on: date | None, parties: Iterable[Party]
) -> Problem | None:
    """A case closes on an effective agreement, on a failed last round, or where a party refuses any further one."""
    if problem := case.why_not(Step.CLOSURE):
        return problem
    if is_open(last):
        return RoundOpen()
    if case.status is CaseStatus.AGREED:
        return AgreementNotEffective() if effective_on is None else None
    return None if has_failed(last) or any_refuses(parties) else NothingConcluded()
