"""The tables of mediation, by noun."""

from app.mediation.models.agreements import Agreement, Obligation, Signature
from app.mediation.models.duties import EscalationReport, RightsNotice
from app.mediation.models.findings import EvidenceItem, Investigation
from app.mediation.models.participants import Participant
from app.mediation.models.referrals import Referral
from app.mediation.models.rounds import Mediation, RoundMediator
from app.mediation.models.sessions import Session, SessionAttendance, SessionCorrection

__all__ = [
    "Agreement",
    "EscalationReport",
    "EvidenceItem",
    "Investigation",
    "Mediation",
    "Obligation",
    "Participant",
    "Referral",
    "RightsNotice",
    "RoundMediator",
    "Session",
    "SessionAttendance",
    "SessionCorrection",
    "Signature",
]
