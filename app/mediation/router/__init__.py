"""Mediation over HTTP, by noun."""

from app.mediation.router import agreements, conflicts, leaving, referrals, rounds, sessions

routers = [
    rounds.router,
    referrals.router,
    sessions.router,
    agreements.router,
    leaving.router,
    conflicts.router,
]
