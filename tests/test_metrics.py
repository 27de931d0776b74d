"""What is counted of the service, and who may read it."""

import re
from pathlib import Path

import httpx
import pytest
from prometheus_client import generate_latest

from app.core.metrics import REGISTRY, watch_connections
from app.people.codes import Role
from tests.samples import CANARY, ID_NUMBER, PHONE, samples, scene, sender
from tests.test_starting import free_port, register, run, says_why, serving
from tests.wire import ask
from tests.world import TOWN, World, case, ok, refused

__all__ = ["register"]


def counted(sample: str) -> float:
    """The value of one line, such as `tiaojie_request_seconds_count{…}`."""
    for line in generate_latest(REGISTRY).decode().splitlines():
        if line.startswith(f"{sample} "):
            return float(line.split()[-1])
    return 0


def answered(route: str, method: str, status: str) -> float:
    return counted(f'tiaojie_request_seconds_count{{method="{method}",route="{route}",status="{status}"}}')


async def test_requests_are_counted_by_route_method_and_class_of_status(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    found, missing = answered("/cases/{case_id}", "GET", "2xx"), answered("/cases/{case_id}", "GET", "4xx")
    took = counted('tiaojie_request_seconds_sum{method="GET",route="/cases/{case_id}",status="2xx"}')
    registered = await case(clerk)
    await ok(clerk.get(f"/cases/{registered['id']}"))
    await refused(clerk.get(f"/cases/{registered['id'][:-1]}x"), 404, "not-found")
    assert answered("/cases/{case_id}", "GET", "2xx") == found + 1
    assert answered("/cases/{case_id}", "GET", "4xx") == missing + 1
    assert counted('tiaojie_request_seconds_sum{method="GET",route="/cases/{case_id}",status="2xx"}') > took
    assert counted("tiaojie_requests_in_flight") == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_strangers_cannot_make_up_labels(world: World) -> None:
    others = answered("other", "other", "4xx")
    for number in range(20):
        await ask(world.app, f"BREW{number}", f"/nowhere/{number}", b"", {})
    assert answered("other", "other", "4xx") == others + 20
    assert not re.search("BREW|nowhere", generate_latest(REGISTRY).decode())


async def test_no_value_of_a_request_is_in_the_metrics(world: World) -> None:
    own = await scene(world)
    for sample in samples(own):
        await sample.send(world, await sender(own, sample))
    told = generate_latest(REGISTRY).decode()
    for value in (CANARY, ID_NUMBER, PHONE, own.of("referred"), own.machine, str(own.partner)):
        assert value not in told
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|[0-9]{12}[^0-9.]", re.sub(r"(?m) \S+$", "", told))


async def test_connections_in_use_are_told(world: World) -> None:
    watch_connections(world.database)
    pool = "writes" if world.database.is_sqlite else "all"
    name = f'tiaojie_database_connections_in_use{{pool="{pool}"}}'
    assert counted(name) == 0
    async with world.database.writes.connect():
        assert counted(name) == 1
    assert counted(name) == 0


def test_metrics_have_a_port_of_their_own_on_this_machine_alone(register: Path) -> None:
    port = str(free_port())
    with serving(register, TIAOJIE_METRICS_PORT=port) as address:
        assert httpx.get(f"{address}/metrics").status_code == 404
        told = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert 'tiaojie_request_seconds_count{method="GET",route="/readyz",status="2xx"}' in told
        assert 'tiaojie_database_connections_in_use{pool="reads"} 0' in told
        assert "process_resident_memory_bytes" in told
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.2:{port}/metrics")
        says_why(run("serve", folder=register, TIAOJIE_METRICS_PORT=port), port, "TIAOJIE_METRICS_PORT")
