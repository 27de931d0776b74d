"""Requests nobody thought of: bodies, queries, paths and headers made up around the valid ones of every operation."""

import json
import os
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract import document_of
from tests.samples import REQUESTS, Sample, Scene, samples, scene, sender
from tests.test_hostile_input import DATES, IDS, MONEY, PLACES, places_in
from tests.wire import Reply
from tests.world import World

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4")) * 50
IS_LONG = "FUZZ_EXAMPLES" in os.environ
HEADERS = ("if-match", "if-none-match", "idempotency-key", "x-reason", "accept", "accept-language", "content-type")
# `st.text` leaves lone surrogates out, which JSON and percent-encoding can spell all the same.
texts = st.text(st.characters(), max_size=30)
numbers = st.integers(-(2**70), 2**70) | st.floats()
interesting = st.sampled_from([*DATES, *IDS, *MONEY, *PLACES, "none", "%", "a,b", {}, [], [None]])
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts | interesting,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


@dataclass(frozen=True)
class Idea:
    """What to change in a valid request; numbers choose among what there is."""

    operation: str
    fields: list[tuple[int, Any]]
    further: dict[str, Any]
    query: list[tuple[int, str]]
    ids: list[tuple[int, str]]
    headers: dict[str, bytes]


anywhere = st.integers(0, 50)
ideas = st.builds(
    Idea,
    st.sampled_from(sorted(REQUESTS)),
    st.lists(st.tuples(anywhere, values), max_size=3),
    st.dictionaries(texts, values, max_size=1),
    st.lists(st.tuples(anywhere, texts), max_size=3),
    st.lists(st.tuples(anywhere, texts), max_size=1),
    st.dictionaries(st.sampled_from(HEADERS), st.binary(max_size=40), max_size=2),
)
SCENES: dict[int, Scene] = {}


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=not IS_LONG,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(idea=ideas)
async def test_no_request_breaks_the_service(world: World, idea: Idea) -> None:
    """All examples work on one register: what one of them leaves behind must not break the next."""
    if id(world) not in SCENES:
        SCENES.clear()
        SCENES[id(world)] = await scene(world)
    own = SCENES[id(world)]
    valid = next(sample for sample in samples(own) if sample.operation == idea.operation)
    caller = await sender(own, valid)
    hostile = _with_query(_with_ids(valid, idea), idea, own)
    reply = await hostile.send(world, caller, _body(valid, idea), idea.headers)
    _check(own, valid, reply)
    if reply.status < 300 and valid.is_unsafe:
        everything = {s.operation: s for s in samples(own) if s.operation in {"list_cases", "read_statistics"}}
        for listing in everything.values():
            listed = await listing.send(world, await sender(own, listing))
            assert listed.status == 200, "what was written breaks the lists"


def _body(sample: Sample, idea: Idea) -> bytes | None:
    if sample.json is None:
        return None
    document = json.loads(json.dumps(sample.json))
    for number, value in idea.fields:
        places = [path for path, _ in places_in(document)]
        if places:
            *above, last = places[number % len(places)]
            parent = document
            for key in above:
                parent = parent[key]
            parent[last] = deepcopy(value)
    return json.dumps(document | idea.further).encode()


def _with_ids(sample: Sample, idea: Idea) -> Sample:
    path = sample.path
    for number, text in idea.ids:
        if sample.ids:
            name = list(sample.ids)[number % len(sample.ids)]
            path = path.replace(f"{{{name}}}", _encoded(text) or "%20")
    return replace(sample, path=path)


def _with_query(sample: Sample, idea: Idea, own: Scene) -> Sample:
    operation = document_of(own.world.app)["paths"][
        next(s.path for s in samples(own) if s.operation == sample.operation)
    ]
    names = [p["name"] for p in operation[sample.method.lower()].get("parameters", []) if p.get("in") == "query"]
    raw = "&".join(f"{names[number % len(names)]}={_encoded(text)}" for number, text in idea.query if names)
    return replace(sample, path=f"{sample.target}{'&' if sample.query else '?'}{raw}", ids={}, query={})


def _encoded(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _check(own: Scene, sample: Sample, reply: Reply) -> None:
    operation = document_of(own.world.app)["paths"][sample.path][sample.method.lower()]
    assert reply.status < 500, reply
    assert str(reply.status) in operation["responses"] or reply.status == 304, (sample.operation, reply)
    if reply.status >= 400:
        assert reply.headers["content-type"] == "application/problem+json"
        assert {"code", "detail", "title", "status"} <= set(reply.document)
