"""What the code promises of itself: current documents, a door on every route, two languages, sizes, commit before
answer."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from sqlalchemy import event, func, select

import app.models
from app.core.auth import Permission
from app.core.codes import TABLES, Code
from app.core.db import Base
from app.core.jurisdiction import Located
from app.core.problems import PROBLEMS, Problem
from app.core.route import guarded_router, read, work
from app.core.unit_of_work import Reading, Work
from app.generated import ROOT, openapi_document, outdated
from app.intake.models import Case
from app.people.codes import Role
from app.routes import API, GUARDED, PUBLIC
from tests.world import VILLAGE, World, dispute

UNLOCATED = {
    "area_cells": "sums above the district, for operators alone",
    "accounts": "of a district, kept by its administrator; look-ups at sign-in come before any jurisdiction",
    "calendar_days": "reference: the nation's notices as a district entered them",
    "deadline_rules": "reference: the nation's rules stand beside a district's",
    "client_secrets": "hang on a client",
    "client_tokens": "hang on a client",
    "clients": "of a district, kept by its administrator; look-ups for a token come before any jurisdiction",
    "installation": "one row about this machine",
    "mediators": "reference: read by every signed-in account, changed in their own district",
    "organizations": "reference: partner bodies sit elsewhere than the cases they help with",
    "places": "reference: the places themselves",
    "reporting_calendars": "reference: the nation's calendars stand beside a district's",
    "sign_in_attempts": "counted before anybody is known",
    "sign_ins": "hang on an account",
    "tokens": "hang on a sign-in",
}
MODULES = sorted((ROOT / "app").rglob("*.py"))
UNITS_OF_WORK = {"app/core/unit_of_work.py", "app/core/reading.py", "app/core/transaction.py", "app/core/route.py"}
OPENERS = {"AsyncSession", "NarrowedSession", "sessionmaker", "async_sessionmaker", "async_scoped_session"}
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def problems() -> Iterator[type[Problem]]:
    pending = [Problem]
    while pending:
        one = pending.pop()
        pending += one.__subclasses__()
        if one.__module__.startswith("app.") and hasattr(one, "code"):
            yield one


def test_generated_documents_are_current() -> None:
    assert outdated() == []
    assert (ROOT / "openapi.json").is_file()


def test_every_operation_asks_for_a_permission_or_is_public() -> None:
    public = {(route.path, method) for router, _ in PUBLIC for route in router.routes for method in route.methods}  # type: ignore[attr-defined]
    assert all(len(reason) > 10 for _, reason in PUBLIC)
    known = {str(permission) for permission in Permission}
    walked = set()
    for path, operations in json.loads(openapi_document())["paths"].items():
        for method, operation in operations.items():
            walked.add((path, method.upper()))
            if (path, method.upper()) in public:
                assert operation.get("x-permission") is None
            else:
                assert operation.get("x-permission") in known, f"{method} {path} asks for no permission"
    guarded = {
        (API + route.path, method)  # type: ignore[attr-defined]
        for router in GUARDED
        for route in router.routes
        for method in route.methods  # type: ignore[attr-defined]
    }
    assert walked == public | guarded, "a route is missing in the document, or stands in no list of routers"


def test_every_table_is_located_or_says_why_not() -> None:
    mappers = list(Base.registry.mappers)
    assert len(mappers) == len(Base.metadata.tables), app.models.__name__
    bare = {mapper.local_table.name for mapper in mappers if not issubclass(mapper.class_, Located)}  # type: ignore[attr-defined]
    assert bare == set(UNLOCATED)
    for mapper in mappers:
        if issubclass(mapper.class_, Located):
            columns = mapper.local_table.c
            assert not any(columns[name].nullable for name in ("district", "township", "place"))


def test_problems_and_codes_speak_two_languages() -> None:
    found = list(problems())
    assert {one.code for one in found} == set(PROBLEMS)
    said = [(one.code, one.zh, one.en) for one in found]
    tables = [table for table in _subclasses(Code) if table.__module__.startswith("app.")]
    assert set(TABLES.values()) <= set(tables)
    said += [(f"{table.__name__}.{member.name}", member.zh, member.en) for table in tables for member in table]
    assert len(said) > 200
    silent = [name for name, zh, en in said if not (zh.strip() and en.strip()) or zh == en]
    assert silent == []


def _subclasses(of: type[Any]) -> Iterator[type[Any]]:
    for one in of.__subclasses__():
        yield one
        yield from _subclasses(one)


def test_modules_and_functions_are_short() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}
    long = [
        f"{name_of(path)}:{function.lineno} {function.name}"
        for path in MODULES
        for function in functions(tree_of(path))
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_function_imports() -> None:
    late = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for function in functions(tree_of(path))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert late == []


def breaches_of_the_transaction(tree: ast.Module, is_core: bool) -> list[str]:
    """Who ends a transaction or opens a session; outside the core even the type of a session is not named."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}:
            found.append(f"{node.lineno} {node.attr}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OPENERS:
            found.append(f"{node.lineno} {node.func.id}(")
        if not is_core and isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            found += [f"{node.lineno} {name.name}" for name in node.names if name.name in {*OPENERS, "Session"}]
    return found


def test_only_the_unit_of_work_opens_and_ends_transactions() -> None:
    found = {
        name_of(path): breaches_of_the_transaction(tree_of(path), "core" in path.parts)
        for path in MODULES
        if name_of(path) not in UNITS_OF_WORK
    }
    assert {name: breaches for name, breaches in found.items() if breaches} == {}
    for slip in ("session.commit()", "f(session.rollback)", "AsyncSession(engine)"):
        assert breaches_of_the_transaction(ast.parse(slip), is_core=True)
    assert breaches_of_the_transaction(ast.parse("from sqlalchemy.ext.asyncio import AsyncSession"), is_core=False)
    assert breaches_of_the_transaction(ast.parse("from sqlalchemy.orm import Session"), is_core=False)


def test_only_the_core_serves_all_jurisdictions() -> None:
    outside = [path for path in MODULES if "core" not in path.parts]
    assert len(outside) > 50
    mentions = [
        name_of(path) for path in outside if "KERNEL" in (text := path.read_text("utf-8")) or '"kernel"' in text
    ]
    assert mentions == []
    figures = [
        name_of(path) for path in outside if "COUNTING" in (text := path.read_text("utf-8")) or '"counting"' in text
    ]
    assert figures == ["app/statistics/tallies.py"], (
        "what shows a case never counts those that its reader is barred from"
    )


def test_a_handler_without_a_door_or_with_two_cannot_be_built() -> None:
    router = guarded_router(prefix="/sample")

    async def no_door() -> dict[str, str]:
        return {}

    async def two_doors(
        reading: Annotated[Reading, read(Permission.SELF)], work: Annotated[Work, work(Permission.SELF)]
    ) -> dict[str, str]:
        return {}

    async def one_door(reading: Annotated[Reading, read(Permission.SELF)]) -> dict[str, str]:
        return {}

    for handler in (no_door, two_doors):
        with pytest.raises(RuntimeError, match="exactly one door"):
            router.get("/refused")(handler)
    assert router.routes == []
    router.get("/built")(one_door)
    assert len(router.routes) == 1


async def test_the_first_byte_leaves_after_the_commit(world: World) -> None:
    caller = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    happened: list[str] = []

    def committed(_: Any) -> None:
        happened.append("commit")

    async def spied(scope: Any, receive: Any, send: Any) -> None:
        async def spy(message: Any) -> None:
            happened.append(message["type"])
            async with world.database.reads.connect() as other:
                stored = await other.scalar(select(func.count()).select_from(Case.__table__))
                happened.append(f"{stored} stored")
            await send(message)

        await world.app(scope, receive, spy)

    engine = world.database.writes.sync_engine
    event.listen(engine, "commit", committed)
    try:
        transport = httpx.ASGITransport(spied)
        async with httpx.AsyncClient(transport=transport, base_url="http://tests") as client:
            headers = {"Authorization": f"Bearer {caller.token}"}
            response = await client.post(f"{API}/cases", json=dispute(), headers=headers)
    finally:
        event.remove(engine, "commit", committed)
    assert response.status_code == 201
    assert happened[:3] == ["commit", "http.response.start", "1 stored"]
    assert happened.count("commit") == 1
