"""Making forms of a case: one, or the whole volume as a zip of forms and attachments in their order."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from uuid import UUID

from app.core.auth import Permission
from app.core.unit_of_work import Reading, Work
from app.documents.codes import DocumentForm
from app.documents.completeness import why_not_make
from app.documents.extra import render
from app.documents.index import papers_of
from app.documents.queries import Volume, volume_of
from app.documents.words import words_of
from app.intake.access import is_own
from app.intake.attachment_models import Attachment
from app.intake.attachments import file_name
from app.intake.guards import refuse_if

Member = tuple[str, bytes | AsyncIterator[bytes]]


async def make_form(reading: Reading, case_id: UUID, form: DocumentForm) -> tuple[Volume, bytes]:
    volume = await volume_of(reading, case_id)
    refuse_if(why_not_make(form, volume))
    return volume, await asyncio.to_thread(render, form, words_of(volume), reading.kernel.forms)


async def make_volume(work: Work, case_id: UUID) -> tuple[Volume, AsyncIterator[bytes]]:
    """Every paper of it leaves the office at once: the audit names the case. Proofs of identity go along only for
    whoever may reveal an identity."""
    volume = await volume_of(work, case_id)
    work.about(volume.case)
    work.touch("dossier")
    forms = await asyncio.to_thread(_forms, volume, work)
    members: list[Member] = [*forms]
    shows_identity = await _may_see_identities(work, volume)
    for number, attachment in _attachments(volume):
        if shows_identity or not attachment.kind.shows_identity:
            pieces = await work.kernel.files.open(attachment.sha256, work.key)
            members.append((f"附件{number:02} {_safe(file_name(attachment))}", pieces))
    return volume, zipped(members)


def _forms(volume: Volume, work: Work) -> list[Member]:
    words, folder = words_of(volume), work.kernel.forms
    in_index = dict.fromkeys(paper.form for paper in papers_of(volume) if paper.form)
    forms = [DocumentForm.COVER, DocumentForm.INDEX, *in_index]
    made = [form for form in forms if why_not_make(form, volume) is None]
    return [(f"{n:02} {form.zh}.docx", render(form, words, folder)) for n, form in enumerate(made, 1)]


def _attachments(volume: Volume) -> list[tuple[int, Attachment]]:
    """With their numbers in the index."""
    return [(n, paper.attachment) for n, paper in enumerate(papers_of(volume), 1) if paper.attachment]


async def _may_see_identities(work: Work, volume: Volume) -> bool:
    may = Permission.CASES_REVEAL in work.actor.permissions
    return may and (not work.actor.is_village or await is_own(work, volume.case))


def _safe(name: str) -> str:
    return "".join("_" if character in '\\/:*?"<>|' else character for character in name)


class _Sink(io.RawIOBase):
    """What has been written since it was last asked."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self._written += memoryview(data)  # type: ignore[arg-type]
        return len(memoryview(data))  # type: ignore[arg-type]

    def taken(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


async def zipped(members: list[Member]) -> AsyncIterator[bytes]:
    """Packed as it is sent: however large the attachments, a few pieces of them stand in memory. They are packed files
    already, and stored as they are."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as package:
        for name, content in members:
            if isinstance(content, bytes):
                package.writestr(zipfile.ZipInfo(name), content)
                continue
            with package.open(zipfile.ZipInfo(name), "w") as entry:
                async for piece in content:
                    entry.write(piece)
                    yield sink.taken()
    yield sink.taken()
