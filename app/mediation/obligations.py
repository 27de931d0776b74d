"""Terms become obligations with their instalments; where each stands follows from what was paid and agreed."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.schemas import money_text
from app.core.unit_of_work import Reading, Work
from app.mediation.agreement_codes import ObligationActKind
from app.mediation.codes import PerformanceStatus
from app.mediation.models import Agreement, Instalment, Obligation, ObligationAct
from app.mediation.models.obligations import SETTLED
from app.mediation.schemas.obligations import InstalmentIn, ObligationIn

_S = PerformanceStatus
NOTHING = Decimal(0)


async def put_obligations(work: Work, agreement: Agreement, bodies: Sequence[ObligationIn]) -> None:
    for position, body in enumerate(bodies):
        obligation = _new(agreement, body, position)
        work.session.add(obligation)
        await work.session.flush()
        instalments = put_instalments(work, obligation, body.instalments)
        if body.performed_on_spot:
            work.session.add(_on_spot(work, agreement, obligation))
        keep_next_due(obligation, instalments)
    await work.session.flush()


def _new(agreement: Agreement, body: ObligationIn, position: int) -> Obligation:
    return Obligation(
        id=new_id(),
        case_id=agreement.case_id,
        agreement_id=agreement.id,
        party_id=body.party_id,
        what=body.what,
        due_on=body.instalments[-1].due_on if body.instalments else body.due_on,
        amount=body.amount,
        position=position,
        status=_S.PERFORMED_ON_SPOT if body.performed_on_spot else _S.PERFORMING,
        performed_amount=(body.amount or NOTHING) if body.performed_on_spot else NOTHING,
        **Spot.of(agreement).columns,
    )


def put_instalments(
    work: Work, obligation: Obligation, bodies: Iterable[InstalmentIn], first: int = 1
) -> list[Instalment]:
    common = {"case_id": obligation.case_id, "obligation_id": obligation.id, **Spot.of(obligation).columns}
    rows = [
        Instalment(no=no, due_on=body.due_on, amount=body.amount, performed_amount=NOTHING, **common)
        for no, body in enumerate(bodies, start=first)
    ]
    work.session.add_all(rows)
    return rows


def _on_spot(work: Work, agreement: Agreement, obligation: Obligation) -> ObligationAct:
    return ObligationAct(
        obligation_id=obligation.id,
        case_id=agreement.case_id,
        kind=ObligationActKind.PERFORMANCE,
        on=agreement.agreed_on,
        amount=obligation.amount,
        content_hash="-",
        recorded_by=work.actor.account_id,
        recorded_at=work.now,
        **Spot.of(agreement).columns,
    )


async def instalments_of(reading: Reading, obligation_id: UUID) -> list[Instalment]:
    statement = select(Instalment).where(Instalment.obligation_id == obligation_id).order_by(Instalment.no)
    return list(await reading.session.scalars(statement))


def status_by_amounts(obligation: Obligation) -> PerformanceStatus:
    if obligation.remaining == NOTHING:
        return PerformanceStatus.PERFORMED
    return PerformanceStatus.PARTLY_PERFORMED if obligation.performed_amount else PerformanceStatus.PERFORMING


def keep_next_due(obligation: Obligation, instalments: Iterable[Instalment]) -> None:
    unpaid = [one.due_on for one in instalments if one.remaining]
    obligation.next_due_on = None if obligation.is_settled else min(unpaid, default=obligation.due_on)


def terms_of(obligation: Obligation, instalments: Iterable[Instalment]) -> dict[str, Any]:
    """As the history of a change keeps them."""
    return {
        "what": obligation.what,
        "due_on": obligation.due_on and obligation.due_on.isoformat(),
        "amount": money_text(obligation.amount),
        "instalments": [
            {
                "no": one.no,
                "due_on": one.due_on.isoformat(),
                "amount": money_text(one.amount),
                "performed_amount": money_text(one.performed_amount),
            }
            for one in instalments
        ],
    }


async def replace_earlier(work: Work, agreement: Agreement) -> None:
    """A new agreement in the same case stands in place of an earlier one: what was still owed under it is no more."""
    statement = select(Obligation).where(
        Obligation.case_id == agreement.case_id,
        Obligation.agreement_id != agreement.id,
        Obligation.status.not_in(SETTLED),
    )
    for obligation in await work.session.scalars(statement):
        obligation.status, obligation.next_due_on = PerformanceStatus.WAIVED_OR_CHANGED, None


def overall(statuses: Sequence[PerformanceStatus]) -> PerformanceStatus:
    """Where an agreement stands, from its obligations."""
    kinds = set(statuses)
    if not kinds:
        return _S.NOT_APPLICABLE
    if _S.REFUSED in kinds:
        return _S.REFUSED
    if len(kinds) == 1:
        return kinds.pop()
    if kinds <= SETTLED:
        return _S.PERFORMED
    return _S.PARTLY_PERFORMED if kinds - {_S.PERFORMING, _S.WAIVED_OR_CHANGED} else _S.PERFORMING
