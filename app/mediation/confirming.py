"""司法确认: all parties apply to a court within thirty days of effect; what it confirms may be enforced (People's
Mediation Law, art. 33)."""

from datetime import date
from uuid import UUID

from app.calendar.codes import DeadlineCode
from app.core.unit_of_work import Work
from app.intake.access import case_to_change
from app.intake.dates import refuse_disorder
from app.intake.deadlines import begin_deadline, deadlines_of_case, end_deadlines
from app.intake.guards import refuse_if
from app.intake.models import Case
from app.intake.step_codes import Step
from app.intake.steps import record_step
from app.mediation.agreement_guards import (
    CONFIRMATION_FOLLOWS,
    nothing_follows,
    open_remedies,
    spoken,
    why_not_confirm,
)
from app.mediation.agreement_problems import NotConfirmable, NotLapsedYet
from app.mediation.applications import (
    due_day,
    is_about_money,
    last_of,
    new_application,
    parties_named,
    refuse_late,
    require_all,
)
from app.mediation.codes import ConfirmationStatus
from app.mediation.models import Agreement, JudicialConfirmation
from app.mediation.problems import AgreementNotEffective
from app.mediation.queries import agreement_of
from app.mediation.schemas.applications import ConfirmationIn

RIGHT = DeadlineCode.JUDICIAL_CONFIRMATION
_ARTICLE_33 = "《人民调解法》第三十三条", "People's Mediation Law, art. 33"
_PROCEDURE: tuple[tuple[date, str, str], ...] = (
    (
        date(2024, 1, 1),
        "《民事诉讼法》（2023年修正）第二百零五条、第二百零六条",
        "Civil Procedure Law (2023), arts. 205–206",
    ),
    (
        date(2022, 1, 1),
        "《民事诉讼法》（2021年修正）第二百零一条、第二百零二条",
        "Civil Procedure Law (2021), arts. 201–202",
    ),
    (date(2013, 1, 1), "《民事诉讼法》第一百九十四条、第一百九十五条", "Civil Procedure Law, arts. 194–195"),
)
"""The articles on confirmation, and the day from which the law had them there."""


def articles(on: date) -> tuple[str, str]:
    """By which an application of that day is judged."""
    for since, zh, en in _PROCEDURE:
        if on >= since:
            return f"{_ARTICLE_33[0]}；{zh}", f"{_ARTICLE_33[1]}; {en}"
    return _ARTICLE_33


async def confirm(work: Work, case_id: UUID, body: ConfirmationIn) -> tuple[Case, Agreement]:
    case = await case_to_change(work, case_id)
    parties = await parties_named(work, case, body.applicants)
    agreement = await agreement_of(work, case.id)
    last = await last_of(work, JudicialConfirmation, agreement)
    standing = last.status if last else ConfirmationStatus.TO_APPLY
    refuse_if(why_not_confirm(case, agreement, standing))
    if agreement is None:
        raise AgreementNotEffective
    if body.status not in CONFIRMATION_FOLLOWS[standing]:
        raise nothing_follows(standing, CONFIRMATION_FOLLOWS[standing])
    if body.status is ConfirmationStatus.APPLIED:
        await _refuse_application(work, case, agreement, body)
        require_all(parties, body.applicants or [], articles(body.on))
        last = await _apply(work, agreement, body)
    elif body.status is ConfirmationStatus.LAPSED:
        await _refuse_early_lapse(work, case, agreement, body)
        last = await _apply(work, agreement, body)
    elif last is not None:
        _decide(last, body)
    facts = {"agreement_id": str(agreement.id), "reached": str(body.status)}
    await record_step(work, case, Step.JUDICIAL_CONFIRMATION, body.on, case.status, **facts)
    await _keep_clock(work, case, body)
    return case, agreement


async def _refuse_application(work: Work, case: Case, agreement: Agreement, body: ConfirmationIn) -> None:
    refuse_disorder(("effective_on", agreement.effective_on), ("applied_on", body.on))
    if body.matter and body.matter.is_of_the_matter:
        raise NotConfirmable(matter=(body.matter.zh, body.matter.en.lower()))
    instead = spoken(open_remedies(case, is_money=await is_about_money(work, agreement), enforceable=False))
    await refuse_late(work, case, agreement, RIGHT, body.on, articles(body.on), instead)


async def _refuse_early_lapse(work: Work, case: Case, agreement: Agreement, body: ConfirmationIn) -> None:
    due_on = await due_day(work, case, agreement, RIGHT)
    if due_on is None or body.on <= due_on:
        raise NotLapsedYet(due_on=due_on.isoformat() if due_on else "-", article=_ARTICLE_33)


async def _apply(work: Work, agreement: Agreement, body: ConfirmationIn) -> JudicialConfirmation:
    applied = body.status is ConfirmationStatus.APPLIED
    return await new_application(
        work,
        JudicialConfirmation,
        agreement,
        status=body.status,
        applied_on=body.on if applied else None,
        decided_on=None if applied else body.on,
        applicants=[str(id) for id in body.applicants or []],
        authority=body.authority,
        docket_no=body.docket_no,
        note=body.note,
    )


def _decide(application: JudicialConfirmation, body: ConfirmationIn) -> None:
    """What the court has done with it."""
    accepts = body.status is ConfirmationStatus.UNDER_REVIEW
    refuse_disorder(
        ("applied_on", application.applied_on),
        ("court_accepted_on", application.accepted_on),
        ("court_accepted_on" if accepts else "decided_on", body.on),
    )
    if accepts:
        application.accepted_on = body.on
    else:
        application.decided_on = body.on
    application.status = body.status
    application.bar, application.denial = body.bar, body.denial
    application.docket_no = body.docket_no or application.docket_no
    application.note = body.note or application.note


async def _keep_clock(work: Work, case: Case, body: ConfirmationIn) -> None:
    """The court's own time: three days to accept, fifteen to review. Not accepted, the parties may apply again in
    what is left of theirs."""
    standing = await deadlines_of_case(work, case.id)
    if body.status is ConfirmationStatus.APPLIED:
        await begin_deadline(work, case, DeadlineCode.CONFIRMATION_ACCEPTANCE, body.on)
        return
    end_deadlines(standing, {DeadlineCode.CONFIRMATION_ACCEPTANCE, DeadlineCode.CONFIRMATION_REVIEW}, body.on)
    if body.status is ConfirmationStatus.UNDER_REVIEW:
        await begin_deadline(work, case, DeadlineCode.CONFIRMATION_REVIEW, body.on)
    if body.status is ConfirmationStatus.NOT_ACCEPTED:
        for row in standing:
            if row.code is RIGHT and row.due_on >= body.on:
                row.ended_on = None
