"""cases are searched: their texts and the index of these"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.db import new_id
from app.intake.search_text import bigrams, text_of
from migrations.search_index import create_search_index, drop_search_index

revision: str = "search"
down_revision: str | None = "clock"
branch_labels: Any = None
depends_on: Any = None

BATCH = 1000
CASES = sa.table(
    "cases",
    sa.column("id", sa.Uuid()),
    *(sa.column(name) for name in ("district", "township", "place", "number", "title", "summary")),
)
PARTIES = sa.table("parties", sa.column("case_id", sa.Uuid()), sa.column("name"), sa.column("position"))
FTS = sa.table("case_text_index", sa.column("case_id", sa.Uuid()), sa.column("bigrams"))


def upgrade() -> None:
    texts = op.create_table(
        "case_texts",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("bigrams", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("township", sa.String(length=9), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_texts_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_texts")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_texts_case_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _fill(texts)
        create_search_index()
    else:
        create_search_index()
        _fill(texts)


def _fill(texts: sa.Table) -> None:
    """The texts of the cases that stand already, by the rules of the program that is being installed."""
    bind = op.get_bind()
    for rows in _texts_of_cases(bind):
        if bind.dialect.name == "postgresql":
            bind.execute(texts.insert(), [row | {"bigrams": _quoted(row["bigrams"])} for row in rows])
        else:
            bind.execute(texts.insert(), [row | {"bigrams": None} for row in rows])
            index = [{"case_id": row["case_id"], "bigrams": " ".join(row["bigrams"])} for row in rows]
            bind.execute(FTS.insert(), index)


def _quoted(grams: list[str]) -> str:
    return " ".join(f"'{gram}'" for gram in grams)


def _texts_of_cases(bind: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    page = sa.select(CASES).order_by(CASES.c.id).limit(BATCH)
    cases = bind.execute(page).all()
    while cases:
        names: dict[UUID, list[str | None]] = {case.id: [] for case in cases}
        of_cases = sa.select(PARTIES.c.case_id, PARTIES.c.name).where(PARTIES.c.case_id.in_(names))
        for case_id, name in bind.execute(of_cases.order_by(PARTIES.c.case_id, PARTIES.c.position)):
            names[case_id].append(name)
        yield [_row(case, names[case.id]) for case in cases]
        cases = bind.execute(page.where(CASES.c.id > cases[-1].id)).all()


def _row(case: Any, names: list[str | None]) -> dict[str, Any]:
    text = text_of(case.number, case.title, case.summary, names)
    place = {"district": case.district, "township": case.township, "place": case.place}
    return place | {"id": new_id(), "case_id": case.id, "text": text, "bigrams": bigrams(text)}


def downgrade() -> None:
    drop_search_index()
    op.drop_table("case_texts")
