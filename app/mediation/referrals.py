"""A dispute handed over is accepted or returned, answered, acknowledged or recalled: by us, by the partner's liaison,
or by our clerk as the partner's letter told. None of it blocks the round."""

from uuid import UUID

from sqlalchemy import select

from app.core.auth import View
from app.core.jurisdiction import CaseGrant, Spot
from app.core.problems import NotFound
from app.core.unit_of_work import Work
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.models import Case
from app.intake.round_deadlines import end_failure_feedback, end_referral
from app.intake.step_codes import Step
from app.intake.steps import Words, record_step
from app.mediation.access import locked_round, require_current_round
from app.mediation.codes import AnswerWay, ReferralSide
from app.mediation.hand_off import ENDED, STEPS, why_not_answer, why_wrong_side
from app.mediation.models import Mediation, Referral, ReferralAnswer
from app.mediation.police import require_return_package
from app.mediation.rounds import raise_round_version
from app.mediation.schemas.referrals import HandOffStepIn


async def answer(work: Work, mediation_id: UUID, step: Step, body: HandOffStepIn) -> Mediation:
    case, mediation = await _referred_round(work, mediation_id)
    await require_current_round(work, case, mediation)
    referral = await work.session.scalar(select(Referral).where(Referral.mediation_id == mediation.id))
    refuse_if(why_not_answer(step, referral.state if referral else None, case))
    assert referral is not None  # noqa: S101 refused above
    refuse_if(why_wrong_side(step, referral.direction, work.actor.view, body.letter_no))
    await require_return_package(work, mediation, referral, body)
    answers = await answers_of(work, mediation.id)
    refuse_disorder(
        ("sent_on", referral.sent_on or mediation.started_on),
        ("answered_on", answers[-1].on if answers else None),
        ("answering_on", body.on),
    )
    referral.state = STEPS[step].leads_to
    new = _answered(work, referral, body, len(answers) + 1, STEPS[step].side(referral.direction))
    work.session.add(new)
    if referral.state in ENDED:
        await _end_grants(work, mediation.id)
    if mediation.outcome is None:
        await end_referral(work, case, step, body.on)
    elif mediation.concluded_on and step is Step.REFERRAL_RESULT:
        await end_failure_feedback(work, case, mediation.concluded_on, body.on)
    raise_round_version(work, mediation)
    facts = {"mediation_id": str(mediation.id), "side": str(new.side), "way": str(new.way)}
    await record_step(work, case, step, body.on, case.status, _words(new), **facts)
    return mediation


async def _referred_round(work: Work, mediation_id: UUID) -> tuple[Case, Mediation]:
    """To a partner body only the round that is referred to it, looked for again under the lock: it may have been
    recalled meanwhile."""
    case, mediation = await locked_round(work, mediation_id)
    if work.actor.view is View.PARTNER:
        granted = select(CaseGrant.id).where(CaseGrant.mediation_id == mediation.id, CaseGrant.ended_at.is_(None))
        if await work.session.scalar(granted) is None:
            raise NotFound
        work.confine(case.id)
    return case, mediation


async def answers_of(work: Work, mediation_id: UUID) -> list[ReferralAnswer]:
    statement = select(ReferralAnswer).where(ReferralAnswer.mediation_id == mediation_id)
    return list(await work.session.scalars(statement.order_by(ReferralAnswer.seq)))


def _answered(work: Work, referral: Referral, body: HandOffStepIn, seq: int, side: ReferralSide) -> ReferralAnswer:
    by_letter = side is ReferralSide.PARTNER and work.actor.view is not View.PARTNER
    return ReferralAnswer(
        **body.model_dump(),
        **Spot.of(referral).columns,
        case_id=referral.case_id,
        mediation_id=referral.mediation_id,
        seq=seq,
        state=referral.state,
        side=side,
        way=AnswerWay.LETTER if by_letter else AnswerWay.ACCOUNT,
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )


async def _end_grants(work: Work, mediation_id: UUID) -> None:
    standing = select(CaseGrant).where(CaseGrant.mediation_id == mediation_id, CaseGrant.ended_at.is_(None))
    for grant in await work.session.scalars(standing):
        grant.ended_at = work.now


def _words(new: ReferralAnswer) -> Words:
    words: Words = {"document_no": new.letter_no}
    return words | {"reason": new.reason} if new.reason else words
