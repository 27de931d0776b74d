"""Deadlines that a round brings by its method, its hand-off and its end: begun and ended by mediation."""

from datetime import date

from app.calendar.codes import DayKind, DeadlineCode
from app.calendar.rules import rules_of
from app.core.unit_of_work import Work
from app.intake.codes import DisputeCategory
from app.intake.deadlines import (
    ANSWERED_BY,
    OF_REFERRAL,
    begin_deadline,
    deadlines_of_case,
    end_deadlines,
    recount,
    running,
)
from app.intake.models import Case
from app.intake.step_codes import Step

_LABOR = frozenset(DisputeCategory.LABOR.with_children())


async def begin_court_limit(work: Work, case: Case, code: DeadlineCode, starts_on: date) -> None:
    """From the papers of the court its limit holds in place of the general one."""
    if limit := await begin_deadline(work, case, code, starts_on):
        others = [row for row in await deadlines_of_case(work, case.id) if row is not limit and row.code.is_limit]
        end_deadlines(others, {row.code for row in others}, starts_on)


async def begin_referral(work: Work, case: Case, sent_on: date) -> None:
    for code in (DeadlineCode.REFERRAL_RECEIPT, DeadlineCode.REFERRAL_FEEDBACK):
        await begin_deadline(work, case, code, sent_on)


async def begin_rights_of_agreement(work: Work, case: Case, effective_on: date) -> None:
    """What the parties may apply for together once the agreement takes effect (People's Mediation Law, art. 33)."""
    await begin_deadline(work, case, DeadlineCode.JUDICIAL_CONFIRMATION, effective_on)
    if case.category in _LABOR:
        await begin_deadline(work, case, DeadlineCode.ARBITRATION_REVIEW, effective_on)


async def end_referral(work: Work, case: Case, step: Step, on: date) -> None:
    """What a step of the hand-off answers."""
    end_deadlines(await deadlines_of_case(work, case.id), ANSWERED_BY[step], on)


async def begin_failure_feedback(work: Work, case: Case, concluded_on: date) -> None:
    """The round of a public-security case failed: the police wait for that, to decide."""
    await begin_deadline(work, case, DeadlineCode.REFERRAL_FEEDBACK, concluded_on)


async def end_failure_feedback(work: Work, case: Case, concluded_on: date, on: date) -> None:
    """A later round may have a hand-off of its own, whose time goes on."""
    standing = running(await deadlines_of_case(work, case.id))
    own = [row for row in standing if row.code in OF_REFERRAL and row.starts_on == concluded_on]
    end_deadlines(own[:1], OF_REFERRAL, on)


async def begin_limitation(work: Work, case: Case, code: DeadlineCode, ends_on: date | None, started_on: date) -> None:
    """The day that is known, or what the rule gives from the day the dispute arose: interruptions it cannot know."""
    others = await deadlines_of_case(work, case.id)
    end_deadlines(others, {row.code for row in others if row.code.is_limitation}, started_on)
    starts_on = min(started_on, ends_on) if ends_on else case.occurred_on
    row = await begin_deadline(work, case, code, starts_on) if starts_on else None
    if row is not None and ends_on is not None:
        row.days, row.kind, row.rolls = (ends_on - row.starts_on).days, DayKind.CALENDAR, False
        recount(row, await rules_of(work, case.district))


async def limit_second_session(work: Work, case: Case, first_on: date | None, on: date) -> None:
    """From the first session of a public-security case until the second; none to begin once both were held."""
    end_deadlines(await deadlines_of_case(work, case.id), {DeadlineCode.POLICE_SECOND_SESSION}, on)
    if first_on:
        await begin_deadline(work, case, DeadlineCode.POLICE_SECOND_SESSION, first_on)
