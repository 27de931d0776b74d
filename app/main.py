"""The wiring: settings, logging, problem handlers and routers become one application; nothing else happens here."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from app.calendar.service import RECOUNTS
from app.core.auth import DEFAULT_TOKEN_LIFE, TokenLife
from app.core.clock import SystemClock
from app.core.codes import FURTHER_TABLES
from app.core.cross_origin import CrossOrigin
from app.core.crypto import FieldKey
from app.core.db import Database
from app.core.handlers import install_handlers
from app.core.middleware import Envelope
from app.core.openapi import complete
from app.core.unit_of_work import Kernel
from app.documents.archiving import lacking
from app.intake.recounting import recount_year
from app.intake.representation import CHECKS
from app.intake.step_codes import Step
from app.intake.steps import PROJECTIONS
from app.mediation.actions import REMARKS
from app.mediation.lawyers import refuse_mediating_agents
from app.people.actors import find_actor
from app.routes import API, GUARDED, OPEN_TO_ORIGINS, PAGES, PUBLIC
from app.statistics.counting import keep_counted
from app.statistics.definitions import INDICATORS

VERSION = "0.1.0"


RECOUNTS.append(recount_year)
PROJECTIONS.append(keep_counted)
REMARKS.update({Step.CLOSURE: lacking, Step.ARCHIVE: lacking})
CHECKS.append(refuse_mediating_agents)
FURTHER_TABLES["indicators"] = lambda: [{"code": i.slug, "zh": i.zh, "en": i.en} for i in INDICATORS]


def wired(database: Database, key: FieldKey, schema_version: str, token_life: TokenLife = DEFAULT_TOKEN_LIFE) -> Kernel:
    return Kernel(database, key, SystemClock(), find_actor, schema_version, token_life)


def create_app(kernel: Kernel, *, docs: bool = True, origins: Sequence[str] = ()) -> FastAPI:
    options: dict[str, Any] = {
        "title": "调解 Tiaojie",
        "version": VERSION,
        "summary": "乡镇矛盾纠纷调解登记簿。 Mediation cases of a township: intake, mediation and rates.",
        "redirect_slashes": False,
        "generate_unique_id_function": lambda route: route.name,
        "openapi_url": f"{API}/openapi.json" if docs else None,
    }
    app = FastAPIOffline("/docs", None, **options) if docs else FastAPI(docs_url=None, redoc_url=None, **options)
    app.state.kernel = kernel
    for router, _ in (*PUBLIC, *PAGES):
        app.include_router(router)
    for router in GUARDED:
        app.include_router(router, prefix=API)
    install_handlers(app)
    if origins:
        app.add_middleware(CrossOrigin, origins, OPEN_TO_ORIGINS)
    app.add_middleware(Envelope)
    generate = app.openapi
    app.openapi = lambda: complete(generate())  # type: ignore[method-assign]
    return app
