"""How a table of the codebook is answered."""

from typing import NotRequired

from typing_extensions import TypedDict


class EntryOut(TypedDict):
    code: str
    zh: str
    en: str
    parent: NotRequired[str]
    """Code of the entry that includes this one."""
    retired_on: NotRequired[str]
    """From this day on it is no longer chosen; what was stored with it stays."""
    is_total: NotRequired[bool]
    """It only sums its members up, and is never stored."""
    status: NotRequired[int]
    """Of a problem: the HTTP status it comes with."""


class TableOut(TypedDict):
    table: str
    version: str
    entries: list[EntryOut]


class CodebookOut(TypedDict):
    tables: list[TableOut]
