"""What came after the mediations of the demo year: a row of the clerk's book is one step, taken on its day by whoever
took it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.auth import Actor
from app.core.clock import FixedClock
from app.core.unit_of_work import Kernel, Work, operate
from app.demo.ledger import Names, Row, code_of, day, required, sent
from app.documents.archiving import archive
from app.documents.schemas import ArchiveIn
from app.intake.step_codes import Step
from app.mediation.agreement_codes import (
    ConfirmationDenial,
    RefusalReason,
    ReviewStatus,
    Satisfaction,
    VisitForm,
)
from app.mediation.codes import ConfirmationStatus, ReferralOutcome
from app.mediation.confirming import confirm
from app.mediation.harm_codes import HarmKind, HarmState
from app.mediation.harms import approve_harm, decline_harm, propose_harm
from app.mediation.models import Obligation, PreventedHarm
from app.mediation.performing import perform, refuse_to_perform, urge
from app.mediation.referrals import answer
from app.mediation.reviewing import review
from app.mediation.schemas.applications import ConfirmationIn, ReviewIn
from app.mediation.schemas.harms import PreventedHarmIn
from app.mediation.schemas.obligations import PerformanceIn, PerformanceRefusalIn, UrgingIn
from app.mediation.schemas.referrals import HandOffStepIn, ResultIn
from app.mediation.schemas.visits import ReturnVisitIn
from app.mediation.visiting import visit


@dataclass(frozen=True)
class Staff:
    """Who takes the steps of a case, or records those of people without an account; and who has one, by name."""

    own: Actor
    named: Mapping[str, Actor]

    def of(self, name: str) -> Actor:
        return self.named.get(name, self.own)


@dataclass(frozen=True)
class Told:
    """A case of the register, as what came after refers to it."""

    case_id: UUID
    mediation_id: UUID
    parties: Sequence[UUID]
    names: Names
    staff: Staff


Take = Callable[[Work, Row, Told], Awaitable[Any]]


async def tell(kernel: Kernel, rows: Sequence[Row], case: Told, since: date) -> None:
    """No step is recorded before `since`, though it may have happened then."""
    for row in rows:
        action, take = STEPS[row["事项"]]
        clock = FixedClock(max(since, day(row, "日期")))
        async with operate(replace(kernel, clock=clock), case.staff.of(row["办理人"]), action) as work:
            await take(work, row, case)


async def _accept(work: Work, row: Row, case: Told) -> None:
    body = HandOffStepIn.model_validate(sent(on=row["日期"], letter_no=row["文号"]))
    await answer(work, case.mediation_id, Step.REFERRAL_ACCEPTANCE, body)


async def _acknowledge(work: Work, row: Row, case: Told) -> None:
    body = HandOffStepIn.model_validate(sent(on=row["日期"], letter_no=row["文号"]))
    await answer(work, case.mediation_id, Step.REFERRAL_ACKNOWLEDGEMENT, body)


async def _tell_result(work: Work, row: Row, case: Told) -> None:
    """With a proof of performance goes the joint application of that day: what the police ask for."""
    proof = row["方式"]
    fields = sent(
        on=row["日期"],
        outcome=code_of(ReferralOutcome, row["结果"]),
        text=row["内容"],
        letter_no=row["文号"],
        performance_proof=proof,
        joint_application_on=row["日期"] if proof else None,
    )
    await answer(work, case.mediation_id, Step.REFERRAL_RESULT, ResultIn.model_validate(fields))


async def _obligation(work: Work, row: Row, case: Told) -> UUID:
    of_case = select(Obligation.id).where(Obligation.case_id == case.case_id)
    return (await work.session.scalars(of_case.order_by(Obligation.position))).all()[int(row["义务"]) - 1]


async def _perform(work: Work, row: Row, case: Told) -> None:
    body = PerformanceIn.model_validate({"on": row["日期"], "proof": row["内容"]})
    await perform(work, await _obligation(work, row, case), body)


async def _urge(work: Work, row: Row, case: Told) -> None:
    body = UrgingIn.model_validate({"on": row["日期"], "note": row["内容"]})
    await urge(work, await _obligation(work, row, case), body)


async def _refuse(work: Work, row: Row, case: Told) -> None:
    reason = required(RefusalReason, row["结果"])
    body = PerformanceRefusalIn.model_validate({"on": row["日期"], "reason": reason, "note": row["内容"]})
    await refuse_to_perform(work, await _obligation(work, row, case), body)


async def _visit(work: Work, row: Row, case: Told) -> None:
    """Who is no mediator visits as a check of the office."""
    mediator_id = case.names.mediators.get(row["办理人"])
    fields = sent(
        visited_on=row["日期"],
        form=code_of(VisitForm, row["方式"]),
        mediator_id=mediator_id,
        visitor_name=None if mediator_id else row["办理人"],
        parties=list(case.parties),
        findings=row["内容"],
        satisfaction=code_of(Satisfaction, row["结果"]),
        sampled=mediator_id is None,
    )
    await visit(work, case.case_id, ReturnVisitIn.model_validate(fields))


async def _confirm(work: Work, row: Row, case: Told) -> None:
    status = required(ConfirmationStatus, row["方式"])
    fields = sent(
        status=status,
        on=row["日期"],
        applicants=list(case.parties) if status is ConfirmationStatus.APPLIED else None,
        docket_no=row["文号"],
        denial=code_of(ConfirmationDenial, row["结果"]),
        note=row["内容"],
    )
    await confirm(work, case.case_id, ConfirmationIn.model_validate(fields))


async def _review(work: Work, row: Row, case: Told) -> None:
    status = required(ReviewStatus, row["方式"])
    fields = sent(
        status=status,
        on=row["日期"],
        applicants=list(case.parties) if status is ReviewStatus.APPLIED else None,
        docket_no=row["文号"],
        note=row["内容"],
    )
    await review(work, case.case_id, ReviewIn.model_validate(fields))


async def _propose(work: Work, row: Row, case: Told) -> None:
    fields = sent(
        kind=code_of(HarmKind, row["方式"]),
        people_count=int(row["结果"]),
        basis=row["内容"],
        mediator_id=case.names.mediators.get(row["办理人"]),
        judged_on=row["日期"],
    )
    await propose_harm(work, case.case_id, PreventedHarmIn.model_validate(fields))


async def _proposed(work: Work, case: Told) -> UUID:
    of_case = select(PreventedHarm.id).where(PreventedHarm.case_id == case.case_id)
    return (await work.session.scalars(of_case.where(PreventedHarm.state == HarmState.PROPOSED))).one()


async def _approve(work: Work, row: Row, case: Told) -> None:
    await approve_harm(work, await _proposed(work, case))


async def _decline(work: Work, row: Row, case: Told) -> None:
    await decline_harm(work, await _proposed(work, case), row["内容"])


async def _archive(work: Work, row: Row, case: Told) -> None:
    await archive(work, case.case_id, ArchiveIn(statement=row["内容"]))


STEPS: Mapping[str, tuple[str, Take]] = {
    "接收移送": ("accept_referral", _accept),
    "反馈结果": ("return_referral_result", _tell_result),
    "确认结果": ("acknowledge_referral_result", _acknowledge),
    "履行": ("record_performance", _perform),
    "督促履行": ("record_urging", _urge),
    "拒不履行": ("record_performance_refusal", _refuse),
    "回访": ("record_return_visit", _visit),
    "司法确认": ("record_confirmation", _confirm),
    "仲裁审查": ("record_arbitration_review", _review),
    "防止激化": ("record_prevented_harm", _propose),
    "批准防止激化": ("approve_prevented_harm", _approve),
    "不批准防止激化": ("decline_prevented_harm", _decline),
    "归档": ("archive_case", _archive),
}
"""What the clerk writes, the operation it is, and how it is done."""
