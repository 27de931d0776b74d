"""Files that no attachment names: what a request that was refused or a process that was killed has left."""

from sqlalchemy import select

from app.core.files import SWEPT_AFTER
from app.core.unit_of_work import Work
from app.intake.attachment_models import Attachment


async def sweep_files(work: Work) -> int:
    """How many were removed. A withdrawn attachment still names its file."""
    files, before, swept = work.kernel.files, work.now - SWEPT_AFTER, 0
    files.drop_old_arrivals(before)
    async for sha256 in files.kept_before(before):
        named = select(Attachment.id).where(Attachment.sha256 == sha256).limit(1)
        if await work.session.scalar(named) is None:
            await files.store.remove(sha256)
            swept += 1
    return swept
