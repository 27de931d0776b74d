"""What is answered to a claim in words: how each number was read, whether it can be, what the register says."""

from datetime import date
from typing import NotRequired

from typing_extensions import TypedDict

from app.statistics.answers import Nearest, PossibleRange
from app.statistics.claim_codes import Bound, ClaimOrigin, FigureKind, MeanOver
from app.statistics.codes import Rounding


class StatedPart(TypedDict):
    """A numerator that the text gives itself, and what it prints as."""

    figure: int
    numerator: int
    percent: str
    agrees: bool


class Tested(TypedDict):
    """A percentage held against a number of cases of the same text: `figure` is its place in `figures`."""

    figure: int
    count: int
    possible: list[PossibleRange]
    nearest: list[Nearest]
    stated: NotRequired[StatedPart]


class InRegister(TypedDict):
    """What is true: `value` of a count; numerator, denominator and percent of a rate. `agrees` is null where the claim
    is no exact number."""

    value: NotRequired[int]
    numerator: NotRequired[int]
    denominator: NotRequired[int]
    percent: NotRequired[str | None]
    cases: str
    agrees: bool | None


class ReadAs(TypedDict):
    """`zh` and `en` are the indicator's names, null where the register has no such figure."""

    indicator: str
    zh: str | None
    en: str | None
    register: NotRequired[InRegister]


class SmallestPopulation(TypedDict):
    rounding: Rounding
    count: int
    numerator: int


class MeanPossible(TypedDict):
    """All that failed in one part of `cases_from` to `cases_to` cases, every other part at 100 %."""

    over: MeanOver
    parts: int
    cases_from: int
    cases_to: int


class MeanOfRates(TypedDict):
    """`parts` counts those that have a rate; `roundings` are those under which the mean prints as claimed."""

    over: MeanOver
    parts: int
    percent: str
    roundings: list[Rounding]


class Origin(TypedDict):
    origin: ClaimOrigin
    smallest: NotRequired[list[SmallestPopulation]]
    exact_multiple_of: NotRequired[int | None]
    means: NotRequired[list[MeanPossible]]
    register_means: NotRequired[list[MeanOfRates]]


class ClaimedFigure(TypedDict):
    """One number of the text. `span` and `words` are offsets in code points. `impossible` is null where the text has no
    number of cases to hold it against, `differs` where the register was not asked or has no such figure."""

    span: list[int]
    words: list[list[int]]
    kind: FigureKind
    value: str
    bound: Bound
    readings: list[ReadAs]
    tests: list[Tested]
    impossible: bool | None
    differs: bool | None
    origins: list[Origin]


ClaimRead = TypedDict(
    "ClaimRead",
    {
        "text": str,
        "place": str,
        "from": date | None,
        "to": date | None,
        "figures": list[ClaimedFigure],
        "unread": list[list[int]],
        "zh": str,
        "en": str,
    },
)
