"""Figures over HTTP: break-downs and what is behind them, the tables of the official forms,
and frozen reports."""

from app.statistics.router import figures, reports, tables

routers = [figures.router, tables.router, reports.router]
