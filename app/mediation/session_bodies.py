"""The bodies of a joint session are kept with it, of the kind they are that day, and told with it."""

from collections.abc import Sequence
from typing import Any

from app.core.db import new_id
from app.core.embedded import Embedded
from app.core.jurisdiction import Spot
from app.core.unit_of_work import Work
from app.mediation.answers.sessions import SessionBodyOut
from app.mediation.codes import JointKind
from app.mediation.models import Session, SessionBody
from app.mediation.schemas.session_bodies import SessionBodyIn
from app.people.codes import OrganizationKind
from app.people.queries import organization_named

BODIES = Embedded(
    "bodies",
    SessionBody.session_id == Session.id,
    Session,
    (SessionBody.organization_id, SessionBody.kind, SessionBody.spoken_by, SessionBody.position),
)
_TRIAD = (
    {OrganizationKind.COURT, OrganizationKind.PEOPLES_TRIBUNAL},
    {OrganizationKind.POLICE_STATION},
    {OrganizationKind.JUDICIAL_OFFICE},
)


async def kinds_of(work: Work, bodies: Sequence[SessionBodyIn]) -> list[OrganizationKind]:
    """422 for a body that is not there."""
    return [
        (await organization_named(work, body.organization_id, f"/bodies/{position}/organization_id")).kind
        for position, body in enumerate(bodies)
    ]


async def put_bodies(
    work: Work, session: Session, bodies: Sequence[SessionBodyIn], kinds: Sequence[OrganizationKind]
) -> None:
    common = {"case_id": session.case_id, "session_id": session.id, **Spot.of(session).columns}
    rows = [
        {"id": new_id(), "kind": kind, "position": position, **body.model_dump(), **common}
        for position, (body, kind) in enumerate(zip(bodies, kinds, strict=True))
    ]
    await work.insert(SessionBody, rows)


def bodies_out(embedded: str | None) -> dict[str, Any]:
    """What a session says of them."""
    bodies: list[SessionBodyOut] = [
        {"organization_id": body.organization_id, "kind": body.kind, "spoken_by": body.spoken_by}
        for body in BODIES.read(embedded)
    ]
    return {"bodies": bodies, "joint": _joint({body["kind"] for body in bodies}, len(bodies))}


def _joint(kinds: set[OrganizationKind], count: int) -> JointKind | None:
    """一庭两所: a court or its tribunal, a police station and a judicial office at one table."""
    if all(kinds & bodies for bodies in _TRIAD):
        return JointKind.TRIAD
    return JointKind.SEVERAL if count > 1 else None
