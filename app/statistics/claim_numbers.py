"""Numbers of cases and percentages as reports print them: digits of either width, 四十一, 百分之九十九, 九成九."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.statistics.claim_codes import Bound, FigureKind

Span = tuple[int, int]
"""In code points: the first of it, and the one after its last."""
MOST = 10_000_000

_NARROW = str.maketrans("０１２３４５６７８９．％﹪", "0123456789.%%")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN = "[零〇一二两三四五六七八九十百千万]+"
_ARABIC = r"(?<![0-9.,])(?<![0-9] )(?:[1-9][0-9]{0,2}(?:[, ][0-9]{3})+|0|[1-9][0-9]*)(?:\.[0-9]+)?"
_WIDE_COMMA = re.compile("(?<=[0-9])，(?=[0-9]{3}(?![0-9]))")
_BEFORE = "(?P<before>不低于|不少于|超过|接近|高于|突破|近|约|逾|超|数|几|第)?"
_AFTER = "(?P<after>及?以上|左右|上下)?"
_COUNT = re.compile(
    rf"{_BEFORE}(?:(?P<han>{_HAN})|(?P<digits>{_ARABIC})(?P<wan>万)?)(?P<more>余|多|几)?\s?(?:件|起|宗|例|桩|份){_AFTER}"
)
_PERCENT = re.compile(
    rf"{_BEFORE}(?:百分之(?:(?P<hundred>百)|(?P<han>{_HAN})(?:点(?P<point>[零〇一二三四五六七八九]+))?|(?P<of>{_ARABIC}))"
    rf"|(?P<digits>{_ARABIC})\s?%|(?P<tenths>[一二三四五六七八九])成(?P<ninths>[一二三四五六七八九半])?(?!功|立|果|员|不)){_AFTER}"
)
_AT_LEAST = {"不低于", "不少于", "超过", "高于", "突破", "逾", "超", "以上", "及以上", "余", "多"}


@dataclass(frozen=True)
class Number:
    kind: FigureKind
    value: Decimal
    bound: Bound
    span: Span


def numbers(text: str) -> list[Number]:
    """In their order; what is no number of cases or percentage, or larger than any, is none."""
    narrow = _WIDE_COMMA.sub(",", text.translate(_NARROW))  # one character for one, so that the spans hold
    found = [*_of_kind(FigureKind.PERCENT, _PERCENT, narrow), *_of_kind(FigureKind.COUNT, _COUNT, narrow)]
    return sorted(found, key=lambda number: number.span)


def _of_kind(kind: FigureKind, pattern: re.Pattern[str], text: str) -> Iterator[Number]:
    for match in pattern.finditer(text):
        value = _percent(match) if kind is FigureKind.PERCENT else _count(match)
        if value is not None and match["before"] != "第":
            yield Number(kind, value, _bound(match), match.span())


def _count(match: re.Match[str]) -> Decimal | None:
    if match["han"]:
        whole = han_number(match["han"])
        return None if whole is None else Decimal(whole)
    value = _arabic(match["digits"]) * (10_000 if match["wan"] else 1)
    return Decimal(int(value)) if value <= MOST and value == int(value) else None


def _percent(match: re.Match[str]) -> Decimal | None:
    if match["tenths"]:
        ninths = 5 if match["ninths"] == "半" else _DIGITS.get(match["ninths"] or "零", 0)
        return Decimal(10 * _DIGITS[match["tenths"]] + ninths)
    if match["hundred"]:
        return Decimal(100)
    if match["han"]:
        whole = han_number(match["han"])
        point = "".join(str(_DIGITS[digit]) for digit in match["point"] or "")
        return None if whole is None or len(point) > 4 else Decimal(f"{whole}.{point}" if point else whole)
    value = _arabic(match["digits"] or match["of"])
    return value if value < 1000 and int(value.as_tuple().exponent) >= -4 else None


def _arabic(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").replace(" ", ""))


def _bound(match: re.Match[str]) -> Bound:
    marks = {match["before"], match["after"], match.groupdict().get("more")} - {None}
    if marks & _AT_LEAST:
        return Bound.AT_LEAST
    is_loose = match.groupdict().get("tenths") and not match.groupdict().get("ninths")
    return Bound.ABOUT if marks or is_loose else Bound.EXACT


def han_number(text: str) -> int | None:
    """四十一, 一百零三, 二〇二〇. Null where it is none, or short speech that may mean two numbers (一百二)."""
    plain = text.replace("两", "二").replace("〇", "零")
    plain = f"一{plain}" if plain[0] in "百千万" else plain  # 百余件
    if all(character in _DIGITS for character in plain):
        return int("".join(str(_DIGITS[digit]) for digit in plain)) if len(plain) <= 7 else None
    value = _loosely(plain)
    return value if value <= MOST and written(value) == plain else None


def _loosely(text: str) -> int:
    total = section = digit = 0
    for character in text:
        if character == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        elif character in _UNITS:
            section, digit = section + (digit or 1) * _UNITS[character], 0
        else:
            digit = _DIGITS[character]
    return total + section + digit


def written(number: int) -> str:
    """In Chinese numerals, up to 千万."""
    high, low = divmod(number, 10_000)
    digits = (_section(high) + "万" if high else "") + ("零" if high and 0 < low < 1000 else "") + _section(low)
    return (digits[1:] if digits.startswith("一十") else digits) or "零"


def _section(number: int) -> str:
    text, is_gap = "", False
    for name, unit in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // unit % 10
        if digit:
            text += ("零" if text and is_gap else "") + "零一二三四五六七八九"[digit] + name
        is_gap = digit == 0
    return text
