"""What every test stands on: two engines, a database of its own in each test, no network."""

import gc
import traceback
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from sqlalchemy import make_url

from app.core import middleware
from tests import databases, figures, guard, network, postgres, service
from tests.databases import Postgres
from tests.world import World, opened_world

OURS = pytest.StashKey[postgres.Server]()
URLS = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    other = databases.other_server()
    network.stay_at_home(make_url(other).host if other else None)
    guard.stand()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """The one process of a parallel run starts the server and tells its workers."""
    node.workerinput["postgres"] = _postgres_urls(node.config)


def pytest_collection_finish() -> None:
    """What was imported stays: the garbage collector, going through it again and again, took a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_unconfigure(config: pytest.Config) -> None:
    if OURS in config.stash:
        config.stash[OURS].stop()
    elif URLS in config.stash:
        with start_blocking_portal() as portal:
            server = Postgres(**config.stash[URLS], portal=portal)
            server.drop(server.template)
            server.close()


def _postgres_urls(config: pytest.Config) -> dict[str, str]:
    if URLS not in config.stash:
        prefix = f"tiaojie_test_{uuid.uuid4().hex[:8]}"
        url = databases.other_server()
        if url:
            config.stash[URLS] = {"app_url": url, "admin_url": url, "prefix": prefix}
        else:
            ours = config.stash[OURS] = postgres.start()
            config.stash[URLS] = {"app_url": ours.url, "admin_url": ours.admin_url, "prefix": prefix}
    return config.stash[URLS]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def worker(pytestconfig: pytest.Config) -> dict[str, Any]:
    """What the controller said; empty where all tests run in one process."""
    return getattr(pytestconfig, "workerinput", {})


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker: dict[str, Any]) -> Path:
    """One folder for all workers of this run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if worker else own


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    return databases.sqlite_template(run_folder)


@pytest.fixture(scope="session")
def postgres_databases(pytestconfig: pytest.Config, worker: dict[str, Any], run_folder: Path) -> Iterator[Postgres]:
    urls = worker.get("postgres") or _postgres_urls(pytestconfig)
    with start_blocking_portal() as portal:
        server = Postgres(**urls, portal=portal)
        try:
            server.make_template(run_folder)
            yield server
        finally:
            server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Both engines; a test of one alone says `@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)`."""
    return str(request.param)


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path, worker: dict[str, Any]) -> Iterator[str]:
    """A migrated register without entries."""
    if engine == "sqlite":
        yield databases.sqlite_copy(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres_databases")
    kept = server.kept(f"{server.prefix}_{worker.get('workerid', 'main')}")
    yield server.url(kept.name)
    server.clean()


@pytest.fixture
def own_database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same, touched by no other test: for races, kills and changes of tables."""
    if engine == "sqlite":
        yield databases.sqlite_copy(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres_databases")
    yield from _created(server, server.template)


@pytest.fixture
def empty_database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Nothing in it, for tests of the migrations themselves."""
    if engine == "sqlite":
        yield databases.sqlite_url(tmp_path / "register.db")
        return
    yield from _created(request.getfixturevalue("postgres_databases"), "template0")


def _created(server: Postgres, template: str) -> Iterator[str]:
    name = f"{server.prefix}_{uuid.uuid4().hex[:8]}"
    server.create(name, template=template)
    yield server.url(name)
    server.drop(name)


@pytest.fixture
async def world(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with opened_world(database_url) as world:
        yield world
        if "recounts_by_hand" not in request.keywords:
            await figures.agree(world)


@pytest.fixture
async def own_world(own_database_url: str) -> AsyncIterator[World]:
    """A world over a database of its own, for races."""
    async with opened_world(own_database_url) as world:
        yield world
        await figures.agree(world)


@pytest.fixture(autouse=True)
def no_server_left() -> Iterator[None]:
    yield
    service.end_all()


@pytest.fixture(autouse=True)
def errors_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service logs where an unforeseen error came from, never its words; a failing test prints them."""

    def tell(error: BaseException) -> list[str]:
        traceback.print_exception(error)
        return []

    monkeypatch.setattr(middleware, "frames", tell)
