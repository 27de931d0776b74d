"""The hand-off of a round and its steps over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer, etag_of
from app.core.auth import Permission
from app.core.route import guarded_router, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.intake.step_codes import Step
from app.mediation import queries
from app.mediation.answers.referrals import ReferralList
from app.mediation.answers.rounds import PartnerRound, RoundOut
from app.mediation.referral_queries import referral_list
from app.mediation.referrals import answer
from app.mediation.schemas.referrals import HandOffStepIn, RecallIn, ReferralFilter, ResultIn, ReturnIn

router = guarded_router(tags=["mediation"])
Answering = Annotated[Work, work(Permission.REFERRALS_ANSWER)]
AnsweredRound = Answer[RoundOut | PartnerRound]


@router.get("/referrals")
async def list_referrals(
    query: Annotated[ReferralFilter, Query()], reading: Annotated[Reading, read(Permission.MEDIATIONS_READ)]
) -> ReferralList:
    """Hand-offs, the latest first. A partner body sees those to it, reduced, until they are recalled or returned."""
    return await referral_list(reading, query)


@router.post("/mediations/{mediation_id}/referral/acceptance")
async def accept_referral(mediation_id: PathId, body: HandOffStepIn, work: Answering) -> AnsweredRound:
    """接收: by whoever was sent the dispute; the time for an answer of receipt ends."""
    return await _step(work, mediation_id, Step.REFERRAL_ACCEPTANCE, body)


@router.post("/mediations/{mediation_id}/referral/return")
async def return_referral(mediation_id: PathId, body: ReturnIn, work: Answering) -> AnsweredRound:
    """退回, with the reason. The partner sees the case no more; the round goes on."""
    return await _step(work, mediation_id, Step.REFERRAL_RETURN, body)


@router.post("/mediations/{mediation_id}/referral/result")
async def return_referral_result(mediation_id: PathId, body: ResultIn, work: Answering) -> AnsweredRound:
    """反馈结果: what came of it, told back to the sender; the time for feedback ends."""
    return await _step(work, mediation_id, Step.REFERRAL_RESULT, body)


@router.post("/mediations/{mediation_id}/referral/acknowledgement")
async def acknowledge_referral_result(mediation_id: PathId, body: HandOffStepIn, work: Answering) -> AnsweredRound:
    """确认结果, by the sender: the hand-off is done."""
    return await _step(work, mediation_id, Step.REFERRAL_ACKNOWLEDGEMENT, body)


@router.post("/mediations/{mediation_id}/referral/recall")
async def recall_referral(mediation_id: PathId, body: RecallIn, work: Answering) -> AnsweredRound:
    """撤回, by the sender. The partner sees the case no more; the round goes on."""
    return await _step(work, mediation_id, Step.REFERRAL_RECALL, body)


async def _step(work: Work, mediation_id: PathId, step: Step, body: HandOffStepIn) -> AnsweredRound:
    mediation = await answer(work, mediation_id, step, body)
    await work.session.flush()
    found = await queries.answered_round(work, mediation.id)
    return Answer(found, etag_of(mediation.version, work.actor.view, found.get("case_version")))  # type: ignore[arg-type]
