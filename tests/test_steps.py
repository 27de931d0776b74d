"""Every step of a case from every status: taken where the table of the contract has it, else refused in the words that
`actions` gives, with nothing kept.

A new step joins by its body in `BODIES`; what it needs before it can be taken stands in `case_in`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from app.core.codes import member_of
from app.intake.codes import CaseStatus
from app.intake.step_codes import ALLOWED_FROM, Step
from app.mediation.hand_off import STEPS as HAND_OFF
from app.people.codes import Role
from tests.samples import HARM, INVESTIGATION, REPORT
from tests.tables import changed, content
from tests.world import (
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    case,
    committee,
    created,
    failed,
    mediator,
    ok,
    party,
    round_of,
    started_round,
)

S = CaseStatus
ON = "2020-03-20"
NO_STEP_OF_ITS_OWN = {
    *(Step.MOVE, Step.RISK_RAISE, Step.CONFLICT, Step.CONFLICT_WITHDRAWAL, *HAND_OFF),
    *(Step.HARM_APPROVAL, Step.HARM_REFUSAL, Step.HARM_WITHDRAWAL),
}
"""A move is a change of the case, which `case-locked` refuses; a conflict of interest is declared in every status; the
steps of a hand-off ask for its state, not the case's (test_referrals.py); risk is raised by the start of a round; what
is decided of a record of prevented harm asks for its state too (test_harms.py)."""
ROUND_STEPS = {Step.SESSION, Step.CONCLUSION, Step.TERMINATION, Step.REPLACEMENT}
OBLIGATION_STEPS = {Step.PERFORMANCE, Step.URGING, Step.PERFORMANCE_REFUSAL, Step.OBLIGATION_CHANGE}
AFTER_AGREEMENT = OBLIGATION_STEPS | {
    *(Step.JUDICIAL_CONFIRMATION, Step.ARBITRATION_REVIEW, Step.REMEDY, Step.RETURN_VISIT)
}
RECORDS = {
    Step.INVESTIGATION: "investigations",
    Step.RIGHTS_NOTICE: "rights-notices",
    Step.ESCALATION_REPORT: "escalation-reports",
}
"""Steps that are taken by entering a record."""


@dataclass
class Stage:
    world: World
    head: Caller
    mediator: UUID
    colleague: str
    other: dict[str, Any]
    """Another case, to merge into."""
    status: CaseStatus
    case: dict[str, Any] = field(default_factory=dict)
    round: str | None = None
    obligation: str | None = None

    @property
    def path(self) -> str:
        return f"/cases/{self.case['id']}"


BODIES: dict[Step, Callable[[Stage], dict[str, Any] | None]] = {
    Step.REFUSAL: lambda _: {"reason": "out_of_area_transferred", "notice_on": ON},
    Step.ACCEPTANCE: lambda _: {"accepted_on": ON},
    Step.ASSIGNMENT: lambda s: {"mediators": [str(s.mediator)]},
    Step.MEDIATION: lambda _: round_of(on=ON),
    Step.SESSION: lambda _: {"held_on": ON, "form": "onsite", "record": "现场查看。"},
    Step.CONCLUSION: lambda _: failed(ON),
    Step.TERMINATION: lambda s: {"party_id": s.case["parties"][0]["id"], "on": ON, "remedy_notice_on": ON},
    Step.REPLACEMENT: lambda s: {"joins": s.colleague, "on": ON},
    Step.RIGHTS_NOTICE: lambda s: {"party_id": s.case["parties"][0]["id"], "manner": "oral", "served_on": ON},
    Step.INVESTIGATION: lambda _: INVESTIGATION | {"investigated_on": ON},
    Step.ESCALATION_REPORT: lambda _: REPORT,
    Step.PREVENTED_HARM: lambda _: HARM,
    Step.SIGNATURE: lambda _: {"seal": True, "on": ON},
    Step.CLOSURE: lambda s: {"closed_on": ON} | (_no_round() if s.status is S.ACCEPTED else {}),
    Step.SUSPENSION: lambda _: {"reason": "expertise", "on": ON},
    Step.RESUMPTION: lambda _: {"on": ON},
    Step.EXTENSION: lambda s: {"reason": "需补充材料。", "on": ON, "consents": [p["id"] for p in s.case["parties"]]},
    Step.WITHDRAWAL: lambda _: {"on": ON, "reason": "自行和解。"},
    Step.TRANSFER: lambda s: {"on": ON, "reason": "另有分工。", "to": {"organization_id": _village(s)}},
    Step.MERGE: lambda s: {"into": s.other["id"], "reason": "同一纠纷。"},
    Step.SEPARATION: lambda _: {"reason": "并非同一纠纷。"},
    Step.VOID: lambda _: {"reason": "误登记。"},
    Step.REOPENING: lambda _: {"on": ON, "reason": "反悔。"},
    Step.ARCHIVE: lambda _: {"statement": "材料另存。"},
    Step.PERFORMANCE: lambda _: {"on": ON},
    Step.URGING: lambda _: {"on": ON},
    Step.PERFORMANCE_REFUSAL: lambda _: {"on": ON, "reason": "unable"},
    Step.OBLIGATION_CHANGE: lambda s: {"on": ON, "reason": "改期。", "due_on": "2020-07-01", "consents": _parties(s)},
    Step.JUDICIAL_CONFIRMATION: lambda s: {"status": "applied", "on": ON, "applicants": _parties(s)},
    Step.ARBITRATION_REVIEW: lambda s: {"status": "applied", "on": ON, "applicants": _parties(s)},
    Step.REMEDY: lambda s: {"route": "lawsuit", "party_id": _parties(s)[0], "on": ON},
    Step.RETURN_VISIT: lambda s: {
        "visited_on": ON,
        "form": "phone",
        "visitor_name": "庹某甲",
        "findings": "已履行。",
        "parties": _parties(s)[:1],
    },
}


def _parties(stage: Stage) -> list[str]:
    return [party["id"] for party in stage.case["parties"]]


def _no_round() -> dict[str, str]:
    return {"failure_reason": "party_requests_termination", "remedy_notice_on": ON}


def _village(stage: Stage) -> str:
    return str(stage.world.organizations[VILLAGE])


def address(stage: Stage, step: Step) -> str:
    if step in ROUND_STEPS:
        return f"/mediations/{stage.round}/{step}"
    if step in OBLIGATION_STEPS:
        return f"/obligations/{stage.obligation}/{OBLIGATION_PATHS.get(step, step)}"
    of_agreement = step in {Step.SIGNATURE, Step.REMEDY}
    return (
        f"{stage.path}/agreement/{step}"
        if of_agreement
        else f"{stage.path}/{RECORDS.get(step, step.replace('_', '-'))}"
    )


OBLIGATION_PATHS = {
    Step.URGING: "urgings",
    Step.PERFORMANCE_REFUSAL: "refusal",
    Step.OBLIGATION_CHANGE: "change",
}


async def take(stage: Stage, step: Step) -> Any:
    body = BODIES[step](stage)
    return await stage.head.post(address(stage, step), **({} if body is None else {"json": body}))


async def did(stage: Stage, step: Step, body: dict[str, Any]) -> None:
    await ok(stage.head.post(address(stage, step), json=body))


async def case_in(stage: Stage, step: Step | None = None) -> Stage:
    """A case in the stage's status, and ready for a step where the status alone is not enough."""
    status, head = stage.status, stage.head
    if status in {S.REGISTERED, S.DECLINED}:
        stage.case = await case(head)
        if status is S.DECLINED:
            await did(stage, Step.REFUSAL, {"reason": "duplicate", "notice_on": "2020-03-02"})
        return stage
    consent = "refused" if (status, step) == (S.ACCEPTED, Step.CLOSURE) else "agreed"
    category = "labor" if step is Step.ARBITRATION_REVIEW else "neighbor"
    parties = [party(), party("respondent", "张某乙", consent=consent)]
    stage.case = await accepted_case(head, parties=parties, category=category)
    if status is S.ACCEPTED:
        return stage
    stage.round = (await started_round(head, stage.case["id"], mediators=[str(stage.mediator)]))["id"]
    await _after_a_round(stage, step)
    return stage


