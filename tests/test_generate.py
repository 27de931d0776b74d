"""A generated register is one that the service could have written, and goes on from where it ends."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.calendar.rules import rules_of
from app.core.auth import OPERATOR
from app.core.bulk import load
from app.core.clock import today
from app.core.jurisdiction import Subtree
from app.core.unit_of_work import operate
from app.core.walls import OutsideJurisdiction
from app.demo.generating import Scale, generate
from app.demo.township import DemoAccount
from app.intake.codes import CaseStatus, DisputeCategory
from app.intake.deadlines import count_pauses, deadlines_of_case, keep_deadlines
from app.intake.deadlines import recount as recount_days
from app.intake.models import Case, Party
from app.intake.step_codes import ALLOWED_FROM
from app.mediation.models import Signature
from app.mediation.signing import day_of_effect
from app.models import Base
from app.opening import CannotStart
from app.people.codes import Role
from app.people.models import Account
from app.places.models import Place
from tests.databases import sqlite_copy
from tests.recount import ENDS, numbers, recount, statistics, values_of
from tests.retelling import Retelling, by_start, deadlines, tellings
from tests.tables import content, rows
from tests.world import VILLAGE, Caller, World, agreed, created, dispute, ok, opened_world, started_round

UNTIL = date(2026, 6, 30)
SCALE = Scale(300, seed=5, until=UNTIL)
DISTRICT = SCALE.district
LABOR = {str(category) for category in DisputeCategory.LABOR.with_children()}
Rows = list[dict[str, Any]]
PARTS = ("mediations", "sessions")
"""Tables of what the audit names beside the case."""
Began = tuple[str, date, date | None]
"""Code, first day, and the day it ended."""


@dataclass
class Generated:
    world: World
    accounts: list[DemoAccount]
    tables: dict[str, Rows] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)

    def of(self, table: str) -> dict[Any, Rows]:
        """The rows of a table by case."""
        found = defaultdict(list)
        for row in self.tables[table]:
            found[row["case_id"]].append(row)
        return found

    def place(self, username: str) -> str:
        return next(one.place for one in self.accounts if one.username == username)

    async def caller(self, username: str) -> Caller:
        """Signed in with the password that was printed."""
        if username not in self.callers:
            password = next(one.password for one in self.accounts if one.username == username)
            form = {"grant_type": "password", "username": username, "password": password}
            token = (await ok(self.world.client().post("/oauth/token", data=form)))["access_token"]
            client = self.world.client(Authorization=f"Bearer {token}")
            self.callers[username] = Caller(Account(username=username), client, token)
        return self.callers[username]


@pytest.fixture
async def generated(database_url: str) -> AsyncIterator[Generated]:
    async with opened_world(database_url, is_new=False) as world:
        made = Generated(world, await generate(world.kernel, SCALE))
        made.tables = {table.name: await rows(world, table.name) for table in Base.metadata.sorted_tables}
        yield made


def in_order(days: Iterable[date | None]) -> bool:
    known = [day for day in days if day is not None]
    return known == sorted(known) and all(day <= UNTIL for day in known)


async def test_every_rule_of_the_register_holds(generated: Generated) -> None:
    check_cases(generated)
    check_numbers(generated)
    check_books(generated)
    check_rounds(generated)
    check_deadlines(generated)
    check_notable(generated)
    if generated.world.database.is_sqlite:
        async with generated.world.database.reads.connect() as connection:
            assert not (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()


def check_cases(generated: Generated) -> None:
    cases, steps = generated.tables["cases"], generated.of("case_steps")
    assert len(cases) == SCALE.cases
    assert {case["status"] for case in cases} == set(CaseStatus)
    for case in cases:
        assert in_order(
            case[name] for name in ("occurred_on", "reported_on", "accepted_on", "mediated_on", "closed_on")
        )
        assert case["outcome"] == ENDS.get(case["status"])
        assert (case["closed_on"] is not None) == (case["status"] in ENDS)
        unaccepted = case["status"] in {CaseStatus.REGISTERED, CaseStatus.DECLINED}
        assert [case[name] is None for name in ("accepted_on", "number", "organization_id")] == [unaccepted] * 3
        assert (case["merged_into"] is not None) == (case["status"] is CaseStatus.MERGED)
        assert (case["failure_reason"] is not None) == (case["status"] is CaseStatus.CLOSED_FAILED)
        check_steps(case, steps[case["id"]])


def check_steps(case: dict[str, Any], steps: Rows) -> None:
    steps = sorted(steps, key=lambda step: step["seq"])
    assert [step["seq"] for step in steps] == [*range(1, case["version"] + 1)]
    assert steps[0]["from_status"] is None
    assert steps[-1]["to_status"] == case["status"]
    assert steps[-1]["recorded_at"] == case["changed_at"]
    assert in_order(step["on_date"] for step in steps)
    for before, after in pairwise(steps):
        assert before["to_status"] == after["from_status"]
        assert after["from_status"] in ALLOWED_FROM.get(after["step"], set(CaseStatus))


def check_numbers(generated: Generated) -> None:
    """Gapless, in the order of acceptance."""
    prefixes = {row["id"]: row["number_prefix"] for row in generated.tables["organizations"]}
    numbered = [case for case in generated.tables["cases"] if case["number"]]
    counted = {}
    key = lambda case: (case["organization_id"].hex, case["accepted_on"].year)  # noqa: E731
    for (_, year), own in groupby(sorted(numbered, key=key), key):
        cases = sorted(own, key=lambda case: int(case["number"].partition("〕")[2].removesuffix("号")))
        id = cases[0]["organization_id"]
        assert [case["number"] for case in cases] == [
            f"{prefixes[id]}〔{year}〕{n}号" for n in range(1, len(cases) + 1)
        ]
        assert in_order(case["accepted_on"] for case in cases)
        counted[f"case/{id}/{year}"] = len(cases)
    counters = {
        row["series"]: row["value"] for row in generated.tables["number_counters"] if row["district"] != "000000"
    }
    assert counters == {**counted, "audit": counters["audit"]}


def check_books(generated: Generated) -> None:
    """Audit and events: gapless in the order of time, and every step is told."""
    own = [row for row in generated.tables["audit_records"] if row["district"] == DISTRICT[:6]]
    events = generated.tables["events"]
    books = sorted(own + events, key=lambda row: row["seq"])
    assert [row["seq"] for row in books] == [*range(1, len(books) + 1)]
    assert all(before["recorded_at"] <= after["recorded_at"] for before, after in pairwise(books))
    told = Counter((row["subject_id"], row["type"], row["facts"]["version"], row["facts"]["status"]) for row in events)
    steps = generated.tables["case_steps"]
    assert told == Counter((row["case_id"], f"case.{row['step']}", row["seq"], row["to_status"]) for row in steps)
    assert all(row["facts"].items() <= event.items() for row, event in zip(steps, facts_of(events, steps), strict=True))


def facts_of(events: Rows, steps: Rows) -> Iterable[dict[str, Any]]:
    known = {(event["subject_id"], event["facts"]["version"]): event["facts"] for event in events}
    return (known[step["case_id"], step["seq"]] for step in steps)


def check_rounds(generated: Generated) -> None:
    rounds, agreements, parties = generated.of("mediations"), generated.of("agreements"), generated.of("parties")
    signatures = generated.of("signatures")
    for case in generated.tables["cases"]:
        own = sorted(rounds[case["id"]], key=lambda row: row["round_no"])
        assert case["method"] == (own[-1]["method"] if own else None)
        assert case["mediated_on"] == (own[0]["started_on"] if own else None)
        assert all(row["outcome"] for row in own[:-1])
        for row in own:
            assert in_order((case["accepted_on"], row["started_on"], row["concluded_on"]))
            is_failed = row["outcome"] == "failed"
            assert [row[name] is not None for name in ("failure_reason", "remedy_notice_on")] == [is_failed] * 2
            assert (row["transferred_to"] is not None) == (row["outcome"] == "transferred")
        is_agreed = bool(own) and own[-1]["outcome"] == "agreed"
        assert len(agreements[case["id"]]) == is_agreed
        if is_agreed:
            (agreement,) = agreements[case["id"]]
            check_effect(case, agreement, parties[case["id"]], signatures[case["id"]])


def check_effect(case: dict[str, Any], agreement: dict[str, Any], parties: Rows, signatures: Rows) -> None:
    known = [Party(id=party["id"], unknown=party["unknown"]) for party in parties]
    signed = day_of_effect(known, [_signature(row) for row in signatures])
    assert agreement["effective_on"] == (signed if agreement["form"] == "written" else agreement["agreed_on"])
    assert (case["status"] is CaseStatus.CLOSED_SUCCESS) <= (agreement["effective_on"] is not None)
    assert case["agreement_form"] == agreement["form"]
    assert {party["consent"] for party in parties} == {"agreed"}


def _signature(row: dict[str, Any]) -> Signature:
    return Signature(**{name: row[name] for name in ("party_id", "mediator_id", "seal")}, on=row["on_date"])


def check_deadlines(generated: Generated) -> None:
    """By the words of docs/deadlines.md: how many of which a case has, since when, and which of them run."""
    steps, found, rounds = generated.of("case_steps"), generated.of("case_deadlines"), generated.of("mediations")
    effects = {row["case_id"]: row["effective_on"] for row in generated.tables["agreements"]}
    for case in generated.tables["cases"]:
        own = sorted(steps[case["id"]], key=lambda step: step["seq"])
        expected = [
            ("accept_decision", case["reported_on"], _left(own, "registered")),
            *_limits(case, rounds[case["id"]], _left(own, "registered", "accepted", "mediating", "suspended")),
            *_answers(rounds[case["id"]]),
            *_after_the_end(case, effects.get(case["id"])),
        ]
        standing = Counter((str(row["code"]), row["starts_on"], row["ended_on"]) for row in found[case["id"]])
        assert standing == Counter(expected), case
        is_paused = any(row["paused_on"] for row in found[case["id"]])
        assert is_paused == (case["status"] is CaseStatus.SUSPENDED)


def _left(steps: Rows, *statuses: str) -> date | None:
    """When the case came out of these; None while it is in one of them."""
    return next((step["on_date"] for step in steps if step["to_status"] not in statuses), None)


def _limits(case: dict[str, Any], rounds: Rows, ended_on: date | None) -> Iterable[Began]:
    """The limit by category, and the court's in its place while the latest round is the court's."""
    if case["accepted_on"] is None:
        return
    kind = "mediate_labor" if case["category"] in LABOR else "mediate_general"
    of_court = [row["started_on"] for row in rounds if row["method"] == "court"]
    others = [row["started_on"] for row in rounds if row["method"] != "court"]
    starts_on = case["reported_on"] if kind == "mediate_labor" else case["accepted_on"]
    yield kind, starts_on, of_court[0] if case["method"] == "court" else ended_on
    for on in of_court:
        yield "court_predirected", on, min(others, default=ended_on)


def _answers(rounds: Rows) -> Iterable[Began]:
    for row in rounds:
        if row["method"] != "people":
            yield "referral_receipt", row["started_on"], row["concluded_on"]
            yield "referral_feedback", row["started_on"], row["concluded_on"]


def _after_the_end(case: dict[str, Any], effective_on: date | None) -> Iterable[Began]:
    if case["closed_on"]:
        yield "archive", case["closed_on"], None
    if case["outcome"] == "success":
        yield "return_visit", case["closed_on"], None
    if effective_on:
        yield "judicial_confirmation", effective_on, None
    if effective_on and case["category"] in LABOR:
        yield "arbitration_review", effective_on, None


async def test_the_service_would_have_written_the_same(generated: Generated) -> None:
    """Cases that together show all that is generated are told to the service, day by day, and compared."""
    heads = {place[:9]: await head_of(generated, place) for place in towns(generated)}
    doubles = {}
    for case in tellings(generated.tables):
        double = await Retelling(generated.world, heads[case["township"]], generated.tables, case).tell()
        own = [row for row in generated.tables["case_deadlines"] if row["case_id"] == case["id"]]
        assert by_start(double["deadlines"]) == deadlines(own, set(double["deadlines"][0])), case
        doubles[case["id"]] = UUID(double["id"])
    assert len(doubles) > 15
    books = {name: await rows(generated.world, name) for name in ("case_steps", "audit_records", *PARTS)}
    for original, double_id in doubles.items():
        assert steps_of(books, double_id) == steps_of(books, original)
        assert audit_of(books, double_id) == audit_of(books, original)


def steps_of(books: dict[str, Rows], case_id: UUID) -> Rows:
    """Without ids."""
    names = ("seq", "step", "from_status", "to_status", "on_date", "reason")
    own = sorted((row for row in books["case_steps"] if row["case_id"] == case_id), key=lambda row: row["seq"])
    return [{name: row[name] for name in names} | {"facts": set(row["facts"])} for row in own]


def audit_of(books: dict[str, Rows], case_id: UUID) -> Counter[Any]:
    subjects = {case_id, *(row["id"] for name in PARTS for row in books[name] if row["case_id"] == case_id)}
    own = (row for row in books["audit_records"] if row["target_id"] in subjects)
    return Counter((*_kind(row), row["target_version"], row["reason"]) for row in own)


def towns(generated: Generated) -> list[str]:
    return [
        row["code"]
        for row in generated.tables["places"]
        if row["level"] == "township" and row["district"] == DISTRICT[:6]
    ]


async def head_of(generated: Generated, place: str) -> Caller:
    """With every permission over cases, in each township."""
    committees = (row for row in generated.tables["organizations"] if row["place"] == place and row["number_prefix"])
    generated.world.organizations[place] = next(committees)["id"]
    return await generated.world.caller(Role.OFFICE_HEAD, place)


async def test_the_service_goes_on_where_it_ends(generated: Generated) -> None:
    await check_reading(generated)
    for place in towns(generated):
        head = await head_of(generated, place)
        own = [case for case in generated.tables["cases"] if case["township"] == place[:9]]
        await check_search(generated, head, own)
        await check_overdue(generated, head, own)
    for username, by in (("stat", ["month"]), ("stat", ["place", "category"]), ("clerk.town1", ["organization"])):
        await check_figures(generated, username, by)
    await check_nothing_to_mend(generated)
    await check_next_number(generated)
    await check_audit(generated)
    await check_next_steps(generated)


async def ids(caller: Caller, **query: Any) -> set[str]:
    page = await ok(caller.get("/cases", params={"limit": 200, "total": "exact", **query}))
    assert page["total"] == len(page["items"])
    return {case["id"] for case in page["items"]}


async def check_search(generated: Generated, head: Caller, own: Rows) -> None:
    """What a naive search of every text finds, and nothing else."""
    names = {id: [party["name"] for party in parties] for id, parties in generated.of("parties").items()}
    texts = {
        str(case["id"]): [case["number"] or "", case["title"], case["summary"], *names[case["id"]]] for case in own
    }
    number, title, summary, name, *_ = max(texts.values())
    for words in (
        [title[:2]],
        [summary[3:5]],
        [name],
        [name, title[-2:]],
        [number],
        [summary[2:4], "某"],
        ["查无此事"],
    ):
        naive = {id for id, parts in texts.items() if all(any(word in part for part in parts) for word in words)}
        assert await ids(head, q=" ".join(words)) == naive, words
        assert bool(naive) == (words != ["查无此事"]), words


async def check_overdue(generated: Generated, head: Caller, own: Rows) -> None:
    lapsing, found = {"judicial_confirmation", "arbitration_review"}, generated.of("case_deadlines")
    late = [
        row
        for case in own
        for row in found[case["id"]]
        if row["ended_on"] is None and row["code"] not in lapsing and row["due_on"] < (row["paused_on"] or today())
    ]
    cases = {str(row["case_id"]) for row in late}
    assert 0 < len(cases) < len(own)
    assert await ids(head, overdue="true") == cases
    listed = await ok(head.get("/deadlines", params={"overdue": "true", "total": "exact", "limit": 1}))
    assert listed["total"] == len(late)


async def check_nothing_to_mend(generated: Generated) -> None:
    """The service's own rules, over every case: what runs, since when, until when, and what stands still."""
    before = await rows(generated.world, "case_deadlines")
    actor = replace(OPERATOR, jurisdiction=Subtree(DISTRICT))
    async with operate(generated.world.kernel, actor, "check_deadlines") as work:
        rules = await rules_of(work, DISTRICT[:6])
        for case in (await work.session.scalars(select(Case))).all():
            await keep_deadlines(work, case, UNTIL, case.status)
            for row in await deadlines_of_case(work, case.id):
                recount_days(row, rules)
                await count_pauses(work, row, rules)
            assert not work.session.new, case.status
    after = {row["id"]: row for row in await rows(generated.world, "case_deadlines")}
    assert [(row, after[row["id"]]) for row in before if after[row["id"]] != row] == []


