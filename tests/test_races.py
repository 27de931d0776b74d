"""Many clients at once: a dispute sent again and again is one case, numbers have no gaps, of two clerks one wins."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakValueDictionary

import httpx
import pytest
from sqlalchemy import func, select

from app.core import idempotency
from app.core.audit import AuditRecord
from app.intake import service
from app.intake.models import Case, CaseStep
from app.people.codes import Role
from tests.world import (
    DISTRICT,
    TOWN,
    Caller,
    World,
    accepted_case,
    agreed,
    case,
    dispute,
    failed,
    ok,
    operating,
    party,
    round_of,
    started_round,
)

CLIENTS, SUBMITS, KEYS, ACCEPTANCES = 50, 1000, 20, 200
MOST_TRIES = 60


async def at_once(
    requests: list[Callable[[], Awaitable[httpx.Response]]], clients: int = CLIENTS
) -> list[httpx.Response]:
    """Sent by so many clients side by side, each one after another; who has asked too often does not come back."""
    answers: list[httpx.Response] = []
    pending = list(reversed(requests))

    async def client() -> None:
        while pending:
            send = pending.pop()
            for _ in range(MOST_TRIES):
                answer = await send()
                if "retry-after" not in answer.headers or answer.status_code == 429:
                    break
                await asyncio.sleep(1)  # busy, and nothing kept: the client comes back, as it was told
            answers.append(answer)

    await asyncio.gather(*(client() for _ in range(clients)))
    return answers


def posting(
    caller: Caller, path: str, body: dict[str, Any] | None, **headers: str
) -> Callable[[], Awaitable[httpx.Response]]:
    sent = {} if body is None else {"json": body}
    return lambda: caller.post(path, headers=headers, **sent)


async def count(world: World, model: type[Any], *conditions: Any) -> int:
    async with operating(world) as work:
        return await work.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


async def test_a_thousand_submits_of_twenty_cases_make_twenty(own_world: World) -> None:
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    bodies = [dispute(id=str(uuid4()), summary=f"第{number}件") for number in range(KEYS)]
    answers = await at_once([posting(clerk, "/cases", bodies[n % KEYS]) for n in range(SUBMITS)])
    assert Counter(answer.status_code for answer in answers) == {201: KEYS, 200: SUBMITS - KEYS}
    assert {answer.json()["id"] for answer in answers} == {body["id"] for body in bodies}
    assert await count(own_world, Case) == KEYS


async def test_a_thousand_submits_under_twenty_keys_make_twenty(own_world: World) -> None:
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    requests = [
        posting(clerk, "/cases", dispute(summary=f"第{n % KEYS}件"), **{"Idempotency-Key": f"key-{n % KEYS}"})
        for n in range(SUBMITS)
    ]
    answers = await at_once(requests)
    assert {answer.status_code for answer in answers} == {201}
    assert sum("idempotent-replay" in answer.headers for answer in answers) == SUBMITS - KEYS
    assert len({answer.json()["id"] for answer in answers}) == KEYS
    assert await count(own_world, Case) == KEYS


@pytest.mark.parametrize("with_ids", [False, True])
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_twins_of_a_registration_in_other_processes_are_one_case(
    own_world: World, monkeypatch: pytest.MonkeyPatch, with_ids: bool
) -> None:
    """Nothing in this process parts them: the database lets one through, and the others find its answer. (SQLite has
    one writer, and it is a process's.)"""

    @asynccontextmanager
    async def nobody_waits(_: Any) -> AsyncIterator[None]:
        yield

    monkeypatch.setattr(idempotency, "no_twin", nobody_waits)
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    for n in range(10):
        ids: dict[str, Any] = (
            {"parties": [party(id=str(uuid4())), party("respondent", "张某乙", id=str(uuid4()))]} if with_ids else {}
        )
        send = posting(clerk, "/cases", dispute(**ids), **{"Idempotency-Key": f"twin-{n}"})
        answers = await asyncio.gather(*(send() for _ in range(8)))
        assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
        assert sum("idempotent-replay" in answer.headers for answer in answers) == 7
        assert len({answer.content for answer in answers}) == 1
    assert await count(own_world, Case) == 10


async def test_numbers_have_no_gaps_under_two_hundred_acceptances(own_world: World) -> None:
    """A fifth of them is refused: an applicant who refuses, a date before the report."""
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    requests = []
    for number in range(ACCEPTANCES):
        parties = [party(consent="refused" if number % 10 == 0 else "agreed"), party("respondent", "张某乙")]
        registered = await case(clerk, parties=parties)
        on = "2020-02-01" if number % 10 == 5 else "2020-03-02"
        requests.append(posting(clerk, f"/cases/{registered['id']}/acceptance", {"accepted_on": on}))
    answers = await at_once(requests)
    assert Counter(answer.status_code for answer in answers) == {200: 160, 409: 40}
    numbers = {answer.json()["number"] for answer in answers if answer.status_code == 200}
    assert numbers == {f"调{TOWN[3:]}〔2020〕{n}号" for n in range(1, 161)}


async def only_one_wins(world: World, caller: Caller, case_id: str, path: str, body: dict[str, Any] | None) -> None:
    """Ten at once: one 200, the others 409; one further step, and an audit record for each change alone."""
    before = await ok(caller.get(f"/cases/{case_id}"))
    steps, audits = await marks(world, case_id)
    answers = await at_once([posting(caller, path, body) for _ in range(10)], clients=10)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    after = await ok(caller.get(f"/cases/{case_id}"))
    assert after["version"] == before["version"] + 1
    assert await marks(world, case_id) == (steps + 1, audits + 1)


async def marks(world: World, case_id: str) -> tuple[int, int]:
    steps = await count(world, CaseStep, CaseStep.case_id == UUID(case_id))
    return steps, await count(world, AuditRecord, AuditRecord.target_id == UUID(case_id))


async def test_of_concurrent_steps_of_one_case_exactly_one_wins(own_world: World) -> None:
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk)
    id = registered["id"]
    await only_one_wins(own_world, clerk, id, f"/cases/{id}/acceptance", {"accepted_on": "2020-03-02"})
    mediation = await started_round(clerk, id)
    pause = {"reason": "other", "on": "2020-03-03"}
    await only_one_wins(own_world, clerk, id, f"/cases/{id}/suspension", pause)
    await only_one_wins(own_world, clerk, id, f"/cases/{id}/resumption", {"on": "2020-03-04"})
    consents = [party["id"] for party in registered["parties"]]
    more = {"reason": "补充材料", "on": "2020-03-04", "consents": consents}
    await only_one_wins(own_world, clerk, id, f"/cases/{id}/extension", more)
    await only_one_wins(own_world, clerk, id, f"/mediations/{mediation['id']}/conclusion", failed())
    await only_one_wins(own_world, clerk, id, f"/cases/{id}/closure", {"closed_on": "2020-03-06"})