async def _after_a_round(stage: Stage, step: Step | None) -> None:
    status = stage.status
    if status is S.CLOSED_FAILED or (status is S.MEDIATING and step in {Step.MEDIATION, Step.CLOSURE}):
        await did(stage, Step.CONCLUSION, failed())
    if status in ENDINGS:
        ending, body = ENDINGS[status]
        await did(stage, ending, body(stage))
    if status in {S.AGREED, S.CLOSED_SUCCESS}:
        agreement = await ok(stage.head.get(f"{stage.path}/agreement"))
        stage.obligation = agreement["obligations"][0]["id"]
    if status is S.AGREED and step in {Step.CLOSURE, *AFTER_AGREEMENT}:
        await created(stage.head.post(address(stage, Step.SIGNATURE), json={"seal": True, "on": "2020-03-05"}))


def _all_but_the_seal(stage: Stage) -> dict[str, Any]:
    signers = [{"party_id": p["id"]} for p in stage.case["parties"]] + [{"mediator_id": str(stage.mediator)}]
    return _owing(stage, form="written", signatures=[signer | {"on": "2020-03-05"} for signer in signers])


def _owing(stage: Stage, **agreement: Any) -> dict[str, Any]:
    return agreed(obligations=[{"party_id": _parties(stage)[1], "what": "加装水槽"}], **agreement)


