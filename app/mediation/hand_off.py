"""The states of a hand-off: which step leads where, who takes it, and why it cannot be taken now."""

from dataclasses import dataclass
from typing import Any

from app.core.auth import View
from app.core.problems import Problem
from app.intake.method_codes import ReferralDirection
from app.intake.models import Case
from app.intake.step_codes import Step
from app.mediation.codes import ReferralSide, ReferralState
from app.mediation.problems import (
    NoReferral,
    OfficesStep,
    PartnersStep,
    ReferralAnswered,
    ReferralEnded,
    ReferralStepNotAllowed,
)

S = ReferralState


@dataclass(frozen=True)
class HandOffStep:
    leads_to: ReferralState
    allowed_from: tuple[ReferralState, ...]
    by_receiver: bool
    """Whoever was sent the dispute takes it; the others are the sender's."""

    def side(self, direction: ReferralDirection) -> ReferralSide:
        office_receives = direction is ReferralDirection.IN
        return ReferralSide.OFFICE if office_receives is self.by_receiver else ReferralSide.PARTNER


STEPS: dict[Step, HandOffStep] = {
    Step.REFERRAL_ACCEPTANCE: HandOffStep(S.ACCEPTED, (S.OFFERED,), by_receiver=True),
    Step.REFERRAL_RETURN: HandOffStep(S.RETURNED, (S.OFFERED, S.ACCEPTED), by_receiver=True),
    Step.REFERRAL_RESULT: HandOffStep(S.RESULT_RETURNED, (S.ACCEPTED,), by_receiver=True),
    Step.REFERRAL_ACKNOWLEDGEMENT: HandOffStep(S.ACKNOWLEDGED, (S.RESULT_RETURNED,), by_receiver=False),
    Step.REFERRAL_RECALL: HandOffStep(S.RECALLED, (S.OFFERED, S.ACCEPTED), by_receiver=False),
}
ENDED = (S.RETURNED, S.RECALLED)
"""From here on the partner sees nothing of the case any more."""
_REACHED = {S.ACCEPTED: (S.RESULT_RETURNED, S.ACKNOWLEDGED), S.RESULT_RETURNED: (S.ACKNOWLEDGED,)}
"""What lies behind a state that was reached."""


def why_not_answer(step: Step, state: ReferralState | None, case: Case) -> Problem | None:
    """The same for both sides; no state where the round has no referral."""
    if state is None:
        return NoReferral()
    return case.why_locked() or _why_not_from(step, state)


def _why_not_from(step: Step, state: ReferralState) -> Problem | None:
    rule = STEPS[step]
    said: dict[str, Any] = {"referral_state": str(state), "state_name": (state.zh, state.en.lower())}
    if state in rule.allowed_from:
        return None
    if state is rule.leads_to or state in _REACHED.get(rule.leads_to, ()):
        return ReferralAnswered(**said)
    if state in ENDED:
        return ReferralEnded(**said)
    return ReferralStepNotAllowed(
        **said,
        step_name=(step.zh, step.en.lower()),
        allowed=("、".join(s.zh for s in rule.allowed_from), " or ".join(s.en.lower() for s in rule.allowed_from)),
    )


def why_wrong_side(step: Step, direction: ReferralDirection, view: View, letter_no: str | None) -> Problem | None:
    """A partner takes its own steps alone; the office its own, and the partner's as a letter of the partner told."""
    side = STEPS[step].side(direction)
    if view is View.PARTNER:
        return OfficesStep() if side is ReferralSide.OFFICE else None
    return PartnersStep("/letter_no") if side is ReferralSide.PARTNER and letter_no is None else None
