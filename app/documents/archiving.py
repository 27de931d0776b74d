"""立卷归档: a volume is closed when it is complete, or with a statement of what is missing and why (art. 27)."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.jurisdiction import Spot
from app.core.unit_of_work import Reading, Work
from app.documents.answers import DossierOut
from app.documents.completeness import required_gaps, volume_gaps, words
from app.documents.index import entries_of, page_count, papers_of
from app.documents.models import Filing
from app.documents.problems import VolumeIncomplete
from app.documents.queries import Volume, volume_of
from app.documents.schemas import ArchiveIn
from app.documents.words import volume_no
from app.intake.access import case_to_change
from app.intake.guards import refuse_if
from app.intake.models import Case
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.people.models import Account


async def archive(work: Work, case_id: UUID, body: ArchiveIn) -> Case:
    case = await case_to_change(work, case_id)
    refuse_if(case.why_not(Step.ARCHIVE))
    volume = await volume_of(work, case.id, case)
    missing = required_gaps(volume)
    if missing and body.statement is None:
        raise VolumeIncomplete("/statement", gaps_text=words(missing), gaps=[str(gap) for gap in missing])
    work.session.add(await _filing(work, volume, body))
    case.archived_at = work.now
    await record_step(work, case, Step.ARCHIVE, work.today, case.status, retention=str(body.retention))
    return case


async def _filing(work: Work, volume: Volume, body: ArchiveIn) -> Filing:
    return Filing(
        case_id=volume.case.id,
        retention=body.retention,
        statement=body.statement,
        filer=body.filer or await work.session.scalar(select(Account.name).where(Account.id == work.actor.account_id)),
        remark=body.remark,
        filed_on=work.today,
        page_count=page_count(papers_of(volume)),
        gaps=[str(gap) for gap in volume_gaps(volume)],
        recorded_by=work.actor.account_id,
        recorded_at=work.now,
        **Spot.of(volume.case).columns,
    )


async def dossier(reading: Reading, case_id: UUID) -> DossierOut:
    volume = await volume_of(reading, case_id)
    papers, gaps = papers_of(volume), volume_gaps(volume)
    required = [gap for gap in gaps if gap.is_required]
    return {
        "case_id": volume.case.id,
        "version": volume.case.version,
        "volume_no": volume_no(volume),
        "entries": entries_of(papers),
        "page_count": page_count(papers),
        "missing": required,
        "missing_if_needed": [gap for gap in gaps if not gap.is_required],
        "complete": not required,
        "filing": _filing_out(volume.filing) if volume.filing else None,
    }


def _filing_out(filing: Filing) -> Any:
    names = ("retention", "statement", "filer", "remark", "filed_on", "page_count", "gaps")
    return {name: getattr(filing, name) for name in names}


async def lacking(reading: Reading, case: Case) -> tuple[str, str] | None:
    """What `actions` says of closing and archiving before it is done; None where nothing is missing."""
    gaps = volume_gaps(await volume_of(reading, case.id, case))
    zh, en = words(gaps)
    return (f"卷宗尚缺：{zh}", f"the volume still lacks: {en}") if gaps else None
