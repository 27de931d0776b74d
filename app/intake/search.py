"""Finding cases by words: one row of text a case, written with the case, found by its pairs of characters, then read.

The index finds candidates, PostgreSQL's by tsvector and GIN, SQLite's by FTS5, over the same pairs; `LIKE` on the text
decides. What is asked reaches both engines as a parameter, in characters that their index languages do not know.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    ForeignKey,
    Text,
    TypeDecorator,
    Uuid,
    and_,
    column,
    delete,
    event,
    func,
    insert,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.functions import FunctionElement

from app.core.db import Base
from app.core.jurisdiction import CaseBound, Spot
from app.core.unit_of_work import Reading, Work
from app.intake.models import Case, Party
from app.intake.search_text import END_OF_NUMBER, bigrams, bigrams_within, number_key, text_of, words_of


class Bigrams(TypeDecorator[Sequence[str]]):
    """What a text is found by, in PostgreSQL; only ever written."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return None
        return " ".join(f"'{gram}'" for gram in value)


class BigramQuery(TypeDecorator[Sequence[str]]):
    """All of these; one of a single character is the beginning of a pair."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(TSQUERY() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return " & ".join(f"'{gram}'" + (":*" if len(gram) == 1 else "") for gram in value)
        return " AND ".join(gram + ("*" if len(gram) == 1 else "") for gram in value)


class CaseText(CaseBound, Base):
    __tablename__ = "case_texts"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    bigrams: Mapped[Sequence[str] | None] = mapped_column(Bigrams, deferred=True)


FTS = table("case_text_index", column("case_id", Uuid()), column("bigrams"), column("case_text_index"))
"""SQLite's index. A row is found by its case's id, which is a word of it: row numbers may change (VACUUM)."""


@event.listens_for(CaseText, "after_insert")
def _index(_: Any, connection: Connection, row: CaseText) -> None:
    """By hand: SQLite lets no trigger write to FTS5 where schemas are not trusted (`SQLITE_PRAGMAS`)."""
    if connection.dialect.name == "sqlite":
        connection.execute(insert(FTS).values(case_id=row.case_id, bigrams=" ".join(row.bigrams or ())))


async def index_texts(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Of many texts that were loaded past the session."""
    if rows and work.kernel.database.is_sqlite:
        values = [{"case_id": row["case_id"], "bigrams": " ".join(row["bigrams"])} for row in rows]
        await (await work.connection()).execute(insert(FTS), values)


@event.listens_for(CaseText, "after_update")
def _index_anew(mapper: Any, connection: Connection, row: CaseText) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(delete(FTS).where(FTS.c.case_text_index.op("MATCH")(row.case_id.hex)))
        _index(mapper, connection, row)


class holds(FunctionElement[bool]):  # noqa: N801 a function of SQL
    """`holds(bigrams, case_id, query)`, as each engine's index has it."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """A condition as it stands: `… = 1`, which SQLAlchemy makes of it for SQLite, would read every text."""
        return self


@compiles(holds)
def _in_postgresql(element: holds, compiler: Any, **options: Any) -> str:
    column, _, query = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} @@ {query}"


@compiles(holds, "sqlite")
def _in_sqlite(element: holds, compiler: Any, **options: Any) -> str:
    _, case_id, query = (compiler.process(clause, **options) for clause in element.clauses)
    found = f"SELECT case_id FROM case_text_index WHERE case_text_index MATCH {query}"  # noqa: S608 compiled clauses
    return f"{case_id} IN ({found})"


def matching(asked: str) -> ColumnElement[bool]:
    """Cases in which every word stands, or whose number it is that was asked for."""
    words, number = words_of(asked), number_key(asked)
    if number is None:
        found = _containing(words)
    else:
        # The words of a number would also find 112号 for 12号: beside the number itself they count in the rest alone.
        found = or_(_containing([number]), _containing(words, behind=END_OF_NUMBER))
    return Case.id.in_(select(CaseText.case_id).where(found))


def _containing(words: Sequence[str], behind: str = "") -> ColumnElement[bool]:
    grams = literal(bigrams_within(words), BigramQuery())
    start = f"%{_escaped(behind)}%" if behind else "%"
    read = (CaseText.text.like(f"{start}{_escaped(word)}%", escape="/") for word in words)
    return and_(holds(CaseText.bigrams, CaseText.case_id, grams), *read)


def _escaped(word: str) -> str:
    return word.replace("/", "//").replace("%", "/%").replace("_", "/_")


async def plan_for_words(reading: Reading) -> None:
    """Until the end of the transaction PostgreSQL plans each search for its own words. One plan for all of them is made
    for rare ones: a word in every fifth of a million cases then took seconds instead of less than one millisecond."""
    if not reading.kernel.database.is_sqlite:
        await reading.session.execute(select(func.set_config("plan_cache_mode", "force_custom_plan", True)))


def add_text(work: Work, case: Case, names: Iterable[str | None]) -> None:
    """Of a new case."""
    text = text_of(case.number, case.title, case.summary, names)
    if work.kernel.database.is_sqlite:
        _add(work, case, text)  # its index is written by the session
    else:
        work.append(_text_row(case, text))


def _add(work: Work, case: Case, text: str) -> None:
    work.session.add(_text_row(case, text))


def _text_row(case: Case, text: str) -> CaseText:
    return CaseText(case_id=case.id, text=text, bigrams=bigrams(text), **Spot.of(case).columns)


async def keep_text(work: Work, case: Case) -> None:
    """After a change, which the session has flushed: writes the text anew where it is another."""
    touched = work.touched
    if not (_SEARCHED & touched.get(case, set()) or Party.part in touched.get(None, set())):
        return
    row = await work.session.scalar(select(CaseText).where(CaseText.case_id == case.id))
    names = select(Party.name).where(Party.case_id == case.id).order_by(Party.position)
    text = text_of(case.number, case.title, case.summary, await work.session.scalars(names))
    if row is None:
        _add(work, case, text)
    elif row.text != text:
        row.text, row.bigrams = text, bigrams(text)


_SEARCHED = {"number", "title", "summary"}
