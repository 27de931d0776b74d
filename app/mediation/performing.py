"""履行: an obligation is performed in whole or in part, urged (People's Mediation Law, art. 31), refused, or changed
and waived by the consent of all."""

from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.db import new_id
from app.core.input_errors import refuse_fields
from app.core.jurisdiction import Spot
from app.core.problems import NotFound, UnknownReference
from app.core.schemas import money_text
from app.core.unit_of_work import Work
from app.intake.access import find_case, require_current
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.models import Case, Party
from app.intake.queries import parties_of
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.agreement_codes import ObligationActKind
from app.mediation.agreement_guards import missing_consent, why_not_on_obligation
from app.mediation.agreement_problems import BelowPerformed, ChangeNeedsConsent, OverPerformed
from app.mediation.codes import PerformanceStatus
from app.mediation.models import Agreement, Instalment, Obligation, ObligationAct
from app.mediation.obligations import (
    NOTHING,
    instalments_of,
    keep_next_due,
    put_instalments,
    status_by_amounts,
    terms_of,
)
from app.mediation.schemas.obligations import (
    ActIn,
    InstalmentIn,
    ObligationChangeIn,
    PerformanceIn,
    PerformanceRefusalIn,
    UrgingIn,
    total,
)

Taken = tuple[Case, Obligation]
Parts = list[Instalment]
Effect = Callable[[Obligation, Parts], Awaitable[dict[str, Any]]]
"""Changes the obligation; gives what its history keeps of the act."""


async def perform(work: Work, obligation_id: UUID, body: PerformanceIn) -> Taken:
    effect = partial(_pay, body)
    return await _take(work, obligation_id, body, Step.PERFORMANCE, "performed_on", effect)


async def urge(work: Work, obligation_id: UUID, body: UrgingIn) -> Taken:
    async def effect(obligation: Obligation, parts: Parts) -> dict[str, Any]:
        return {"kind": ObligationActKind.URGING, "note": body.note}

    return await _take(work, obligation_id, body, Step.URGING, "urged_on", effect)


async def refuse_to_perform(work: Work, obligation_id: UUID, body: PerformanceRefusalIn) -> Taken:
    async def effect(obligation: Obligation, parts: Parts) -> dict[str, Any]:
        obligation.status = PerformanceStatus.REFUSED
        return {"kind": ObligationActKind.REFUSAL, "reason": body.reason, "note": body.note}

    return await _take(work, obligation_id, body, Step.PERFORMANCE_REFUSAL, "refused_on", effect)


async def change_obligation(work: Work, obligation_id: UUID, body: ObligationChangeIn) -> Taken:
    effect = partial(_waive if body.waived else partial(_change, work), body)
    return await _take(work, obligation_id, body, Step.OBLIGATION_CHANGE, "changed_on", effect)


async def _take(work: Work, obligation_id: UUID, body: ActIn, step: Step, dated: str, effect: Effect) -> Taken:
    """One act on an obligation; the same act sent again under its id changes nothing more."""
    fingerprint = {"parent": str(obligation_id), "step": step, **body.model_dump(mode="json", exclude_unset=True)}
    case, obligation = await _locked(work, obligation_id)
    if body.id and (_ := await work.sent_before(ObligationAct, body.id, fingerprint)):
        return case, obligation
    await require_current(work, case)
    agreement = await work.session.get_one(Agreement, obligation.agreement_id)
    parts = await instalments_of(work, obligation.id)
    parties = await parties_of(work, case.id)
    consents = body.consents if isinstance(body, ObligationChangeIn) else None
    _check_named(body, parties, parts)
    await work.refuse_taken_ids(ObligationAct, [body.id])
    refuse_if(why_not_on_obligation(step, case, agreement, obligation))
    refuse_disorder(("agreed_on", agreement.agreed_on), (dated, body.on))
    if consents is not None and missing_consent(parties, consents):
        raise ChangeNeedsConsent
    said = await effect(obligation, parts)
    await work.session.flush()
    keep_next_due(obligation, await instalments_of(work, obligation.id))
    act = _act(work, obligation, body, said | {"consents": None if consents is None else [str(id) for id in consents]})
    await work.claim(act, fingerprint)
    facts = {"obligation_id": str(obligation.id), "act_id": str(act.id), "kind": str(act.kind)}
    await record_step(work, case, step, body.on, case.status, **facts)
    return case, obligation


