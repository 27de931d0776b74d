"""Mediation over HTTP: rounds, sessions, conclusions, signatures, closure, and what can be done next."""

from typing import Annotated, Any

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.jurisdiction import CaseConflict
from app.core.paging import Order, listed, page
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.intake.access import find_case
from app.intake.answers import CaseOut
from app.intake.views import case_answer
from app.mediation import queries
from app.mediation.actions import case_actions, round_actions
from app.mediation.answers import (
    ActionList,
    AgreementOut,
    ConflictList,
    ConflictOut,
    PartnerRound,
    RoundList,
    RoundOut,
    SessionList,
    SessionOut,
    SignatureOut,
)
from app.mediation.closure import close
from app.mediation.conclusion import conclude
from app.mediation.conflicts import conflict_out, conflicts_of, declare_conflict, withdraw_conflict
from app.mediation.leaving import transfer, withdraw
from app.mediation.models import Mediation, Session
from app.mediation.rounds import add_session, start_round
from app.mediation.schemas import (
    ClosureIn,
    ConclusionIn,
    ConflictEndIn,
    ConflictIn,
    MediationIn,
    SessionIn,
    SignatureIn,
    TransferIn,
    WithdrawalIn,
)
from app.mediation.signing import sign

router = guarded_router(tags=["mediation"])


@router.post("/cases/{case_id}/mediations", status_code=201)
async def start_mediation(
    case_id: PathId, body: MediationIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[RoundOut]:
    """Starts a round under a method. One round is open at a time; police, arbitration and lawyer need their
    referral."""
    mediation, is_new = await start_round(work, case_id, body)
    answer = await _round_answer(work, mediation)
    return Answer(answer.body, answer.etag, f"/api/v1/mediations/{mediation.id}", 201 if is_new else 200)


@router.get("/cases/{case_id}/mediations")
async def list_mediations(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> RoundList:
    """The rounds of a case, in order."""
    await find_case(reading, case_id)
    order = Order(Mediation.round_no, Mediation.id)
    rows, following, total = await page(reading, queries.rounds_of(case_id), query, order)
    return listed(RoundList, await queries.complete_rounds(reading, rows), following, total)


@router.get("/mediations/{mediation_id}")
async def read_mediation(
    mediation_id: PathId, reading: Annotated[Reading, read(Permission.MEDIATIONS_READ)]
) -> Answer[RoundOut | PartnerRound]:
    """One round with its mediators and referral; a partner body sees the round that was referred to it."""
    found = await queries.single_round(reading, mediation_id)
    return Answer(found, _etag(reading, found))  # type: ignore[arg-type]


@router.get("/mediations/{mediation_id}/actions")
async def list_mediation_actions(
    mediation_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> ActionList:
    """The steps of a round: which are allowed now, and why the others are not."""
    return {"items": await round_actions(reading, mediation_id)}


@router.post("/mediations/{mediation_id}/sessions", status_code=201)
async def record_session(
    mediation_id: PathId, body: SessionIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[SessionOut]:
    """Records one session of an open round."""
    session, is_new = await add_session(work, mediation_id, body)
    await work.session.flush()
    row = (await work.session.execute(queries.sessions_of(mediation_id).where(Session.id == session.id))).one()
    return Answer(row._asdict(), status=201 if is_new else 200)  # type: ignore[arg-type]


@router.get("/mediations/{mediation_id}/sessions")
async def list_sessions(
    mediation_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> SessionList:
    """The sessions of a round by date."""
    await queries.single_round(reading, mediation_id)
    order = Order(Session.held_on, Session.id)
    rows, following, total = await page(reading, queries.sessions_of(mediation_id), query, order)
    items = [dict(zip(SessionOut.__annotations__, row, strict=False)) for row in rows]
    return listed(SessionList, items, following, total)


@router.post("/mediations/{mediation_id}/conclusion")
async def conclude_mediation(
    mediation_id: PathId, body: ConclusionIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[RoundOut]:
    """Concludes a round: agreed, failed, withdrawn or transferred.

    An effective agreement closes the case with success.
    """
    return await _round_answer(work, await conclude(work, mediation_id, body))


@router.get("/cases/{case_id}/agreement")
async def read_agreement(case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]) -> AgreementOut:
    """The agreement of a case with its obligations and signatures; 404 while there is none."""
    await find_case(reading, case_id)
    return await queries.agreement_out(reading, case_id)


@router.post("/cases/{case_id}/agreement/signatures", status_code=201)
async def sign_agreement(
    case_id: PathId, body: SignatureIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> SignatureOut:
    """Records a signature or the seal of a written agreement. The latest of them makes it effective (art. 29)."""
    return queries.signature_out(await sign(work, case_id, body))


@router.post("/cases/{case_id}/withdrawal")
async def withdraw_case(
    case_id: PathId, body: WithdrawalIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[CaseOut]:
    """撤回, before an agreement. An open round ends with it."""
    return await case_answer(work, await withdraw(work, case_id, body))


@router.post("/cases/{case_id}/transfer")
async def transfer_case(
    case_id: PathId, body: TransferIn, work: Annotated[Work, work(Permission.CASES_TRANSFER)]
) -> Answer[CaseOut]:
    """移送. To a committee of the district: it takes over as the case stands, under its number, and assigns anew. To a
    body outside: the case ends as transferred, an open round with it."""
    return await case_answer(work, await transfer(work, case_id, body))


@router.post("/cases/{case_id}/closure")
async def close_case(
    case_id: PathId, body: ClosureIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[CaseOut]:
    """结案: on an effective agreement, after a failed round, or where a party refused after acceptance."""
    return await case_answer(work, await close(work, case_id, body))


@router.get("/cases/{case_id}/actions")
async def list_case_actions(case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]) -> ActionList:
    """The steps of a case: which are allowed now to this caller, and why the others are not."""
    return {"items": await case_actions(reading, case_id)}


@router.post("/cases/{case_id}/conflicts", status_code=201)
async def declare_case_conflict(
    case_id: PathId, body: ConflictIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> ConflictOut:
    """回避. The mediator, oneself or another, leaves the case; to the mediator's own account it no longer exists."""
    return conflict_out(await declare_conflict(work, case_id, body))  # type: ignore[return-value]


@router.get("/cases/{case_id}/conflicts")
async def list_case_conflicts(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> ConflictList:
    """Conflicts of interest in a case, in the order of their declaration, withdrawn ones too."""
    await find_case(reading, case_id)
    rows, following, total = await page(reading, conflicts_of(case_id), query, Order(None, CaseConflict.id))
    return listed(ConflictList, [conflict_out(row) for row in rows], following, total)


@router.post("/cases/{case_id}/conflicts/{conflict_id}/withdrawal")
async def withdraw_case_conflict(
    case_id: PathId, conflict_id: PathId, body: ConflictEndIn, work: Annotated[Work, work(Permission.CASES_ASSIGN)]
) -> ConflictOut:
    """Ends a conflict of interest, with the reason. The mediator sees the case again; assigning is another step."""
    return conflict_out(await withdraw_conflict(work, case_id, conflict_id, body))  # type: ignore[return-value]


async def _round_answer(work: Work, mediation: Mediation) -> Answer[RoundOut]:
    await work.session.flush()
    found = await queries.single_round(work, mediation.id)
    return Answer(found, _etag(work, found))  # type: ignore[arg-type]


def _etag(reading: Reading, found: dict[str, Any]) -> str:
    """A round shows its case's version and status: it changes with either. A partner sees neither."""
    return etag_of(found["version"], reading.actor.view, found.get("case_version"))
