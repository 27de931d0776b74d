"""Figures over HTTP: break-downs and what is behind them, and the tables of the official forms."""

from app.statistics.router import figures, tables

routers = [figures.router, tables.router]
