"""Which bodies held a session together: the session itself stays one, with one record."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText
from app.core.db import Base
from app.core.jurisdiction import CaseBound
from app.people.codes import OrganizationKind


class SessionBody(CaseBound, Base):
    """A body that took part, of the kind it was that day, and who spoke for it."""

    __tablename__ = "session_bodies"
    __table_args__ = (Index("uq_session_bodies_organization", "session_id", "organization_id", unique=True),)
    part: ClassVar[str] = "sessions"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    kind: Mapped[OrganizationKind] = mapped_column(CodeText(OrganizationKind))
    spoken_by: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]
