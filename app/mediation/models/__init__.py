"""The tables of mediation, by noun."""

from app.mediation.models.agreements import Agreement, Obligation, Signature
from app.mediation.models.referrals import Referral, ReferralAnswer
from app.mediation.models.rounds import Mediation, RoundMediator
from app.mediation.models.session_bodies import SessionBody
from app.mediation.models.sessions import Session

__all__ = [
    "Agreement",
    "Mediation",
    "Obligation",
    "Referral",
    "ReferralAnswer",
    "RoundMediator",
    "Session",
    "SessionBody",
    "Signature",
]
