"""The years of a generated district, day by day: disputes come in, are accepted in order and numbered, and every
step is entered in the district's books, the audit and the events, on its day."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from app.core.audit import AuditRecord
from app.core.counters import NumberCounter
from app.core.events import Event
from app.core.jurisdiction import Spot
from app.demo.case_rows import Tables
from app.demo.course import DECK, Teller
from app.demo.disputes import Topic
from app.demo.sample_district import Village, founding_acts, sample_name
from app.demo.seasons import incoming, topics_by_month
from app.demo.story import PartyFacts, Story, Taken
from app.intake.codes import CaseStatus, Channel, Difficulty, Source
from app.intake.method_codes import Method
from app.intake.step_codes import Step

Row = dict[str, Any]
Batch = dict[type[Any], list[Row]]
CASES_A_BATCH = 2000
_ACTIONS = {
    Step.REGISTRATION: "register_case",
    Step.REFUSAL: "refuse_case",
    Step.ACCEPTANCE: "accept_case",
    Step.MEDIATION: "start_mediation",
    Step.SESSION: "record_session",
    Step.CONCLUSION: "conclude_mediation",
    Step.SIGNATURE: "sign_agreement",
    Step.CLOSURE: "close_case",
    Step.SUSPENSION: "suspend_case",
    Step.MERGE: "merge_case",
    Step.VOID: "void_case",
}
_SOURCES = {
    Method.POLICE: Source.REFERRAL_POLICE,
    Method.COURT: Source.REFERRAL_COURT,
}
_OWN_SOURCES = (*(Source.APPLICATION,) * 5, *(Source.PROACTIVE,) * 4, Source.REFERRAL_HOTLINE)
_CHANNELS = (Channel.WALK_IN, Channel.WALK_IN, Channel.HOME_VISIT, Channel.MARKET_DAY, Channel.PHONE)


class Chronicle:
    def __init__(self, tables: Tables, chance: Random, until: date) -> None:
        self.tables, self.district, self.ids = tables, tables.district, tables.ids
        self.chance, self.until, self.teller = chance, until, Teller(chance, tables.ids, until)
        district = tables.district
        self.villages = district.villages
        self.too_good, self.quarrelsome = district.towns[1].villages[0], district.towns[0].villages[0]
        for village in (self.too_good, self.quarrelsome):  # large enough to be noticed
            village.weight = max(village.weight, 1.5)
        self.reach = list(accumulate(village.weight for village in self.villages))
        self.quarrel = ("张某甲", "000-0000001"), ("王某乙", "000-0000002")
        self.topics, self.deck = topics_by_month(), list[str]()
        self.numbers: Counter[tuple[UUID, int]] = Counter()
        self.waiting: dict[date, list[Story]] = defaultdict(list)
        self.books: dict[date, list[tuple[datetime, Story, Taken]]] = defaultdict(list)
        self.seq = 0
        self.batch: Batch = defaultdict(list)

    def batches(self, cases: int, on: datetime) -> Iterator[tuple[int, Batch]]:
        """Rows to load, with how many cases they complete. The last batch holds the counters."""
        self._found(on)
        reported = dict(incoming(self.chance, cases, self.until))
        day, complete = min(reported), 0
        while day <= self.until:
            complete += self._live(day, reported.get(day, 0))
            if complete >= CASES_A_BATCH:
                yield complete, self._taken()
                complete = 0
            day += timedelta(1)
        self.batch[NumberCounter] = list(self._counters())
        yield complete, self._taken()

    def _taken(self) -> Batch:
        batch, self.batch = self.batch, defaultdict(list)
        return batch

    def _live(self, day: date, reported: int) -> int:
        """One day of the district; how many cases went to the tables."""
        ready = []
        for _ in range(reported):
            story = self._story(day)
            for taken in story.steps:
                self.books[taken.on].append((taken.at, story, taken))
            if story.accepted_on:
                self.waiting[story.accepted_on].append(story)
            else:
                ready.append(story)
        for story in sorted(self.waiting.pop(day, ()), key=lambda story: story.time):
            self._number(story, day.year)
            ready.append(story)
        for story in ready:
            for model, rows in self.tables.rows(story):
                self.batch[model].extend(rows)
        for _, story, taken in sorted(self.books.pop(day, ()), key=lambda entry: entry[0]):
            self._enter(story, taken)
        return len(ready)

    def _story(self, day: date) -> Story:
        chance = self.chance
        village = chance.choices(self.villages, cum_weights=self.reach)[0]
        topic = chance.choice(self.topics[day.month])
        too_good, at = village is self.too_good, time(1 + chance.randrange(8), chance.randrange(60))
        committee = village.town.committee if self._is_for_the_town(topic) and not too_good else village.committee
        method = Method.PEOPLE if too_good else chance.choice(topic.methods)
        moment = datetime.combine(day, at, UTC)
        story = Story(
            id=self.ids.new(moment),
            village=village,
            committee=committee,
            topic=topic,
            words=chance.randrange(1000),
            parties=self._parties(village, topic, moment),
            mediators=committee.mediators[: chance.choice((1, 1, 2))],
            method=method,
            source=_SOURCES.get(method) or chance.choice(_OWN_SOURCES),
            channel=None if method in _SOURCES else chance.choice(_CHANNELS),
            yuan=chance.randrange(topic.yuan[0], topic.yuan[1], 100) if topic.yuan else None,
            occurred_on=day - timedelta(chance.choice((0, 0, 1, 2, 5, 14, 60))),
            reported_on=day,
            time=at,
            is_too_good=too_good,
        )
        self.teller.tell(story, self._ending(village, story))
        return story

    def _is_for_the_town(self, topic: Topic) -> bool:
        return topic.difficulty is Difficulty.DIFFICULT and self.chance.random() < 0.6

    def _ending(self, village: Village, story: Story) -> str:
        if not self.deck:
            self.deck = self.chance.sample(DECK, len(DECK))
        if story.is_too_good:
            return "succeeded"
        ending = self.deck.pop()
        return "failed" if ending == "succeeded" and self.chance.random() < village.luck else ending

    def _parties(self, village: Village, topic: Topic, moment: datetime) -> list[PartyFacts]:
        """In one village the same two meet again and again."""
        if village is self.quarrelsome and self.chance.random() < 0.5:
            return [PartyFacts(self.ids.new(moment), name, phone) for name, phone in self.quarrel]
        several = 3 if topic.yuan and self.chance.random() < 0.2 else 2
        return [PartyFacts(self.ids.new(moment), sample_name(self.chance), None) for _ in range(several)]

    def _number(self, story: Story, year: int) -> None:
        committee = story.committee
        self.numbers[committee.id, year] += 1
        story.number = f"{committee.prefix}〔{year}〕{self.numbers[committee.id, year]}号"
        if story.status not in {CaseStatus.MERGED, CaseStatus.VOIDED}:
            story.village.latest = (story.id, [taken.on for taken in story.steps])

    def _enter(self, story: Story, taken: Taken) -> None:
        """As the unit of work closes its books: an audit record per subject, then the event."""
        actor_id, role = story.committee.clerk
        action = _ACTIONS[taken.step]
        for kind, id, version, fields in taken.audited:
            self._audit(action, taken.at, actor_id, role, kind, id, version, fields, story.village.spot, taken.reason)
        self.seq += 1
        self.batch[Event].append(
            {
                "id": self.ids.new(taken.at),
                **story.village.spot,
                "seq": self.seq,
                "type": f"case.{taken.step}",
                "subject_type": "case",
                "subject_id": story.id,
                "recorded_at": taken.at,
                "facts": {"status": taken.after, "version": taken.seq, **taken.facts},
            }
        )

    def _audit(
        self,
        action: str,
        at: datetime,
        actor_id: UUID | None,
        role: str,
        kind: str | None,
        id: UUID | None,
        version: int | None,
        fields: list[str],
        spot: dict[str, str],
        reason: str | None = None,
    ) -> None:
        self.seq += 1
        self.batch[AuditRecord].append(
            {
                "id": self.ids.new(at),
                **spot,
                "seq": self.seq,
                "recorded_at": at,
                "action": action,
                "actor_id": actor_id,
                "role": role,
                "target_type": kind,
                "target_id": id,
                "target_version": version,
                "fields": fields,
                "reason": reason,
                "request_id": None,
            }
        )

    def _found(self, on: datetime) -> None:
        spot = Spot.of_place(self.district.code).columns
        for action, kind, row in founding_acts(self.district):
            self._audit(action, on, None, "operator", kind, row["id"], 1 if kind else None, [], spot)

    def _counters(self) -> Iterator[Row]:
        spot = Spot.of_place(self.district.code).columns
        series = {f"case/{id}/{year}": value for (id, year), value in self.numbers.items()} | {"audit": self.seq}
        for name, value in series.items():
            yield {
                "id": self.ids.new(datetime.combine(self.until, time(9), UTC)),
                "series": name,
                "value": value,
                **spot,
            }
