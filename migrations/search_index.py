"""The index of the cases' texts, which each engine has in a form of its own, so that no model can declare it.

PostgreSQL: GIN, which files a new text quickly and sorts it in later (`fastupdate`). SQLite: an FTS5 table, which
`app.intake.search` writes.
"""

from alembic import op

BY_HAND = "ix_case_texts_bigrams", "case_text_index"
"""Names that Alembic is not to compare, and what begins with them: FTS5 keeps tables of its own."""


def create_search_index() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_case_texts_bigrams ON case_texts USING gin (bigrams)")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE case_text_index"
            " USING fts5 (case_id, bigrams, tokenize = 'ascii', detail = none, columnsize = 0)"
        )


def drop_search_index() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute("DROP INDEX ix_case_texts_bigrams" if is_postgresql else "DROP TABLE case_text_index")
