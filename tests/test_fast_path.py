"""The fast path: few statements, held to the jurisdiction like a session's; actors remembered for a second at most."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import bindparam, event, literal_column, select, text

from app.core.actor_cache import KEPT
from app.core.auth import Actor, Permission
from app.core.jurisdiction import Granted, Subtree
from app.core.prepared import Prepared, listing
from app.core.unit_of_work import Asked, Reading, opened
from app.core.walls import OutsideJurisdiction
from app.intake.models import Case, Party
from app.main import wired
from app.people.codes import Role
from tests.world import DISTRICT, HEAD, KEY, OTHER_TOWN, TOWN, VILLAGE, Caller, World, case, created, dispute, ok

MOST = {"create": 8, "get": 3, "list": 3}


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def hear(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    engines = {id(e.sync_engine): e.sync_engine for e in (world.database.writes, world.database.reads)}
    if not world.database.is_sqlite:
        engines = {0: world.database.writes.sync_engine}  # one engine underneath
    for engine in engines.values():
        event.listen(engine, "before_cursor_execute", hear)
    try:
        yield sent
    finally:
        for engine in engines.values():
            event.remove(engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_the_main_requests_send_few_statements(world: World) -> None:
    """With an Idempotency-Key, its audit record, step, event and encrypted identities; the token is looked up anew."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    requests: dict[str, Callable[[], Any]] = {
        "create": lambda: created(clerk.post("/cases", json=dispute(), headers={"Idempotency-Key": uuid4().hex})),
        "get": lambda: ok(clerk.get(f"/cases/{known['id']}")),
        "list": lambda: ok(clerk.get("/cases?limit=50&status=registered")),
    }
    await requests["create"]()
    for name, request in requests.items():
        world.kernel.actors.forget()
        with counted(world) as sent:
            await request()
        statements = [statement for statement in sent if not statement.startswith(("BEGIN", "COMMIT"))]
        assert len(statements) <= MOST[name], (name, statements)


def reading(world: World, jurisdiction: Any) -> Reading:
    return Reading(world.kernel, Actor(uuid4(), "sample", jurisdiction, frozenset(Permission)), Asked("sample"))


IDS = Prepared(select(Case.id, Case.place))
PARTY = Prepared(select(Party.id).join(Case, Case.id == Party.case_id).where(Party.case_id == bindparam("case_id")))


async def test_a_prepared_select_sees_its_jurisdiction_alone(world: World) -> None:
    known = await case(await world.caller(Role.OFFICE_CLERK, TOWN))
    values = {"case_id": UUID(known["id"])}
    for jurisdiction, cases, parties in (
        (Subtree(VILLAGE), 1, 2),
        (Subtree(TOWN), 1, 2),
        (Subtree(DISTRICT), 1, 2),
        (Subtree(OTHER_TOWN), 0, 0),
        (Granted(DISTRICT[:6], uuid4()), 0, 0),
    ):
        own = reading(world, jurisdiction)
        async with opened(own):
            assert len(await own.rows(IDS)) == cases
            assert len(await own.rows(IDS.select.where(Case.place == VILLAGE))) == cases
            assert len(await own.rows(PARTY, **values)) == parties


async def test_raw_sql_is_refused_on_the_fast_path(world: World) -> None:
    own = reading(world, Subtree(VILLAGE))
    for statement in (
        select(Case.id).where(text("1 = 1 OR 1 = 1")),
        select(literal_column("(SELECT count(*) FROM cases)")),
        listing(select(Case.id)).where(text("1 = 1 OR 1 = 1")),
        Prepared(select(Case.id).where(literal_column("1 = 1 OR 1 = 1"))),
    ):
        async with opened(own):
            with pytest.raises(OutsideJurisdiction):
                await own.rows(statement)


async def test_what_another_process_changes_about_an_account_acts_within_a_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process at once; there the actor is forgotten after a second at most."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    elsewhere = wired(world.database, KEY, HEAD)
    assert (await clerk.get("/me")).status_code == 200
    now = world.kernel.clock.now()
    elsewhere.actors.keep(clerk.token, await _known(world, clerk), now)
    await _disable(admin, clerk)
    assert (await clerk.get("/me")).status_code == 401
    assert elsewhere.actors.find(clerk.token, now + KEPT / 2) is not None
    assert elsewhere.actors.find(clerk.token, now + KEPT) is None
    assert elsewhere.actors.find(clerk.token, now - timedelta(milliseconds=1)) is None, "a clock that went back"


async def _known(world: World, caller: Caller) -> Actor:
    actor = world.kernel.actors.find(caller.token, world.kernel.clock.now())
    return actor or Actor(caller.account.id, "sample", Subtree(TOWN), frozenset())


async def _disable(admin: Caller, caller: Caller) -> None:
    found = await admin.get(f"/accounts/{caller.account.id}")
    headers = {"If-Match": found.headers["etag"]}
    await ok(admin.patch(f"/accounts/{caller.account.id}", json={"disabled": True}, headers=headers))
