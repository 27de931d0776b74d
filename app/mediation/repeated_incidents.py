"""Repeated police incidents of one location or pair of parties raise the risk of the case by a level, never lower it.

How many within how many days is a setting, and a proposal of ours: no law gives a number.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.core.unit_of_work import Work
from app.intake.codes import CaseStatus, RiskLevel
from app.intake.method_codes import Method
from app.intake.models import Case, Party
from app.intake.queries import parties_of
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.models import Mediation, Referral

_RAISED = {
    None: RiskLevel.HIGH,
    RiskLevel.LOW: RiskLevel.MEDIUM,
    RiskLevel.MEDIUM: RiskLevel.HIGH,
    RiskLevel.HIGH: RiskLevel.MAJOR,
}
"""A case that nobody has assessed yet is of high risk from then on."""


async def raise_risk_of_repeats(work: Work, case: Case, mediation: Mediation) -> None:
    raised = _RAISED.get(case.risk_level)
    if mediation.method is not Method.POLICE or raised is None:
        return
    counts = await _incidents(work, case, mediation)
    why = {reason: count for reason, count in counts.items() if count >= work.kernel.incidents_until_risk}
    if not why:
        return
    before, case.risk_level = case.risk_level, raised
    facts = {"risk_from": before, "risk_to": raised, "days": work.kernel.incidents_within_days, "incidents": why}
    await record_step(work, case, Step.RISK_RAISE, mediation.started_on, case.status, **facts)


async def _incidents(work: Work, case: Case, mediation: Mediation) -> dict[str, int]:
    """Different incidents in the days before the round, with its own, as far as the caller's jurisdiction reaches."""
    earliest = mediation.started_on - timedelta(days=work.kernel.incidents_within_days)
    incidents = (
        select(func.count(Referral.incident_no.distinct()))
        .join(Mediation, Mediation.id == Referral.mediation_id)
        .join(Case, Case.id == Referral.case_id)
        .where(Case.status != CaseStatus.VOIDED, Mediation.started_on.between(earliest, mediation.started_on))
    )
    alike = {"same_location": _of_location(case), "same_parties": _of_pair(case, await parties_of(work, case.id))}
    return {
        reason: await work.session.scalar(incidents.where(condition)) or 0
        for reason, condition in alike.items()
        if condition is not None
    }


def _of_location(case: Case) -> ColumnElement[bool] | None:
    return and_(Case.place == case.place, Case.location == case.location) if case.location else None


def _of_pair(case: Case, parties: Sequence[Party]) -> ColumnElement[bool] | None:
    """Two of the parties again: by their documents; by their names, in the same place."""
    numbers = {party.id_number_hash for party in parties if party.id_number_hash}
    names = {party.name for party in parties if party.name}
    alike = [
        *([Case.id.in_(_with_two("id_number_hash", numbers))] if len(numbers) > 1 else []),
        *([and_(Case.place == case.place, Case.id.in_(_with_two("name", names)))] if len(names) > 1 else []),
    ]
    return or_(*alike) if alike else None


def _with_two(column: str, values: set[str]) -> Any:
    one, other = aliased(Party), aliased(Party)
    mine, theirs = getattr(one, column), getattr(other, column)
    statement = select(one.case_id).join(other, other.case_id == one.case_id)
    return statement.where(mine.in_(values), theirs.in_(values), mine < theirs)