async def check_next_steps(generated: Generated) -> None:
    on = str(UNTIL)
    heads = {place[:9]: await head_of(generated, place) for place in towns(generated)}

    async def take(status: str, step: str, body: Any) -> None:
        case = next(case for case in generated.tables["cases"] if case["status"] == status)
        await ok(heads[case["township"]].post(f"/cases/{case['id']}/{step}", json=body))

    await take("registered", "acceptance", {"accepted_on": on})
    await take("merged", "separation", {"reason": "并非同一纠纷"})
    await take("suspended", "resumption", {"on": on})
    await take("accepted", "withdrawal", {"on": on, "reason": "双方和好"})
    await take("closed_success", "archive", {"statement": "材料另存。"})
    await take("closed_failed", "reopening", {"on": on, "reason": "双方愿再谈"})
    await take("transferred", "void", {"reason": "登记有误"})


async def check_next_number(generated: Generated) -> None:
    clerk = await generated.caller("clerk.town1")
    place = generated.place("clerk.town1")
    village = next(row["code"] for row in generated.tables["places"] if row["parent"] == place)
    case = await created(clerk.post("/cases", json=dispute(village, reported_on=str(UNTIL))))
    accepted = await ok(clerk.post(f"/cases/{case['id']}/acceptance", json={"accepted_on": str(UNTIL)}))
    own = next(row for row in generated.tables["organizations"] if row["place"] == place and row["number_prefix"])
    series = f"case/{own['id']}/{UNTIL.year}"
    last = next((row["value"] for row in generated.tables["number_counters"] if row["series"] == series), 0)
    assert accepted["number"] == f"{own['number_prefix']}〔{UNTIL.year}〕{last + 1}号"
    assert last > 0


