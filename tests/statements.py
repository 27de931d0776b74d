"""What is sent to the database while something is done, for tests that count or read it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def statements(engine: Any = Engine, *, which: Callable[[str], bool] = bool) -> Iterator[list[str]]:
    """In order: through one engine, or through any of this process."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if which(statement):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
