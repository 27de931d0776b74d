"""A claim in words, held against itself and against the register: what cannot be, what differs, what is true."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.core.unit_of_work import Reading
from app.statistics.claim_answers import ClaimedFigure, ClaimRead, InRegister, Origin, ReadAs, StatedPart, Tested
from app.statistics.claim_codes import Bound, ClaimOrigin, FigureKind, MeanOver
from app.statistics.claim_numbers import Number
from app.statistics.claim_origins import exact_multiple, mean_of_rates, means_possible, printing, smallest_populations
from app.statistics.claim_sentences import told
from app.statistics.claim_texts import Figure, figures_in
from app.statistics.claims import nearest, possible_ranges
from app.statistics.indicators import REGISTRY
from app.statistics.problems import ClaimNotRead
from app.statistics.register_figures import Asked, place_asked, rows_of, values_of
from app.statistics.schemas import ClaimIn
from app.statistics.values import percent

_POPULATIONS = {
    "handling_rate": {"received"},
    "success_rate": {"received", "handled"},
    "agreement_rate": {"received", "handled", "closed"},
    "success_of_received": {"received"},
    "success_of_closed": {"closed"},
    "performance_rate": {"effective_agreements"},
}
"""The counts of which a rate may be a share, as reports use it."""
_NUMERATORS = {"handling_rate": "handled", "success_rate": "succeeded"}


@dataclass(frozen=True)
class _Register:
    """What the register says of the period; nothing where none was asked about."""

    asked: Asked | None
    values: dict[str, Any]
    children: Sequence[str]


async def check_text(reading: Reading, claim: ClaimIn, text: str) -> ClaimRead:
    place, children = await place_asked(reading, claim.place, "/place")
    figures, unread = figures_in(text)
    if not figures:
        raise ClaimNotRead("/text", numbers_found=len(unread))
    asked = Asked(place, claim.period) if claim.period else None
    slugs = {slug for figure in figures for slug in figure.indicators}
    register = _Register(asked, await values_of(reading, asked, slugs) if asked else {}, children)
    checked = [_checked(figure, figures, register.values) for figure in figures]
    for figure, answer in zip(figures, checked, strict=True):
        if answer["impossible"] or (answer["differs"] and figure.number.kind is FigureKind.PERCENT):
            answer["origins"] = await _origins(reading, figure, answer, register)
    zh, en = told(text, checked, has_register=asked is not None)
    return {
        "text": text,
        "place": place,
        "from": claim.first,
        "to": claim.last,
        "figures": checked,
        "unread": [list(span) for span in unread],
        "zh": zh,
        "en": en,
    }


def _checked(figure: Figure, figures: list[Figure], values: dict[str, Any]) -> ClaimedFigure:
    number = figure.number
    is_rate = number.kind is FigureKind.PERCENT
    tests = _tests(figure, figures) if is_rate and number.bound is not Bound.ABOUT else []
    readings = [_read_as(figure, slug, values) for slug in figure.indicators]
    verdicts = [reading["register"]["agrees"] for reading in readings if "register" in reading]
    known = [verdict for verdict in verdicts if verdict is not None]
    return {
        "span": list(number.span),
        "words": [list(words) for words in figure.words],
        "kind": number.kind,
        "value": _plain(number.value),
        "bound": number.bound,
        "readings": readings,
        "tests": tests,
        "impossible": not any(test["possible"] for test in tests) if tests and figure.is_exact else None,
        "differs": not any(known) if known else None,
        "origins": [],
    }


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def _tests(figure: Figure, figures: list[Figure]) -> list[Tested]:
    wanted = set().union(*(_POPULATIONS.get(slug, set()) for slug in figure.indicators))
    return [
        _test(figure, figures, place)
        for place, base in enumerate(figures)
        if base.number.kind is FigureKind.COUNT
        and base.is_exact
        and base.number.value > 0
        and wanted & set(base.indicators)
    ]


def _test(figure: Figure, figures: list[Figure], base: int) -> Tested:
    count, claimed = int(figures[base].number.value), figure.number.value
    possible = possible_ranges(count, claimed)
    test: Tested = {
        "figure": base,
        "count": count,
        "possible": possible,
        "nearest": [] if possible else nearest(count, claimed),
    }
    stated = list(_stated(figure, figures, base, count))
    if stated:
        test["stated"] = next((part for part in stated if part["agrees"]), stated[0])
    return test


def _stated(figure: Figure, figures: list[Figure], base: int, count: int) -> Iterator[StatedPart]:
    """Numerators that the text names itself."""
    parts = {_NUMERATORS[slug] for slug in figure.indicators if slug in _NUMERATORS}
    for place, part in enumerate(figures):
        named = len(part.indicators) == 1 and part.indicators[0] in parts
        if place != base and named and part.is_exact and part.number.value <= count:
            numerator = int(part.number.value)
            yield {
                "figure": place,
                "numerator": numerator,
                "percent": str(percent(numerator, count)),
                "agrees": _agrees(Fraction(numerator, count), figure.number.value, figure.number.bound) is True,
            }


def _agrees(rate: Fraction, claimed: Decimal, bound: Bound) -> bool | None:
    if bound is Bound.ABOUT:
        return None
    return bool(printing(rate, claimed)) if bound is Bound.EXACT else 100 * rate >= Fraction(claimed)


def _rate_agrees(numerator: int, denominator: int, number: Number) -> bool | None:
    """Where there is nothing to divide by, no percentage is true."""
    if not denominator:
        return None if number.bound is Bound.ABOUT else False
    return _agrees(Fraction(numerator, denominator), number.value, number.bound)


def _read_as(figure: Figure, slug: str, values: dict[str, Any]) -> ReadAs:
    indicator = REGISTRY.get(slug)
    read: ReadAs = {
        "indicator": slug,
        "zh": indicator.zh if indicator else None,
        "en": indicator.en if indicator else None,
    }
    if slug in values:
        read["register"] = _in_register(figure, values[slug])
    return read


def _in_register(figure: Figure, true: Any) -> InRegister:
    number = figure.number
    if "denominator" not in true:
        is_enough = true["value"] >= number.value if number.bound is Bound.AT_LEAST else true["value"] == number.value
        verdict = None if number.bound is Bound.ABOUT else bool(is_enough)
        return {"value": true["value"], "cases": true["cases"], "agrees": verdict}
    numerator, denominator = true["numerator"], true["denominator"]
    return {
        "numerator": numerator,
        "denominator": denominator,
        "percent": true["percent"],
        "cases": true["cases"],
        "agrees": _rate_agrees(numerator, denominator, number),
    }


async def _origins(reading: Reading, figure: Figure, answer: ClaimedFigure, register: _Register) -> list[Origin]:
    claimed = figure.number.value
    other: Origin = {
        "origin": ClaimOrigin.OTHER_POPULATION,
        "smallest": smallest_populations(claimed),
        "exact_multiple_of": exact_multiple(claimed),
    }
    mean: Origin = {
        "origin": ClaimOrigin.MEAN_OF_RATES,
        "means": _means(claimed, answer["tests"], len(register.children)),
        "register_means": await _register_means(reading, figure, register),
    }
    return [other, mean, {"origin": ClaimOrigin.TARGET_COPIED}]


def _means(claimed: Decimal, tests: list[Tested], children: int) -> list[Any]:
    """By the first count that does not give it: what lies below it has failed."""
    below = [(t["count"], near["numerator"]) for t in tests for near in t["nearest"] if not t["possible"]]
    parts = [(MeanOver.MONTH, 12), (MeanOver.QUARTER, 4), (MeanOver.PLACE, children)]
    return means_possible(below[0][0], claimed, below[0][0] - below[0][1], parts) if below else []


async def _register_means(reading: Reading, figure: Figure, register: _Register) -> list[Any]:
    slug = next((slug for slug in figure.indicators if slug in register.values), None)
    if slug is None or register.asked is None:
        return []
    months = await rows_of(reading, register.asked, [slug], "month")
    places = await rows_of(reading, register.asked, [slug], "place")
    parts = [
        (MeanOver.MONTH, _parts(months, slug)),
        (MeanOver.QUARTER, _quarters(months, slug)),
        (MeanOver.PLACE, _parts([row for row in places if row["place"] != register.asked.place], slug)),
    ]
    means = [mean_of_rates(over, rates, figure.number.value) for over, rates in parts if len(rates) > 1]
    return [mean for mean in means if mean is not None]


def _parts(rows: Iterable[Any], slug: str) -> list[tuple[int, int]]:
    return [(row["values"][slug]["numerator"], row["values"][slug]["denominator"]) for row in rows]


def _quarters(months: Iterable[Any], slug: str) -> list[tuple[int, int]]:
    """Of the calendar: summed from their months, never averaged."""
    quarters: dict[tuple[str, int], tuple[int, int]] = {}
    for row, (numerator, denominator) in zip(months, _parts(months, slug), strict=True):
        year, month = row["month"].split("-")
        before = quarters.get((year, (int(month) - 1) // 3), (0, 0))
        quarters[year, (int(month) - 1) // 3] = before[0] + numerator, before[1] + denominator
    return list(quarters.values())
