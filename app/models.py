"""Every mapped class, in one import: for migrations, and for whoever must know all tables."""

from app.calendar import models as calendar
from app.core import audit, counters, events, idempotency, installation, jurisdiction
from app.core.db import Base
from app.documents import models as documents
from app.inspections import models as inspections
from app.intake import attachment_models as attachments
from app.intake import models as intake
from app.intake import search
from app.mediation import models as mediation
from app.people import models as people
from app.places import models as places
from app.statistics import claim_models as claims
from app.statistics import models as statistics
from app.statistics import report_models as reports

__all__ = [
    "Base",
    "attachments",
    "audit",
    "calendar",
    "claims",
    "counters",
    "documents",
    "events",
    "idempotency",
    "inspections",
    "installation",
    "intake",
    "jurisdiction",
    "mediation",
    "people",
    "places",
    "reports",
    "search",
    "statistics",
]
