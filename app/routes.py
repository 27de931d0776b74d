"""The one list of routers. A router stands in GUARDED, where every operation asks for a permission, or with a reason in
PUBLIC, or, if it serves pages to browsers and is no part of the API, in PAGES."""

from fastapi import APIRouter

from app.calendar import router as calendar
from app.codebook import router as codebook
from app.core import health
from app.documents import router as documents
from app.exchange import router as exchange
from app.inspections import router as inspections
from app.intake import router as intake
from app.mediation import router as mediation
from app.people import router as people
from app.places import router as places
from app.statistics import router as statistics
from app.web import router as web

API = "/api/v1"
OPEN_TO_ORIGINS = (f"{API}/statistics", f"{API}/public/statistics")
"""What pages of other servers may read in a browser, where the settings name them."""

PUBLIC: list[tuple[APIRouter, str]] = [
    (statistics.public_router, "figures for the public, where a setting publishes them: no small counts, no cases"),
    (health.router, "whoever watches the service asks it without an account"),
    (people.sign_in_router, "whoever signs in or out has no account yet, or no longer"),
]
PAGES: list[tuple[APIRouter, str]] = [
    (web.public_router, "the public figures as a page: what their own operation tells everybody"),
    (web.router, "static files, the same for everybody: whoever opens them signs in through the API"),
]
GUARDED: list[APIRouter] = [
    *intake.routers,  # before the patrols: `/inspections/coverage` is no id
    inspections.router,
    *mediation.routers,
    documents.router,
    documents.reports_router,
    *statistics.routers,
    codebook.router,
    places.router,
    people.me_router,
    people.organizations_router,
    people.mediators_router,
    people.accounts_router,
    people.clients_router,
    calendar.rules_router,
    calendar.days_router,
    calendar.reporting_router,
    exchange.router,
]
