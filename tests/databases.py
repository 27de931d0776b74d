"""Databases for tests: each is a copy of a template that the project's own migrations made, once per run and engine.

What the application commits in a test is really committed. On SQLite a copy is a file (0.3 ms). On PostgreSQL a copy
takes 50 ms, as does truncating forty tables; so each worker has one, whose rows are deleted between tests (1 ms).
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import alembic.command
import alembic.config
import asyncpg
import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import make_url

ROOT = Path(__file__).parent.parent


def migrate(url: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIAOJIE_DATABASE_URL", url)
        alembic.command.upgrade(alembic.config.Config(ROOT / "alembic.ini"), "head")


@contextmanager
def once(folder: Path, name: str) -> Iterator[bool]:
    """True for the first of the workers that share `folder`; the others wait. If it fails, the next is first."""
    done = folder / f"{name}.done"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


def sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def sqlite_template(folder: Path) -> Path:
    template = folder / "template.db"
    with once(folder, "sqlite") as is_first:
        if is_first:
            template.unlink(missing_ok=True)
            migrate(sqlite_url(template))
    if template.with_name("template.db-wal").exists():
        raise RuntimeError("The migrations left a connection open: a copy of the file alone would miss their work.")
    return template


def sqlite_copy(template: Path, folder: Path) -> str:
    copy = folder / "register.db"
    shutil.copyfile(template, copy)
    return sqlite_url(copy)


@dataclass
class Postgres:
    """The databases of one worker on the server that all workers share."""

    app_url: str
    admin_url: str
    prefix: str
    """Of the names of this run's databases."""
    portal: BlockingPortal
    _admin: asyncpg.Connection | None = field(default=None, init=False)
    _kept: "Kept | None" = field(default=None, init=False)

    @property
    def template(self) -> str:
        return f"{self.prefix}_template"

    def url(self, name: str) -> str:
        return make_url(self.app_url).set(database=name).render_as_string(hide_password=False)

    def connect(self, name: str) -> asyncpg.Connection:
        url = make_url(self.admin_url).set(drivername="postgresql", database=name)
        return self.portal.call(asyncpg.connect, url.render_as_string(hide_password=False))

    def execute(self, statement: str) -> None:
        self._admin = self._admin or self.connect(make_url(self.admin_url).database or "postgres")
        self.portal.call(self._admin.execute, statement)

    def create(self, name: str, *, template: str = "template0") -> None:
        owner = make_url(self.app_url).username
        self.execute(f'CREATE DATABASE "{name}" OWNER "{owner}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def make_template(self, folder: Path) -> None:
        with once(folder, "postgresql") as is_first:
            if is_first:
                self.drop(self.template)
                self.create(self.template)
                migrate(self.url(self.template))

    def kept(self, name: str) -> "Kept":
        """The worker's own database, made at its first use."""
        if self._kept is None:
            self.create(name, template=self.template)
            self._kept = Kept(name, self.portal, self.connect(name))
        return self._kept

    def clean(self) -> None:
        """A test that left a transaction open fails here, and the next one begins with a new database."""
        kept, self._kept = self._kept, None
        if kept is None:
            return
        try:
            kept.clean()
        except Exception:
            kept.close()
            self.drop(kept.name)
            raise
        self._kept = kept

    def close(self) -> None:
        if self._kept:
            self._kept.close()
            self.drop(self._kept.name)
        if self._admin:
            self.portal.call(self._admin.close)


@dataclass
class Kept:
    """A database that goes from test to test, emptied of all but what the migrations put there."""

    name: str
    portal: BlockingPortal
    connection: asyncpg.Connection
    _statements: str = field(init=False)

    def __post_init__(self) -> None:
        self._statements = self.portal.call(self._prepare)

    async def _prepare(self) -> str:
        tables = [
            row["name"]
            for row in await self.connection.fetch(
                "SELECT quote_ident(tablename) AS name FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"
            )
        ]
        filled = [name for name in tables if await self.connection.fetchval(f"SELECT EXISTS (TABLE public.{name})")]
        await self.connection.execute("CREATE SCHEMA pristine")
        for name in filled:
            await self.connection.execute(f"CREATE TABLE pristine.{name} AS TABLE public.{name}")
        return ";".join(
            # Neither foreign keys nor triggers, which keep the audit from being deleted, hold in this role.
            ["SET LOCAL session_replication_role = replica", "SET LOCAL lock_timeout = '5s'"]
            + [f"DELETE FROM public.{name}" for name in tables]
            + [f"INSERT INTO public.{name} TABLE pristine.{name}" for name in filled]
        )

    def clean(self) -> None:
        self.portal.call(self._clean)

    async def _clean(self) -> None:
        async with self.connection.transaction():
            await self.connection.execute(self._statements)

    def close(self) -> None:
        self.portal.call(self.connection.close)


def other_server() -> str | None:
    """A server that takes the place of our own: its user must be a superuser, its databases are left alone."""
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        return None
    return make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
