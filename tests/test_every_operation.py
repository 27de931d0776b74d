"""What every operation promises alike, walked over the OpenAPI document: all or nothing, audited, safely repeated."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, exc

from app.people.codes import Role
from tests.contract import document_of
from tests.samples import REQUESTS, Sample, Scene, samples, scene, sender
from tests.tables import changed, content, rows
from tests.world import DISTRICT, World, ok

LEFT_BY_TRIES = frozenset({"sign_in_attempts", "audit_records", "number_counters"})
"""A password that was tried is counted, and audited, whatever becomes of the change of password."""
READS_THAT_WRITE = {"reveal_party_identity", "find_related_cases", "read_attachment_content", "download_dossier"}
DOWNLOADS = {"read_attachment_content", "download_dossier"}
"""No answer is written for them: the bytes stand already."""


def is_write(sample: Sample) -> bool:
    return sample.permission is not None and (sample.is_unsafe or sample.operation in READS_THAT_WRITE)


async def writes(scene: Scene) -> list[Sample]:
    found = [sample for sample in samples(scene) if is_write(sample)]
    assert len(found) >= 20
    for sample in found:
        await sender(scene, sample)
    return found


async def test_every_operation_has_a_sample(world: World) -> None:
    operations = [o["operationId"] for path in document_of(world.app)["paths"].values() for o in path.values()]
    assert sorted(operations) == sorted(REQUESTS)


async def test_every_change_leaves_its_audit_record_and_no_reading_does(world: World) -> None:
    own = await scene(world)
    auditor = await own.caller(Role.AUDITOR)
    await writes(own)
    for sample in samples(own):
        caller = await sender(own, sample)
        before = await content(world)
        reply = await sample.send(world, caller)
        assert reply.status in {200, 201}, (sample.operation, reply)
        if sample.permission is None:
            continue
        if not is_write(sample):
            assert changed(before, await content(world)) == {}, sample.operation
            continue
        assert caller is not None
        latest = (await ok(auditor.get("/audit-events?limit=1")))["items"][0]
        assert (latest["action"], latest["actor_id"]) == (sample.operation, str(caller.account.id))
        assert latest["request_id"] == reply.headers["x-request-id"]
    records = await rows(world, "audit_records") + await rows(world, "events")
    numbers = sorted(record["seq"] for record in records if record["district"] == DISTRICT[:6])
    assert numbers == list(range(1, len(numbers) + 1))


async def test_every_change_sent_twice_under_one_key_is_done_once(world: World) -> None:
    own = await scene(world)
    for sample in [sample for sample in await writes(own) if sample.is_unsafe]:
        caller, headers = await sender(own, sample), {"idempotency-key": f"key-{sample.operation}"}
        first = await sample.send(world, caller, headers=headers)
        assert first.status in {200, 201}, (sample.operation, first)
        left = LEFT_BY_TRIES if sample.operation == "change_own_password" else frozenset[str]()
        before = await content(world, without=left)
        again = await sample.send(world, caller, headers=headers)
        assert again.headers.pop("idempotent-replay", None) == "true", (sample.operation, again)
        for reply in (first, again):
            del reply.headers["x-request-id"]
        assert again == first, sample.operation
        assert changed(before, await content(world, without=left)) == {}, sample.operation


class Breakdown:
    """The database fails at one point of a request: at its n-th statement, or at its commit."""

    def __init__(self, at: int | None) -> None:
        self.at, self.seen, self.happened = at, 0, False

    def statement(self, *_: Any) -> None:
        self.seen += 1
        if self.seen == self.at:
            self._break()

    def commit(self, _: Any) -> None:
        if self.at is None:
            self._break()

    def _break(self) -> None:
        self.happened = True
        raise exc.OperationalError("it broke down", None, Exception("injected"))


@contextmanager
def breaking(world: World, at: int | None) -> Iterator[Breakdown]:
    breakdown = Breakdown(at)
    writes, reads = world.database.writes.sync_engine, world.database.reads.sync_engine
    # On PostgreSQL both are one engine underneath, and what is heard at `writes` is all there is.
    engines = [writes, reads] if world.database.is_sqlite else [writes]
    listened = [(engine, "before_cursor_execute", breakdown.statement) for engine in engines]
    listened.append((writes, "commit", breakdown.commit))
    for target in listened:
        event.listen(*target)
    try:
        yield breakdown
    finally:
        for target in listened:
            event.remove(*target)


async def test_a_database_that_breaks_down_at_any_point_leaves_nothing_half_done(world: World) -> None:
    """Every change, broken at each of its statements and at its commit, and at last let through."""
    own, points = await scene(world), 0
    for sample in await writes(own):
        if sample.operation == "change_own_password":
            continue  # its tries are counted, and refused after the tenth
        caller = await sender(own, sample)
        before = await content(world)
        for at in (None, *range(1, 100)):
            with breaking(world, at) as breakdown:
                reply = await sample.send(world, caller)
            if not breakdown.happened:
                break
            points += 1
            assert reply.status == 503, (sample.operation, at, reply)
            assert reply.headers["retry-after"]
            assert changed(before, await content(world)) == {}, (sample.operation, at)
        assert reply.status in {200, 201}, (sample.operation, reply)
    assert points > 200


async def test_an_answer_that_cannot_be_written_is_a_change_not_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The body exists before the commit: nothing is kept that its sender would be told has failed."""
    own = await scene(world)
    changes = await writes(own)
    before = await content(world, without=LEFT_BY_TRIES)

    def broken(_: Any) -> bytes:
        raise TypeError("no JSON for this")

    for sample in [sample for sample in changes if sample.operation not in DOWNLOADS]:
        caller = await sender(own, sample)
        with monkeypatch.context() as patch:
            patch.setattr("app.core.route.dump", broken)
            reply = await sample.send(world, caller)
        assert (reply.status, reply.document["code"]) == (500, "internal-error"), sample.operation
        assert changed(before, await content(world, without=LEFT_BY_TRIES)) == {}, sample.operation