async def check_reading(generated: Generated) -> None:
    clerk = await generated.caller("clerk.town2")
    page = await ok(clerk.get("/cases", params={"limit": 200, "total": "exact"}))
    place = generated.place("clerk.town2")
    own = [case for case in generated.tables["cases"] if case["township"] == place[:9]]
    assert page["total"] == len(own)
    for status, cases in groupby(sorted(page["items"], key=lambda c: c["status"]), key=lambda c: c["status"]):
        case = next(cases)
        await ok(clerk.get(f"/cases/{case['id']}"))
        timeline = await ok(clerk.get(f"/cases/{case['id']}/timeline"))
        assert timeline["items"][-1]["to"] == status
        for mediation in (await ok(clerk.get(f"/cases/{case['id']}/mediations")))["items"]:
            await ok(clerk.get(f"/mediations/{mediation['id']}"))


async def check_figures(generated: Generated, username: str, by: list[str]) -> None:
    first, place = date(UNTIL.year - 1, 1, 1), generated.place(username)
    period = {"from": str(first), "to": str(UNTIL)}
    answer = await statistics(await generated.caller(username), by=",".join(by), **period)
    figures = recount(generated.tables["cases"], place, first, UNTIL, by)
    rows = values_of(answer, by)
    assert len(figures) > 2
    assert set(figures) <= set(rows)
    for key, values in rows.items():
        for slug, value in values.items():
            numerator, denominator = figures.get(key, {}).get(slug, ((), ()))
            assert numbers(value) == (len(numerator), len(denominator)), (key, slug)


