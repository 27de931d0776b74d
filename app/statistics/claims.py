"""Which whole numbers of `count` print as a percentage, under each way of rounding: by arithmetic, exactly.

With `decimals` places the percentage P stands for units of 1/M, M = 100 · 10^decimals; n of `count` is n·M/count units.
"""

from decimal import Decimal

from app.statistics.answers import Nearest, PossibleRange
from app.statistics.codes import Rounding
from app.statistics.values import percent


def possible_ranges(count: int, claimed: Decimal) -> list[PossibleRange]:
    """One range per rounding that has one; of no cases there is no percentage."""
    if count == 0:
        return []
    ranges = [(rounding, *_range(rounding, count, claimed)) for rounding in Rounding]
    return [
        {"rounding": rounding, "numerator_from": max(first, 0), "numerator_to": min(last, count)}
        for rounding, first, last in ranges
        if max(first, 0) <= min(last, count)
    ]


def nearest(count: int, claimed: Decimal) -> list[Nearest]:
    """The last whole number below a claim that none of them gives, and the first above it."""
    units, whole = _units(claimed)
    below, above = _ceil(units * count, whole) - 1, units * count // whole + 1
    decimals = max(2, _decimals(claimed))
    return [
        {"numerator": n, "percent": str(percent(n, count, decimals))} for n in (below, above) if 0 <= n <= count != 0
    ]


def _range(rounding: Rounding, count: int, claimed: Decimal) -> tuple[int, int]:
    """First and last n, before they are held to 0…count."""
    units, whole = _units(claimed)
    low, high = (2 * units - 1) * count, (2 * units + 1) * count  # the halves around P, over 2·M
    if rounding is Rounding.FLOOR:  # P ≤ n·M/count < P + 1
        return _ceil(units * count, whole), _ceil((units + 1) * count, whole) - 1
    if rounding is Rounding.CEILING:  # P − 1 < n·M/count ≤ P
        return (units - 1) * count // whole + 1, units * count // whole
    if rounding is Rounding.HALF_UP:  # P − ½ ≤ n·M/count < P + ½
        return _ceil(low, 2 * whole), _ceil(high, 2 * whole) - 1
    if units % 2 == 0:  # an even P takes both halves
        return _ceil(low, 2 * whole), high // (2 * whole)
    return low // (2 * whole) + 1, _ceil(high, 2 * whole) - 1


def _units(claimed: Decimal) -> tuple[int, int]:
    scale = 10 ** _decimals(claimed)
    return int(claimed * scale), 100 * scale


def _decimals(claimed: Decimal) -> int:
    return -int(claimed.as_tuple().exponent)


def _ceil(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)
