"""What is told of attachments."""

from datetime import datetime
from uuid import UUID

from typing_extensions import TypedDict

from app.core.file_types import FileType
from app.core.paging import PageOf
from app.intake.attachment_codes import AttachmentKind, AttachmentSubject


class AttachmentOut(TypedDict):
    id: UUID
    seq: int
    kind: AttachmentKind
    title: str | None
    page_count: int | None
    subject: AttachmentSubject | None
    subject_id: UUID | None
    file_type: FileType
    size: int
    sha256: str
    added_by: UUID | None
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: UUID | None
    withdrawn_because: str | None


class AttachmentList(PageOf):
    items: list[AttachmentOut]
