"""The course of a report: made, checked, confirmed by the head, locked; superseded by its next version, or discarded
before it is locked. Who takes a step stands in it with the instant, and no step is taken twice."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.answers import etag_of
from app.core.clock import shanghai_date
from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.problems import NotFound
from app.core.unit_of_work import Work
from app.people.codes import Role
from app.people.models import Account
from app.places.queries import place_named
from app.statistics.freezing import freeze
from app.statistics.indicators import definition_version
from app.statistics.report_checks import checks_of
from app.statistics.report_codes import ReportState, ReportStep
from app.statistics.report_models import UNSEALED, Report
from app.statistics.report_problems import OwnReport, PeriodNotBegun, ReportAltered, ReportDoesNotAddUp, ReportStands
from app.statistics.report_schemas import ReportIn, SupersessionIn
from app.statistics.report_seal import hash_of


async def make_report(work: Work, body: ReportIn) -> tuple[UUID, bool]:
    """A new draft, or the one that the same creation made before (then the second value is false)."""
    fingerprint = body.model_dump(mode="json", exclude_unset=True)
    if body.id and (standing := await work.sent_before(Report, body.id, fingerprint)):
        return standing.id, False
    await work.refuse_taken_ids(Report, [body.id])
    place = body.place or work.actor.spot.place
    await place_named(work, place, on=body.last, pointer="/place")
    draft = {"id": body.id, "kind": body.kind, "first_on": body.first, "last_on": body.last, "remark": body.remark}
    cut_off_at = body.cut_off_at or work.now
    if body.first > shanghai_date(cut_off_at):
        raise PeriodNotBegun("/from")
    await _refuse_second(
        work, Report.place == place, Report.kind == body.kind, Report.first_on == body.first,
        Report.last_on == body.last, Report.supersedes_id.is_(None),
    )  # fmt: skip
    return await _draft(work, fingerprint, **draft, **Spot.of_place(place).columns, cut_off_at=cut_off_at)


async def supersede(work: Work, report_id: UUID, body: SupersessionIn) -> tuple[UUID, bool]:
    """The next version as a draft; the one before stays as it is until this one is locked."""
    fingerprint = {"parent": str(report_id), **body.model_dump(mode="json", exclude_unset=True)}
    if body.id and (standing := await work.sent_before(Report, body.id, fingerprint)):
        return standing.id, False
    before = await _to_change(work, report_id)
    await work.refuse_taken_ids(Report, [body.id])
    await _refuse_second(work, Report.supersedes_id == before.id)
    _refuse_disorder(before, ReportStep.SUPERSESSION)
    same = {name: getattr(before, name) for name in ("kind", "first_on", "last_on", "district", "township", "place")}
    return await _draft(
        work,
        fingerprint,
        **same,
        id=body.id,
        cut_off_at=body.cut_off_at or work.now,
        remark=body.remark,
        edition=before.edition + 1,
        supersedes_id=before.id,
        made_because=body.reason,
    )


async def _refuse_second(work: Work, *conditions: Any) -> None:
    """For the words; that there is no second is kept by the indexes, whoever comes at once."""
    standing = select(Report.id).where(*conditions, Report.state != ReportState.DISCARDED)
    if await work.session.scalar(standing) is not None:
        raise ReportStands


async def _draft(work: Work, fingerprint: Any, **values: Any) -> tuple[UUID, bool]:
    report = Report(
        **values | {"id": values["id"] or new_id()},
        definition_version=definition_version(),
        program_version="",
        definitions=[],
        figures={},
        adjustments=[],
        checks=[],
        case_count=0,
        figures_hash=UNSEALED,
        made_by=work.actor.account_id,
        version=1,
        recorded_at=work.now,
        changed_at=work.now,
    )
    report, is_new = await work.claim(report, fingerprint)
    if is_new:
        await freeze(work, report)
        await work.session.flush()
    return report.id, is_new


async def check(work: Work, report_id: UUID) -> None:
    """Its identities hold, and it is what it was when it was made."""
    report = await _to_change(work, report_id)
    _refuse_disorder(report, ReportStep.CHECK)
    if failing := [found for found in checks_of(report.figures) if not found["holds"]]:
        raise ReportDoesNotAddUp(failing=failing)
    await _refuse_altered(work, report)
    report.check(work.actor.account_id, work.now)


async def confirm(work: Work, report_id: UUID) -> None:
    report = await _to_change(work, report_id)
    _refuse_disorder(report, ReportStep.CONFIRMATION)
    if report.made_by == work.actor.account_id and await _has_other_head(work):
        raise OwnReport
    await _refuse_altered(work, report)
    report.confirm(work.actor.account_id, work.now)


async def _has_other_head(work: Work) -> bool:
    others = select(Account.id).where(
        Account.district == work.actor.district,
        Account.place == work.actor.spot.place,
        Account.role == Role.OFFICE_HEAD,
        Account.disabled_at.is_(None),
        Account.id != work.actor.account_id,
    )
    return await work.session.scalar(others.limit(1)) is not None


async def lock(work: Work, report_id: UUID) -> None:
    """From here on it stands; the version before it gives way."""
    report = await _to_change(work, report_id)
    _refuse_disorder(report, ReportStep.LOCKING)
    await _refuse_altered(work, report)
    if report.supersedes_id:
        before = await _locked(work, report.supersedes_id)
        before.give_way(report.id, work.now)
        work.about(before)
    report.lock(work.actor.account_id, work.now)
    facts = {"kind": str(report.kind), "edition": report.edition, "content_hash": report.figures_hash}
    work.event("report.locked", "report", report, **facts)


async def discard(work: Work, report_id: UUID, reason: str) -> None:
    report = await _to_change(work, report_id)
    _refuse_disorder(report, ReportStep.DISCARDING)
    report.discard(work.actor.account_id, work.now, reason)


async def _refuse_altered(work: Work, report: Report) -> None:
    if await hash_of(work, report) != report.figures_hash:
        raise ReportAltered


async def _to_change(work: Work, report_id: UUID) -> Report:
    """Locked (404), and as the caller read it (412)."""
    report = await _locked(work, report_id)
    work.about(report)
    await work.match(report.version, etag_of(report.version, work.actor.view))
    return report


async def _locked(work: Work, report_id: UUID) -> Report:
    report = await work.session.scalar(select(Report).where(Report.id == report_id).with_for_update())
    if report is None:
        raise NotFound
    return report


def _refuse_disorder(report: Report, step: ReportStep) -> None:
    if problem := report.why_not(step):
        raise problem
