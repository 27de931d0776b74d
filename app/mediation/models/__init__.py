"""The tables of mediation, by noun."""

from app.mediation.models.agreements import Agreement, Signature
from app.mediation.models.applications import ArbitrationReview, JudicialConfirmation, Remedy
from app.mediation.models.obligations import Instalment, Obligation, ObligationAct
from app.mediation.models.referrals import Referral, ReferralAnswer
from app.mediation.models.rounds import Mediation, RoundMediator
from app.mediation.models.session_bodies import SessionBody
from app.mediation.models.sessions import Session
from app.mediation.models.visits import ReturnVisit

__all__ = [
    "Agreement",
    "ArbitrationReview",
    "Instalment",
    "JudicialConfirmation",
    "Mediation",
    "Obligation",
    "ObligationAct",
    "Referral",
    "ReferralAnswer",
    "Remedy",
    "ReturnVisit",
    "RoundMediator",
    "Session",
    "SessionBody",
    "Signature",
]
