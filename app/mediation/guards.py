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
from app.mediation.problems import AgreementNotEffective, NoAgreement, NothingConcluded, RoundOpen


def any_refuses(parties: Iterable[Party]) -> bool:
    return any(party.consent is Consent.REFUSED for party in parties)


def is_open(last: Mediation | None) -> bool:
    return last is not None and last.outcome is None


def why_not_mediate(case: Case, last: Mediation | None, parties: Iterable[Party]) -> Problem | None:
    """One round at a time, and none once a party clearly refuses (People's Mediation Law, art. 17)."""
    if problem := case.why_not(Step.MEDIATION):
        return problem
    if is_open(last):
        return RoundOpen()
    return PartyRefuses() if any_refuses(parties) else None


def why_not_sign(case: Case, agreement: Agreement | None) -> Problem | None:
    if case.status is not CaseStatus.AGREED or agreement is None or agreement.effective_on is not None:
        return NoAgreement()
    return None


def why_not_close(
    case: Case, last: Mediation | None, effective_on: date | None, parties: Iterable[Party]
) -> Problem | None:
    """A case closes on an effective agreement, on a failed last round, or where a party refused before any round."""
    if problem := case.why_not(Step.CLOSURE):
        return problem
    if is_open(last):
        return RoundOpen()
    if case.status is CaseStatus.AGREED:
        return AgreementNotEffective() if effective_on is None else None
    failed = last is not None and last.outcome is MediationOutcome.FAILED
    refused = last is None and any_refuses(parties)
    return None if failed or refused else NothingConcluded()
