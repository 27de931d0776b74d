"""Attachments: added with their bytes, read by those who handle the case, withdrawn with a reason and never deleted."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.core.auth import Permission
from app.core.db import Base, new_id
from app.core.file_types import FileType, is_packed, type_by_head, type_of_package
from app.core.jurisdiction import Spot
from app.core.prepared import AnySelect
from app.core.problems import Forbidden, NotFound, NotOwnCase, UnknownReference
from app.core.sealed_files import opened
from app.core.unit_of_work import Work
from app.core.uploads import Upload
from app.intake.access import case_to_change, find_case, is_own, require_current
from app.intake.attachment_answers import AttachmentOut
from app.intake.attachment_codes import AttachmentSubject
from app.intake.attachment_models import Attachment
from app.intake.attachment_schemas import AttachmentFilter, AttachmentIn
from app.intake.models import Case
from app.intake.problems import AttachmentWithdrawn
from app.intake.schemas import ReasonIn
from app.intake.steps import raise_version

ATTACHMENT = [getattr(Attachment, name) for name in AttachmentOut.__annotations__]


def attachments_of(case_id: UUID, query: AttachmentFilter) -> AnySelect:
    statement = select(*ATTACHMENT).where(Attachment.case_id == case_id)
    if query.kind:
        statement = statement.where(Attachment.kind.in_(query.kind))
    return statement.where(Attachment.subject_id == query.subject_id) if query.subject_id else statement


def attachment_out(row: Any) -> AttachmentOut:
    return {name: getattr(row, name) for name in AttachmentOut.__annotations__}  # type: ignore[return-value]


async def add_attachment(work: Work, case_id: UUID, body: AttachmentIn) -> tuple[Case, Attachment, bool]:
    """The bytes are durable before the row that names them is. A new row, or the one the same creation made before."""
    sealer = body.file.sealer
    file_type = await _type_of(work, body.file)
    fields = body.model_dump(mode="json", exclude={"file"}, exclude_unset=True)
    fingerprint = {"parent": str(case_id), **fields, "sha256": sealer.sha256}
    case = await find_case(work, case_id, lock=True)
    if body.id and (standing := await work.sent_before(Attachment, body.id, fingerprint)):
        return case, standing, False
    await require_current(work, case)
    await work.refuse_taken_ids(Attachment, [body.id])
    await _refuse_strange_subject(work, case, body.subject, body.subject_id)
    case.require_changeable()
    await work.kernel.files.keep(sealer.path, sealer.sha256)
    last = await work.session.scalar(select(func.max(Attachment.seq)).where(Attachment.case_id == case.id))
    attachment = Attachment(
        **body.model_dump(exclude={"id", "file"}),
        id=body.id or new_id(),
        case_id=case.id,
        seq=(last or 0) + 1,
        file_type=file_type,
        size=sealer.size,
        sha256=sealer.sha256,
        added_by=work.actor.account_id,
        recorded_at=work.now,
        **Spot.of(case).columns,
    )
    attachment, is_new = await work.claim(attachment, fingerprint)
    if is_new:
        work.touch("attachments")
        await raise_version(work, case)
    return case, attachment, is_new


async def _type_of(work: Work, upload: Upload) -> FileType:
    """By the first bytes; an office document, which is a package, is read through."""
    sealer = upload.sealer
    if not is_packed(sealer.head):
        return type_by_head(sealer.head)
    content = b"".join([piece async for piece in opened(_read(upload), work.key, sealer.sha256)])
    return await asyncio.to_thread(type_of_package, content)


async def _read(upload: Upload) -> AsyncIterator[bytes]:
    yield await asyncio.to_thread(upload.sealer.path.read_bytes)


async def _refuse_strange_subject(
    work: Work, case: Case, subject: AttachmentSubject | None, subject_id: UUID | None
) -> None:
    if subject is None:
        return
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    model: Any = models[subject.table_name]
    found = select(model.id).where(model.id == subject_id, model.case_id == case.id)
    if await work.session.scalar(found) is None:
        raise UnknownReference("/subject_id")


async def withdraw_attachment(
    work: Work, case_id: UUID, attachment_id: UUID, body: ReasonIn
) -> tuple[Case, Attachment]:
    """From here on it is no part of the volume and its file is given to nobody; that it was there, and why it is no
    longer, stays."""
    case = await case_to_change(work, case_id)
    attachment = await find_attachment(work, case, attachment_id)
    case.require_changeable()
    if attachment.withdrawn_at is not None:
        raise AttachmentWithdrawn
    work.because(body.reason)
    attachment.withdrawn_at, attachment.withdrawn_by = work.now, work.actor.account_id
    attachment.withdrawn_because = body.reason
    await raise_version(work, case)
    return case, attachment


async def attachment_to_show(work: Work, case_id: UUID, attachment_id: UUID) -> tuple[Attachment, AsyncIterator[bytes]]:
    """Every look leaves its audit record: papers hold what is masked elsewhere."""
    case = await find_case(work, case_id)
    attachment = await find_attachment(work, case, attachment_id)
    work.about(case)
    work.about(attachment)
    work.touch("content")
    if attachment.kind.shows_identity:
        await _require_may_reveal(work, case)
    if attachment.withdrawn_at is not None:
        raise AttachmentWithdrawn
    return attachment, await work.kernel.files.open(attachment.sha256, work.key)


async def _require_may_reveal(work: Work, case: Case) -> None:
    """The rule of revealing an identity (Personal Information Protection Law, arts. 6 and 28)."""
    if Permission.CASES_REVEAL not in work.actor.permissions:
        raise Forbidden
    if work.actor.is_village and not await is_own(work, case):
        raise NotOwnCase


async def find_attachment(work: Any, case: Case, attachment_id: UUID) -> Attachment:
    statement = select(Attachment).where(Attachment.case_id == case.id, Attachment.id == attachment_id)
    attachment: Attachment | None = await work.session.scalar(statement)
    if attachment is None:
        raise NotFound
    return attachment


def file_name(attachment: Attachment) -> str:
    return f"{attachment.title or attachment.kind.zh}.{attachment.file_type}"
