"""警调: a public-security case is mediated once, and at most once more within seven working days (art. 183); what goes
back to the police with an agreement is whole (art. 186)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.calendar.codes import DeadlineCode
from app.calendar.rules import rules_of
from app.core.unit_of_work import Work
from app.intake.dates import refuse_disorder
from app.intake.method_codes import ReferralDirection
from app.intake.models import Case
from app.intake.round_deadlines import limit_second_session
from app.mediation.codes import MediationOutcome, ReferralOutcome
from app.mediation.models import Agreement, Mediation, Referral, Session
from app.mediation.problems import ReturnPackageMissing, SecondSessionLate, SessionsUsed
from app.mediation.schemas.referrals import HandOffStepIn, ResultIn
from app.mediation.schemas.sessions import SessionIn

MOST_SITTINGS = 2
_PARTS = {
    "agreement": ("生效的协议", "an agreement in effect"),
    "performance_proof": ("履行证明", "proof of performance"),
    "joint_application_on": ("共同书面申请", "the joint written application"),
}


async def referral_of(work: Work, mediation: Mediation) -> Referral | None:
    found: Referral | None = await work.session.scalar(select(Referral).where(Referral.mediation_id == mediation.id))
    return found


async def sittings_with(work: Work, mediation: Mediation, body: SessionIn) -> Sequence[date] | None:
    """The days on which the incident was mediated, with the new one; None where nothing limits them.

    What is held on one day is one mediation. A further round of the same incident begins nothing anew.
    """
    referral = await referral_of(work, mediation) if mediation.method.needs_referral else None
    if referral is None or not referral.public_security_case or not body.form.is_sitting:
        return None
    held = (
        select(Session.held_on, Session.form)
        .join(Referral, Referral.mediation_id == Session.mediation_id)
        .where(Session.case_id == mediation.case_id, Referral.incident_no == referral.incident_no)
        .where(Referral.public_security_case.is_(True))
    )
    days = {held_on for held_on, form in await work.session.execute(held) if form.is_sitting}
    return sorted(days | {body.held_on})


async def refuse_late_sitting(work: Work, case: Case, days: Sequence[date]) -> None:
    rules = await rules_of(work, case.district)
    rule = rules.of(DeadlineCode.POLICE_SECOND_SESSION, days[0])
    if rule is None or len(days) == 1:
        return
    if len(days) > MOST_SITTINGS:
        raise SessionsUsed("/held_on", article=rule.basis)
    due_on = rules.calendar.due(days[0], rule.days, rule.kind, rolls=rule.rolls)
    if days[1] > due_on:
        raise SecondSessionLate("/held_on", due_on=due_on.isoformat(), article=rule.basis)


async def limit_sittings(work: Work, case: Case, days: Sequence[date], held_on: date) -> None:
    await limit_second_session(work, case, days[0] if len(days) == 1 else None, held_on)


async def awaits_the_police(work: Work, mediation: Mediation) -> bool:
    """A public-security case that failed: the police, who sent it, are to be told, and decide."""
    if mediation.outcome is not MediationOutcome.FAILED:
        return False
    referral = await referral_of(work, mediation)
    return referral is not None and referral.waits_to_be_told


async def require_return_package(work: Work, mediation: Mediation, referral: Referral, body: HandOffStepIn) -> None:
    if not isinstance(body, ResultIn) or body.outcome is not ReferralOutcome.AGREED:
        return
    is_ours = referral.direction is ReferralDirection.IN
    if not (is_ours and referral.public_security_case):
        return
    agreement = await work.session.scalar(select(Agreement).where(Agreement.mediation_id == mediation.id))
    there = {
        "agreement": agreement is not None and agreement.effective_on is not None,
        "performance_proof": body.performance_proof is not None,
        "joint_application_on": body.joint_application_on is not None,
    }
    missing = [name for name, is_there in there.items() if not is_there]
    if missing:
        words = [_PARTS[name] for name in missing]
        raise ReturnPackageMissing(
            next((f"/{name}" for name in missing if name != "agreement"), None),
            missing=("、".join(zh for zh, _ in words), ", ".join(en for _, en in words)),
        )
    refuse_disorder(
        ("agreed_on", agreement.agreed_on if agreement else None), ("joint_application_on", body.joint_application_on)
    )
