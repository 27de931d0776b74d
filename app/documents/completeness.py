"""Which forms can be made of a case, and what its volume lacks (People's Mediation Law, art. 27: registration, record
of mediation, agreement)."""

from collections.abc import Iterator

from app.core.problems import Problem
from app.documents.answers import FormOut
from app.documents.codes import DocumentForm, Gap, Requirement
from app.documents.problems import FormNotPossible
from app.documents.queries import Volume
from app.intake.attachment_codes import AttachmentKind
from app.intake.codes import Source
from app.intake.method_codes import AgreementForm
from app.mediation.codes import MediationOutcome

_CONCLUDED = {MediationOutcome.AGREED, MediationOutcome.FAILED}
_ALWAYS = {DocumentForm.REGISTRATION, DocumentForm.COVER, DocumentForm.INDEX}


def is_written(volume: Volume) -> bool:
    return volume.agreement is not None and volume.agreement.form is AgreementForm.WRITTEN


def form_out(form: DocumentForm, volume: Volume) -> FormOut:
    missing = list(_form_gaps(form, volume))
    return {
        "form": form,
        "no": form.no,
        "requirement": _requirement(form, volume),
        "possible": not _blocking(missing),
        "missing": missing,
    }


def why_not_make(form: DocumentForm, volume: Volume) -> Problem | None:
    gaps = _blocking(list(_form_gaps(form, volume)))
    return FormNotPossible(gaps_text=words(gaps), gaps=[str(gap) for gap in gaps]) if gaps else None


def words(gaps: list[Gap]) -> tuple[str, str]:
    return "、".join(gap.zh for gap in gaps), "; ".join(gap.en[0].lower() + gap.en[1:] for gap in gaps)


def _blocking(gaps: list[Gap]) -> list[Gap]:
    """The others leave the form partly blank, to be filled in by hand."""
    return [gap for gap in gaps if gap in {Gap.NOT_ACCEPTED, Gap.NO_AGREEMENT}]


def _requirement(form: DocumentForm, volume: Volume) -> Requirement:
    required = _ALWAYS | ({DocumentForm.RECORD} if _was_mediated(volume) else set())
    if volume.agreement:
        required |= {DocumentForm.AGREEMENT if is_written(volume) else DocumentForm.ORAL_AGREEMENT}
    return Requirement.REQUIRED if form in required else Requirement.IF_NEEDED


def _form_gaps(form: DocumentForm, volume: Volume) -> Iterator[Gap]:
    if form not in {DocumentForm.APPLICATION, DocumentForm.REGISTRATION} and volume.case.number is None:
        yield Gap.NOT_ACCEPTED
    if form is DocumentForm.RECORD and not volume.sessions:
        yield Gap.NO_SESSION
    if form in {DocumentForm.AGREEMENT, DocumentForm.CONFIRMATION} and not is_written(volume):
        yield Gap.NO_AGREEMENT
    if form is DocumentForm.AGREEMENT and volume.agreement and volume.agreement.effective_on is None:
        yield Gap.AGREEMENT_NOT_EFFECTIVE
    if form is DocumentForm.ORAL_AGREEMENT and (volume.agreement is None or is_written(volume)):
        yield Gap.NO_AGREEMENT
    records = {
        DocumentForm.INVESTIGATION: volume.investigations,
        DocumentForm.EVIDENCE: volume.evidence,
        DocumentForm.RETURN_VISIT: volume.visits,
    }
    if form in records and not records[form]:
        yield Gap.NOTHING_RECORDED


def volume_gaps(volume: Volume) -> list[Gap]:
    """Those without which the volume is not closed come first."""
    return sorted(_volume_gaps(volume), key=lambda gap: not gap.is_required)


def required_gaps(volume: Volume) -> list[Gap]:
    return [gap for gap in volume_gaps(volume) if gap.is_required]


def _volume_gaps(volume: Volume) -> Iterator[Gap]:
    """None of a case that was never accepted: it has no volume of its own."""
    if volume.case.number is None:
        return
    kinds, is_bound = {attachment.kind for attachment in volume.attachments}, is_written(volume)
    lacking = {
        Gap.NO_SESSION: _was_mediated(volume) and not volume.sessions and AttachmentKind.SESSION_RECORD not in kinds,
        Gap.AGREEMENT_NOT_EFFECTIVE: volume.agreement is not None and volume.agreement.effective_on is None,
        Gap.NO_SIGNED_COPY: is_bound and AttachmentKind.AGREEMENT not in kinds,
        Gap.NO_APPLICATION: volume.case.source is Source.APPLICATION and AttachmentKind.APPLICATION not in kinds,
        Gap.NO_IDENTITY: AttachmentKind.IDENTITY not in kinds,
        Gap.NO_RIGHTS_NOTICE: not _all_served(volume) and AttachmentKind.RIGHTS_NOTICE not in kinds,
        Gap.NO_RECEIPT: any(one.amount for one in volume.obligations) and AttachmentKind.RECEIPT not in kinds,
        Gap.NO_RETURN_VISIT: is_bound and not volume.visits and AttachmentKind.RETURN_VISIT not in kinds,
        Gap.PAGES_UNKNOWN: any(one.page_count is None and not one.file_type.is_picture for one in volume.attachments),
    }
    yield from (gap for gap, is_lacking in lacking.items() if is_lacking)


def _all_served(volume: Volume) -> bool:
    return all(party["unknown"] or party["id"] in volume.served for party in volume.parties)


def _was_mediated(volume: Volume) -> bool:
    return any(mediation.outcome in _CONCLUDED for mediation in volume.rounds)
