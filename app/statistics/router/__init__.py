"""Figures over HTTP: break-downs and what is behind them, and the tables of the official forms."""

from app.statistics.router import figures, pulling, tables

routers = [figures.router, pulling.router, tables.router]
public_router = pulling.public_router
