"""The words of what was recorded in the course of a case: sessions, investigations, evidence, return visits,
confirmation."""

from datetime import date
from uuid import UUID

from app.documents.queries import Volume
from app.mediation.models import JudicialConfirmation, ReturnVisit, Session

Words = dict[str, str]


def day(value: date | None) -> str:
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def sessions(volume: Volume) -> list[Words]:
    rounds = {mediation.id: mediation for mediation in volume.rounds}
    last = {session.mediation_id: session.id for session in volume.sessions}
    told = []
    for number, session in enumerate(volume.sessions, 1):
        mediation = rounds[session.mediation_id]
        is_last = last[mediation.id] == session.id
        reason = f"（{mediation.failure_reason.zh}）" if mediation.failure_reason else ""
        told.append(
            {
                "no": str(number),
                "method": mediation.method.zh,
                "held_on": day(session.held_on),
                "form": session.form.zh,
                "place": session.place_text or "",
                "attendees": "、".join(_attendees(volume, session)),
                "recorder": session.recorder or "",
                "record": _record(volume, session),
                "next_step": session.next_step or "",
                "result": mediation.outcome.zh + reason if mediation.outcome and is_last else "",
            }
        )
    return told


def _attendees(volume: Volume, session: Session) -> list[str]:
    """Those of the case by name, then whoever else was written down."""
    present = [row for row in volume.attendance if row.session_id == session.id]
    ids = [row.party_id or row.mediator_id or row.participant_id for row in present]
    named = [volume.names[id] for id in ids if id in volume.names]
    return list(dict.fromkeys([*named, *session.attendees]))


def _record(volume: Volume, session: Session) -> str:
    """As it was written, with its corrections after it."""
    corrections = [f"更正：{one.text}" for one in volume.corrections if one.session_id == session.id]
    return "\n".join([session.record, *corrections])


def investigations(volume: Volume) -> list[Words]:
    return [
        {
            "on": day(one.investigated_on),
            "place": one.place_text,
            "present": "、".join(one.present),
            "asked": "、".join(one.asked),
            "asked_by": one.asked_by,
            "recorder": one.recorder or "",
            "record": one.record,
        }
        for one in volume.investigations
    ]


def evidence(volume: Volume) -> list[Words]:
    return [
        {
            "seq": str(number),
            "name": one.name,
            "source": one.source,
            "by": volume.names.get(one.submitted_by, "") if one.submitted_by else "调委会收集",
            "pages": str(one.pages or ""),
            "on": day(one.received_on),
        }
        for number, one in enumerate(volume.evidence, 1)
    ]


def visits(volume: Volume) -> list[Words]:
    return [
        {
            "on": day(visit.visited_on),
            "form": visit.form.zh,
            "parties": "、".join(volume.names.get(UUID(id), "") for id in visit.parties),
            "why": "抽查" if visit.sampled else "",
            "findings": "\n".join(_findings(visit)),
            "performance": visit.performance.zh if visit.performance else "",
            "satisfaction": visit.satisfaction.zh if visit.satisfaction else "",
            "new_dispute": "有" if visit.new_dispute else "无",
            "visitor": volume.names.get(visit.mediator_id, "") if visit.mediator_id else visit.visitor_name or "",
        }
        for visit in volume.visits
    ]


def _findings(visit: ReturnVisit) -> list[str]:
    risk = f"遗留风险：{visit.remaining_risk.zh}" if visit.remaining_risk else ""
    return [line for line in (visit.findings, risk, f"措施：{visit.measures}" if visit.measures else "") if line]


def confirmation(volume: Volume) -> str:
    """What the court has said so far, for the list of enclosures."""
    return "".join(f"；{_stage(one)}" for one in volume.confirmations if one.applied_on)


def _stage(one: JudicialConfirmation) -> str:
    number = f"，{one.docket_no}" if one.docket_no else ""
    return f"{day(one.decided_on or one.accepted_on or one.applied_on)}（{one.status.zh}{number}）"
