"""What of a case is searched, and how texts are compared: one normal form for what is written and what is asked, cut
into pairs of characters, because Chinese has no spaces between words and its shortest words have two characters."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

MARK = "\uff00"
"""Stands between the parts of a number's key, and in no text: an unassigned character, removed from what is written."""
END_OF_NUMBER = f"{MARK} "
"""Once in every case's text: its number stands before, all else behind."""

# Format characters and variation selectors are not seen, so they do not count.
_UNSEEN = re.compile(
    f"[{MARK}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# In their full-width forms, ASCII characters mean nothing to either engine's index language.
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_SPACE = "\u3000"

_BETWEEN = re.compile(r"[\[\]()<>{}〔〕【】〖〗《》〈〉「」『』⟦⟧第\-‐‑‒–—―_/|.·,、:;#\s]+")
_YEAR, _SEQUENCE = "(?P<year>(?:19|20|21)[0-9]{2})", "(?P<sequence>[0-9]{1,9})"
_SPELLINGS = tuple(
    re.compile(spelling)
    for spelling in (
        f"(?:(?P<prefix>.*[^ ]) ?)?(?<![0-9]){_YEAR} {_SEQUENCE}",
        f"{_YEAR} ?(?P<prefix>.*[^0-9 ]) ?{_SEQUENCE}",
        f"{_YEAR} (?P<prefix>.*[^ ]) {_SEQUENCE}",
        f"(?P<prefix>.*[^0-9 ]){_YEAR}{_SEQUENCE}",
    )
)


def normal(text: str) -> str:
    """Compatible forms (full width, ligatures) and letter cases are one; white space is one space or none."""
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def words_of(asked: str) -> list[str]:
    """What is asked for: every one of these must stand in the case. White space alone parts them."""
    return list(dict.fromkeys(normal(asked).split(" ")))


def number_key(text: str) -> str | None:
    """The one spelling of a case number, however it is written: `黎水调〔2020〕12号`, `(2020)黎水调第12号`,
    `黎水调2020 12`. Without a committee's prefix it is the end of every such key. None where it is no number."""
    plain = _BETWEEN.sub(" ", normal(text)).strip().removesuffix("号").strip()
    for spelling in _SPELLINGS:
        if found := spelling.fullmatch(plain):
            prefix = (found["prefix"] or "").replace(" ", "").removesuffix("字")
            parts = [prefix, found["year"], str(int(found["sequence"]))]
            return MARK + MARK.join(part for part in parts if part) + MARK
    return None


def text_of(number: str | None, title: str | None, summary: str, names: Iterable[str | None]) -> str:
    """All of a case that can be searched, in normal form. No word is found across two of its parts."""
    key = (number_key(number) or MARK) if number else MARK
    parts = [normal(part) for part in (title, summary, *names) if part]
    return " ".join([normal(number or ""), key, *parts]).lstrip(" ")


def bigrams(text: str) -> list[str]:
    """Every pair of neighbouring characters that begins within a word, in order; the last character of a word pairs
    with the space behind it, so that each character begins a pair."""
    wide = f"{text} ".translate(_FULL_WIDTH)
    return [first + second for first, second in pairwise(wide) if first != _SPACE]


def bigrams_within(words: Sequence[str]) -> list[str]:
    """Pairs that every text with these words has. A word of one character is itself: the beginning of a pair."""
    return list(dict.fromkeys(gram for word in words for gram in _within(word.translate(_FULL_WIDTH))))


def _within(word: str) -> list[str]:
    return [word] if len(word) == 1 else [first + second for first, second in pairwise(word)]
