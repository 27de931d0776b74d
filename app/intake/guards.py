"""Why a step is not allowed now: the same answer for the step itself and for the list of actions."""

from collections.abc import Iterable

from app.core.auth import Actor
from app.core.problems import Forbidden, Problem
from app.intake.codes import Consent, PartySide
from app.intake.models import Case, Party
from app.intake.problems import ApplicantRefuses, MergeIntoItself, SurvivorLocked, WithoutNumber
from app.intake.step_codes import LOCKED, Step


def refuse_if(problem: Problem | None) -> None:
    if problem is not None:
        raise problem


def why_role_may_not(actor: Actor, step: Step) -> Problem | None:
    return None if step.permission in actor.permissions else Forbidden()


def why_not_accept(case: Case, parties: Iterable[Party]) -> Problem | None:
    """Consent of all is not needed yet, but nobody who applied may have refused (People's Mediation Law, art. 17)."""
    if problem := case.why_not(Step.ACCEPTANCE):
        return problem
    refused = any(p.consent is Consent.REFUSED and p.side is PartySide.APPLICANT for p in parties)
    return ApplicantRefuses() if refused else None


def why_not_merge(case: Case, survivor: Case) -> Problem | None:
    if problem := case.why_not(Step.MERGE):
        return problem
    if survivor is case:
        return MergeIntoItself()
    return SurvivorLocked() if survivor.status in LOCKED or survivor.archived_at is not None else None


def why_not_reopen(case: Case) -> Problem | None:
    if problem := case.why_not(Step.REOPENING):
        return problem
    return WithoutNumber() if case.number is None else None
