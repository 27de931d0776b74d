"""What must be told: the parties of their rights and duties; the police or a department of a dispute that may escalate,
without which a case so marked does not end (People's Mediation Law, arts. 24 and 25)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.core.clock import shanghai_date
from app.core.jurisdiction import Spot
from app.core.problems import Problem, UnknownReference
from app.core.unit_of_work import Reading, Work
from app.intake.access import case_to_change
from app.intake.dates import refuse_disorder
from app.intake.guards import refuse_if
from app.intake.models import Case, Party
from app.intake.parties import lacks_capacity
from app.intake.queries import parties_of
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.entries import enter, to_enter
from app.mediation.models import EscalationReport, RightsNotice
from app.mediation.problems import NoticeServed, ReportMissing
from app.mediation.schemas.duties import EscalationReportIn, RightsNoticeIn
from app.mediation.session_codes import ReportRecipient


async def report_escalation(work: Work, case_id: UUID, body: EscalationReportIn) -> tuple[EscalationReport, bool]:
    case, standing = await to_enter(work, EscalationReport, case_id, body)
    if standing:
        return standing, False
    refuse_if(case.why_not(Step.ESCALATION_REPORT))
    report = await enter(work, case, EscalationReport, body, case.id)
    facts = {"report_id": str(report.id), "to": str(body.to), "danger": str(body.danger)}
    await record_step(work, case, Step.ESCALATION_REPORT, shanghai_date(body.reported_at), case.status, **facts)
    return report, True


async def why_unreported(reading: Reading, case: Case) -> Problem | None:
    if not _is_marked(case) or await recipients_of(reading, case.id):
        return None
    return ReportMissing()


def _is_marked(case: Case) -> bool:
    return any(mark is not None and mark.is_to_be_reported for mark in (case.forecast, case.risk_level))


async def recipients_of(reading: Reading, case_id: UUID) -> set[ReportRecipient]:
    return set(await reading.session.scalars(select(EscalationReport.to).where(EscalationReport.case_id == case_id)))


async def unprotected(reading: Reading, case: Case, parties: Iterable[Party]) -> list[int]:
    """Positions of parties without full capacity in a case of domestic violence that the police has not been told of:
    a village committee that suspects it must report (反家庭暴力法第十四条)."""
    if not case.domestic_violence or ReportRecipient.POLICE in await recipients_of(reading, case.id):
        return []
    return [position for position, party in enumerate(parties) if lacks_capacity(party, reading.today)]


async def serve_notice(work: Work, case_id: UUID, body: RightsNoticeIn) -> tuple[RightsNotice, bool]:
    """Serves a party's notice, or adds its acknowledgement; false where it had been served before."""
    case = await case_to_change(work, case_id)
    if body.party_id not in {party.id for party in await parties_of(work, case.id)}:
        raise UnknownReference("/party_id")
    statement = select(RightsNotice).where(RightsNotice.case_id == case.id, RightsNotice.party_id == body.party_id)
    served = await work.session.scalar(statement)
    if served is not None and all(getattr(served, name) == value for name, value in body):
        return served, False
    refuse_if(case.why_not(Step.RIGHTS_NOTICE))
    refuse_disorder(("reported_on", case.reported_on), ("served_on", body.served_on))
    if served is None:
        notice = _new_notice(work, case, body)
        work.session.add(notice)
    else:
        notice = _acknowledged(served, body)
    on, is_acknowledged = body.acknowledged_on or body.served_on, body.acknowledged_on is not None
    facts = {"party_id": str(body.party_id), "acknowledged": is_acknowledged}
    await record_step(work, case, Step.RIGHTS_NOTICE, on, case.status, **facts)
    return notice, served is None


def _new_notice(work: Work, case: Case, body: RightsNoticeIn) -> RightsNotice:
    return RightsNotice(
        **body.model_dump(),
        **Spot.of(case).columns,
        case_id=case.id,
        recorded_by=work.actor.account_id,
        recorded_at=work.now,
    )


def _acknowledged(served: RightsNotice, body: RightsNoticeIn) -> RightsNotice:
    is_same = (served.served_on, served.manner) == (body.served_on, body.manner)
    if not is_same or served.acknowledged_on is not None or body.acknowledged_on is None:
        raise NoticeServed
    served.acknowledged_on = body.acknowledged_on
    return served


async def parties_served(reading: Reading, case_id: UUID) -> set[UUID]:
    return set(await reading.session.scalars(select(RightsNotice.party_id).where(RightsNotice.case_id == case_id)))
