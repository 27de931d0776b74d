"""What is counted of the service: requests by route template, method and class of status; how long they took; what is
under way; connections in use. No ids, no raw paths, no words of anybody.

Served on a port of its own, on this machine alone: counts tell an outsider how busy a township is, and when.
"""

from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector

from app.core.db import Database

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
_SECONDS = Histogram(
    "tiaojie_request_seconds",
    "Requests answered, and how long they took from their head to the end of the answer.",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
_CONNECTIONS = Gauge(
    "tiaojie_database_connections_in_use", "Connections lent out by a pool.", ["pool"], registry=REGISTRY
)
_IN_FLIGHT = Gauge("tiaojie_requests_in_flight", "Requests under way.", registry=REGISTRY)
_METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"})


class UnderWay:
    """How many requests are being answered. Only the event loop changes it."""

    def __init__(self) -> None:
        self.count = 0
        _IN_FLIGHT.set_function(lambda: self.count)

    def __enter__(self) -> None:
        self.count += 1

    def __exit__(self, *_: object) -> None:
        self.count -= 1


UNDER_WAY = UnderWay()


def count_request(method: str, route: str | None, status: int, seconds: float) -> None:
    """Whatever names no route of ours is one `other`: strangers cannot make up labels."""
    _kind(route or "other", method if method in _METHODS else "other", status // 100).observe(seconds)


@cache
def _kind(route: str, method: str, status_class: int) -> Any:
    """Looked up once: naming the labels takes longer than counting."""
    return _SECONDS.labels(route, method, f"{status_class}xx" if status_class else "none")


def watch_connections(database: Database) -> None:
    """On PostgreSQL reads and writes share one pool."""
    pools = {"all": database.writes}
    if database.is_sqlite:
        pools = {"writes": database.writes, "reads": database.reads}
    for name, engine in pools.items():
        pool: Any = engine.pool
        _CONNECTIONS.labels(name).set_function(pool.checkedout)
