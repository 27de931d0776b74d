"""`make bench`: the service, a bare endpoint and a Django REST framework endpoint on one register, in turns.

Everything runs on 127.0.0.1 and in a temporary folder, and ends with this process.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from benchmarks.operations import OPERATIONS, Sample, requests, sampled
from benchmarks.processes import PEER_PROGRAMS, PROGRAMS, ROOT, Server, free_port, serving
from benchmarks.register import SETTINGS, Register
from benchmarks.report import BARE, DRF, SERVICE, Round, lines_of
from benchmarks.statements import counted
from tests import postgres


def main() -> None:
    arguments = _arguments()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    try:
        with ExitStack() as stack:
            bench(arguments, stack)
    except KeyboardInterrupt:
        sys.exit(130)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="The service beside a bare endpoint and Django.")
    parser.add_argument("--cases", type=int, default=200_000, help="in the register (200000)")
    parser.add_argument("--rounds", type=int, default=5, help="of each operation on each server (5)")
    parser.add_argument("--seconds", type=float, default=4.0, help="a round lasts (4)")
    parser.add_argument("--connections", type=int, default=32, help="kept busy (32)")
    parser.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    parser.add_argument(
        "--hold", action="store_true", help="at the end keep the servers up until Enter, to look closer"
    )
    return parser.parse_args()


def bench(arguments: argparse.Namespace, stack: ExitStack) -> None:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tiaojie-bench-")))
    register = Register(stack.enter_context(postgres.running(durable=True, settings=SETTINGS)), folder)
    _say(f"generating {arguments.cases:,} cases\n")
    passwords = register.fill(arguments.cases)
    servers = [stack.enter_context(server) for server in _servers(register)]
    idle = servers[0].memory
    samples = sampled(register, _tokens(servers[0], passwords))
    _say("counting statements\n")
    statements = counted(register, servers[0], samples)
    rounds = list(_rounds(arguments, register, servers, samples))
    lines = lines_of(rounds, statements, idle, servers[0].memory)
    print("\n".join(lines), flush=True)
    if arguments.write:
        text = "\n".join(["# Results of `make bench`", "", f"{arguments.cases:,} cases.", "", *lines, ""])
        (ROOT / "benchmarks/RESULTS.md").write_text(text, encoding="utf-8")
    if arguments.hold:
        _say(
            "\n".join(f"{s.name}: pid {s.process.pid}, port {s.port}, folder {folder}" for s in servers)
            + "\nEnter ends. "
        )
        sys.stdin.readline()


def _servers(register: Register) -> list[AbstractContextManager[Server]]:
    """The service as shipped; the others with as many connections to the database and one worker too."""
    ports = [free_port() for _ in range(3)]
    socket = str(register.postgres.folder / "socket")
    bare = f"{PROGRAMS}/uvicorn benchmarks.bare:app --loop uvloop --http httptools --no-access-log --port {ports[1]}"
    drf = f"{PEER_PROGRAMS}/gunicorn benchmarks.drf.wsgi --threads 8 --keep-alive 60 --bind 127.0.0.1:{ports[2]}"
    plans = (
        (SERVICE, f"{PROGRAMS}/tiaojie serve --demo", register.environment | {"TIAOJIE_PORT": str(ports[0])}),
        (BARE, bare, {"BENCH_POSTGRES": register.postgres.url.replace("+asyncpg", "")}),
        (DRF, drf, {"BENCH_SOCKET": socket}),
    )
    return [
        serving(name, command.split(), environment, port, register.folder / f"{name}.log")
        for (name, command, environment), port in zip(plans, ports, strict=True)
    ]


def _tokens(service: Server, passwords: dict[str, str]) -> dict[str, str]:
    """By township, its clerk's."""
    tokens = {}
    for number in range(1, 9):
        if username := next((name for name in passwords if name == f"clerk.town{number}"), None):
            form = {"grant_type": "password", "username": username, "password": passwords[username]}
            data = urllib.parse.urlencode(form).encode()
            url = f"http://127.0.0.1:{service.port}/api/v1/oauth/token"
            with urllib.request.urlopen(url, data, timeout=30) as answer:
                tokens[username] = json.load(answer)["access_token"]
    return tokens


def _rounds(
    arguments: argparse.Namespace, register: Register, servers: Sequence[Server], samples: Sequence[Sample]
) -> Iterator[Round]:
    """Whoever was first in one round is last in the next."""
    for number in range(arguments.rounds + 1):
        turn = number % len(servers)
        for operation in OPERATIONS:
            for server in (*servers[turn:], *servers[:turn]):
                seconds = arguments.seconds if number else 1.0
                _say(f"\rround {number}/{arguments.rounds} {operation:<4} {server.name:<8}")
                done = _round(
                    operation,
                    server,
                    register,
                    requests(operation, server, samples, number),
                    arguments.connections,
                    seconds,
                )
                if number:  # the first warms up
                    yield done
    _say("\n")


def _round(
    operation: str, server: Server, register: Register, texts: list[str], connections: int, seconds: float
) -> Round:
    file = register.folder / "requests.json"
    file.write_text(json.dumps(texts), encoding="utf-8")
    before = server.cpu, register.cpu
    command = [
        sys.executable,
        "-m",
        "benchmarks.load",
        "127.0.0.1",
        str(server.port),
        str(connections),
        str(seconds),
        str(file),
    ]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(ran.stdout)
    statuses = told["statuses"]
    done = sum(times for status, times in statuses.items() if status.startswith("2"))
    busy = statuses.get("503", 0)
    if done + busy != sum(statuses.values()) or not done:
        raise SystemExit(f"{server.name} answered {operation} with {statuses}; see its log in {register.folder}")
    cpu = [(after - earlier) * 1e6 / done for after, earlier in zip((server.cpu, register.cpu), before, strict=True)]
    rate = done / told["seconds"]
    return Round(operation, server.name, rate, cpu[0], cpu[1], told["p50"], told["p99"], told["busy"], busy)


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


if __name__ == "__main__":
    main()
