"""Figures over HTTP: break-downs and what is behind them, the tables of the official forms, frozen reports, and what
other systems pull."""

from app.statistics.router import figures, pulling, reports, tables

routers = [figures.router, pulling.router, tables.router, reports.router]
public_router = pulling.public_router
