"""Mediation over HTTP, by noun."""

from app.mediation.router import (
    agreements,
    applications,
    conflicts,
    leaving,
    obligations,
    referrals,
    rounds,
    sessions,
    visits,
)

routers = [
    rounds.router,
    referrals.router,
    sessions.router,
    agreements.router,
    obligations.router,
    applications.router,
    visits.router,
    leaving.router,
    conflicts.router,
]