async def _locked(work: Work, obligation_id: UUID) -> Taken:
    case_id = await work.session.scalar(select(Obligation.case_id).where(Obligation.id == obligation_id))
    if case_id is None:
        raise NotFound
    case = await find_case(work, case_id, lock=True)
    # Read after the lock: whoever held the case may have performed it.
    return case, await work.session.get_one(Obligation, obligation_id)


def _check_named(body: ActIn, parties: Sequence[Party], parts: Parts) -> None:
    known = {party.id for party in parties}
    for number, id in enumerate(body.consents if isinstance(body, ObligationChangeIn) else []):
        if id not in known:
            raise UnknownReference(f"/consents/{number}")
    named = body.instalment if isinstance(body, PerformanceIn) else None
    if named and named not in {one.no for one in parts}:
        raise UnknownReference("/instalment")


def _act(work: Work, obligation: Obligation, body: ActIn, said: dict[str, Any]) -> ObligationAct:
    return ObligationAct(
        id=body.id or new_id(),
        case_id=obligation.case_id,
        obligation_id=obligation.id,
        on=body.on,
        recorded_by=work.actor.account_id,
        recorded_at=work.now,
        **said,
        **Spot.of(obligation).columns,
    )


async def _pay(body: PerformanceIn, obligation: Obligation, parts: Parts) -> dict[str, Any]:
    said = {"kind": ObligationActKind.PERFORMANCE, "note": body.proof, "instalment": body.instalment}
    if obligation.remaining is None:
        refuse_fields("not_here", [f"/{n}" for n in ("amount", "instalment") if getattr(body, n) is not None])
        done = PerformanceStatus.PARTLY_PERFORMED if body.partial else PerformanceStatus.PERFORMED
        obligation.status = done
        return said
    refuse_fields("not_here", ["/partial"] * body.partial)
    paid_into = [one for one in parts if body.instalment in (None, one.no)]
    remaining = sum((one.remaining for one in paid_into), NOTHING) if parts else obligation.remaining
    amount = remaining if body.amount is None else body.amount
    if not NOTHING < amount <= remaining:
        raise OverPerformed(remaining=money_text(remaining))
    _allot(amount, paid_into)
    obligation.performed_amount += amount
    obligation.status = status_by_amounts(obligation)
    return said | {"amount": amount}


def _allot(amount: Decimal, parts: Sequence[Instalment]) -> None:
    """To the earliest first."""
    for one in parts:
        share = min(amount, one.remaining)
        one.performed_amount += share
        amount -= share


async def _waive(body: ObligationChangeIn, obligation: Obligation, parts: Parts) -> dict[str, Any]:
    old_terms = terms_of(obligation, parts)
    obligation.status = PerformanceStatus.WAIVED_OR_CHANGED
    return {"kind": ObligationActKind.WAIVER, "note": body.reason, "old_terms": old_terms}


async def _change(work: Work, body: ObligationChangeIn, obligation: Obligation, parts: Parts) -> dict[str, Any]:
    old_terms = terms_of(obligation, parts)
    amount = obligation.amount if body.amount is None else body.amount
    owed = (amount or NOTHING) - obligation.performed_amount
    if owed < NOTHING:
        raise BelowPerformed(performed=money_text(obligation.performed_amount))
    _check_instalments(body, owed, has_parts=any(one.remaining for one in parts))
    obligation.what, obligation.amount = body.what or obligation.what, amount
    if body.due_on:
        obligation.due_on = body.due_on
    if body.instalments is not None:
        await _replace(work, obligation, parts, body.instalments)
    if obligation.remaining is not None or obligation.status is PerformanceStatus.REFUSED:
        obligation.status = status_by_amounts(obligation)
    return {"kind": ObligationActKind.CHANGE, "note": body.reason, "old_terms": old_terms}


def _check_instalments(body: ObligationChangeIn, owed: Decimal, *, has_parts: bool) -> None:
    """Instalments are of what is still owed; where there are some, another amount or day needs others."""
    if body.instalments and total(body.instalments) != owed:
        refuse_fields("instalments_sum", ["/instalments"])
    if has_parts and body.instalments is None:
        refuse_fields("needed_here", ["/instalments"] * (body.amount is not None or body.due_on is not None))


async def _replace(work: Work, obligation: Obligation, parts: Parts, bodies: Sequence[InstalmentIn]) -> None:
    """What was paid stays as it was paid; of the rest the history keeps what it was."""
    for one in parts:
        if one.performed_amount:
            one.amount = one.performed_amount
        else:
            await work.session.delete(one)
    put_instalments(work, obligation, bodies, first=max((one.no for one in parts), default=0) + 1)
    if bodies:
        obligation.due_on = bodies[-1].due_on
