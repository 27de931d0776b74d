"""Reading rounds and the agreement of a case."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.auth import View
from app.core.embedded import Embedded
from app.core.jurisdiction import CaseGrant
from app.core.prepared import AnySelect
from app.core.problems import NotFound
from app.core.schemas import money_text
from app.core.unit_of_work import Reading, Work
from app.intake.models import Case
from app.mediation.answers.agreements import SignatureOut
from app.mediation.answers.rounds import RoundMediatorOut
from app.mediation.models import Agreement, Mediation, RoundMediator, Signature
from app.mediation.referral_queries import referrals_of

ROUND = (
    Mediation.id,
    Mediation.version,
    Mediation.case_id,
    Case.status.label("case_status"),
    Case.version.label("case_version"),
    Mediation.round_no,
    Mediation.method,
    Mediation.started_on,
    Mediation.organization_id,
    Mediation.fee,
    Mediation.outcome,
    Mediation.concluded_on,
    Mediation.failure_reason,
    Mediation.remedy_notice_on,
    Mediation.transferred_to,
    Mediation.undisputed_facts,
    Mediation.facts_confirmed_by,
)
PARTNER = ("id", "version", "case_id", "method", "started_on", "outcome", "concluded_on", "referral")
_PRESENT = Embedded(
    "mediators",
    (RoundMediator.mediation_id == Mediation.id) & RoundMediator.until_on.is_(None),
    Mediation,
    (RoundMediator.mediator_id, RoundMediator.position),
)


def rounds() -> AnySelect:
    return select(*ROUND, _PRESENT.column).join(Case, Case.id == Mediation.case_id)


def rounds_of(case_id: UUID) -> AnySelect:
    return rounds().where(Mediation.case_id == case_id)


async def single_round(reading: Reading, mediation_id: UUID) -> dict[str, Any]:
    """One round. A partner body finds only the round that was referred to it."""
    statement = rounds().where(Mediation.id == mediation_id)
    if reading.actor.view is View.PARTNER:
        granted = select(CaseGrant.id).where(CaseGrant.mediation_id == Mediation.id, CaseGrant.ended_at.is_(None))
        statement = statement.where(granted.exists())
    rows = (await reading.session.execute(statement)).all()
    if not rows:
        raise NotFound
    return await _seen(reading, rows)


async def answered_round(work: Work, mediation_id: UUID) -> dict[str, Any]:
    """As its reader sees it after a step, a partner body even where the step ended what it may see."""
    return await _seen(work, (await work.session.execute(rounds().where(Mediation.id == mediation_id))).all())


async def _seen(reading: Reading, rows: Sequence[Any]) -> dict[str, Any]:
    complete = (await complete_rounds(reading, rows))[0]
    return {name: complete[name] for name in PARTNER} if reading.actor.view is View.PARTNER else complete


async def complete_rounds(reading: Reading, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rounds with their present mediators and their referral: one statement for any number of them."""
    ids = [row.id for row in rows]
    referrals = await referrals_of(reading, ids)
    return [
        {
            **{name: value for name, value in row._mapping.items() if not name.startswith("_key")},
            "fee": money_text(row.fee),
            "mediators": [one.mediator_id for one in _PRESENT.read(row.mediators)],
            "referral": referrals.get(row.id),
        }
        for row in rows
    ]


def mediators_of_round(mediation_id: UUID) -> AnySelect:
    columns = (getattr(RoundMediator, name) for name in RoundMediatorOut.__annotations__)
    return select(*columns).where(RoundMediator.mediation_id == mediation_id)


async def last_round(reading: Reading, case_id: UUID) -> Mediation | None:
    statement = select(Mediation).where(Mediation.case_id == case_id).order_by(Mediation.round_no.desc()).limit(1)
    found: Mediation | None = await reading.session.scalar(statement)
    return found


async def agreement_of(reading: Reading, case_id: UUID) -> Agreement | None:
    """The case's agreement: of its latest round that reached one."""
    statement = (
        select(Agreement)
        .join(Mediation, Mediation.id == Agreement.mediation_id)
        .where(Agreement.case_id == case_id)
        .order_by(Mediation.round_no.desc())
        .limit(1)
    )
    found: Agreement | None = await reading.session.scalar(statement)
    return found


async def signatures_of(reading: Reading, agreement_id: UUID) -> list[Signature]:
    statement = select(Signature).where(Signature.agreement_id == agreement_id).order_by(Signature.on, Signature.id)
    return list(await reading.session.scalars(statement))


def signature_out(signature: Signature) -> SignatureOut:
    return {
        "id": signature.id,
        "party_id": signature.party_id,
        "mediator_id": signature.mediator_id,
        "seal": signature.seal,
        "on": signature.on,
        "manner": signature.manner,
        "authority": signature.authority,
        "device": signature.device,
        "recorded_by": signature.recorded_by,
        "recorded_at": signature.recorded_at,
    }
