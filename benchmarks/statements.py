"""How many statements the service sends a request, counted by PostgreSQL itself (pg_stat_statements)."""

import socket
import time
from collections.abc import Sequence
from itertools import count

from benchmarks.load import named
from benchmarks.operations import OPERATIONS, Sample, requests
from benchmarks.processes import Server
from benchmarks.register import Register

REPEATS = 20
_COUNTED = """SELECT s.query, s.calls FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
 WHERE r.rolname = 'tiaojie' ORDER BY s.calls DESC"""
_FRAME = ("begin", "commit", "rollback", "start transaction", "set ")
"""What frames a transaction is told apart: it costs a round trip but no plan."""

Counted = dict[str, list[tuple[str, float]]]
"""By operation, each statement with its calls a request."""


def counted(register: Register, server: Server, samples: Sequence[Sample]) -> Counted:
    found: Counted = {}
    for operation in OPERATIONS:
        texts = requests(operation, server, list(samples))
        _send(server, texts[:8])  # connections and caches are warm
        _track(register, "top")
        register.ask("SELECT pg_stat_statements_reset()")
        _send(server, [texts[number % len(texts)] for number in range(REPEATS)])
        _track(register, "none")
        found[operation] = [(row["query"], row["calls"] / REPEATS) for row in register.ask(_COUNTED)]
    return found


def frames(statement: str) -> bool:
    return statement.lower().startswith(_FRAME)


def per_request(statements: list[tuple[str, float]]) -> float:
    return sum(calls for query, calls in statements if not frames(query))


def _track(register: Register, what: str) -> None:
    register.ask(f"ALTER SYSTEM SET pg_stat_statements.track = '{what}'")
    register.ask("SELECT pg_reload_conf(), pg_sleep(0.3)")


def _send(server: Server, texts: Sequence[str]) -> None:
    """One after the other, on one connection."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        for number, text in zip(count(time.time_ns() // 1000), texts, strict=False):
            connection.sendall(named(text.encode(), number))
            _receive(connection)


def _receive(connection: socket.socket) -> None:
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536) or _broken(answer)
    head, _, body = answer.partition(b"\r\n\r\n")
    if head[9:10] != b"2":
        _broken(answer)
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536) or _broken(body)


def _broken(answer: bytes) -> bytes:
    raise SystemExit(f"the service did not answer as expected: {answer[:500].decode(errors='replace')}")
