"""Attachments of a case over HTTP."""

from typing import Annotated

from fastapi import Form, Query

from app.core.answers import BYTES, Answer, FileAnswer, etag_of, file_responses
from app.core.auth import Permission
from app.core.openapi import may_refuse
from app.core.paging import Order, listed, page
from app.core.route import guarded_router, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.core.uploads import MULTIPART
from app.intake import attachments
from app.intake.access import find_case
from app.intake.attachment_answers import AttachmentList, AttachmentOut
from app.intake.attachment_models import Attachment
from app.intake.attachment_schemas import AttachmentFilter, AttachmentIn
from app.intake.schemas import ReasonIn

router = guarded_router(prefix="/cases/{case_id}/attachments", tags=["cases"])


@router.post("", status_code=201)
async def add_attachment(
    case_id: PathId,
    body: Annotated[AttachmentIn, Form(media_type=MULTIPART)],
    work: Annotated[Work, work(Permission.CASES_CHANGE)],
) -> Answer[AttachmentOut]:
    """Adds a file to a case: a form (multipart) with `file` and what it is. Its type is told from its content. The ETag
    is the case's."""
    case, attachment, is_new = await attachments.add_attachment(work, case_id, body)
    location = f"/api/v1/cases/{case_id}/attachments/{attachment.id}"
    etag = etag_of(case.version, work.actor.view)
    return Answer(attachments.attachment_out(attachment), etag, location, 201 if is_new else 200)


@router.get("")
async def list_attachments(
    case_id: PathId,
    query: Annotated[AttachmentFilter, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> AttachmentList:
    """The attachments of a case in the order they were added, withdrawn ones too."""
    await find_case(reading, case_id)
    statement = attachments.attachments_of(case_id, query)
    rows, following, total = await page(reading, statement, query, Order(Attachment.seq, Attachment.id))
    return listed(AttachmentList, [attachments.attachment_out(row) for row in rows], following, total)


@router.get("/{attachment_id}")
async def read_attachment(
    case_id: PathId, attachment_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> AttachmentOut:
    """What is known of an attachment; its bytes are at `/content`."""
    case = await find_case(reading, case_id)
    return attachments.attachment_out(await attachments.find_attachment(reading, case, attachment_id))


@router.get("/{attachment_id}/content", responses=file_responses(BYTES) | may_refuse(409))
async def read_attachment_content(
    case_id: PathId, attachment_id: PathId, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> FileAnswer:
    """The bytes of an attachment, as a download. Each look leaves an audit record; proofs of identity are given to
    those alone who may reveal a party's identity."""
    attachment, content = await attachments.attachment_to_show(work, case_id, attachment_id)
    return FileAnswer(content, attachments.file_name(attachment), attachment.size)


@router.post("/{attachment_id}/withdrawal")
async def withdraw_attachment(
    case_id: PathId, attachment_id: PathId, body: ReasonIn, work: Annotated[Work, work(Permission.CASES_CHANGE)]
) -> Answer[AttachmentOut]:
    """撤回. The file is given to nobody any more; the entry stays with the reason. The ETag is the case's."""
    case, attachment = await attachments.withdraw_attachment(work, case_id, attachment_id, body)
    return Answer(attachments.attachment_out(attachment), etag_of(case.version, work.actor.view))
