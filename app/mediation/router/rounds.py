"""Rounds of mediation over HTTP: started, read, concluded."""

from typing import Annotated, Any

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.paging import Order, listed, page
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.intake.access import find_case
from app.mediation import queries
from app.mediation.actions import round_actions
from app.mediation.answers.actions import ActionList
from app.mediation.answers.rounds import PartnerRound, RoundList, RoundMediatorList, RoundMediatorOut, RoundOut
from app.mediation.conclusion import conclude
from app.mediation.models import Mediation, RoundMediator
from app.mediation.rounds import start_round
from app.mediation.schemas.rounds import ConclusionIn, MediationIn
from app.mediation.schemas.staffing import ReplacementIn, TerminationIn
from app.mediation.staffing import replace_mediator
from app.mediation.termination import terminate

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
    order = Order(Mediation.round_no, Mediation.id)
    rows, following, total = await page(reading, queries.rounds_of(case_id), query, order)
    if not rows:
        await find_case(reading, case_id)
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
    mediation_id: PathId, reading: Annotated[Reading, read(Permission.MEDIATIONS_READ)]
) -> ActionList:
    """The steps of a round and of its hand-off: which are allowed now, and why the others are not."""
    return {"items": await round_actions(reading, mediation_id)}


@router.post("/mediations/{mediation_id}/conclusion")
async def conclude_mediation(
    mediation_id: PathId, body: ConclusionIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[RoundOut]:
    """Concludes a round: agreed, failed, withdrawn or transferred.

    An effective agreement closes the case with success.
    """
    return await _round_answer(work, await conclude(work, mediation_id, body))


@router.post("/mediations/{mediation_id}/termination")
async def terminate_mediation(
    mediation_id: PathId, body: TerminationIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[RoundOut]:
    """A party demands that this mediation end (art. 23): the round has failed, and another may follow if all agree."""
    return await _round_answer(work, await terminate(work, mediation_id, body))


@router.post("/mediations/{mediation_id}/replacement")
async def replace_round_mediator(
    mediation_id: PathId, body: ReplacementIn, work: Annotated[Work, work(Permission.CASES_ASSIGN)]
) -> Answer[RoundOut]:
    """更换调解员: one leaves an open round, one joins, or both. A conflict of interest is declared for the case."""
    return await _round_answer(work, await replace_mediator(work, mediation_id, body))


@router.get("/mediations/{mediation_id}/mediators")
async def list_round_mediators(
    mediation_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> RoundMediatorList:
    """Who was a mediator of the round, from when until when, why not any more, and who chose."""
    order = Order(RoundMediator.from_on, RoundMediator.id)
    rows, following, total = await page(reading, queries.mediators_of_round(mediation_id), query, order)
    if not rows:
        await queries.single_round(reading, mediation_id)
    items = [dict(zip(RoundMediatorOut.__annotations__, row, strict=False)) for row in rows]
    return listed(RoundMediatorList, items, following, total)


async def _round_answer(work: Work, mediation: Mediation) -> Answer[RoundOut]:
    await work.session.flush()
    found = await queries.single_round(work, mediation.id)
    return Answer(found, _etag(work, found))  # type: ignore[arg-type]


def _etag(reading: Reading, found: dict[str, Any]) -> str:
    """A round shows its case's version and status: it changes with either. A partner sees neither."""
    return etag_of(found["version"], reading.actor.view, found.get("case_version"))
