"""卷内目录: the papers of a volume in their order, with the page on which each begins."""

import math
from dataclasses import dataclass

from app.documents.answers import EntryOut
from app.documents.codes import DocumentForm
from app.documents.completeness import is_written
from app.documents.queries import Volume
from app.intake.attachment_codes import AttachmentKind as Kind
from app.intake.attachment_models import Attachment

_ON_A_PAGE = 600
"""Characters of text on a page of our forms: 28 by 22, less the lines that begin and end it."""


@dataclass(frozen=True)
class Paper:
    title: str
    pages: int | None
    form: DocumentForm | None = None
    attachment: Attachment | None = None


_ORDER: tuple[DocumentForm | Kind, ...] = (
    *(Kind.APPLICATION, DocumentForm.APPLICATION, Kind.REGISTRATION, DocumentForm.REGISTRATION),
    *(Kind.IDENTITY, Kind.POWER_OF_ATTORNEY, Kind.RIGHTS_NOTICE, Kind.REFERRAL),
    *(Kind.INVESTIGATION, DocumentForm.INVESTIGATION, DocumentForm.EVIDENCE, Kind.EVIDENCE, Kind.PHOTO),
    *(Kind.SESSION_RECORD, DocumentForm.RECORD, Kind.RECORDING),
    *(Kind.AGREEMENT, DocumentForm.AGREEMENT, Kind.ORAL_AGREEMENT, DocumentForm.ORAL_AGREEMENT, Kind.RECEIPT),
    *(Kind.RETURN_VISIT, DocumentForm.RETURN_VISIT, Kind.CONFIRMATION, DocumentForm.CONFIRMATION, Kind.OTHER),
    DocumentForm.STATEMENT,
)
_SIGNED = {
    DocumentForm.APPLICATION: Kind.APPLICATION,
    DocumentForm.REGISTRATION: Kind.REGISTRATION,
    DocumentForm.INVESTIGATION: Kind.INVESTIGATION,
    DocumentForm.RECORD: Kind.SESSION_RECORD,
    DocumentForm.AGREEMENT: Kind.AGREEMENT,
    DocumentForm.ORAL_AGREEMENT: Kind.ORAL_AGREEMENT,
    DocumentForm.RETURN_VISIT: Kind.RETURN_VISIT,
    DocumentForm.CONFIRMATION: Kind.CONFIRMATION,
}
"""A signed paper that was attached stands in the volume instead of the one made from the record."""


def papers_of(volume: Volume) -> list[Paper]:
    kinds = {attachment.kind for attachment in volume.attachments}
    found: list[Paper] = []
    for slot in _ORDER:
        if isinstance(slot, Kind):
            found += [_attached(one) for one in volume.attachments if one.kind is slot]
        elif _SIGNED.get(slot) not in kinds:
            found += _made(slot, volume)
    return found


def _attached(attachment: Attachment) -> Paper:
    pages = attachment.page_count or (1 if attachment.file_type.is_picture else None)
    return Paper(attachment.title or attachment.kind.zh, pages, attachment=attachment)


def _made(form: DocumentForm, volume: Volume) -> list[Paper]:
    """Papers that the record itself gives."""
    case, agreement, statement = volume.case, volume.agreement, volume.filing and volume.filing.statement
    written = case.summary + (agreement.content if agreement else "")
    made_of: dict[DocumentForm, list[str]] = {
        DocumentForm.REGISTRATION: [case.summary],
        DocumentForm.AGREEMENT: [written] if is_written(volume) else [],
        DocumentForm.ORAL_AGREEMENT: [written] if agreement and not is_written(volume) else [],
        DocumentForm.CONFIRMATION: [written] if any(one.applied_on for one in volume.confirmations) else [],
        DocumentForm.STATEMENT: [statement] if statement else [],
        DocumentForm.EVIDENCE: ["\n" * len(volume.evidence)] if volume.evidence else [],
    }
    numbered: dict[DocumentForm, list[str]] = {
        DocumentForm.INVESTIGATION: [one.record for one in volume.investigations],
        DocumentForm.RECORD: [one.record for one in volume.sessions],
        DocumentForm.RETURN_VISIT: [one.findings for one in volume.visits],
    }
    papers = [Paper(form.zh, _pages(text), form) for text in made_of.get(form, [])]
    texts = enumerate(numbered.get(form, []), 1)
    return papers + [Paper(f"{form.zh}（第{number}次）", _pages(text), form) for number, text in texts]


def _pages(text: str) -> int:
    lines = sum(math.ceil(max(len(line), 1) / 28) for line in text.splitlines() or [""])
    return math.ceil((lines * 28 + 200) / _ON_A_PAGE)


def page_count(papers: list[Paper]) -> int:
    return sum(paper.pages or 0 for paper in papers)


def entries_of(papers: list[Paper]) -> list[EntryOut]:
    entries: list[EntryOut] = []
    first: int | None = 1
    for number, paper in enumerate(papers, 1):
        attachment = paper.attachment
        entries.append(
            {
                "seq": number,
                "title": paper.title,
                "form": paper.form,
                "kind": attachment.kind if attachment else None,
                "attachment_id": attachment.id if attachment else None,
                "first_page": first,
                "page_count": paper.pages,
            }
        )
        first = first + paper.pages if first and paper.pages else None
    return entries
