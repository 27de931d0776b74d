"""The tables of mediation, by noun."""

from app.mediation.models.agreements import Agreement, Signature
from app.mediation.models.applications import ArbitrationReview, JudicialConfirmation, Remedy
from app.mediation.models.obligations import Instalment, Obligation, ObligationAct
from app.mediation.models.referrals import Referral
from app.mediation.models.rounds import Mediation, RoundMediator
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
    "Remedy",
    "ReturnVisit",
    "RoundMediator",
    "Session",
    "Signature",
]
