"""What is told of forms and volumes."""

from datetime import date
from uuid import UUID

from typing_extensions import TypedDict

from app.documents.codes import DocumentForm, Gap, Requirement, Retention
from app.intake.attachment_codes import AttachmentKind


class FormOut(TypedDict):
    form: DocumentForm
    no: int
    requirement: Requirement
    possible: bool
    missing: list[Gap]


class FormList(TypedDict):
    items: list[FormOut]


class EntryOut(TypedDict):
    """One paper of the volume: made from the record (`form`), or an attachment."""

    seq: int
    title: str
    form: DocumentForm | None
    kind: AttachmentKind | None
    attachment_id: UUID | None
    first_page: int | None
    page_count: int | None


class FilingOut(TypedDict):
    retention: Retention
    statement: str | None
    filer: str | None
    remark: str | None
    filed_on: date
    page_count: int
    gaps: list[Gap]


class DossierOut(TypedDict):
    """`complete` where nothing required is missing; `page_count` counts the pages that are known."""

    case_id: UUID
    version: int
    volume_no: str | None
    entries: list[EntryOut]
    page_count: int
    missing: list[Gap]
    missing_if_needed: list[Gap]
    complete: bool
    filing: FilingOut | None
