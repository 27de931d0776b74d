"""What a reader sees of an agreement: everything about it in a few statements."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.answers import Answer, etag_of
from app.core.schemas import money_text
from app.core.unit_of_work import Reading
from app.intake.access import find_case
from app.intake.models import Case
from app.intake.step_codes import Step
from app.mediation.agreement_guards import LABOR
from app.mediation.answers.agreements import AgreementOut
from app.mediation.answers.obligations import InstalmentOut, ObligationActOut, ObligationAfter, ObligationOut
from app.mediation.applications import last_of, require_agreement
from app.mediation.codes import ConfirmationStatus
from app.mediation.models import (
    Agreement,
    ArbitrationReview,
    Instalment,
    JudicialConfirmation,
    Obligation,
    ObligationAct,
    Remedy,
)
from app.mediation.obligations import overall
from app.mediation.queries import signature_out, signatures_of
from app.mediation.remedies import remedies_open, remedy_out, routes, routes_out


async def agreement_answer(reading: Reading, case_id: UUID) -> Answer[AgreementOut]:
    """404 while the case has none."""
    case = await find_case(reading, case_id)
    agreement = await require_agreement(reading, case)
    return Answer(await _agreement(reading, case, agreement), etag_of(case.version, reading.actor.view))


async def _agreement(reading: Reading, case: Case, agreement: Agreement) -> AgreementOut:
    statement = select(Obligation).where(Obligation.agreement_id == agreement.id).order_by(Obligation.position)
    obligations = await obligations_out(reading, await reading.session.scalars(statement))
    confirmation = await last_of(reading, JudicialConfirmation, agreement)
    document = await last_of(reading, ArbitrationReview, agreement) if case.category in LABOR else None
    taken = select(Remedy).where(Remedy.agreement_id == agreement.id).order_by(Remedy.on, Remedy.id)
    is_money = bool(agreement.amount) or any(one["amount"] for one in obligations)
    is_effective = agreement.effective_on is not None
    return {
        "id": agreement.id,
        "case_id": agreement.case_id,
        "case_version": case.version,
        "mediation_id": agreement.mediation_id,
        "form": agreement.form,
        "agreed_on": agreement.agreed_on,
        "effective_on": agreement.effective_on,
        "content": agreement.content,
        "amount": money_text(agreement.amount),
        "performance_status": overall([one["status"] for one in obligations]),
        "confirmation_status": confirmation.status if confirmation else ConfirmationStatus.TO_APPLY,
        "arbitration_review_status": document.status if document else None,
        "obligations": obligations,
        "signatures": [signature_out(signature) for signature in await signatures_of(reading, agreement.id)],
        "open_remedies": routes_out(routes(case, confirmation, document, is_money=is_money)) if is_effective else [],
        "remedies": [remedy_out(remedy) for remedy in await reading.session.scalars(taken)],
    }


async def obligations_out(reading: Reading, rows: Iterable[Obligation]) -> list[ObligationOut]:
    obligations = list(rows)
    ids = [one.id for one in obligations]
    parts, acts = defaultdict(list), defaultdict(list)
    if ids:
        instalments = select(Instalment).where(Instalment.obligation_id.in_(ids)).order_by(Instalment.no)
        for part in await reading.session.scalars(instalments):
            parts[part.obligation_id].append(_instalment(part))
        history = select(ObligationAct).where(ObligationAct.obligation_id.in_(ids))
        for act in await reading.session.scalars(history.order_by(ObligationAct.recorded_at, ObligationAct.id)):
            acts[act.obligation_id].append(_act(act))
    return [
        {
            "id": one.id,
            "party_id": one.party_id,
            "what": one.what,
            "due_on": one.due_on,
            "amount": money_text(one.amount),
            "status": one.status,
            "performed_amount": f"{one.performed_amount:.2f}",
            "next_due_on": one.next_due_on,
            "instalments": parts[one.id],
            "acts": acts[one.id],
        }
        for one in obligations
    ]


def _instalment(row: Instalment) -> InstalmentOut:
    return {
        "no": row.no,
        "due_on": row.due_on,
        "amount": f"{row.amount:.2f}",
        "performed_amount": f"{row.performed_amount:.2f}",
    }


def _act(row: ObligationAct) -> ObligationActOut:
    named: Any = {name: getattr(row, name) for name in ObligationActOut.__annotations__}
    act: ObligationActOut = named | {"amount": money_text(row.amount)}
    return act


async def obligation_after(reading: Reading, case: Case, obligation: Obligation, step: Step) -> Answer[ObligationAfter]:
    """After a refusal with the ways that are open to the other party."""
    (shown,) = await obligations_out(reading, [obligation])
    after: Any = {**shown, "case_id": case.id, "case_version": case.version}
    if step is Step.PERFORMANCE_REFUSAL:
        agreement = await reading.session.get_one(Agreement, obligation.agreement_id)
        after["remedies"] = routes_out(await remedies_open(reading, case, agreement))
    return Answer(after, etag_of(case.version, reading.actor.view))
