"""Mediation over HTTP, by noun."""

from app.mediation.router import (
    agreements,
    applications,
    conflicts,
    duties,
    findings,
    leaving,
    obligations,
    participants,
    referrals,
    rounds,
    sessions,
    visits,
)

routers = [
    rounds.router,
    referrals.router,
    sessions.router,
    participants.router,
    findings.router,
    duties.router,
    agreements.router,
    obligations.router,
    applications.router,
    visits.router,
    leaving.router,
    conflicts.router,
]
