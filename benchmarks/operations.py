"""What is asked of each server: the same three operations, each in the server's own words, on the same cases."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any

from app.demo.disputes import TOPICS
from app.demo.sample_district import sample_name
from benchmarks.load import PERSON, UNIQUE
from benchmarks.processes import Server
from benchmarks.register import Register

OPERATIONS = ("POST", "GET", "LIST")
CASES_A_TOWN, BODIES = 500, 4000
_CASES = "SELECT id::text FROM cases WHERE district = $1 AND township = $2 ORDER BY md5(id::text) LIMIT $3"
_FIRST_DAY, _DAYS = date(2023, 1, 1), 1000


@dataclass(frozen=True)
class Sample:
    """Of one township: some of its cases and villages, and its clerk's token."""

    code: str
    cases: list[str]
    villages: list[str]
    token: str


def sampled(register: Register, tokens: dict[str, str]) -> list[Sample]:
    """The townships whose clerks have a token."""
    samples = []
    for username, token in tokens.items():
        code = register.ask("SELECT place FROM accounts WHERE username = $1", username)[0][0]
        found = register.ask(_CASES, code[:6], code[:9], CASES_A_TOWN)
        villages = register.ask("SELECT code FROM places WHERE parent = $1", code)
        samples.append(Sample(code, [row[0] for row in found], [row[0] for row in villages], token))
    return samples


def requests(operation: str, server: Server, samples: Sequence[Sample], round_number: int = 0) -> list[str]:
    """Of every round and server its own: what comes again would be a duplicate of what it was before."""
    chance, make = Random(f"{operation} {server.name} {round_number}"), _MAKERS[operation]
    of_service = server.name == "service"
    if operation == "LIST":
        return [make(server, sample, of_service, chance, "") for sample in samples]
    towns = cycle(samples)
    chosen = [next(towns) for _ in range(BODIES)]
    return [make(server, sample, of_service, chance, chance.choice(sample.cases)) for sample in chosen]


def _get(server: Server, sample: Sample, of_service: bool, _: Random, case: str) -> str:
    path = f"/api/v1/cases/{case}" if of_service else f"/cases/{case}?township={sample.code}"
    return _request(server, "GET", path, sample)


def _list(server: Server, sample: Sample, of_service: bool, *_: Any) -> str:
    path = f"/api/v1/cases?place={sample.code}&limit=50" if of_service else f"/cases?township={sample.code}"
    return _request(server, "GET", path, sample)


def _post(server: Server, sample: Sample, of_service: bool, chance: Random, _: str) -> str:
    topic, names = chance.choice(TOPICS), (sample_name(chance), sample_name(chance))
    body = {
        "place": chance.choice(sample.villages),
        "source": "application",
        "category": topic.category,
        "title": topic.title,
        "summary": chance.choice(topic.summaries).format(a=names[0], b=names[1]),
        # Spread like the register's own: a village that reports everything on one day would be full of duplicates.
        "reported_on": str(_FIRST_DAY + timedelta(chance.randrange(_DAYS))),
        "parties": [_party("applicant", names[0]), _party("respondent", names[1])],
    }
    path = "/api/v1/cases" if of_service else "/cases"
    return _request(server, "POST", path, sample, json.dumps(body, ensure_ascii=False))


def _party(side: str, name: str) -> dict[str, str]:
    number = PERSON.decode()
    return {"side": side, "name": name, "id_kind": "passport", "id_number": f"SAMPLE{number}", "phone": f"000-{number}"}


def _request(server: Server, method: str, path: str, sample: Sample, body: str = "") -> str:
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", f"Authorization: Bearer {sample.token}"]
    if body:
        length = len(body.encode())
        lines += ["Content-Type: application/json", f"Content-Length: {length}", f"Idempotency-Key: {UNIQUE.decode()}"]
    return "\r\n".join([*lines, "", body])


_MAKERS: dict[str, Callable[..., str]] = {"POST": _post, "GET": _get, "LIST": _list}
