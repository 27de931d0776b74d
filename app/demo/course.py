"""The course that a generated case takes, step by step on its days, as far as the register reaches."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.demo.sample_district import Ids
from app.demo.story import Bargain, Round, Story, Taken
from app.intake.codes import CaseOutcome, CaseStatus, Consent, DeclineReason, SuspensionReason
from app.intake.method_codes import AgreementForm, FailureReason, Method
from app.intake.step_codes import Step
from app.mediation.codes import MediationOutcome

S = CaseStatus
_UNBOUND = ["deadlines", "status", "steps"]
"""What a step changes that only sets a status."""


class TooLate(Exception):
    """The next step lies after the last day of the register: the case stands as it is."""


class Teller:
    """Lets a case take its course. One for the whole register: it holds the chance, the ids and the last day."""

    def __init__(self, chance: Random, ids: Ids, until: date) -> None:
        self.chance, self.ids, self.until = chance, ids, until

    def tell(self, story: Story, ending: str) -> None:
        try:
            self._step(story, Step.REGISTRATION, story.reported_on, S.REGISTERED, ["deadlines", "parties", "steps"])
            _COURSES[ending](self, story)
        except TooLate:
            return

    def after(self, day: date, *days: int) -> date:
        later = day + timedelta(self.chance.choice(days))
        if later > self.until:
            raise TooLate
        return later

    def _step(
        self, story: Story, step: Step, on: date, after: CaseStatus, fields: list[str], *others: Any, **facts: Any
    ) -> None:
        at = story.instant(on)
        before = story.status if story.steps else None
        story.status = after
        audited = [("case", story.id, story.version + 1, fields), *others]
        story.steps.append(Taken(story.version + 1, step, before, after, on, at, facts, audited))

    def registered(self, story: Story) -> None:
        """Nobody has looked at it yet."""

    def declined(self, story: Story) -> None:
        on = self.after(story.reported_on, 0, 1, 2)
        story.decline_reason = self.chance.choice(list(DeclineReason))
        fields = ["deadlines", "decline_reason", "status", "steps"]
        self._step(story, Step.REFUSAL, on, S.DECLINED, fields, reason=str(story.decline_reason))

    def accepted(self, story: Story) -> None:
        on = self.after(story.reported_on, *((0,) if story.is_too_good else (0, 0, 1, 1, 2, 3)))
        story.accepted_on = on
        fields = ["accepted_on", "deadlines", "mediators", "number", "organization_id", "status", "steps"]
        self._step(story, Step.ACCEPTANCE, on, S.ACCEPTED, fields, organization_id=str(story.committee.id))

    def refused(self, story: Story) -> None:
        """A party wants no mediation: closed without a round, under art. 17."""
        self.accepted(story)
        story.parties[1].consent = Consent.REFUSED
        on = self.after(story.steps[-1].on, 1, 2, 4)
        story.failure_reason, story.remedy_notice_on = FailureReason.PARTY_REQUESTS_TERMINATION, on
        self._close(story, on, CaseOutcome.FAILED, S.CLOSED_FAILED)

    def merged(self, story: Story) -> None:
        if story.village.latest is None:
            return self.succeeded(story)
        self.accepted(story)
        on = self.after(story.steps[-1].on, 1, 2)
        story.merged_into, days = story.village.latest
        facts = {"merged_into": str(story.merged_into), "survivor_version": sum(day <= on for day in days)}
        self._step(story, Step.MERGE, on, S.MERGED, ["deadlines", "merged_into", "status", "steps"], **facts)
        story.steps[-1].reason = "与在办案件为同一纠纷"
        return None

    def voided(self, story: Story) -> None:
        self.accepted(story)
        self._step(story, Step.VOID, self.after(story.steps[-1].on, 0, 1, 3), S.VOIDED, _UNBOUND)
        story.steps[-1].reason = "登记有误"

    def mediating(self, story: Story) -> None:
        self.accepted(story)
        self._start(story, story.method)
        self._sessions(story)

    def suspended(self, story: Story) -> None:
        self.mediating(story)
        on = self.after(story.steps[-1].on, 1, 3, 7)
        facts = {"reason": str(SuspensionReason.EXPERTISE), "consents": [str(party.id) for party in story.parties]}
        self._step(story, Step.SUSPENSION, on, S.SUSPENDED, _UNBOUND, **facts)

    def withdrawn(self, story: Story) -> None:
        self.mediating(story)
        self._conclude(story, MediationOutcome.WITHDRAWN, CaseOutcome.WITHDRAWN, S.WITHDRAWN)

    def transferred(self, story: Story) -> None:
        self.mediating(story)
        self._conclude(story, MediationOutcome.TRANSFERRED, CaseOutcome.TRANSFERRED, S.TRANSFERRED)
        story.rounds[-1].transferred_to = "示例人民法院"

    def failed(self, story: Story) -> None:
        self.mediating(story)
        self._fail_round(story)
        on = self.after(story.steps[-1].on, 0, 1, 3)
        last = story.rounds[-1]
        story.failure_reason, story.remedy_notice_on = last.failure_reason, last.concluded_on
        self._close(story, on, CaseOutcome.FAILED, S.CLOSED_FAILED)

    def second_round(self, story: Story) -> None:
        """The village could not settle it; with a lawyer it works."""
        self.mediating(story)
        self._fail_round(story)
        self._start(story, Method.LAWYER)
        self._sessions(story)
        self._agree(story, self.chance.random())

    def succeeded(self, story: Story) -> None:
        self.mediating(story)
        self._agree(story, self.chance.random())

    def unsigned(self, story: Story) -> None:
        self.mediating(story)
        self._agree(story, 1.0, signs=False)

    def _start(self, story: Story, method: Method) -> None:
        on = self.after(story.steps[-1].on, *((0,) if story.is_too_good else (0, 0, 1, 1, 2, 4)))
        at = story.instant(on)
        last = Round(self.ids.new(at), len(story.rounds) + 1, method, on, at, at)
        story.rounds.append(last)
        parts = ["mediators", "steps", *(["deadlines", "referral"] if method.takes_referral else [])]
        own = (["mediated_on"] if last.no == 1 else []) + ["method"] + (["status"] if last.no == 1 else [])
        mediation = ("mediation", last.id, 1, sorted(parts))
        facts = {"mediation_id": str(last.id), "method": str(method)}
        self._step(story, Step.MEDIATION, on, S.MEDIATING, sorted(own + parts), mediation, **facts)

    def _sessions(self, story: Story) -> None:
        for _ in range(1 if story.is_too_good else self.chance.choice((1, 1, 1, 2, 2, 3))):
            on = self.after(story.steps[-1].on, *((0,) if story.is_too_good else (0, 1, 2, 4, 7)))
            at = story.instant(on)
            last, id = story.rounds[-1], self.ids.new(at)
            last.version, last.changed_at = last.version + 1, at
            last.sessions.append((id, on, at))
            others = (("mediation", last.id, last.version, ["steps"]), ("session", id, None, ["steps"]))
            facts = {"mediation_id": str(last.id), "session_id": str(id)}
            self._step(story, Step.SESSION, on, S.MEDIATING, ["steps"], *others, **facts)

    def _fail_round(self, story: Story) -> None:
        self._conclude(story, MediationOutcome.FAILED, None, S.MEDIATING)
        story.rounds[-1].failure_reason = self.chance.choice(_FAILURES)

    def _conclude(
        self,
        story: Story,
        outcome: MediationOutcome,
        ends_as: CaseOutcome | None,
        after: CaseStatus,
        parts: Sequence[str] = (),
        own: Sequence[str] = (),
    ) -> None:
        on = self.after(story.steps[-1].on, *((0,) if story.is_too_good else (0, 0, 0, 1, 3)))
        last = story.rounds[-1]
        last.outcome, last.concluded_on, last.version = outcome, on, last.version + 1
        last.changed_at = story.instant(on)
        if ends_as:
            story.outcome, story.closed_on = ends_as, on
        of_round = {
            MediationOutcome.FAILED: ["failure_reason", "remedy_notice_on"],
            MediationOutcome.TRANSFERRED: ["transferred_to"],
        }
        moves_a_deadline = after is not story.status or last.method.takes_referral
        parts = ["mediations", "steps", *parts, *(["deadlines"] if moves_a_deadline else [])]
        mediation = (
            "mediation",
            last.id,
            last.version,
            sorted({"concluded_on", "outcome", *of_round.get(outcome, []), *parts}),
        )
        fields = {
            *parts,
            *own,
            *(["closed_on", "outcome"] if ends_as else []),
            *(["status"] if after is not story.status else []),
        }
        facts = {"mediation_id": str(last.id), "outcome": str(outcome)}
        self._step(story, Step.CONCLUSION, on, after, sorted(fields), mediation, **facts)

    def _agree(self, story: Story, draw: float, *, signs: bool = True) -> None:
        """`draw`: on the spot below .15, orally below .4, in writing and at once below .85, else signed later."""
        on_the_spot, oral, at_once = (1.0, 1.0, 1.0) if story.is_too_good else (0.15, 0.4, 0.85)
        form = AgreementForm.WRITTEN if draw >= oral else AgreementForm.ORAL
        form = AgreementForm.ON_THE_SPOT if draw < on_the_spot else form
        ends = draw < at_once
        parts = [
            "agreement",
            "parties",
            *(["obligations"] if story.topic.duty else []),
            *(["signatures"] if form is AgreementForm.WRITTEN and ends else []),
        ]
        after, ends_as = (S.CLOSED_SUCCESS, CaseOutcome.SUCCESS) if ends else (S.AGREED, None)
        self._conclude(story, MediationOutcome.AGREED, ends_as, after, parts, ["agreement_form"])
        taken = story.steps[-1]
        agreement = story.agreement = Bargain(self.ids.new(taken.at), story.rounds[-1], form, taken.on, taken.at)
        for party in story.parties:
            party.consent = Consent.AGREED
        if form is not AgreementForm.WRITTEN:
            agreement.effective_on = taken.on
        elif ends:
            agreement.effective_on = taken.on
            agreement.signatures = [(*signer, taken.on, taken.at) for signer in _signers(story)]
        elif signs:
            self._sign_later(story, agreement)

    def _sign_later(self, story: Story, agreement: Bargain) -> None:
        signers = _signers(story)
        on = self.after(story.steps[-1].on, 1, 2, 3, 5, 9)
        for number, signer in enumerate(signers, start=1):
            agreement.signatures.append((*signer, on, story.instant(on)))
            fields = ["signatures", "steps"]
            if number == len(signers):
                agreement.effective_on, fields = on, ["agreement", "deadlines", *fields]
            self._step(story, Step.SIGNATURE, on, S.AGREED, fields, agreement_id=str(agreement.id))
        self._close(story, self.after(on, 0, 0, 1, 4), CaseOutcome.SUCCESS, S.CLOSED_SUCCESS)

    def _close(self, story: Story, on: date, outcome: CaseOutcome, after: CaseStatus) -> None:
        story.outcome, story.closed_on = outcome, on
        failure = ["failure_reason", "remedy_notice_on"] if outcome is CaseOutcome.FAILED else []
        fields = ["closed_on", "deadlines", *failure, "outcome", "status", "steps"]
        self._step(story, Step.CLOSURE, on, after, fields, outcome=str(outcome))


_FAILURES = (
    *(FailureReason.NO_AGREEMENT,) * 3,
    FailureReason.PARTY_REFUSES_MIDWAY,
    FailureReason.CANNOT_CONTACT,
)


def _signers(story: Story) -> list[tuple[UUID | None, UUID | None]]:
    """Every party, the leading mediator, the seal."""
    return [*((party.id, None) for party in story.parties), (None, story.mediators[0]), (None, None)]


_COURSES = {
    "registered": Teller.registered,
    "declined": Teller.declined,
    "accepted": Teller.accepted,
    "refused": Teller.refused,
    "merged": Teller.merged,
    "voided": Teller.voided,
    "mediating": Teller.mediating,
    "suspended": Teller.suspended,
    "withdrawn": Teller.withdrawn,
    "transferred": Teller.transferred,
    "failed": Teller.failed,
    "second_round": Teller.second_round,
    "succeeded": Teller.succeeded,
    "unsigned": Teller.unsigned,
}
_OTHERWISE = {"failed": 7, "withdrawn": 2, "transferred": 2, "declined": 2, "second_round": 2}
_ONE_EACH = ("registered", "accepted", "refused", "merged", "voided", "mediating", "suspended", "unsigned")
DECK = [name for name, number in _OTHERWISE.items() for _ in range(number)] + list(_ONE_EACH)
DECK += ["succeeded"] * (100 - len(DECK))
"""Endings of a hundred cases: dealt from shuffled decks, each stands in the smallest register of a hundred."""
