"""A written agreement may be put right until somebody has signed it; from then on it binds as it stands (People's
Mediation Law, art. 31), and only its obligations change, by consent."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from app.core.problems import NotFound, UnknownReference
from app.core.unit_of_work import Work
from app.intake.access import case_to_change
from app.intake.models import Case
from app.intake.queries import parties_of
from app.intake.steps import raise_version
from app.mediation.agreement_problems import AgreementSigned
from app.mediation.codes import PerformanceStatus
from app.mediation.models import Instalment, Obligation, ObligationAct
from app.mediation.obligations import instalments_of, put_obligations
from app.mediation.queries import agreement_of, signatures_of
from app.mediation.schemas.agreements import AgreementPatch
from app.mediation.schemas.obligations import ObligationIn


async def amend(work: Work, case_id: UUID, patch: AgreementPatch) -> Case:
    case = await case_to_change(work, case_id)
    agreement = await agreement_of(work, case.id)
    if agreement is None:
        raise NotFound
    known = {party.id for party in await parties_of(work, case.id)}
    for number, obligation in enumerate(patch.obligations or []):
        if obligation.party_id not in known:
            raise UnknownReference(f"/obligations/{number}/party_id")
    case.require_changeable()
    if agreement.effective_on or await signatures_of(work, agreement.id):
        raise AgreementSigned
    sent = patch.model_fields_set
    changes = {name: getattr(patch, name) for name in sent & {"content", "amount"}}
    changes = {name: value for name, value in changes.items() if getattr(agreement, name) != value}
    for name, value in changes.items():
        setattr(agreement, name, value)
    replaces = "obligations" in sent and await _terms(work, agreement.id) != [_sent(one) for one in patch.obligations]
    if replaces:
        await _clear(work, agreement.id)
        await put_obligations(work, agreement, patch.obligations)
    if changes or replaces:
        await raise_version(work, case)
    return case


def _sent(body: ObligationIn) -> tuple[Any, ...]:
    due_on = body.instalments[-1].due_on if body.instalments else body.due_on
    parts = [(one.due_on, one.amount) for one in body.instalments]
    return body.party_id, body.what, due_on, body.amount, body.performed_on_spot, parts


async def _terms(work: Work, agreement_id: UUID) -> list[tuple[Any, ...]]:
    """What stands, as it would be sent."""
    statement = select(Obligation).where(Obligation.agreement_id == agreement_id).order_by(Obligation.position)
    return [
        (
            *(one.party_id, one.what, one.due_on, one.amount, one.status is PerformanceStatus.PERFORMED_ON_SPOT),
            [(part.due_on, part.amount) for part in await instalments_of(work, one.id)],
        )
        for one in await work.session.scalars(statement)
    ]


async def _clear(work: Work, agreement_id: UUID) -> None:
    ids = list(await work.session.scalars(select(Obligation.id).where(Obligation.agreement_id == agreement_id)))
    for model in (Instalment, ObligationAct):
        await work.session.execute(delete(model).where(model.obligation_id.in_(ids)))
    work.touch(Obligation.part)
    await work.session.execute(delete(Obligation).where(Obligation.agreement_id == agreement_id))
