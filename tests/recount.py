"""A register of generated cases, and its figures counted again in plain Python, by the words of the contract."""

import random
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

from app.core.auth import OPERATOR
from app.core.unit_of_work import operate
from app.intake.codes import CaseOutcome, CaseStatus, DisputeCategory, Source
from app.intake.method_codes import AgreementForm, Method
from app.intake.models import Case
from app.statistics.taking_up import take_up
from tests.world import (
    DISTRICT,
    OTHER_TOWN,
    OTHER_TOWN_VILLAGE,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    committee,
    ok,
    operating,
)

FIRST, LAST = date(2019, 12, 31), date(2020, 3, 1)
PERIOD = {"from": str(FIRST), "to": str(LAST)}
PLACES_BELOW = {
    DISTRICT: [DISTRICT, TOWN, OTHER_TOWN],
    TOWN: [TOWN, VILLAGE, OTHER_VILLAGE],
    VILLAGE: [VILLAGE],
}

SPOTS = [DISTRICT, TOWN, VILLAGE, VILLAGE, OTHER_VILLAGE, OTHER_TOWN_VILLAGE]
CATEGORIES = [
    DisputeCategory.LABOR,
    DisputeCategory.MIGRANT_WAGE_ARREARS,
    DisputeCategory.NEIGHBOR,
    DisputeCategory.OTHER,
]
SOURCES = [Source.PROACTIVE, Source.REFERRAL_POLICE, Source.REFERRAL_OTHER, Source.REFERRAL_LABOR]
METHODS = [Method.PEOPLE, Method.POLICE, Method.LAWYER]
BORDERS = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 1, 31), date(2020, 2, 29), date(2020, 3, 1)]
ENDS = {
    CaseStatus.CLOSED_SUCCESS: CaseOutcome.SUCCESS,
    CaseStatus.CLOSED_FAILED: CaseOutcome.FAILED,
    CaseStatus.WITHDRAWN: CaseOutcome.WITHDRAWN,
    CaseStatus.TRANSFERRED: CaseOutcome.TRANSFERRED,
}


async def register(world: World, seed: int, size: int) -> list[dict[str, Any]]:
    """Writes the cases and gives them back as they were written."""
    chance = random.Random(seed)
    committees = [await committee(world, place) for place in (TOWN, VILLAGE)]
    rows = [case_row(chance, committees) for _ in range(size)]
    async with operating(world) as work:
        stamps = {"content_hash": "-", "version": 1, "recorded_at": work.now, "changed_at": work.now}
        await work.insert(Case, [row | stamps for row in rows])
    async with operate(world.kernel, OPERATOR, "take_up") as work:
        await take_up(work)
    return rows


def case_row(chance: random.Random, committees: list[UUID]) -> dict[str, Any]:
    status = chance.choices(list(CaseStatus), [1, 1, 3, 3, 1, 2, 10, 4, 1, 1, 1, 1])[0]
    place = chance.choice(SPOTS)
    reported = _day(chance)
    never_accepted = status in {CaseStatus.REGISTERED, CaseStatus.DECLINED} or chance.random() < 0.05
    accepted = None if never_accepted else reported + timedelta(chance.choice([0, 1, 9]))
    had_round = status not in {CaseStatus.ACCEPTED, CaseStatus.REGISTERED, CaseStatus.DECLINED}
    mediated = (
        accepted + timedelta(chance.choice([0, 1, 40])) if accepted and had_round and chance.random() < 0.8 else None
    )
    ended = status in ENDS or (status in {CaseStatus.MERGED, CaseStatus.VOIDED} and chance.random() < 0.5)
    agreed = status is CaseStatus.CLOSED_SUCCESS or (status is CaseStatus.CLOSED_FAILED and chance.random() < 0.2)
    return {
        "id": uuid4(),
        "district": place[:6],
        "township": place[:9],
        "place": place,
        "status": status,
        "outcome": ENDS.get(status),
        "method": chance.choice(METHODS) if mediated else None,
        "source": chance.choice(SOURCES),
        "category": chance.choice(CATEGORIES),
        "summary": "样例",
        "reported_on": reported,
        "accepted_on": accepted,
        "mediated_on": mediated,
        "closed_on": (mediated or accepted or reported) + timedelta(chance.choice([0, 3, 70])) if ended else None,
        "special_groups": [],
        "external_ids": [],
        "organization_id": chance.choice(committees) if accepted and committees else None,
        "agreement_form": chance.choice(list(AgreementForm)) if agreed and accepted and chance.random() < 0.9 else None,
    }


