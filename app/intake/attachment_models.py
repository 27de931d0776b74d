"""A paper, picture or recording of a case. Its bytes stand outside the database, under their hash."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import CodeText, Instant
from app.core.db import Base
from app.core.file_types import FileType
from app.core.jurisdiction import CaseBound
from app.core.records import Claimed
from app.intake.attachment_codes import AttachmentKind, AttachmentSubject


class Attachment(CaseBound, Claimed, Base):
    """Never changed but by its withdrawal, and never deleted."""

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_sha256", "sha256"),
        Index("uq_attachments_seq", "case_id", "seq", unique=True),
    )
    path_key: ClassVar[str] = "attachment_id"
    part: ClassVar[str] = "attachments"
    audit_name: ClassVar[str] = "attachment"

    seq: Mapped[int]
    kind: Mapped[AttachmentKind] = mapped_column(CodeText(AttachmentKind))
    title: Mapped[str | None] = mapped_column(String(200))
    page_count: Mapped[int | None]
    """As its sender counted: it stands in the index of the volume."""
    subject: Mapped[AttachmentSubject | None] = mapped_column(CodeText(AttachmentSubject))
    subject_id: Mapped[UUID | None]
    file_type: Mapped[FileType] = mapped_column(CodeText(FileType))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_because: Mapped[str | None] = mapped_column(String(500))
