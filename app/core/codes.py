"""Code tables: a closed list of terms whose members carry their Chinese and English names.

If a program branches on a term it is a `Code`; if people may add entries it is a database table.
Codes are stored as text and never deleted, only retired.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, ClassVar, Self, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema


class Code(StrEnum):
    """One code table. Members are written `NAME = "code", "中文", "English"`.

    A subclass names its table, `class Source(Code, table="source")`, and is published by the codebook from then on.
    Three further, optional parts of a member: `parent` (code of the member that includes it), `retired_on`
    (ISO date from which it is no longer chosen) and `storable` (False for a mere total of its children).
    """

    zh: str
    en: str
    parent: str | None
    retired_on: str | None
    storable: bool

    table: ClassVar[str]

    def __new__(
        cls,
        value: str,
        zh: str,
        en: str,
        parent: str | None = None,
        retired_on: str | None = None,
        storable: bool = True,
    ) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh, member.en = zh, en
        member.parent, member.retired_on, member.storable = parent, retired_on, storable
        return member

    def __init_subclass__(cls, table: str = "", **rest: object) -> None:
        super().__init_subclass__(**rest)
        if table:
            if table in TABLES:
                raise RuntimeError(f"code table {table} is declared twice")
            cls.table = table
            TABLES[table] = cls

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Self], handler: GetCoreSchemaHandler) -> CoreSchema:
        """A code travels as its text, also in bodies that are otherwise read without coercion."""
        return {**handler(source), "strict": False}

    def with_children(self) -> list[Self]:
        """The member and all members it includes: a filter by a parent finds its children."""
        members = [self]
        for member in type(self):
            if member.parent in members and member not in members:
                members.append(member)
        return members


C = TypeVar("C", bound=Code)


def member_of(codes: type[C], code: str) -> C:
    """The member with that code, as it was stored."""
    member: C = codes._value2member_map_[code]  # type: ignore[assignment]
    return member


TABLES: dict[str, type[Code]] = {}
"""Every code table by name; the codebook publishes it."""

FURTHER_TABLES: dict[str, Callable[[], list[dict[str, Any]]]] = {}
"""What the codebook publishes besides: lists that are no code tables, as entries with at least `code`, `zh`, `en`."""
