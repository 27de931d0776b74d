"""How the facts of a generated case stand in the tables: one function a table, in the order they may be filled.

A new table that hangs on a case is one more function here, and its line in `TABLES`.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.core.crypto import FieldKey
from app.core.jurisdiction import CaseGrant
from app.demo.deadline_rows import COURT_STAGE, Deadlines
from app.demo.disputes import RECORDS, TOO_GOOD
from app.demo.sample_district import District, Ids
from app.demo.story import Story
from app.intake.codes import Forecast, IdKind, PartyKind, PartySide, RiskLevel, Sex
from app.intake.identity import phone_hash, seal
from app.intake.method_codes import AgreementForm, Method
from app.intake.models import Case, CaseDeadline, CaseMediator, CaseStep, Party
from app.intake.search import CaseText
from app.intake.search_text import bigrams, text_of
from app.mediation.arbitration_codes import ArbitrationKind
from app.mediation.codes import PerformanceStatus, ReferralState, SessionForm
from app.mediation.models import Agreement, Mediation, Obligation, Referral, RoundMediator, Session, Signature
from app.people.codes import OrganizationKind

Row = dict[str, Any]
_PARTNER_OF = {
    Method.ARBITRATION: OrganizationKind.LABOR_ARBITRATION,
    Method.COURT: OrganizationKind.COURT,
    Method.LAWYER: OrganizationKind.LAW_FIRM,
}
_SESSION_FORMS = (SessionForm.FACE_TO_FACE, SessionForm.ONSITE, SessionForm.BACK_TO_BACK, SessionForm.YARD_MEETING)


class Tables:
    """Makes the rows of a story; holds what every story shares."""

    def __init__(self, district: District, ids: Ids, key: FieldKey, deadlines: Deadlines) -> None:
        self.district, self.ids, self.key, self.due = district, ids, key, deadlines

    def rows(self, story: Story) -> Iterable[tuple[type[Any], Iterable[Row]]]:
        return ((model, rows_of(self, story)) for model, rows_of in TABLES.items())

    def _common(self, story: Story) -> Row:
        return {"id": self.ids.new(story.steps[0].at), "case_id": story.id, **story.village.spot}

    def cases(self, story: Story) -> Iterable[Row]:
        last = story.rounds[-1] if story.rounds else None
        yield {
            **self._dispute(story),
            "id": story.id,
            **story.village.spot,
            "content_hash": "-",
            "version": story.version,
            "recorded_at": story.steps[0].at,
            "changed_at": story.steps[-1].at,
            "number": story.number,
            "status": story.status,
            "outcome": story.outcome,
            "method": last and last.method,
            "occurred_on": story.occurred_on,
            "reported_on": story.reported_on,
            "accepted_on": story.accepted_on,
            "mediated_on": story.rounds[0].started_on if last else None,
            "closed_on": story.closed_on,
            "organization_id": story.committee.id if story.accepted_on else None,
            "registered_by": story.committee.clerk[0],
            "decline_reason": story.decline_reason,
            "failure_reason": story.failure_reason,
            "remedy_notice_on": story.remedy_notice_on,
            "agreement_form": story.agreement and story.agreement.form,
            "merged_into": story.merged_into,
            "archived_at": None,
        }

    def _dispute(self, story: Story) -> Row:
        """What was reported of it."""
        topic = story.topic
        return {
            "source": story.source,
            "channel": story.channel,
            "category": topic.category,
            "title": topic.title,
            "summary": story.summary,
            "location": f"{story.village.name}{story.words % 9 + 1}组",
            "people_count": len(story.parties) + story.words % 5,
            "amount_claimed": None if story.yuan is None else Decimal(story.yuan),
            "difficulty": topic.difficulty,
            "risk_level": (RiskLevel.LOW, RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH)[story.words % 4],
            "forecast": Forecast.RECURRENT if story.words % 11 == 0 else None,
            "domestic_violence": False,
            "special_groups": [topic.group] if topic.group else [],
            "external_ids": [],
        }

    def parties(self, story: Story) -> Iterable[Row]:
        for position, party in enumerate(story.parties):
            yield {
                **self._common(story),
                "id": party.id,
                "position": position,
                "side": PartySide.APPLICANT if position == 0 else PartySide.RESPONDENT,
                "kind": PartyKind.NATURAL_PERSON,
                "name": party.name,
                "unknown": False,
                "id_kind": IdKind.NONE_DECLARED,
                "id_number": None,
                "id_number_hash": None,
                "phone": seal(self.key, "phone", party.id, party.phone),
                "phone_hash": phone_hash(self.key, party.phone),
                "sex": (Sex.MALE, Sex.FEMALE)[(story.words + position) % 2],
                "born_on": None,
                "address": None,
                "agent": None,
                "consent": party.consent,
            }

    def mediators(self, story: Story) -> Iterable[Row]:
        if story.accepted_on:
            for position, id in enumerate(story.mediators):
                yield {**self._common(story), "mediator_id": id, "position": position}

    def steps(self, story: Story) -> Iterable[Row]:
        actor_id, role = story.committee.clerk
        for taken in story.steps:
            yield {
                **self._common(story),
                "seq": taken.seq,
                "step": taken.step,
                "from_status": taken.before,
                "to_status": taken.after,
                "on": taken.on,
                "recorded_at": taken.at,
                "actor_id": actor_id,
                "role": role,
                "facts": taken.facts,
                "reason": taken.reason,
            }

    def rounds(self, story: Story) -> Iterable[Row]:
        for one in story.rounds:
            yield {
                **self._common(story),
                "id": one.id,
                "content_hash": "-",
                "version": one.version,
                "recorded_at": one.started_at,
                "changed_at": one.changed_at,
                "round_no": one.no,
                "method": one.method,
                "started_on": one.started_on,
                "organization_id": story.committee.id,
                "fee": None,
                "outcome": one.outcome,
                "concluded_on": one.concluded_on,
                "failure_reason": one.failure_reason,
                "remedy_notice_on": one.concluded_on if one.failure_reason else None,
                "transferred_to": one.transferred_to,
            }

    def round_mediators(self, story: Story) -> Iterable[Row]:
        for one in story.rounds:
            for position, id in enumerate(story.mediators):
                named = {"mediator_id": id, "position": position, "selected_by": "committee"}
                yield {**self._common(story), "mediation_id": one.id, "from_on": one.started_on, **named}

    def referrals(self, story: Story) -> Iterable[Row]:
        for one in story.rounds:
            method = one.method
            if not method.takes_referral:
                continue
            lawyer, police, arbitration = (method is one for one in (Method.LAWYER, Method.POLICE, Method.ARBITRATION))
            partner = self._partner(story, method)
            yield {
                **self._common(story),
                "mediation_id": one.id,
                "direction": method.default_direction,
                "state": ReferralState.OFFERED,
                "letter_no": f"示例函〔{one.started_on.year}〕{story.words}号",
                "sent_on": one.started_on,
                "partner_id": partner,
                "due_on": None,
                "court_stage": COURT_STAGE if method is Method.COURT else None,
                "incident_no": f"示例警情{story.words}号" if police else None,
                "officer_name": None,
                "officer_badge_no": None,
                "public_security_case": False if police else None,
                "arbitration_kind": ArbitrationKind.LABOR if arbitration else None,
                "docket_no": None,
                "limitation_ends_on": None,
                "lawyer_name": "文某甲" if lawyer else None,
                "lawyer_license_no": "示例执业证号0001" if lawyer else None,
                "law_firm_id": partner if lawyer else None,
                "conflict_declared": True if lawyer else None,
                "legal_aid_no": None,
            }

    def grants(self, story: Story) -> Iterable[Row]:
        for one in story.rounds:
            if one.method.takes_referral:
                partner = self._partner(story, one.method)
                times = {"granted_at": one.started_at, "ended_at": None}
                yield {**self._common(story), "organization_id": partner, "mediation_id": one.id, **times}

    def _partner(self, story: Story, method: Method) -> Any:
        return story.village.town.police if method is Method.POLICE else self.district.partners[_PARTNER_OF[method]]

    def sessions(self, story: Story) -> Iterable[Row]:
        for one in story.rounds:
            for number, (id, held_on, at) in enumerate(one.sessions):
                yield {
                    **self._common(story),
                    "id": id,
                    "content_hash": "-",
                    "mediation_id": one.id,
                    "held_on": held_on,
                    "form": _SESSION_FORMS[(story.words + number) % len(_SESSION_FORMS)],
                    "place_text": f"{story.village.name}便民服务中心",
                    "attendees": [party.name for party in story.parties],
                    "record": TOO_GOOD if story.is_too_good else RECORDS[(story.words + number) % len(RECORDS)],
                    "next_step": None,
                    "recorded_at": at,
                }

    def agreements(self, story: Story) -> Iterable[Row]:
        if agreement := story.agreement:
            a, b = story.parties[0].name, story.parties[1].name
            terms = story.topic.terms[story.words % len(story.topic.terms)].format(a=a, b=b)
            yield {
                **self._common(story),
                "id": agreement.id,
                "mediation_id": agreement.round.id,
                "form": agreement.form,
                "agreed_on": agreement.agreed_on,
                "content": TOO_GOOD if story.is_too_good else terms,
                "amount": None if story.yuan is None else Decimal(story.yuan) * 4 / 5,
                "effective_on": agreement.effective_on,
                "recorded_at": agreement.at,
            }

    def obligations(self, story: Story) -> Iterable[Row]:
        if agreement := story.agreement:
            on_the_spot = agreement.form is AgreementForm.ON_THE_SPOT
            due_on = agreement.agreed_on + timedelta(0 if on_the_spot else 15 + story.words % 45)
            yield {
                **self._common(story),
                "agreement_id": agreement.id,
                "party_id": story.parties[1].id,
                "what": story.topic.duty,
                **dict.fromkeys(("due_on", "next_due_on"), due_on),
                "amount": None if story.yuan is None else Decimal(story.yuan) * 4 / 5,
                **_UNPERFORMED,
            }

    def signatures(self, story: Story) -> Iterable[Row]:
        for party_id, mediator_id, on, at in story.agreement.signatures if story.agreement else ():
            yield {
                **self._common(story),
                "agreement_id": story.agreement and story.agreement.id,
                "party_id": party_id,
                "mediator_id": mediator_id,
                "seal": party_id is None and mediator_id is None,
                "on": on,
                **dict.fromkeys(("manner", "authority", "device", "recorded_by")),
                "recorded_at": at,
            }

    def deadlines(self, story: Story) -> Iterable[Row]:
        for row in self.due.rows(story):
            yield {**self._common(story), **row}

    def texts(self, story: Story) -> Iterable[Row]:
        names = [party.name for party in story.parties]
        text = text_of(story.number, story.topic.title, story.summary, names)
        yield {**self._common(story), "text": text, "bigrams": bigrams(text)}


_UNPERFORMED = {"position": 0, "status": PerformanceStatus.PERFORMING, "performed_amount": Decimal(0)}
TABLES: dict[type[Any], Callable[[Tables, Story], Iterable[Row]]] = {
    Case: Tables.cases,
    Party: Tables.parties,
    CaseMediator: Tables.mediators,
    CaseStep: Tables.steps,
    Mediation: Tables.rounds,
    RoundMediator: Tables.round_mediators,
    Referral: Tables.referrals,
    CaseGrant: Tables.grants,
    Session: Tables.sessions,
    Agreement: Tables.agreements,
    Obligation: Tables.obligations,
    Signature: Tables.signatures,
    CaseDeadline: Tables.deadlines,
    CaseText: Tables.texts,
}
