"""What counts as text: NFC, no controls, surrogates, NUL, direction overrides or non-characters, limits in code points.

Rare hanzi up to the last plane pass unchanged; the two engines would otherwise disagree on what they store.
"""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

# C0 (but tab, line feed, carriage return), DEL, C1, bidi controls, surrogates, BOM, non-characters.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
# Within one line neither breaks nor zero-width spaces, which make two names look alike.
_ILLEGAL_IN_LINE = re.compile("[\t\r\n\u2028\u2029\u200b\u2060]")


def clean_text(value: str) -> str:
    if _ILLEGAL.search(value):
        raise PydanticCustomError("illegal_character", "illegal character")
    value = unicodedata.normalize("NFC", value).strip()
    if not value:
        raise PydanticCustomError("blank", "blank")
    return value


def clean_line(value: str) -> str:
    if _ILLEGAL_IN_LINE.search(value):
        raise PydanticCustomError("illegal_character", "illegal character")
    return clean_text(value)


Name = Annotated[str, AfterValidator(clean_line), Field(min_length=1, max_length=100)]
Title = Annotated[str, AfterValidator(clean_line), Field(min_length=1, max_length=200)]
Line = Annotated[str, AfterValidator(clean_line), Field(min_length=1, max_length=500)]
Label = Annotated[str, AfterValidator(clean_line), Field(min_length=1, max_length=64)]
"""A short identifier of somebody else's: a letter number, a docket number, an incident number."""
Text = Annotated[str, AfterValidator(clean_text), Field(min_length=1, max_length=10_000)]
