"""Every operation of the OpenAPI document as Schemathesis reads it: requests that fit the document, and that do not."""

import asyncio
import os
from collections import Counter
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from app.people.codes import Role
from tests.contract import check, document_of
from tests.samples import Sample, Scene, samples, scene, sender
from tests.wire import ask
from tests.world import Caller, World

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
"""Of each operation."""
IS_LONG = "FUZZ_EXAMPLES" in os.environ
OURS = {"host", "content-length", "authorization"}


async def test_every_operation_keeps_to_its_document(world: World) -> None:
    own, loop = await scene(world), asyncio.get_running_loop()
    statuses: Counter[int] = Counter()

    def send(operation: Sample, case: Any, role: Role | None, has_ids: bool) -> None:
        sent = _sent(own, operation, case, role, has_ids=has_ids)
        statuses[asyncio.run_coroutine_threadsafe(sent, loop).result(60)] += 1

    document = schemathesis.openapi.from_dict(document_of(world.app))
    found: list[Any] = [each.ok() for each in document.get_all_operations() if isinstance(each, Ok)]
    operations = {operation.definition.raw["operationId"]: operation for operation in found}
    for sample in samples(own):
        await asyncio.to_thread(_explore, sample, operations[sample.operation], send)
    print(sum(statuses.values()), "requests:", dict(sorted(statuses.items())))  # noqa: T201 a figure to report
    assert len(statuses) > 5
    for sample in samples(own):
        if sample.operation in {"list_cases", "read_statistics"}:
            assert (await sample.send(world, await sender(own, sample))).status == 200, "what was written breaks lists"


def _explore(sample: Sample, operation: Any, send: Any) -> None:
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=not IS_LONG,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, role=st.none() | st.sampled_from(Role), has_ids=st.booleans())
    def explore(case: Any, role: Role | None, has_ids: bool) -> None:
        send(sample, case, role, has_ids)

    explore()


async def _sent(own: Scene, sample: Sample, case: Any, role: Role | None, *, has_ids: bool) -> int:
    """As whoever may send it, or as somebody else; about the scene's records, or about those of the example."""
    if has_ids:
        case.path_parameters = dict(sample.ids)
    caller: Caller | None = await (own.caller(role) if role else sender(own, sample))
    try:
        request = requests.Request(**case.as_transport_kwargs(base_url="http://tests")).prepare()
    except (requests.exceptions.RequestException, UnicodeError):
        return 0  # no client could send it
    headers = {name: value for name, value in request.headers.items() if name.lower() not in OURS}
    if caller is not None:
        headers["authorization"] = f"Bearer {caller.token}"
    body: Any = request.body or b""
    content = body.encode() if isinstance(body, str) else body
    assert request.method
    reply = await ask(own.world.app, request.method, request.path_url, content, headers)
    asked = httpx.Request(request.method, f"http://tests{request.path_url}")
    check(own.world.app, httpx.Response(reply.status, headers=reply.headers, content=reply.body, request=asked))
    return reply.status
