"""How a percentage can come to be printed that its number of cases does not give: by arithmetic, without a guess.

The ways are those seen in practice: another population, a mean of the rates of months, quarters or villages, a target.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from app.statistics.claim_answers import MeanOfRates, MeanPossible, SmallestPopulation
from app.statistics.claim_codes import MeanOver
from app.statistics.claims import possible_ranges
from app.statistics.codes import Rounding
from app.statistics.values import percent

_SLIVER = Fraction(1, 10**30)
"""Less than two fractions of the sizes in question can lie apart: an open end is a closed one so much further in."""


def smallest_populations(claimed: Decimal) -> list[SmallestPopulation]:
    """The fewest cases of which some whole number prints as the percentage, under each rounding."""
    found: list[SmallestPopulation] = []
    for rounding in Rounding:
        low, high = _printing(claimed, rounding)
        if low <= high:
            simplest = _simplest(low, high)
            found.append({"rounding": rounding, "count": simplest.denominator, "numerator": simplest.numerator})
    return found


def exact_multiple(claimed: Decimal) -> int | None:
    """Only multiples of it give exactly the percentage."""
    return (Fraction(claimed) / 100).denominator if claimed <= 100 else None


def means_possible(
    count: int, claimed: Decimal, failures: int, parts: Iterable[tuple[MeanOver, int]]
) -> list[MeanPossible]:
    """Where all that failed lies in one part and the others print 100 % (as an empty one often does): of how many cases
    that part may be, so that the mean of all parts prints as the percentage, half up."""
    found: list[MeanPossible] = []
    for over, number in parts:
        low, high = _printing(claimed, Rounding.HALF_UP)
        if failures == 0 or number < 2 or low >= 1:
            continue
        first = max(failures, _ceil(Fraction(failures, 1) / (number * (1 - low))))
        last = count if high >= 1 else min(count, int(Fraction(failures, 1) / (number * (1 - high))))
        if first <= last:
            found.append({"over": over, "parts": number, "cases_from": first, "cases_to": last})
    return found


def mean_of_rates(over: MeanOver, parts: Sequence[tuple[int, int]], claimed: Decimal) -> MeanOfRates | None:
    """Of the register: the mean of the rates of those parts that have one, and whether it prints as claimed."""
    rates = [Fraction(numerator, denominator) for numerator, denominator in parts if denominator]
    if not rates:
        return None
    mean = sum(rates, Fraction(0)) / len(rates)
    printed = str(percent(mean.numerator, mean.denominator))
    return {"over": over, "parts": len(rates), "percent": printed, "roundings": printing(mean, claimed)}


def printing(rate: Fraction, claimed: Decimal) -> list[Rounding]:
    """The roundings under which a rate prints as the percentage."""
    ranges = possible_ranges(rate.denominator, claimed)
    return [r["rounding"] for r in ranges if r["numerator_from"] <= rate.numerator <= r["numerator_to"]]


def _printing(claimed: Decimal, rounding: Rounding) -> tuple[Fraction, Fraction]:
    """The rates that print as the percentage: the first and, but for less than anything counts, the last."""
    decimals = -int(claimed.as_tuple().exponent)
    whole = 100 * 10**decimals
    units = int(claimed * 10**decimals)
    half = Fraction(1, 2)
    ends = {
        Rounding.HALF_UP: (Fraction(units) - half, units + half - _SLIVER),
        Rounding.HALF_EVEN: (units - half + units % 2 * _SLIVER, units + half - units % 2 * _SLIVER),
        Rounding.FLOOR: (Fraction(units), units + 1 - _SLIVER),
        Rounding.CEILING: (units - 1 + _SLIVER, Fraction(units)),
    }
    low, high = ends[rounding]
    return max(low / whole, Fraction(0)), min(high / whole, Fraction(1))


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction between the two, ends included, with the smallest denominator: by continued fractions."""
    floor = low.numerator // low.denominator
    if floor == low:
        return Fraction(floor)
    if floor + 1 <= high:
        return Fraction(floor + 1)
    return floor + 1 / _simplest(1 / (high - floor), 1 / (low - floor))


def _ceil(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)
