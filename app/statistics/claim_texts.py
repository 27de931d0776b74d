"""A sentence of a report, read: which of its numbers are figures, and as which indicators each may be meant.

The words are those of real bulletins. 调处率 alone is printed for two different rates; beside a 成功率 it is the share
that was handled.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.statistics.claim_codes import FigureKind
from app.statistics.claim_numbers import Number, Span, numbers

_STOPS = re.compile("[。；;！!？?\\n]")
_CLAUSES = re.compile("[，,；;。！!？?\\n（(：:]")
_CHANGES = re.compile("同比|环比|上年|去年同期|上月|(?:上升|下降|增长|减少|增加|提高|降低)(?![到至为])|占")
"""What is said of a change, or of a share of something else, is no figure of the period."""
_RANGE_TO = re.compile("[0-9０-９%％件起宗][-—–~～至]|[由从]$")
_RANGE = re.compile("[0-9０-９%％件起宗][-—–~～至][0-9０-９百]")
_SUCCESS = "success_rate", "success_of_received", "success_of_closed"
"""Ours, and what others divide by under the same name."""
_COUNTS = (
    ("(?:未能?|没有)(?:调解|调处|化解)(?:成功)?|(?:调解|调处|化解)不成功?|调解失败|未成功|不成功", "failed"),
    ("(?:调解|调处|化解)成功|成功地?(?:调解|调处|化解)|成功|化解", "succeeded"),
    ("未办?结|在办|正在(?:调解|办理)", "open_at_end"),
    ("办结|结案|审结", "closed"),
    ("受理|排查|接收|收案|登记|发生", "received"),
    ("调处|调解|处理|介入", "handled"),
    ("协议书?", "effective_agreements"),
)
_RATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("(?:调处|调解|化解)?成功率|化解率|调结率", _SUCCESS),
    ("协议达成率|达成率", ("agreement_rate",)),
    ("(?:协议)?履行率|履约率", ("performance_rate",)),
    ("满意率|满意度", ("satisfaction_rate",)),
    ("回访率", ("return_visit_rate",)),
    ("司法确认率", ("confirmation_rate",)),
    ("调处率|调解率|处理率|处置率", ("handling_rate", *_SUCCESS)),
    ("[一-龥]率", ()),
)
_COUNT_WORDS = re.compile("|".join(f"(?P<{slug}>{words})(?!率)" for words, slug in _COUNTS))
_RATE_WORDS = re.compile("|".join(f"(?P<r{i}>{words})" for i, (words, _) in enumerate(_RATES)))


@dataclass(frozen=True)
class Figure:
    """A number and the indicators it may be of; `words` are what says so."""

    number: Number
    indicators: tuple[str, ...]
    words: tuple[Span, ...]

    @property
    def is_exact(self) -> bool:
        return self.number.bound == "exact"


def figures_in(text: str) -> tuple[list[Figure], list[Span]]:
    """What was read, and where stand numbers that were not."""
    found = numbers(text)
    counts = [number for number in found if number.kind is FigureKind.COUNT]
    percents = [number for number in found if number.kind is FigureKind.PERCENT]
    read = [*_counts(text, counts, found), *_rates(text, [p for p in percents if not _is_change(text, p)])]
    figures = _told_apart(sorted(read, key=lambda figure: (figure.number.span, figure.words)))
    spans = {figure.number.span for figure in figures}
    return figures, [number.span for number in found if number.span not in spans]


def _told_apart(figures: list[Figure]) -> list[Figure]:
    """Where a rate of success stands too, a rate that may be either is the other."""
    if not any(figure.indicators == _SUCCESS for figure in figures):
        return figures
    return [replace(f, indicators=f.indicators[:1]) if f.indicators[0] == "handling_rate" else f for f in figures]


def _counts(text: str, counts: list[Number], found: list[Number]) -> Iterator[Figure]:
    for number in counts:
        if _is_change(text, number):
            continue
        start = max([0, *(other.span[1] for other in found if other.span[1] <= number.span[0])])
        words = _words(text, _clause_start(text, start, number), number.span[0])
        words = words or _words(text, _sentence_start(text, start, number), number.span[0])
        words = words or _words(text, number.span[1], _clause_end(text, number, found))
        if words:
            slugs = dict.fromkeys(slug for slug, _ in words)
            yield Figure(number, tuple(slugs), tuple(span for _, span in words))


def _words(text: str, start: int, end: int) -> list[tuple[str, Span]]:
    return [(str(match.lastgroup), match.span()) for match in _COUNT_WORDS.finditer(text, start, end)]


def _clause_start(text: str, start: int, number: Number) -> int:
    return max([start, *(match.end() for match in _CLAUSES.finditer(text, start, number.span[0]))])


def _sentence_start(text: str, start: int, number: Number) -> int:
    return max([start, *(match.end() for match in _STOPS.finditer(text, start, number.span[0]))])


def _clause_end(text: str, number: Number, found: list[Number]) -> int:
    following = [other.span[0] for other in found if other.span[0] >= number.span[1]]
    stop = _CLAUSES.search(text, number.span[1])
    return min([len(text), *following, *([stop.start()] if stop else [])])


def _is_change(text: str, number: Number) -> bool:
    """Or one end of a range, which claims neither, or what was before (由90%)."""
    start, end = number.span
    is_start = _RANGE.search(text, end - 1, end + 2) is not None
    is_end = _RANGE_TO.search(text, max(0, start - 2), start) is not None
    return is_start or is_end or _CHANGES.search(text, _clause_start(text, 0, number), start) is not None


def _rates(text: str, percents: list[Number]) -> Iterator[Figure]:
    """In each sentence, names and then their percentages: one each, in their order (分别), or one for all (均)."""
    names: list[tuple[tuple[str, ...], Span]] = []
    values: list[Number] = []
    for token in _tokens(text, percents):
        if isinstance(token, Number):
            values.append(token)
        else:
            if token is None or values:
                yield from _paired(names, values)
                names, values = [], []
            if token is not None:
                names.append(token)
    yield from _paired(names, values)


def _tokens(text: str, percents: list[Number]) -> list[Number | tuple[tuple[str, ...], Span] | None]:
    named = [(m.start(), (_RATES[int(str(m.lastgroup)[1:])][1], m.span())) for m in _RATE_WORDS.finditer(text)]
    stops = [(match.start(), None) for match in _STOPS.finditer(text)]
    tokens = [*named, *stops, *((percent.span[0], percent) for percent in percents)]
    return [token for _, token in sorted(tokens, key=lambda at: at[0])]


def _paired(names: list[tuple[tuple[str, ...], Span]], values: list[Number]) -> Iterator[Figure]:
    if len(values) == 1:
        values = values * len(names)
    if len(names) == 1:
        values = values[:1]
    if len(names) == len(values):
        for (indicators, words), value in zip(names, values, strict=True):
            if indicators:
                yield Figure(value, indicators, (words,))
