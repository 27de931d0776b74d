"""The deadlines of a generated case: what the service would have set running at each step, stopped and ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from app.calendar.codes import DayKind, DeadlineCode
from app.calendar.rules import Rule, Rules
from app.demo.story import Story
from app.intake.codes import CaseStatus, DisputeCategory
from app.intake.method_codes import Method
from app.mediation.codes import CourtStage

Row = dict[str, Any]
COURT_STAGE = CourtStage.PREDIRECTED
"""What generated referrals of a court say."""
_LABOR = frozenset(DisputeCategory.LABOR.with_children())
_LIMITED = {CaseStatus.ACCEPTED, CaseStatus.MEDIATING, CaseStatus.SUSPENDED}


@dataclass(frozen=True)
class Span:
    """A deadline from its start to its end; none of either end where it runs, or stands still since `paused_on`."""

    code: DeadlineCode
    starts_on: date
    ended_on: date | None = None
    paused_on: date | None = None


class Deadlines:
    def __init__(self, rules: Rules) -> None:
        self.of, self._due = cache(rules.of), cache(rules.calendar.due)
        self._knows = cache(rules.calendar.knows)

    def rows(self, story: Story) -> Iterator[Row]:
        """Without what every row of a case has in common."""
        for span in spans(story):
            if rule := self.of(span.code, span.starts_on):
                yield self._row(span, rule)

    def _row(self, span: Span, rule: Rule) -> Row:
        due_on = self._due(span.starts_on, rule.days, rule.kind, rolls=rule.rolls)
        depends = rule.rolls or rule.kind is DayKind.WORKING
        return {
            "code": span.code,
            "rule_id": rule.id,
            "starts_on": span.starts_on,
            "days": rule.days,
            "kind": rule.kind,
            "rolls": rule.rolls,
            "paused_days": 0,
            "paused_on": span.paused_on,
            "extended_days": 0,
            "extension_count": 0,
            "extension_reason": None,
            "due_on": due_on,
            "calendar_published": not depends or self._knows(span.starts_on, due_on),
            "ended_on": span.ended_on,
            "basis": rule.basis_zh,
        }


def spans(story: Story) -> Iterator[Span]:
    decided = story.steps[1].on if len(story.steps) > 1 else None
    yield Span(DeadlineCode.ACCEPT_DECISION, story.reported_on, decided)
    if story.accepted_on:
        yield from _limits(story, story.accepted_on)
        yield from _referrals(story)
    if (agreement := story.agreement) and (effective_on := agreement.effective_on):
        yield Span(DeadlineCode.JUDICIAL_CONFIRMATION, effective_on)
        if story.topic.category in _LABOR:
            yield Span(DeadlineCode.ARBITRATION_REVIEW, effective_on)
    if story.closed_on:
        yield Span(DeadlineCode.ARCHIVE, story.closed_on)
        if story.status is CaseStatus.CLOSED_SUCCESS:
            yield Span(DeadlineCode.RETURN_VISIT, story.closed_on)


def _limits(story: Story, accepted_on: date) -> Iterator[Span]:
    """A court's round has its own limit: the general one stands back while it lasts, and goes on in a later round."""
    is_labor = story.topic.category in _LABOR
    code = DeadlineCode.MEDIATE_LABOR if is_labor else DeadlineCode.MEDIATE_GENERAL
    left = next((taken.on for taken in story.steps[1:] if taken.after not in _LIMITED), None)
    paused_on = story.steps[-1].on if story.status is CaseStatus.SUSPENDED else None
    court = next((one for one in story.rounds if one.method is Method.COURT), None)
    is_over = court is not None and story.rounds[-1] is not court
    starts_on = story.reported_on if is_labor else accepted_on
    if court is None or is_over:
        yield Span(code, starts_on, left, paused_on)
    else:
        yield Span(code, starts_on, court.started_on)
    if court:
        ended_on = story.rounds[-1].started_on if is_over else left
        yield Span(COURT_STAGE.limit, court.started_on, ended_on, None if is_over else paused_on)


def _referrals(story: Story) -> Iterator[Span]:
    for one in story.rounds:
        if one.method.takes_referral:
            for code in (DeadlineCode.REFERRAL_RECEIPT, DeadlineCode.REFERRAL_FEEDBACK):
                yield Span(code, one.started_on, one.concluded_on)
