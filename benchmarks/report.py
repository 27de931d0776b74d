"""The figures as one plain table: medians over the rounds, and the service in relation to the other two."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.operations import OPERATIONS
from benchmarks.statements import Counted, per_request

BARE, DRF, SERVICE = "bare", "drf", "service"
TARGETS = {"POST": 0.20, "GET": 0.30, "LIST": 0.33}
"""Of the bare endpoint's requests a second."""
_TARGET_DRF = 3.0
_STATEMENTS = {"POST": 8, "GET": 3, "LIST": 3}
_MEMORY = 150


@dataclass(frozen=True)
class Round:
    operation: str
    server: str
    rate: float
    """Requests a second."""
    cpu_server: float
    """Microseconds of processor time a request."""
    cpu_postgres: float
    p50: float
    """Milliseconds."""
    p99: float
    busy: float
    """Share of one processor that the load generator itself used."""
    refused: int
    """Answers that told to come back (503): an overloaded machine."""


def lines_of(rounds: Sequence[Round], statements: Counted, idle: float, loaded: float) -> list[str]:
    """Everything that is reported."""
    busiest, refused = max(r.busy for r in rounds), sum(r.refused for r in rounds)
    return [
        *_table(rounds),
        "",
        f"{_machine()}. Medians; a ratio is the median of the rounds' own.",
        f"The load generator took up to {busiest:.0%} of a processor; {refused} answers were 503.",
        f"The service's worker held {idle:.0f} MB idle and {loaded:.0f} MB afterwards.",
        "",
        "```",
        *_targets(rounds, statements, idle),
        "```",
        "",
        *_listed(statements),
    ]


def _table(rounds: Sequence[Round]) -> list[str]:
    lines = [
        "| operation | server | requests/s (min–max) | of bare | of DRF | µs CPU | µs PostgreSQL | p50 ms | p99 ms |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for operation in OPERATIONS:
        for server in (BARE, SERVICE, DRF):
            own = [r for r in rounds if (r.operation, r.server) == (operation, server)]
            rates = [r.rate for r in own]
            cells = [
                operation,
                server,
                f"{median(rates):.0f} ({min(rates):.0f}–{max(rates):.0f})",
                f"{_ratio(rounds, operation, server, BARE):.2f}",
                f"{_ratio(rounds, operation, server, DRF):.1f}",
                *(f"{median(values):.0f}" for values in ([r.cpu_server for r in own], [r.cpu_postgres for r in own])),
                *(f"{median(values):.1f}" for values in ([r.p50 for r in own], [r.p99 for r in own])),
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def _targets(rounds: Sequence[Round], statements: Counted, memory: float) -> list[str]:
    lines = []
    for operation in OPERATIONS:
        for other, least in ((BARE, TARGETS[operation]), (DRF, _TARGET_DRF)):
            ratio = _ratio(rounds, operation, SERVICE, other)
            by_cpu = _cpu(rounds, operation, other) / _cpu(rounds, operation, SERVICE)
            name = f"{operation} of {other}"
            lines.append(f"{_target(name, f'{ratio:.2f}', f'>= {least:.2f}', ratio >= least)}  ({by_cpu:.2f} by CPU)")
        number, most = per_request(statements[operation]), _STATEMENTS[operation]
        lines.append(_target(f"{operation} statements", f"{number:.1f}", f"<= {most}", number <= most))
    return [*lines, _target("idle worker MB", f"{memory:.0f}", f"<= {_MEMORY}", memory <= _MEMORY)]


def _cpu(rounds: Sequence[Round], operation: str, server: str) -> float:
    """Of the server's own process: what bounds a worker that has a processor to itself."""
    return median(r.cpu_server for r in rounds if (r.operation, r.server) == (operation, server))


def _machine() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123
        model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), "")
    return f"{model or platform.machine()}, Python {platform.python_version()}"


def _listed(statements: Counted) -> list[str]:
    lines = ["| operation | calls | statement of the service |", "|---|---|---|"]
    for operation, found in statements.items():
        lines += [f"| {operation} | {calls:.2f} | `{' '.join(query.split())[:110]}` |" for query, calls in found]
    return lines


def _target(name: str, value: str, wanted: str, met: bool) -> str:
    return f"{name:<18}{value:>8}  {wanted:<8} {'met' if met else 'MISSED':<6}"


def _ratio(rounds: Sequence[Round], operation: str, server: str, other: str) -> float:
    """Median over the rounds of the ratio within a round: what else the machine does moves both alike."""
    pairs = zip(_rates(rounds, operation, server), _rates(rounds, operation, other), strict=True)
    return median(own / theirs for own, theirs in pairs)


def _rates(rounds: Sequence[Round], operation: str, server: str) -> list[float]:
    return [r.rate for r in rounds if (r.operation, r.server) == (operation, server)]
