"""Mediation over HTTP, by noun."""

from app.mediation.router import agreements, conflicts, leaving, rounds, sessions

routers = [rounds.router, sessions.router, agreements.router, leaving.router, conflicts.router]
