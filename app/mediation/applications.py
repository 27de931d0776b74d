"""What joint applications have in common: the agreement must be in effect, all parties apply, and in time."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from app.calendar.codes import DeadlineCode
from app.core.jurisdiction import Spot
from app.core.problems import NotFound, UnknownReference
from app.core.unit_of_work import Reading, Work
from app.intake.deadlines import last_day_of_right
from app.intake.models import Case, Party
from app.intake.queries import parties_of
from app.mediation.agreement_guards import missing_consent
from app.mediation.agreement_problems import ApplicationTooLate, JointApplicationNeeded
from app.mediation.models import Agreement, ArbitrationReview, JudicialConfirmation, Obligation
from app.mediation.queries import agreement_of

A = TypeVar("A", JudicialConfirmation, ArbitrationReview)
Words = tuple[str, str]


async def require_agreement(reading: Reading, case: Case) -> Agreement:
    if agreement := await agreement_of(reading, case.id):
        return agreement
    raise NotFound


async def is_about_money(reading: Reading, agreement: Agreement) -> bool:
    if agreement.amount:
        return True
    paid = select(Obligation.id).where(Obligation.agreement_id == agreement.id, Obligation.amount.is_not(None)).limit(1)
    return await reading.session.scalar(paid) is not None


async def last_of(reading: Reading, model: type[A], agreement: Agreement | None) -> A | None:
    if agreement is None:
        return None
    statement = select(model).where(model.agreement_id == agreement.id).order_by(model.seq.desc()).limit(1)
    found: A | None = await reading.session.scalar(statement)
    return found


async def parties_named(work: Work, case: Case, applicants: Sequence[UUID] | None) -> list[Party]:
    """The parties of the case, of whom the applicants are some (422)."""
    parties = await parties_of(work, case.id)
    known = {party.id for party in parties}
    for number, id in enumerate(applicants or ()):
        if id not in known:
            raise UnknownReference(f"/applicants/{number}")
    return parties


async def refuse_late(
    work: Work, case: Case, agreement: Agreement, code: DeadlineCode, on: date, article: Words, instead: Words
) -> None:
    due_on = await due_day(work, case, agreement, code)
    if due_on and on > due_on:
        raise ApplicationTooLate(due_on=due_on.isoformat(), article=article, instead=instead)


async def due_day(reading: Reading, case: Case, agreement: Agreement, code: DeadlineCode) -> date | None:
    """The last day to apply; None before the agreement takes effect."""
    if agreement.effective_on is None:
        return None
    return await last_day_of_right(reading, case, code, agreement.effective_on)


def require_all(parties: Sequence[Party], applicants: Sequence[UUID], article: Words) -> None:
    if missing_consent(parties, applicants):
        raise JointApplicationNeeded(article=article)


async def new_application(work: Work, model: type[A], agreement: Agreement, **said: Any) -> A:
    last = await work.session.scalar(select(func.max(model.seq)).where(model.agreement_id == agreement.id))
    row = model(
        agreement_id=agreement.id,
        case_id=agreement.case_id,
        seq=(last or 0) + 1,
        recorded_by=work.actor.account_id,
        recorded_at=work.now,
        **said,
        **Spot.of(agreement).columns,
    )
    work.session.add(row)
    return row
