"""The audit: every unit of work leaves a record of who did what to what, and which fields changed, never their values.

Fields are gathered as rows are flushed, so a new use case is audited without its author remembering.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, String, event, inspect, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, Json
from app.core.db import Base
from app.core.jurisdiction import Located
from app.core.walls import NarrowedSession

REVEAL = "reveal_party_identity"
"""The operation that shows a person's identity."""
BOOKKEEPING = frozenset({"version", "changed_at"})


_OF_REVEALS: Any = {f"{engine}_where": text(f"action = '{REVEAL}'") for engine in ("sqlite", "postgresql")}
"""Few records reveal: an index of these alone costs the others nothing."""


class AuditRecord(Located, Base):
    __tablename__ = "audit_records"
    __table_args__ = (
        Index("uq_audit_records_seq", "district", "seq", unique=True),
        Index("ix_audit_records_target", "district", "target_id", "seq"),
        Index("ix_audit_records_actor", "district", "actor_id", "seq"),
        Index("ix_audit_records_reveals", "district", "actor_id", "recorded_at", **_OF_REVEALS),
    )
    of_kernel: ClassVar[bool] = True

    seq: Mapped[int]
    """Gapless within the district, in the order of commits."""
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    action: Mapped[str] = mapped_column(String(80))
    actor_id: Mapped[UUID | None]
    role: Mapped[str] = mapped_column(String(40))
    target_type: Mapped[str | None] = mapped_column(String(40))
    target_id: Mapped[UUID | None]
    target_version: Mapped[int | None]
    """Version of the target after the change."""
    fields: Mapped[list[str]] = mapped_column(Json)
    reason: Mapped[str | None] = mapped_column(String(500))
    request_id: Mapped[str | None] = mapped_column(String(40))


Touched = dict[Any, set[str]]
"""By record, the columns that changed; under None, the parts of records that changed."""


@event.listens_for(NarrowedSession, "before_flush")
def gather_fields(session: NarrowedSession, *_: Any) -> None:
    touched: Touched = session.info["touched"]
    for row in {*session.new, *session.deleted}:
        _touch(touched, row, set())
    for row in session.dirty:
        if changed := _changed_columns(row):
            _touch(touched, row, changed)


def audit_of(subject: Any, touched: Touched, **said: Any) -> AuditRecord:
    """The record of a change of `subject`, or of a unit of work that was about nothing."""
    name = None if subject is None else str(getattr(subject, "audit_name", type(subject).__name__.lower()))
    return AuditRecord(
        target_type=name,
        target_id=getattr(subject, "id", None),
        target_version=getattr(subject, "version", None),
        fields=sorted(touched.get(None, set()) | touched.get(subject, set())),
        **said,
    )


def _touch(touched: Touched, row: Any, columns: set[str]) -> None:
    parts = touched.setdefault(None, set())
    if part := getattr(row, "part", None):
        parts.add(part)
    if columns:
        touched.setdefault(row, set()).update(columns)


def _changed_columns(row: Any) -> set[str]:
    state = inspect(row)
    names = {attribute.key for attribute in state.mapper.column_attrs}
    return {name for name in names - BOOKKEEPING if state.attrs[name].history.has_changes()}
