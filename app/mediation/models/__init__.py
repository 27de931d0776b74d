"""The tables of mediation, by noun."""

from app.mediation.models.agreements import Agreement, Obligation, Signature
from app.mediation.models.referrals import Referral
from app.mediation.models.rounds import Mediation, RoundMediator
from app.mediation.models.sessions import Session

__all__ = ["Agreement", "Mediation", "Obligation", "Referral", "RoundMediator", "Session", "Signature"]