def check_notable(generated: Generated) -> None:
    """Seasons, villages of different size, the same two again and again, a village too good to be true."""
    cases, records = generated.tables["cases"], generated.of("sessions")
    wages = [
        case["reported_on"].month in {11, 12, 1, 2} for case in cases if case["category"] == "migrant_wage_arrears"
    ]
    assert sum(wages) > len(wages) / 2
    sizes = sorted(Counter(case["place"] for case in cases).values())
    assert sizes[-1] > 4 * sizes[0]
    names = {id: tuple(party["name"] for party in parties) for id, parties in generated.of("parties").items()}
    assert Counter(names.values()).most_common(1)[0][1] > 5
    perfect = []
    for place, own in groupby(sorted(cases, key=lambda case: case["place"]), key=lambda case: case["place"]):
        ended = [case for case in own if case["closed_on"]]
        texts = {row["record"] for case in ended for row in records[case["id"]]}
        if len(ended) > 5 and len(texts) == 1 and all(case["outcome"] == "success" for case in ended):
            perfect.append(place)
    assert len(perfect) == 1


async def check_audit(generated: Generated) -> None:
    """A case is taken to its end by hand: each of its audit records has its like among the generated ones."""
    clerk, village = await generated.caller("clerk.town1"), generated.place("mediator.village1")
    last = max(row["seq"] for row in await rows(generated.world, "audit_records"))
    committee = next(row["id"] for row in generated.tables["organizations"] if row["place"] == village)
    mediator = next(row["id"] for row in generated.tables["mediators"] if row["organization_id"] == committee)
    case = await created(clerk.post("/cases", json=dispute(village, reported_on=str(UNTIL))))
    body = {"accepted_on": str(UNTIL), "organization_id": str(committee), "mediators": [str(mediator)]}
    await ok(clerk.post(f"/cases/{case['id']}/acceptance", json=body))
    mediation = await started_round(clerk, case["id"], on=str(UNTIL))
    session = {"held_on": str(UNTIL), "form": "onsite", "record": "双方到场。"}
    await created(clerk.post(f"/mediations/{mediation['id']}/sessions", json=session))
    duty = {"party_id": case["parties"][1]["id"], "what": "修复堡坎"}
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed(str(UNTIL), obligations=[duty])))
    before, now = generated.tables["audit_records"], await rows(generated.world, "audit_records")
    by_hand = {
        _kind(row) for row in now if row["seq"] > last and row["target_type"] in {"case", "mediation", "session"}
    }
    assert len(by_hand) == 9
    assert by_hand <= {_kind(row) for row in before}


