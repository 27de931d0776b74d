"""Intake over HTTP, by noun."""

from app.intake.router import attachments, cases, deadlines, disclosures, parties, patrols, steps

routers = [
    cases.router,
    steps.router,
    parties.router,
    attachments.router,
    patrols.router,
    deadlines.router,
    disclosures.router,
]