ENDED_ON = "2020-03-06"
OUTSIDE = {"external": "黔江区人民法院", "document_no": "示例函〔2020〕1号"}
ENDINGS: dict[CaseStatus, tuple[Step, Callable[[Stage], dict[str, Any]]]] = {
    S.SUSPENDED: (Step.SUSPENSION, lambda _: {"reason": "expertise", "on": ENDED_ON}),
    S.AGREED: (Step.CONCLUSION, _all_but_the_seal),
    S.CLOSED_SUCCESS: (Step.CONCLUSION, _owing),
    S.CLOSED_FAILED: (Step.CLOSURE, lambda _: {"closed_on": ENDED_ON}),
    S.WITHDRAWN: (Step.WITHDRAWAL, lambda _: {"on": ENDED_ON, "reason": "样例。"}),
    S.TRANSFERRED: (Step.TRANSFER, lambda _: {"on": ENDED_ON, "reason": "样例。", "to": OUTSIDE}),
    S.MERGED: (Step.MERGE, lambda s: {"into": s.other["id"], "reason": "样例。"}),
    S.VOIDED: (Step.VOID, lambda _: {"reason": "样例。"}),
}
"""How a case in mediation gets there."""


async def stage_at(world: World, status: CaseStatus) -> Stage:
    head = await world.caller(Role.OFFICE_HEAD, TOWN)
    await committee(world, VILLAGE)
    people = await mediator(world, TOWN), str(await mediator(world, TOWN, "李某乙"))
    return Stage(world, head, *people, await case(head), status)


async def actions_of(stage: Stage) -> dict[Step, dict[str, Any]]:
    """Of the case and, where it has them, of its round and its obligation."""
    items = (await ok(stage.head.get(f"{stage.path}/actions")))["items"]
    if stage.round:
        items += (await ok(stage.head.get(f"/mediations/{stage.round}/actions")))["items"]
    if stage.obligation:
        items += (await ok(stage.head.get(f"/obligations/{stage.obligation}/actions")))["items"]
    return {member_of(Step, item["step"]): item for item in items}


def test_the_table_is_whole() -> None:
    assert set(BODIES) <= set(ALLOWED_FROM) <= set(BODIES) | NO_STEP_OF_ITS_OWN
    assert set(BODIES) | NO_STEP_OF_ITS_OWN == set(Step) - {Step.REGISTRATION}


@pytest.mark.parametrize("status", S)
async def test_a_step_that_the_status_forbids_is_refused_as_actions_says(world: World, status: CaseStatus) -> None:
    stage = await case_in(await stage_at(world, status))
    actions = await actions_of(stage)
    beyond = (set() if stage.round else ROUND_STEPS) | (set() if stage.obligation else OBLIGATION_STEPS)
    assert set(actions) == set(BODIES) - beyond
    before = await content(world)
    for step, action in actions.items():
        if action["allowed"]:
            assert status in step.allowed_from, step
            continue
        response = await take(stage, step)
        problem = response.json()
        assert response.status_code == 409, (step, problem)
        assert problem["detail"] == action["reason"], step
        assert "actions" not in action["reason"]
        if status not in step.allowed_from:
            assert (problem["code"], problem["case_status"]) == ("step-not-allowed", status), step
    assert changed(before, await content(world)) == {}


@pytest.mark.parametrize("status", S)
async def test_a_step_that_the_status_allows_is_taken(world: World, status: CaseStatus) -> None:
    start = await stage_at(world, status)
    for step in [step for step in BODIES if status in step.allowed_from]:
        stage = await case_in(Stage(world, start.head, start.mediator, start.colleague, start.other, status), step)
        assert (await actions_of(stage))[step]["allowed"], step
        response = await take(stage, step)
        assert response.status_code in {200, 201}, (step, response.text)
        *_, before, last = (await ok(stage.head.get(f"{stage.path}/timeline")))["items"]
        assert (last["step"], last["from"], last["seq"]) == (step, status, before["seq"] + 1)
        after = member_of(CaseStatus, last["to"])
        assert after in step.leads_to or (step.keeps_status and after is status), (step, after)


async def test_of_an_archived_case_nothing_moves(world: World) -> None:
    """Whatever its status allowed: every step, every change, its round and its agreement."""
    for status in (S.CLOSED_SUCCESS, S.WITHDRAWN):
        stage = await case_in(await stage_at(world, status))
        await ok(stage.head.post(f"{stage.path}/archive", json={"statement": "材料另存。"}))
        archived = await ok(stage.head.get(stage.path))
        assert archived["archived_at"]
        before = await content(world)
        actions = await actions_of(stage)
        for step in [step for step in BODIES if stage.obligation or step not in OBLIGATION_STEPS]:
            problem = (await take(stage, step)).json()
            assert (problem["code"], problem["detail"]) == ("case-locked", actions[step]["reason"]), step
        etag = {"If-Match": f'"{archived["version"]}-full"'}
        patch = await stage.head.patch(stage.path, json={"title": "改"}, headers=etag)
        assert (patch.status_code, patch.json()["code"]) == (409, "case-locked")
        assert changed(before, await content(world)) == {}
