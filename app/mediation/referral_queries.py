"""Reading hand-offs: those of rounds with their answers, and the list of them with what is overdue."""

from collections.abc import Sequence
from typing import Any, get_type_hints
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.calendar.codes import DeadlineCode
from app.core.auth import View
from app.core.jurisdiction import CaseGrant
from app.core.paging import Order, listed, page
from app.core.prepared import AnySelect, listing
from app.core.unit_of_work import Reading
from app.intake.models import Case, CaseDeadline
from app.intake.queries import within
from app.mediation.answers.referrals import (
    PartnerReferralItem,
    ReferralAnswerOut,
    ReferralItem,
    ReferralList,
    ReferralOut,
)
from app.mediation.codes import MediationOutcome, ReferralState
from app.mediation.models import Mediation, Referral, ReferralAnswer
from app.mediation.schemas.referrals import ReferralFilter

_OF_REFERRAL = (DeadlineCode.REFERRAL_RECEIPT, DeadlineCode.REFERRAL_FEEDBACK)
_FIELDS = [name for name in ReferralOut.__annotations__ if name != "answers"]


async def referrals_of(reading: Reading, mediation_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """By round, each with its answers: one statement for any number."""
    statement = (
        select(Referral, ReferralAnswer)
        .outerjoin(ReferralAnswer, ReferralAnswer.mediation_id == Referral.mediation_id)
        .where(Referral.mediation_id.in_(mediation_ids))
        .order_by(ReferralAnswer.seq)
    )
    found: dict[UUID, dict[str, Any]] = {}
    for referral, answer in await reading.session.execute(statement):
        told = {name: getattr(referral, name) for name in _FIELDS}
        kept = found.setdefault(referral.mediation_id, told | {"answers": []})
        if answer is not None:
            kept["answers"].append({name: getattr(answer, name) for name in ReferralAnswerOut.__annotations__})
    return found


def _awaited(*codes: DeadlineCode) -> list[ColumnElement[bool]]:
    """The deadlines of a hand-off are those that run while its round is open: its conclusion ends them. Of a failed
    public-security case the police are still to be told."""
    running = (CaseDeadline.case_id == Referral.case_id, CaseDeadline.ended_on.is_(None))
    to_tell = and_(
        CaseDeadline.code == DeadlineCode.REFERRAL_FEEDBACK,
        CaseDeadline.starts_on == Mediation.concluded_on,
        Mediation.outcome == MediationOutcome.FAILED,
        Referral.state.in_([ReferralState.OFFERED, ReferralState.ACCEPTED]),
        Referral.public_security_case.is_(True),
    )
    return [*running, CaseDeadline.code.in_(codes), or_(Mediation.outcome.is_(None), to_tell)]


def _due(code: DeadlineCode) -> Any:
    due = select(func.min(CaseDeadline.due_on)).where(*_awaited(code)).correlate(Referral, Mediation)
    return due.scalar_subquery()


_COLUMNS: dict[str, Any] = {
    "receipt_due_on": _due(DeadlineCode.REFERRAL_RECEIPT),
    "feedback_due_on": _due(DeadlineCode.REFERRAL_FEEDBACK),
    **{name: getattr(Mediation, name) for name in ("method", "started_on", "outcome", "concluded_on")},
    "organization_id": Mediation.organization_id,
    "number": Case.number,
    "case_status": Case.status,
}


def _column(name: str) -> Any:
    """Named anew only where it must be: a label takes the type before the foreign key has given the column one."""
    column = _COLUMNS[name] if name in _COLUMNS else getattr(Referral, name)
    return column if column.key == name else column.label(name)


def _list_of(fields: type[Any]) -> AnySelect:
    columns = [_column(name) for name in get_type_hints(fields)]
    joined = select(*columns).join(Mediation, Mediation.id == Referral.mediation_id)
    return listing(joined.join(Case, Case.id == Referral.case_id))


_GRANTED = (
    select(CaseGrant.id)
    .where(CaseGrant.mediation_id == Referral.mediation_id, CaseGrant.ended_at.is_(None))
    .correlate(Referral)
)
_LISTED = {
    True: _list_of(PartnerReferralItem).where(_GRANTED.exists()),
    False: _list_of(ReferralItem),
}


async def referral_list(reading: Reading, query: ReferralFilter) -> ReferralList:
    """The latest first. A partner body finds what is referred to it, reduced."""
    statement = _LISTED[reading.actor.view is View.PARTNER].where(*_chosen(reading, query))
    rows, following, total = await page(reading, statement, query, Order(None, Referral.id, descending=True))
    items = [{name: value for name, value in row._mapping.items() if not name.startswith("_key")} for row in rows]
    return listed(ReferralList, items, following, total)


def _chosen(reading: Reading, query: ReferralFilter) -> list[ColumnElement[bool]]:
    chosen = within(query.place, Referral) if query.place else []
    for column, values in (
        (Referral.partner_id, query.partner_id),
        (Referral.direction, query.direction),
        (Referral.state, query.state),
        (Mediation.method, query.method),
    ):
        if values:
            chosen.append(column.in_(values))
    if query.concluded is not None:
        chosen.append(Mediation.outcome.is_not(None) if query.concluded else Mediation.outcome.is_(None))
    if query.overdue is not None:
        late = _some_deadline(CaseDeadline.is_overdue(reading.today))
        chosen.append(late if query.overdue else ~late)
    if query.due_before:
        chosen.append(_some_deadline(CaseDeadline.due_on < query.due_before))
    return chosen


def _some_deadline(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    found = select(CaseDeadline.id).where(*_awaited(*_OF_REFERRAL), condition)
    return found.correlate(Referral, Mediation).exists()