def _day(chance: random.Random) -> date:
    if chance.random() < 0.5:
        return chance.choice(BORDERS)
    return date(2019, 11, 1) + timedelta(chance.randrange(180))


@dataclass(frozen=True)
class Definition:
    """An indicator in plain Python: which cases, by which date, and what of them counts."""

    date: str
    numerator: Callable[[dict[str, Any]], bool]
    denominator: Callable[[dict[str, Any]], bool] | None = None


def _all(_: dict[str, Any]) -> bool:
    return True


def _handled(case: dict[str, Any]) -> bool:
    return bool(case["mediated_on"] or case["closed_on"])


def _outcome(*outcomes: str) -> Callable[[dict[str, Any]], bool]:
    return lambda case: case["outcome"] in outcomes


def _agreed(case: dict[str, Any]) -> bool:
    return case["outcome"] in {"success", "failed"} and case["agreement_form"] is not None


DEFINITIONS = {
    "received": Definition("accepted_on", _all),
    "handled": Definition("accepted_on", _handled),
    "closed": Definition("closed_on", _all),
    "succeeded": Definition("closed_on", _outcome("success")),
    "failed": Definition("closed_on", _outcome("failed")),
    "open_at_end": Definition("open", _all),
    "handling_rate": Definition("accepted_on", _handled, _all),
    "success_rate": Definition("accepted_on", _outcome("success"), _handled),
    "agreement_rate": Definition("closed_on", _agreed, _outcome("success", "failed")),
}

Ids = set[str]
Figures = dict[tuple[Any, ...], dict[str, tuple[Ids, Ids]]]
"""By group and indicator: the cases of the numerator and of the denominator."""


def recount(cases: Iterable[dict[str, Any]], place: str, first: date, last: date, by: list[str]) -> Figures:
    figures: Figures = {}
    for case, (slug, definition) in product(filter(_counts, cases), DEFINITIONS.items()):
        if not below(place, case["place"]):
            continue
        for month in _months_of(case, definition, first, last, by_month="month" in by):
            key = tuple(_dimension(case, name, place, month) for name in by)
            numerator, denominator = figures.setdefault(key, {}).setdefault(slug, (set(), set()))
            if definition.numerator(case):
                numerator.add(str(case["id"]))
            if definition.denominator and definition.denominator(case):
                denominator.add(str(case["id"]))
    return {key: values for key, values in figures.items() if any(any(both) for both in values.values())}


def _counts(case: dict[str, Any]) -> bool:
    return case["accepted_on"] is not None and case["status"] not in {"merged", "voided"}


def below(place: str, other: str) -> bool:
    head = place[:6] if place.endswith("000000") else place[:9] if place.endswith("000") else place
    return other.startswith(head)


def months(first: date, last: date) -> list[str]:
    every = (f"{y}-{m:02}" for y in range(first.year, last.year + 1) for m in range(1, 13))
    return [month for month in every if f"{first}"[:7] <= month <= f"{last}"[:7]]


def month_end(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year, number, monthrange(year, number)[1])


def _months_of(case: dict[str, Any], definition: Definition, first: date, last: date, *, by_month: bool) -> list[str]:
    """The months in which a case counts; a stock counts it at each month's end, else at the end of the period."""
    if definition.date == "open":
        ends = [min(month_end(month), last) for month in months(first, last)] if by_month else [last]
        return [f"{end}"[:7] for end in ends if _is_open(case, end)]
    day = case[definition.date]
    return [f"{day}"[:7]] if day and first <= day <= last else []


def _is_open(case: dict[str, Any], end: date) -> bool:
    return case["accepted_on"] <= end and (case["closed_on"] is None or case["closed_on"] > end)


def _dimension(case: dict[str, Any], name: str, place: str, month: str) -> Any:
    if name == "month":
        return month
    if name == "organization":
        return str(case["organization_id"])
    if name != "place":
        return case[name] and str(case[name])
    return case["place"][:9] + "000" if place.endswith("000000") else case["place"]


async def statistics(caller: Caller, **query: Any) -> Any:
    """Of the indicators that are recounted here, if none are named."""
    return await ok(caller.get("/statistics", params={"indicator": ",".join(DEFINITIONS)} | query))


def values_of(answer: Any, by: list[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows by key; a key stands once, and in order."""
    keys = [tuple(row[name] for name in by) for row in answer["rows"]]
    assert keys == sorted(set(keys), key=lambda key: [(v is None, v or "") for v in key])
    return dict(zip(keys, (row["values"] for row in answer["rows"]), strict=True))


def numbers(value: dict[str, Any]) -> tuple[int, int]:
    return (value["value"], 0) if "denominator" not in value else (value["numerator"], value["denominator"])