def _kind(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["action"], row["target_type"], tuple(row["fields"])


async def test_a_register_with_entries_is_refused(database_url: str) -> None:
    async with opened_world(database_url) as world:
        first = await content(world)
        with pytest.raises(CannotStart):
            await generate(world.kernel, SCALE)
        assert (await content(world)) == first


async def test_a_seed_decides_every_row(tmp_path: Path, sqlite_template: Path) -> None:
    """But for passwords, what is sealed, and sums."""
    made = []
    for seed in (5, 5, 6):
        async with opened_world(sqlite_copy(sqlite_template, tmp_path), is_new=False) as world:
            await generate(world.kernel, replace(SCALE, cases=100, seed=seed))
            made.append(
                await content(
                    world, without=frozenset({"accounts", "parties", "audit_records", "district_cells", "area_cells"})
                )
            )
    assert made[0] == made[1]
    assert {name for name in made[0] if made[0][name] != made[2][name]} >= {"cases", "case_steps", "events", "sessions"}


@pytest.mark.parametrize(
    "scale",
    [replace(SCALE, cases=99), replace(SCALE, district="500114109000"), replace(SCALE, until=date(2099, 1, 1))],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_cannot_be_generated_is_said(database_url: str, scale: Scale) -> None:
    async with opened_world(database_url, is_new=False) as world:
        empty = await content(world)
        with pytest.raises(CannotStart):
            await generate(world.kernel, scale)
        assert await content(world) == empty


async def test_only_the_operator_loads_past_the_walls(world: World) -> None:
    actor = replace(OPERATOR, jurisdiction=Subtree(VILLAGE))
    async with operate(world.kernel, actor, "load") as work:
        with pytest.raises(OutsideJurisdiction):
            await load(work, Place, [{"code": "500114109299"}])