async def test_of_two_rounds_started_at_once_one_is_refused(own_world: World) -> None:
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    answers = await at_once([posting(clerk, f"/cases/{accepted['id']}/mediations", round_of()) for _ in range(10)], 10)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}


async def test_a_signature_is_recorded_once(own_world: World) -> None:
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    accepted = await accepted_case(clerk)
    mediation = await started_round(clerk, accepted["id"])
    await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreed(form="written")))
    path = f"/cases/{accepted['id']}/agreement/signatures"
    steps, audits = await marks(own_world, accepted["id"])
    answers = await at_once([posting(clerk, path, {"seal": True, "on": "2020-03-05"}) for _ in range(10)], 10)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    assert len((await ok(clerk.get(f"/cases/{accepted['id']}/agreement")))["signatures"]) == 1
    assert await marks(own_world, accepted["id"]) == (steps + 1, audits + 1)


async def test_of_changes_under_one_version_one_is_kept(own_world: World) -> None:
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk)
    path, headers = f"/cases/{registered['id']}", {"If-Match": '"1-full"'}

    def patching(title: str) -> Callable[[], Awaitable[httpx.Response]]:
        return lambda: clerk.patch(path, json={"title": title}, headers=headers)

    answers = await at_once([patching(f"标题{number}") for number in range(10)], clients=10)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 9}
    kept = next(answer.json()["title"] for answer in answers if answer.status_code == 200)
    stands = await ok(clerk.get(path))
    assert (stands["title"], stands["version"]) == (kept, 2)
    assert await marks(own_world, registered["id"]) == (1, 2)


