"""The paragraph of the yearly report, written from the register: each number with what backs it, in both languages.

A rate is never printed without the cases it is a share of, and where there are none it says 无.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from app.core.clock import shanghai_date
from app.core.schemas import EARLIEST
from app.core.unit_of_work import Reading
from app.intake.codes import Source
from app.intake.method_codes import Method
from app.places.queries import one_place
from app.statistics.indicators import definition_version
from app.statistics.narrative_pieces import Backed, Piece, count, count_change, put_together, rate, rate_change
from app.statistics.narrative_schemas import Narrative, NarrativeQuery
from app.statistics.periods import Period
from app.statistics.register_figures import Asked, place_asked, rows_of, values_of

_COUNTS = ("received", "handled", "closed", "succeeded", "failed", "open_at_end")
_RATES = ("handling_rate", "success_rate", "agreement_rate")
_SOURCES = {
    Source.APPLICATION: ("依申请", "on application"),
    Source.PROACTIVE: ("主动调解（含排查发现）", "on the committees' own initiative (patrols included)"),
    Source.REFERRAL: ("接受委托移送", "referred by other bodies"),
}


async def narrate(reading: Reading, query: NarrativeQuery) -> Narrative:
    place, _ = await place_asked(reading, query.place, "query:place")
    asked = Asked(place, query.period)
    before = _a_year_earlier(asked)
    values = await values_of(reading, asked, (*_COUNTS, *_RATES))
    earlier = await values_of(reading, before, ("received", "success_rate")) if before else None
    name = (await one_place(reading, place)).name
    pieces = [
        *_received(asked, values, name, shanghai_date(reading.now)),
        *_by_source(asked, await rows_of(reading, asked, ["received"], "source")),
        *_by_method(await rows_of(reading, asked, ["received"], "method")),
        *_outcomes(values),
        *_compared(values, earlier),
    ]
    zh, en, numbers = put_together(pieces)
    return {
        "definition_version": definition_version(),
        "place": place,
        "place_name": name,
        "from": asked.period.first,
        "to": asked.period.last,
        "zh": zh,
        "en": en,
        "numbers": numbers,
        "computed_at": reading.now,
    }


def _received(asked: Asked, values: Any, name: str, today: date) -> Iterator[Piece]:
    zh, en = period_words(asked.period)
    if asked.period.last > today:
        zh, en = f"{zh}（截至{_day(today)}）", f"{en} (to {today})"
    yield f"{zh}，{name}共受理矛盾纠纷", f"Disputes received by {name} {en}: "
    yield count("received", values["received"])


def _by_source(asked: Asked, rows: Sequence[Any]) -> Iterator[Piece]:
    """By the three routes of intake, which partition all cases."""
    totals = dict.fromkeys(_SOURCES, 0)
    for row in rows:
        route = next(route for route in _SOURCES if row["source"] in route.with_children())
        totals[route] += row["values"]["received"]["value"]
    told = [
        ((f"{zh}", f" {en}"), count("received", {"value": totals[route], "cases": _link(asked, route)}))
        for route, (zh, en) in _SOURCES.items()
        if totals[route]
    ]
    yield from _listed("，其中", "; of these ", [((zh, ""), number, ("", en)) for (zh, en), number in told])


def _by_method(rows: Iterable[Any]) -> Iterator[Piece]:
    by_method = {row["method"]: row["values"]["received"] for row in rows}
    told: list[Any] = [
        ((method.zh, f"{method.en} "), count("received", by_method[method]), ("", ""))
        for method in Method
        if method in by_method
    ]
    if None in by_method:
        told.append((("尚未开始调解", "not yet mediated "), count("received", by_method[None]), ("", "")))
    yield from _listed("；按调解方式，", "; by method: ", told)
    yield "。", "."


def _listed(zh: str, en: str, items: Sequence[tuple[tuple[str, str], Backed, tuple[str, str]]]) -> Iterator[Piece]:
    for place, (head, number, tail) in enumerate(items):
        yield (zh, en) if place == 0 else ("、", ", ")
        yield head
        yield number
        yield tail


def _outcomes(values: Any) -> Iterator[Piece]:
    yield "受理的案件中，已调处", " Handled: "
    yield count("handled", values["handled"])
    yield "，调处率", ", a handling rate of "
    yield rate("handling_rate", values["handling_rate"])
    yield "，调处成功率", "; success rate "
    yield rate("success_rate", values["success_rate"])
    yield "。期内办结", ". Closed in the period: "
    yield count("closed", values["closed"])
    yield "，其中调解成功", " ("
    yield count("succeeded", values["succeeded"])
    yield "、调解不成", " with success, "
    yield count("failed", values["failed"])
    yield "，协议达成率", " without); agreement rate "
    yield rate("agreement_rate", values["agreement_rate"])
    yield "；期末未结", "; open at the end: "
    yield count("open_at_end", values["open_at_end"])
    yield "。", "."


def _compared(values: Any, earlier: Any) -> Iterator[Piece]:
    """With the year before, where the register has one."""
    if not earlier or not earlier["received"]["value"]:
        return
    yield "与上年同期（", " Against the same days of the year before ("
    yield count("received", earlier["received"])
    yield "）相比，受理数", " received): "
    yield count_change("received", values["received"], earlier["received"])
    if values["success_rate"]["percent"] is not None and earlier["success_rate"]["percent"] is not None:
        yield "，调处成功率较上年同期的", "; success rate, then "
        yield rate("success_rate", earlier["success_rate"])
        yield "", ", "
        yield rate_change("success_rate", values["success_rate"], earlier["success_rate"])
    yield "。", "."


def _link(asked: Asked, source: Source) -> str:
    query = {"place": asked.place, "from": asked.period.first, "to": asked.period.last, "source": str(source)}
    return f"/api/v1/statistics/received/cases?{urlencode(query)}"


def _a_year_earlier(asked: Asked) -> Asked | None:
    """The same days; 29 February has none, and the day before stands for it. No register reaches back before 1900."""
    period = Period(_earlier(asked.period.first), _earlier(asked.period.last))
    return Asked(asked.place, period) if period.first >= EARLIEST else None


def _earlier(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def period_words(period: Period) -> tuple[str, str]:
    first, last = period.first, period.last
    if (first.year, first.month, first.day, last.month, last.day) == (last.year, 1, 1, 12, 31):
        return f"{first.year}年", f"in {first.year}"
    return f"{_day(first)}至{_day(last)}", f"from {first} to {last}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
