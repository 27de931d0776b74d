"""Mediation over HTTP, by noun."""

from app.mediation.router import (
    agreements,
    conflicts,
    duties,
    findings,
    leaving,
    participants,
    rounds,
    sessions,
)

routers = [
    rounds.router,
    sessions.router,
    participants.router,
    findings.router,
    duties.router,
    agreements.router,
    leaving.router,
    conflicts.router,
]