async def test_of_two_ways_to_go_on_one_is_taken(own_world: World) -> None:
    """Acceptance and refusal of one case at once: never both, and nothing of the one that lost."""
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk)
    path = f"/cases/{registered['id']}"
    acceptance = posting(clerk, f"{path}/acceptance", {"accepted_on": "2020-03-02"})
    refusal = posting(clerk, f"{path}/refusal", {"reason": "excluded_by_law", "notice_on": "2020-03-02"})
    answers = await at_once([acceptance, refusal] * 5, clients=10)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    taken = next(answer.json()["status"] for answer in answers if answer.status_code == 200)
    stands = await ok(clerk.get(path))
    assert (stands["status"], stands["version"]) == (taken, 2)
    assert (stands["number"] is None) == (taken == "declined")
    assert await marks(own_world, registered["id"]) == (2, 2)


async def test_twins_are_not_refused_for_the_name_they_share(own_world: World) -> None:
    """A prefix of numbers and a username are unique: the twin that holds it already is no other record."""
    admin = await own_world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    for number in range(10):
        committee = {"kind": "mediation_committee", "name": "某调委会", "place": TOWN, "number_prefix": f"新调{number}"}
        account = {"username": f"auditor.{number}", "name": "样例", "role": "auditor", "place": DISTRICT}
        for path, body in (("/organizations", committee), ("/accounts", account)):
            twin = posting(admin, path, body | {"id": str(uuid4())})
            answers = await at_once([twin] * 10, clients=10)
            assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 9}, path


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> tuple[asyncio.Event, asyncio.Event]:
    """Acceptances stop in the middle of their transaction: `begun` says that one is there, `may_end` lets them go."""
    begun, may_end, accept = asyncio.Event(), asyncio.Event(), service.accept

    async def slow(*arguments: Any) -> Case:
        accepted = await accept(*arguments)
        begun.set()
        await may_end.wait()
        return accepted

    monkeypatch.setattr(service, "accept", slow)
    return begun, may_end


@dataclass
class Underway:
    """An acceptance in the middle of its transaction, under a key."""

    clerk: Caller
    path: str
    may_end: asyncio.Event
    first: asyncio.Future[httpx.Response] = field(init=False)

    async def send(self, **headers: str) -> httpx.Response:
        return await posting(self.clerk, self.path, {"accepted_on": "2020-03-02"}, **headers)()

    async def twin(self) -> httpx.Response:
        return await self.send(**{"Idempotency-Key": "once"})


@pytest.fixture
async def underway(own_world: World, held: tuple[asyncio.Event, asyncio.Event]) -> Underway:
    begun, may_end = held
    clerk = await own_world.caller(Role.OFFICE_CLERK, TOWN)
    registered = await case(clerk)
    made = Underway(clerk, f"/cases/{registered['id']}/acceptance", may_end)
    made.first = asyncio.ensure_future(made.twin())
    await begun.wait()
    return made


async def test_a_key_still_in_use_waits_and_replays(underway: Underway) -> None:
    second = asyncio.ensure_future(underway.twin())
    await asyncio.sleep(0.5)
    assert not second.done(), "it waits for the first"
    underway.may_end.set()
    answers = [await underway.first, await second]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert ["idempotent-replay" in answer.headers for answer in answers] == [False, True]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    ("engine", "is_elsewhere"), [("sqlite", False), ("postgresql", False), ("postgresql", True)], indirect=["engine"]
)
async def test_a_key_in_use_for_long_is_told_to_come_back(
    underway: Underway, monkeypatch: pytest.MonkeyPatch, is_elsewhere: bool
) -> None:
    """In this process or in another. Whoever waits for the case, not for the key, hears that the register is busy."""
    if is_elsewhere:
        monkeypatch.setattr(idempotency, "RUNNING", WeakValueDictionary())  # what another process has
    twin, other, keyless = await asyncio.gather(
        underway.twin(), underway.send(**{"Idempotency-Key": "another"}), underway.send()
    )
    assert (twin.status_code, twin.json()["code"]) == (409, "request-in-progress")
    for busy in (other, keyless):
        assert (busy.status_code, busy.json()["code"]) == (503, "unavailable")
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in (twin, other, keyless))
    underway.may_end.set()
    assert (await underway.first).status_code == 200
    again = await underway.twin()
    assert (again.status_code, again.headers["idempotent-replay"]) == (200, "true")
    assert (await underway.send(**{"Idempotency-Key": "another"})).status_code == 409, "it is free, and too late"
