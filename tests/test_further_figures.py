"""What became of cases after their agreement, how long they took, what was prevented: counted again in Python."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.calendar.codes import DayKind, DeadlineCode
from app.calendar.models import DeadlineRule
from app.calendar.working_days import WorkingDays
from app.core.auth import OPERATOR
from app.core.unit_of_work import Work, operate
from app.inspections.codes import FindingState, InspectionKind
from app.inspections.models import Finding, Inspection
from app.intake.codes import Consent, Difficulty, PartyKind, PartySide
from app.intake.method_codes import Method
from app.intake.models import Case, CaseDeadline, Party
from app.mediation.agreement_codes import Satisfaction, VisitForm
from app.mediation.codes import ConfirmationStatus, PerformanceStatus
from app.mediation.harm_codes import HarmKind, HarmState
from app.mediation.models import Agreement, JudicialConfirmation, Mediation, Obligation, PreventedHarm, ReturnVisit
from app.people.codes import Role
from app.statistics.definitions import INDICATORS
from app.statistics.taking_up import take_up
from tests.recount import below, case_row, month_end, months
from tests.test_recount import ids_behind
from tests.world import DISTRICT, TOWN, VILLAGE, Caller, World, ok, operating

FIRST, LAST = date(2020, 1, 1), date(2020, 3, 31)
PERIOD = {"from": str(FIRST), "to": str(LAST)}
DAY = timedelta(days=1)
SETTLED = {"performed", "performed_on_spot", "waived_or_changed"}
Told = dict[str, Any]
"""A case as a person would tell it."""


async def tell_register(world: World, seed: int, size: int) -> list[Told]:
    """Writes cases with what became of them, past the service, and has them counted."""
    chance, told = random.Random(seed), []
    async with operating(world) as work:
        rule = (await work.session.scalars(select(DeadlineRule.id).limit(1))).one()
        stamps = {"content_hash": "-", "version": 1, "recorded_at": work.now, "changed_at": work.now}
        for _ in range(size):
            row = case_row(chance, []) | {"difficulty": chance.choice([None, *Difficulty])}
            await work.insert(Case, [row | stamps])
            told.append(await _tell(work, chance, row, rule))
    async with operate(world.kernel, OPERATOR, "take_up") as work:
        assert await take_up(work) == sum(case["counts"] for case in told)
    return told


async def _tell(work: Work, chance: random.Random, row: dict[str, Any], rule: Any) -> Told:
    case = row | {
        "counts": row["accepted_on"] is not None and row["status"] not in {"merged", "voided"},
        "days": None,
        "working_days": None,
    }
    if row["accepted_on"] and row["closed_on"]:
        case["days"] = (row["closed_on"] - row["accepted_on"]).days
        case["working_days"] = WorkingDays().between(row["accepted_on"], row["closed_on"], DayKind.WORKING)
    place = {name: row[name] for name in ("district", "township", "place")} | {"case_id": row["id"]}
    parties = [_party(place, number) for number in range(chance.randint(1, 3))]
    work.session.add_all(parties)
    case["party_count"] = len(parties)
    await work.session.flush()
    case |= await _agreement(work, chance, place, row, parties[0].id)
    case |= _harms(work, chance, place)
    due_on = row["closed_on"] + chance.choice([20, 30]) * DAY if row["closed_on"] else None
    if due_on and chance.random() < 0.8:
        work.session.add(_visit_deadline(place, row["closed_on"], due_on, rule))
        case["visit_due_on"] = due_on
    return case


def _party(place: dict[str, Any], position: int) -> Party:
    return Party(
        **place,
        position=position,
        side=PartySide.APPLICANT,
        kind=PartyKind.NATURAL_PERSON,
        name="张某甲",
        unknown=False,
        consent=Consent.PENDING,
    )


def _visit_deadline(place: dict[str, Any], starts_on: date, due_on: date, rule: Any) -> CaseDeadline:
    return CaseDeadline(
        **place,
        code=DeadlineCode.RETURN_VISIT,
        rule_id=rule,
        starts_on=starts_on,
        days=30,
        kind=DayKind.CALENDAR,
        rolls=False,
        due_on=due_on,
        extended_days=0,
        paused_days=0,
        extension_count=0,
        calendar_published=True,
        basis="样例",
    )


async def _agreement(work: Work, chance: random.Random, place: dict[str, Any], row: Told, party: Any) -> Told:
    if row["agreement_form"] is None:
        return {}
    agreed_on = row["closed_on"] or row["accepted_on"]
    effective = agreed_on if chance.random() < 0.9 else None
    amount = chance.choice([None, Decimal("1200.50"), Decimal(80000)])
    mediation, agreement = uuid4(), uuid4()
    work.session.add(
        Mediation(
            **place,
            id=mediation,
            content_hash="-",
            version=1,
            recorded_at=work.now,
            changed_at=work.now,
            round_no=1,
            method=row["method"] or Method.PEOPLE,
            started_on=agreed_on,
        )
    )
    await work.session.flush()
    work.session.add(
        Agreement(
            **place,
            id=agreement,
            mediation_id=mediation,
            form=row["agreement_form"],
            agreed_on=agreed_on,
            content="样例",
            amount=amount,
            effective_on=effective,
            recorded_at=work.now,
        )
    )
    await work.session.flush()
    told: Told = {"effective_on": effective, "agreement_amount": amount if amount and effective else Decimal(0)}
    told |= _obligations(work, chance, place, agreement, party, effective)
    told |= _confirmation(work, chance, place, agreement, agreed_on)
    return told | _visits(work, chance, place, agreement, agreed_on)


def _obligations(work: Work, chance: random.Random, place: Any, agreement: Any, party: Any, effective: Any) -> Told:
    statuses = chance.choices(list(PerformanceStatus), k=chance.choice([0, 1, 2]))
    days = []
    for position, status in enumerate(statuses):
        due_on = chance.choice([None, date(2020, 2, chance.randint(1, 28)), date(2019, 12, 30)])
        work.session.add(
            Obligation(
                **place,
                agreement_id=agreement,
                party_id=party,
                what="付款",
                due_on=due_on,
                position=position,
                status=status,
                performed_amount=Decimal(0),
            )
        )
        if status != "not_applicable" and effective:
            days.append((due_on or effective, status in SETTLED))
    if not days:
        return {}
    return {"performance_due_on": max(day for day, _ in days), "performed": all(settled for _, settled in days)}


def _confirmation(work: Work, chance: random.Random, place: Any, agreement: Any, on: date) -> Told:
    if chance.random() < 0.5:
        return {}
    status = chance.choice(list(ConfirmationStatus))
    is_decided = status in {"confirmed", "denied"}
    applied_on = None if status in {"to_apply", "lapsed"} else on + DAY
    work.session.add(
        JudicialConfirmation(
            **place,
            agreement_id=agreement,
            seq=1,
            applied_on=applied_on,
            applicants=[],
            decided_on=on + 9 * DAY if is_decided else None,
            status=status,
            recorded_at=work.now,
        )
    )
    told: Told = {"confirmation_applied": applied_on is not None, "confirmed": status == "confirmed"}
    return told | ({"confirmation_decided_on": on + 9 * DAY} if is_decided else {})


def _visits(work: Work, chance: random.Random, place: Any, agreement: Any, on: date) -> Told:
    told: Told = {}
    for number in range(chance.choice([0, 1, 2])):
        satisfaction = chance.choice([None, *Satisfaction])
        visited_on = on + (5 + 10 * number) * DAY
        work.session.add(
            ReturnVisit(
                **place,
                id=uuid4(),
                content_hash="-",
                agreement_id=agreement,
                visited_on=visited_on,
                form=VisitForm.PHONE,
                parties=[],
                findings="样例",
                satisfaction=satisfaction,
                new_dispute=False,
                sampled=False,
                recorded_at=work.now,
            )
        )
        told.setdefault("visited_on", visited_on)
        if satisfaction:
            told["satisfied"] = satisfaction != "dissatisfied"
    return told


def _harms(work: Work, chance: random.Random, place: Any) -> Told:
    told: Told = {}
    for kind in chance.sample(list(HarmKind), 2):
        state, people = chance.choice(list(HarmState)), chance.randint(1, 30)
        work.session.add(
            PreventedHarm(
                **place,
                id=uuid4(),
                content_hash="-",
                kind=kind,
                people_count=people,
                basis="样例",
                judged_on=FIRST,
                state=state,
                recorded_at=work.now,
            )
        )
        if state == "approved":
            told[str(kind)] = people
    return told


def _all(_: Told) -> bool:
    return True


def _has(name: str) -> Callable[[Told], bool]:
    return lambda case: bool(case.get(name))


def _is(name: str, *values: Any) -> Callable[[Told], bool]:
    return lambda case: case.get(name) in values


SUCCESS = _is("outcome", "success")


def _success_with(test: Callable[[Told], bool]) -> Callable[[Told], bool]:
    return lambda case: SUCCESS(case) and test(case)


HARMS = {
    "suicides": "suicide",
    "crimes": "civil_to_criminal",
    "petitions": "mass_petition",
    "fights": "group_fight",
}
COUNTS: dict[str, tuple[str, Callable[[Told], bool]]] = {
    "carried_in": ("carried", _all),
    "withdrawn": ("closed_on", _is("outcome", "withdrawn")),
    "transferred": ("closed_on", _is("outcome", "transferred")),
    "difficult": ("closed_on", _is("difficulty", "difficult", "major")),
    "oral_agreements": ("closed_on", _success_with(_is("agreement_form", "oral"))),
    "written_agreements": ("closed_on", _success_with(_is("agreement_form", "written"))),
    "settled_on_the_spot": ("closed_on", _success_with(_is("agreement_form", "on_the_spot"))),
    "effective_agreements": ("effective_on", _all),
    **{f"{plural}_prevented": ("closed_on", _has(kind)) for plural, kind in HARMS.items()},
}
SUMS: dict[str, tuple[str, Callable[[Told], bool], str]] = {
    "parties": ("closed_on", _all, "party_count"),
    "agreement_amount": ("closed_on", SUCCESS, "agreement_amount"),
    **{f"people_in_{plural}_prevented": ("closed_on", _all, kind) for plural, kind in HARMS.items()},
}
RATES: dict[str, tuple[str, Callable[[Told], bool], Callable[[Told], bool]]] = {
    "success_of_received": ("accepted_on", SUCCESS, _all),
    "success_of_closed": ("closed_on", SUCCESS, _all),
    "performance_rate": ("performance_due_on", _has("performed"), _all),
    "confirmation_application_rate": ("effective_on", _has("confirmation_applied"), _all),
    "confirmation_rate": ("confirmation_decided_on", _has("confirmed"), _all),
    "return_visit_rate": ("visit_due_on", _success_with(_has("visited_on")), SUCCESS),
    "satisfaction_rate": ("visited_on", _has("satisfied"), _is("satisfied", True, False)),
}
MEANS = {"average_days": "days", "average_working_days": "working_days"}
MEDIANS = {"median_days": "days", "median_working_days": "working_days"}


def _in(case: Told, basis: str, first: date, last: date) -> bool:
    if basis == "carried":
        return case["accepted_on"] < first and (case["closed_on"] is None or case["closed_on"] >= first)
    return case.get(basis) is not None and first <= case[basis] <= last


def expected(cases: list[Told], first: date, last: date) -> dict[str, Any]:
    """Every figure of a group: a number, or numerator and denominator."""
    found: dict[str, Any] = {}
    for slug, (basis, test) in COUNTS.items():
        found[slug] = sum(test(case) for case in cases if _in(case, basis, first, last))
    for slug, (basis, test, name) in SUMS.items():
        found[slug] = sum((case.get(name) or 0) for case in cases if _in(case, basis, first, last) and test(case))
    for slug, (basis, test, of) in RATES.items():
        within = [case for case in cases if _in(case, basis, first, last)]
        found[slug] = (sum(map(test, within)), sum(map(of, within)))
    closed = [case for case in cases if _in(case, "closed_on", first, last)]
    for slug, name in MEANS.items():
        found[slug] = (sum(case[name] for case in closed), len(closed))
    for slug, name in MEDIANS.items():
        found[slug] = median(case[name] for case in closed) if closed else None
    return found


def read(value: dict[str, Any], slug: str) -> Any:
    if "denominator" in value:
        return value["numerator"], value["denominator"]
    if slug in MEDIANS:
        return None if value["value"] is None else float(value["value"])
    return Decimal(value["value"]) * 10_000 if slug == "agreement_amount" else value["value"]


FURTHER = [*COUNTS, *SUMS, *RATES, *MEANS, *MEDIANS]


async def ask(caller: Caller, **query: Any) -> Any:
    return await ok(caller.get("/statistics", params=PERIOD | {"indicator": ",".join(FURTHER)} | query))


def groups(cases: list[Told], place: str, by: str) -> dict[str, list[Told]]:
    """The cases of each row of a break-down that puts a case into one row, whatever is counted of it."""
    grouped: dict[str, list[Told]] = {}
    for case in cases:
        town = case["place"][:9] + "000"
        key = town if (by, place) == ("place", DISTRICT) else case[by]
        grouped.setdefault(key, []).append(case)
    return grouped


async def test_every_further_figure_is_what_a_recount_finds(world: World) -> None:
    told = await tell_register(world, 5, 120)
    for place, role in ((TOWN, Role.OFFICE_CLERK), (DISTRICT, Role.DISTRICT_STAT_VIEWER)):
        caller = await world.caller(role, place)
        cases = [case for case in told if case["counts"] and below(place, case["place"])]
        (row,) = (await ask(caller))["rows"]
        assert {slug: read(value, slug) for slug, value in row["values"].items()} == expected(cases, FIRST, LAST)
        for by in ("category", "source", "method", "place"):
            found = {row[by]: row["values"] for row in (await ask(caller, by=by))["rows"]}
            for key, own in groups(cases, place, by).items():
                values = found.get(key)
                counted = expected(own, FIRST, LAST)
                if values is None:
                    assert not any(any(v) if isinstance(v, tuple) else v for v in counted.values()), (by, key)
                else:
                    assert {slug: read(value, slug) for slug, value in values.items()} == counted, (by, key)


async def test_every_further_figure_by_month_is_the_figure_of_the_month(world: World) -> None:
    told = await tell_register(world, 6, 120)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    cases = [case for case in told if case["counts"] and below(TOWN, case["place"])]
    rows = (await ask(clerk, by="month"))["rows"]
    assert [row["month"] for row in rows] == months(FIRST, LAST)
    for row in rows:
        first, last = date.fromisoformat(f"{row['month']}-01"), month_end(row["month"])
        assert {slug: read(value, slug) for slug, value in row["values"].items()} == expected(cases, first, last)


async def test_every_further_figure_opens_into_its_cases(world: World) -> None:
    told = await tell_register(world, 8, 80)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    cases = [case for case in told if case["counts"] and below(TOWN, case["place"])]
    (row,) = (await ask(clerk))["rows"]
    for slug, (basis, test) in COUNTS.items():
        ids = await ids_behind(clerk, row["values"][slug]["cases"])
        assert sorted(ids) == sorted(str(c["id"]) for c in cases if _in(c, basis, FIRST, LAST) and test(c)), slug
    for slug, (basis, test, of) in RATES.items():
        for part, chosen in (("numerator", test), ("denominator", of)):
            ids = await ids_behind(clerk, row["values"][slug]["cases"], part=part)
            assert sorted(ids) == sorted(str(c["id"]) for c in cases if _in(c, basis, FIRST, LAST) and chosen(c)), slug


async def test_carried_in_and_received_are_closed_and_open_at_the_end(world: World) -> None:
    await tell_register(world, 7, 150)
    for place, role in (
        (DISTRICT, Role.DISTRICT_STAT_VIEWER),
        (TOWN, Role.OFFICE_CLERK),
        (VILLAGE, Role.VILLAGE_MEDIATOR),
    ):
        caller = await world.caller(role, place)
        for first, last in (("2020-01-01", "2020-03-31"), ("2019-12-15", "2020-02-10")):
            query = {"from": first, "to": last, "indicator": "carried_in,received,closed,open_at_end"}
            for by in ("month", "category", "method", "source", "month,category"):
                for row in (await ask(caller, by=by, **query))["rows"]:
                    carried, received, closed, still = (value["value"] for value in row["values"].values())
                    assert carried + received == closed + still, (place, by, row)


async def test_nothing_of_these_is_left_out_here() -> None:
    patrols = {"patrols", "zero_reports", "prevented"}
    base = {"received", "handled", "closed", "succeeded", "failed", "open_at_end"}
    base |= {"handling_rate", "success_rate", "agreement_rate"}
    assert {i.slug for i in INDICATORS} == {*FURTHER, *patrols, *base}


async def test_patrols_count_by_their_day_and_findings_by_theirs(world: World) -> None:
    recorded = datetime(2020, 2, 20, 9, tzinfo=UTC)
    async with operating(world) as work:
        for day, is_zero in ((date(2020, 1, 31), True), (date(2020, 2, 1), False), (date(2020, 4, 1), False)):
            patrol = Inspection(
                id=uuid4(),
                content_hash="-",
                version=1,
                recorded_at=recorded,
                changed_at=recorded,
                inspected_on=day,
                kind=InspectionKind.ROUTINE,
                people=[],
                nothing_found=is_zero,
                **_spot(VILLAGE),
            )
            work.session.add(patrol)
            await work.session.flush()
            if not is_zero:
                work.session.add(_finding(patrol.id, FindingState.PREVENTED, day + DAY, recorded + DAY))
                work.session.add(_finding(patrol.id, FindingState.CASE, day + DAY, recorded + DAY))
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    names = {"indicator": "patrols,zero_reports,prevented"}
    (row,) = (await ask(clerk, **names))["rows"]
    assert {slug: value["value"] for slug, value in row["values"].items()} == {
        "patrols": 2,
        "zero_reports": 1,
        "prevented": 1,
    }
    assert len((await ok(clerk.get(row["values"]["patrols"]["cases"].removeprefix("/api/v1"))))["items"]) == 2
    by_place = (await ask(clerk, by="place,month", **names))["rows"]
    assert [(r["month"], r["values"]["patrols"]["value"]) for r in by_place if r["place"] == VILLAGE] == [
        ("2020-01", 1),
        ("2020-02", 1),
    ]
    (row,) = (await ask(clerk, as_of="2020-02-20T12:00:00Z", **names))["rows"]
    assert [value["value"] for value in row["values"].values()] == [2, 1, 0]
    for query in ({"by": "category"}, {"method": "police"}):
        answer = await clerk.get("/statistics", params=PERIOD | query | names)
        assert answer.status_code == 422
        assert {error["code"] for error in answer.json()["errors"]} == {"of-cases-alone"}
        assert "patrols" not in (await ok(clerk.get("/statistics", params=PERIOD | query)))["rows"].__str__()


def _spot(place: str) -> dict[str, str]:
    return {"district": place[:6], "township": place[:9], "place": place}


def _finding(inspection: Any, state: FindingState, on: date, at: datetime) -> Finding:
    return Finding(
        inspection_id=inspection,
        position=0,
        summary="样例",
        state=state,
        settled_on=on,
        settled_at=at,
        **_spot(VILLAGE),
    )
