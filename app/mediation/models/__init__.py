"""The tables of mediation, by noun."""

from app.mediation.models.agreements import Agreement, Signature
from app.mediation.models.applications import ArbitrationReview, JudicialConfirmation, Remedy
from app.mediation.models.duties import EscalationReport, RightsNotice
from app.mediation.models.findings import EvidenceItem, Investigation
from app.mediation.models.harms import PreventedHarm
from app.mediation.models.obligations import Instalment, Obligation, ObligationAct
from app.mediation.models.participants import Participant
from app.mediation.models.referrals import Referral, ReferralAnswer
from app.mediation.models.rounds import Mediation, RoundMediator
from app.mediation.models.session_bodies import SessionBody
from app.mediation.models.sessions import Session, SessionAttendance, SessionCorrection
from app.mediation.models.visits import ReturnVisit

__all__ = [
    "Agreement",
    "ArbitrationReview",
    "EscalationReport",
    "EvidenceItem",
    "Instalment",
    "Investigation",
    "JudicialConfirmation",
    "Mediation",
    "Obligation",
    "ObligationAct",
    "Participant",
    "PreventedHarm",
    "Referral",
    "ReferralAnswer",
    "Remedy",
    "ReturnVisit",
    "RightsNotice",
    "RoundMediator",
    "Session",
    "SessionAttendance",
    "SessionBody",
    "SessionCorrection",
    "Signature",
]
