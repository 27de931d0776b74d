"""A text in two languages put together from words and numbers, so that every number knows where it stands in both."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

Words = tuple[str, str]


@dataclass(frozen=True)
class Backed:
    """A number as both texts print it, and what backs it."""

    zh: str
    en: str
    backing: dict[str, Any]


Piece = Words | Backed


def put_together(pieces: Iterable[Piece]) -> tuple[str, str, list[Any]]:
    zh = en = ""
    numbers = []
    for piece in pieces:
        words = (piece.zh, piece.en) if isinstance(piece, Backed) else piece
        if isinstance(piece, Backed):
            spans = {
                "zh_span": [len(zh), len(zh) + len(words[0])],
                "en_span": [len(en), len(en) + len(words[1])],
            }
            numbers.append(spans | piece.backing)
        zh, en = zh + words[0], en + words[1]
    return zh, en, numbers


def count(slug: str, figure: Any) -> Backed:
    return Backed(f"{figure['value']}件", str(figure["value"]), {"indicator": slug, **figure})


def rate(slug: str, figure: Any) -> Backed:
    """Never without its numerator and denominator; of nothing there is none."""
    backing = {"indicator": slug, **{name: figure[name] for name in ("numerator", "denominator", "percent", "cases")}}
    if figure["percent"] is None:
        return Backed("无", "none", backing)
    part = f"{figure['numerator']}/{figure['denominator']}"
    return Backed(f"{figure['percent']}%（{part}）", f"{figure['percent']}% ({part})", backing)


def count_change(slug: str, figure: Any, before: Any) -> Backed:
    """In per cent of a year earlier; null, and not said, where there was nothing then."""
    difference = figure["value"] - before["value"]
    percent = f"{_half_up(Fraction(100 * abs(difference), before['value']))}%" if before["value"] else ""
    verb_zh, verb_en = _moved(difference, "增加", "减少", "more", "fewer")
    if not difference:
        zh, en = "持平", "the same number"
    else:
        zh = f"{verb_zh}{abs(difference)}件" + (f"（{percent}）" if percent else "")
        en = f"{abs(difference)} {verb_en}" + (f" ({percent})" if percent else "")
    return Backed(zh, en, {"indicator": slug, **figure, "before": before})


def rate_change(slug: str, figure: Any, before: Any) -> Backed:
    """In percentage points of the exact rates."""
    names = ("numerator", "denominator", "percent", "cases")
    now, then = ({name: one[name] for name in names} for one in (figure, before))
    difference = _fraction(now) - _fraction(then)
    points = _half_up(100 * abs(difference))
    verb_zh, verb_en = _moved(difference, "上升", "下降", "up", "down")
    zh = f"{verb_zh}{points}个百分点" if difference else "持平"
    en = f"{verb_en} {points} percentage points" if difference else "unchanged"
    return Backed(zh, en, {"indicator": slug, **now, "before": then})


def _fraction(figure: Any) -> Fraction:
    return Fraction(figure["numerator"], figure["denominator"])


def _moved(difference: Fraction | int, zh_up: str, zh_down: str, en_up: str, en_down: str) -> Words:
    return (zh_up, en_up) if difference > 0 else (zh_down, en_down)


def _half_up(number: Fraction) -> str:
    shown = Decimal(number.numerator) / Decimal(number.denominator)
    return str(shown.quantize(Decimal("0.01"), ROUND_HALF_UP))
