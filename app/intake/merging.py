"""并案: one dispute registered twice goes on as one case; undone while nothing was built on it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.problems import ChangedMeanwhile, NotFound, Problem, UnknownReference
from app.core.unit_of_work import Reading, Work
from app.intake.access import require_current
from app.intake.guards import refuse_if, why_not_merge
from app.intake.models import Case, CaseStep
from app.intake.problems import BuiltUpon
from app.intake.representation import refuse_representation
from app.intake.schemas import MergeIn, ReasonIn
from app.intake.step_codes import Step
from app.intake.steps import record_step


async def merge(work: Work, case_id: UUID, body: MergeIn) -> Case:
    case, survivor = await _both_to_change(work, case_id, body.into)
    if survivor is None:
        raise UnknownReference("/into")
    refuse_if(why_not_merge(case, survivor))
    await refuse_representation(work, [case.id, survivor.id], "/into")
    before = case.status
    case.merge_into(survivor)
    facts = {"merged_into": str(survivor.id), "survivor_version": survivor.version}
    await record_step(work, case, Step.MERGE, work.today, before, {"reason": body.reason}, **facts)
    return case


async def separate(work: Work, case_id: UUID, body: ReasonIn) -> Case:
    """The case stands again as it did before it was merged."""
    into = await work.session.scalar(select(Case.merged_into).where(Case.id == case_id))
    case, _ = await _both_to_change(work, case_id, into)
    if case.merged_into != into:
        raise ChangedMeanwhile
    refuse_if(await why_not_separate(work, case))
    before = case.status
    case.separate((await _merge_of(work, case)).from_status)
    await record_step(
        work, case, Step.SEPARATION, work.today, before, {"reason": body.reason}, separated_from=str(into)
    )
    return case


async def _both_to_change(work: Work, case_id: UUID, other_id: UUID | None) -> tuple[Case, Case | None]:
    """Both locked, always in the order of their ids: of two opposite merges one waits for the other."""
    found: dict[UUID, Case | None] = {}
    for id in sorted({case_id, other_id or case_id}):
        found[id] = await work.session.scalar(select(Case).where(Case.id == id).with_for_update())
    case = found[case_id]
    if case is None:
        raise NotFound
    await require_current(work, case)
    return case, found[other_id or case_id]


async def why_not_separate(reading: Reading, case: Case) -> Problem | None:
    """Nothing was built on a merge while the survivor has taken no step since."""
    if problem := case.why_not(Step.SEPARATION):
        return problem
    survivor = await reading.session.scalar(select(Case).where(Case.id == case.merged_into))
    if survivor is None or survivor.archived_at is not None:
        return BuiltUpon()
    known = (await _merge_of(reading, case)).facts["survivor_version"]
    later = select(CaseStep.id).where(CaseStep.case_id == survivor.id, CaseStep.seq > known).limit(1)
    return BuiltUpon() if await reading.session.scalar(later) else None


async def _merge_of(reading: Reading, case: Case) -> Any:
    merges = select(CaseStep.from_status, CaseStep.facts).where(
        CaseStep.case_id == case.id, CaseStep.step == Step.MERGE
    )
    return (await reading.session.execute(merges.order_by(CaseStep.seq.desc()).limit(1))).one()
