"""How a case counts by what the register says of it: the one statement from which every counted row is made."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Date, and_, case, func, literal, select, type_coerce

from app.calendar.codes import DeadlineCode
from app.core.prepared import AnySelect
from app.intake.codes import CaseStatus
from app.intake.models import Case, CaseDeadline, Party
from app.mediation.agreement_codes import Satisfaction
from app.mediation.codes import ConfirmationStatus, PerformanceStatus
from app.mediation.harm_codes import HarmKind, HarmState
from app.mediation.models import Agreement, JudicialConfirmation, Obligation, PreventedHarm, ReturnVisit
from app.mediation.models.obligations import SETTLED

_CONTENTED = (Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED)
_DECIDED = (ConfirmationStatus.CONFIRMED, ConfirmationStatus.DENIED)

COUNTS = and_(Case.accepted_on.is_not(None), Case.status.not_in([CaseStatus.MERGED, CaseStatus.VOIDED]))
"""Merged, voided and never accepted cases are in no figure."""


def _of(column: Any, *conditions: Any, model: Any) -> Any:
    return select(column).where(model.case_id == Case.id, *conditions).correlate(Case).scalar_subquery()


def _is_any(model: Any, *conditions: Any) -> Any:
    return select(model.id).where(model.case_id == Case.id, *conditions).correlate(Case).exists()


def _prevented(kind: HarmKind) -> Any:
    """At most one such record of a case stands approved."""
    approved = (PreventedHarm.kind == kind, PreventedHarm.state == HarmState.APPROVED)
    return _of(PreventedHarm.people_count, *approved, model=PreventedHarm)


def _date(column: Any) -> Any:
    return type_coerce(column, Date())


_TO_PERFORM = and_(
    Obligation.agreement_id == Agreement.id,
    Agreement.effective_on.is_not(None),
    Obligation.status != PerformanceStatus.NOT_APPLICABLE,
)
_DUE_ON = func.max(func.coalesce(Obligation.due_on, Agreement.effective_on))
"""Where no day was agreed, performance can be asked for from the day the agreement took effect (Civil Code, 511)."""
_SETTLED = func.min(case((Obligation.status.in_(SETTLED), 1), else_=0))
_EFFECTIVE = Agreement.effective_on.is_not(None)
_LATEST_ANSWER = (
    select(ReturnVisit.satisfaction.in_(_CONTENTED))
    .where(ReturnVisit.case_id == Case.id, ReturnVisit.satisfaction.is_not(None))
    .order_by(ReturnVisit.visited_on.desc(), ReturnVisit.id.desc())
    .limit(1)
    .correlate(Case)
    .scalar_subquery()
)

PLACE = ("district", "township", "place")
FACTS: dict[str, Any] = {
    "accepted_on": Case.accepted_on,
    "mediated_on": Case.mediated_on,
    "closed_on": Case.closed_on,
    "outcome": Case.outcome,
    "category": Case.category,
    "source": Case.source,
    "method": Case.method,
    "organization_id": Case.organization_id,
    "difficulty": Case.difficulty,
    "risk_level": Case.risk_level,
    "party_count": _of(func.count(Party.id), model=Party),
    "agreement_form": Case.agreement_form,
    "agreement_amount": func.coalesce(_of(func.sum(Agreement.amount), _EFFECTIVE, model=Agreement), Decimal(0)),
    "effective_on": _of(func.max(Agreement.effective_on), model=Agreement),
    "performance_due_on": _date(_of(_DUE_ON, _TO_PERFORM, model=Obligation)),
    "performed": func.coalesce(_of(_SETTLED, _TO_PERFORM, model=Obligation), 0) == literal(1),
    "confirmation_applied": _is_any(JudicialConfirmation, JudicialConfirmation.applied_on.is_not(None)),
    "confirmation_decided_on": _of(
        func.max(JudicialConfirmation.decided_on),
        JudicialConfirmation.status.in_(_DECIDED),
        model=JudicialConfirmation,
    ),
    "confirmed": _is_any(JudicialConfirmation, JudicialConfirmation.status == ConfirmationStatus.CONFIRMED),
    "visit_due_on": _of(
        func.max(CaseDeadline.due_on), CaseDeadline.code == DeadlineCode.RETURN_VISIT, model=CaseDeadline
    ),
    "visited_on": _of(func.min(ReturnVisit.visited_on), model=ReturnVisit),
    "satisfied": _LATEST_ANSWER,
    "suicide_people": _prevented(HarmKind.SUICIDE),
    "crime_people": _prevented(HarmKind.CIVIL_TO_CRIMINAL),
    "petition_people": _prevented(HarmKind.MASS_PETITION),
    "fight_people": _prevented(HarmKind.GROUP_FIGHT),
}


def facts_of_cases(*further: Any) -> AnySelect:
    """Everything that counts of cases, and as `counts` whether they count at all."""
    place = [getattr(Case, name) for name in PLACE]
    facts = [column if column is getattr(Case, name, None) else column.label(name) for name, column in FACTS.items()]
    return select(Case.id.label("case_id"), COUNTS.label("counts"), *place, *facts, *further)
