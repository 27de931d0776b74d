"""Whether the process lives, and whether it can do its work: the database answers and its migrations are current."""

from fastapi import APIRouter, Request
from sqlalchemy import text
from typing_extensions import TypedDict

from app.core.auth import OPERATOR
from app.core.openapi import may_refuse
from app.core.problems import Unavailable
from app.core.unit_of_work import Asked, Kernel, Reading, perform

router = APIRouter(tags=["health"])


class Health(TypedDict):
    status: str


@router.get("/healthz")
async def health() -> Health:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", responses=may_refuse(503))
async def readiness(request: Request) -> Health:
    """The database answers and has the tables this version needs; else 503."""
    kernel: Kernel = request.app.state.kernel
    reading = Reading(kernel, OPERATOR, Asked("readiness"))
    await perform(reading, lambda: _require_current(reading))
    return {"status": "ready"}


async def _require_current(reading: Reading) -> None:
    found = await reading.session.scalar(text("SELECT version_num FROM alembic_version"))
    if found != reading.kernel.schema_version:
        raise Unavailable(headers={"Retry-After": "30"})
