"""SQLite and PostgreSQL are the same API: one long scenario has the same answers on both, byte for byte.

Clock and chance are made to repeat themselves. Ids and cursors count as the same where they come at the same places.
"""

import itertools
import os
import random
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat

from app.core.clock import FixedClock
from app.people.codes import Role
from tests.contract import document_of
from tests.databases import Postgres, sqlite_copy
from tests.samples import CANARY, Sample, Scene, samples, scene, sender
from tests.test_hostile_input import BODIES, places_in, with_value, wrong_for
from tests.test_hostile_requests import asking, without
from tests.wire import Reply
from tests.world import TOWN, Caller, opened_world

ROLES = (Role.GRID_WORKER, Role.DISTRICT_ADMIN, Role.LIAISON_POLICE)
WORDS = ("1", "0", "exact", "滴水", CANARY, "%25", "%00", TOWN, "none", "")
DATES = ("2020-03-02", "2020-01-01", "2020-02-30")
MOST = 3
"""Values of one code table, in one filter."""


@dataclass
class Told:
    """What was asked and answered, in order."""

    own: Scene
    answers: list[tuple[str, Reply]] = field(default_factory=list)

    async def ask(
        self, why: str, sample: Sample, caller: Caller | None, body: bytes | None = None, **more: Any
    ) -> Reply:
        reply = await sample.send(self.own.world, caller, body, more)
        self.answers.append((f"{sample.operation} {why}", reply))
        return reply


async def told(url: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Reply]]:
    with monkeypatch.context() as patch:
        repeat_chance(patch)
        async with opened_world(url) as world:
            world.kernel = world.app.state.kernel = replace(world.kernel, clock=FixedClock(date(2020, 4, 1)))
            story = Told(await scene(world))
            for chapter in (queries, wrong_bodies, strangers, everything, pages, everything):
                await chapter(story)
    return story.answers


def repeat_chance(patch: pytest.MonkeyPatch) -> None:
    chance, count = random.Random(2020), itertools.count(1)
    patch.setattr(os, "urandom", chance.randbytes)
    patch.setattr(random, "_urandom", chance.randbytes)
    patch.setattr(uuid_utils.compat, "uuid7", lambda: uuid.UUID(int=(0x7 << 76) | (0x2 << 62) | (next(count) << 80)))


NAMED = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=\"next\":\")[^\"]+")


def plain(answers: list[tuple[str, Reply]]) -> list[tuple[str, int, bytes]]:
    """Each id and cursor as the number of those that came before it."""
    seen: dict[bytes, int] = {}

    def number(match: re.Match[bytes]) -> bytes:
        return b"<%d>" % seen.setdefault(match[0], len(seen))

    def whole(reply: Reply) -> bytes:
        lines = [f"{name}: {value}" for name, value in sorted(reply.headers.items())]
        return "\n".join(lines).encode() + b"\n\n" + reply.body

    return [(why, reply.status, NAMED.sub(number, whole(reply))) for why, reply in answers]


async def everything(story: Told) -> None:
    """Each operation; the second time most have been done."""
    for sample in samples(story.own):
        await story.ask("as it should be", sample, await sender(story.own, sample))


async def strangers(story: Told) -> None:
    for role in ROLES:
        caller = await story.own.caller(role)
        for sample in samples(story.own):
            if role not in sample.roles:
                await story.ask(f"as {role}", sample, caller)
    for sample in samples(story.own):
        await story.ask("as nobody", sample, None)
        if sample.record_ids:
            elsewhere = sample.naming(**{name: str(uuid.UUID(int=7)) for name in sample.record_ids})
            await story.ask("of nothing", elsewhere, await sender(story.own, sample))


async def queries(story: Told) -> None:
    for sample in samples(story.own):
        caller = await sender(story.own, sample)
        for name, schema in _parameters(story.own, sample):
            for value in _values(story.own, schema):
                await story.ask(f"{name}={value}", asking(without(sample, name), f"{name}={value}"), caller)


async def wrong_bodies(story: Told) -> None:
    for number, sample in enumerate(each for each in samples(story.own) if each.json is not None):
        caller = await sender(story.own, sample)
        wrong = list(BODIES.items()) + [
            (f"{path} {why}", with_value(sample.json, path, bad))
            for path, value in places_in(sample.json)
            for why, bad in wrong_for(path, value)
        ]
        for why, body in wrong[number % 40 :: 40]:
            if len(body) < 10_000:
                await story.ask(why, sample, caller, body)


async def pages(story: Told) -> None:
    """Each list to its end, two at a time."""
    for sample in samples(story.own):
        if not {"limit", "cursor"} <= {name for name, _ in _parameters(story.own, sample)}:
            continue
        caller, cursor = await sender(story.own, sample), ""
        for number in range(5):
            page = asking(replace(sample, query={}), f"limit=2&total=exact{cursor}")
            reply = await story.ask(f"page {number}", page, caller)
            following = reply.document.get("next")
            if following is None:
                break
            cursor = f"&cursor={following}"


def _parameters(own: Scene, sample: Sample) -> list[tuple[str, Any]]:
    operation = document_of(own.world.app)["paths"][sample.path][sample.method.lower()]
    return [(p["name"], p["schema"]) for p in operation.get("parameters", []) if p.get("in") == "query"]


def _values(own: Scene, schema: Any) -> list[str]:
    parts = list(_parts(own, schema))
    formats = {part.get("format") for part in parts}
    codes = [str(code) for part in parts for code in part.get("enum", [])]
    if "uuid" in formats:
        return [str(own.lead), str(own.partner), str(uuid.UUID(int=7)), "1"]
    return [*DATES] if "date" in formats else [*codes[:MOST], *(WORDS[:3] if codes else WORDS)]


def _parts(own: Scene, schema: Any) -> Iterator[Any]:
    if "$ref" in schema:
        schema = document_of(own.world.app)["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    yield schema
    for inner in [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]:
        yield from _parts(own, inner)


@pytest.mark.timeout(300)
async def test_both_engines_tell_the_same_story(
    sqlite_template: Path, postgres_databases: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await told(sqlite_copy(sqlite_template, tmp_path), monkeypatch)
    name = f"{postgres_databases.prefix}_same_{uuid.uuid4().hex[:8]}"
    postgres_databases.create(name, template=postgres_databases.template)
    try:
        other = await told(postgres_databases.url(name), monkeypatch)
    finally:
        postgres_databases.drop(name)
    told_by_one, told_by_other = plain(one), plain(other)
    assert [why for why, *_ in told_by_one] == [why for why, *_ in told_by_other]
    statuses = Counter(status for _, status, _ in told_by_one)
    print(len(one), "requests:", dict(sorted(statuses.items())))  # noqa: T201 a figure to report
    assert {200, 201, 401, 403, 404, 409, 412, 422} <= set(statuses)
    differing = [(a, b) for a, b in zip(told_by_one, told_by_other, strict=True) if a != b]
    for a, b in differing[:20]:
        print(*a, *b[1:], sep="\n")  # noqa: T201 what to look at
    assert differing == [], f"{len(differing)} of {len(one)}"
