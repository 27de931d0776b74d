"""Mediation over HTTP, by noun."""

from app.mediation.router import (
    agreements,
    applications,
    conflicts,
    duties,
    findings,
    harms,
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
    harms.router,
    agreements.router,
    obligations.router,
    applications.router,
    visits.router,
    leaving.router,
    conflicts.router,
]
