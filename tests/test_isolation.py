"""What lies outside a jurisdiction does not exist: every operation is walked by those who stand elsewhere.

Operations are read from the OpenAPI document; one without a sample here fails, so that a new route joins by itself.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from app.core.db import Base
from app.intake.filters import CaseFilter
from app.people.codes import OrganizationKind, Role
from app.people.permissions import PERMISSIONS
from tests.contract import document_of
from tests.samples import (
    DAY,
    EVIDENCE,
    HAND_OFF,
    HARM,
    ID_NUMBER,
    INVESTIGATION,
    PARTICIPANT,
    REPORT,
    REPORT_CLAIM,
    REPORTING,
    RULE,
)
from tests.world import (
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_DISTRICT_TOWN,
    OTHER_TOWN,
    OTHER_VILLAGE,
    PNG,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    account,
    agreed,
    attachment,
    case,
    created,
    failed,
    machine,
    mediator,
    ok,
    organization,
    party,
    patrol,
    refused,
    round_of,
    started_round,
)

Ids = dict[str, str]
YEAR = {"from": "2020-01-01", "to": "2020-12-31"}
MARCH = {"from": "2020-03-01", "to": "2020-03-31"}
PASSWORDS = {"current_password": "not the one", "new_password": "a longer one 42"}
MARK = "黄泥村密事"
"""Stands in every text of the village's records; nobody elsewhere ever reads it."""


@dataclass(frozen=True)
class Sample:
    """A valid request with the village's ids. `open`: what it names is there for every signed-in account; `empty`: it
    names nothing by path and shows the caller's own; `unknown`: its body names a foreign record."""

    outcome: str = "missing"
    json: Any = None
    params: dict[str, str] = field(default_factory=dict)
    file: bytes | None = None


def samples(ids: Ids) -> dict[str, Sample]:
    makers = (_of_cases, _of_patrols, _of_rounds, _of_figures, _of_people, _of_the_calendar)
    return {operation: sample for make in makers for operation, sample in make(ids).items()}


def _of_the_calendar(ids: Ids) -> dict[str, Sample]:
    """Read by everybody. What is added is the caller's own, but not under an id that stands elsewhere."""
    return {
        "list_deadline_rules": Sample("open"),
        "read_deadline_rule": Sample("open"),
        "add_deadline_rule": Sample("own", RULE | {"id": ids["rule_id"]}),
        "end_deadline_rule": Sample(json={"effective_to": "2036-12-31"}),
        "list_reporting_calendars": Sample("open"),
        "read_reporting_calendar": Sample("open"),
        "add_reporting_calendar": Sample("own", REPORTING | {"id": ids["calendar_id"]}),
        "end_reporting_calendar": Sample(json={"effective_to": "2036-12-31"}),
        "list_reporting_periods": Sample("open", params={"year": "2020"}),
        "list_calendar_days": Sample("open"),
        "read_calendar_day": Sample("open"),
        "add_calendar_day": Sample("own", DAY | {"id": ids["day_id"]}),
        "change_calendar_day": Sample(json={"document": "另一通知"}),
    }


def _of_cases(ids: Ids) -> dict[str, Sample]:
    registered = {
        "place": VILLAGE,
        "source": "application",
        "category": "neighbor",
        "summary": "屋檐滴水。",
        "parties": [party(), party("respondent", "张某乙")],
    }
    return {
        "register_case": Sample("unknown", registered),
        "list_cases": Sample("empty", params={"total": "exact"}),
        "search_cases": Sample("empty", {"total": "exact"}),
        "read_case": Sample(),
        "change_case": Sample(json={"title": "改动"}),
        "accept_case": Sample(json={"accepted_on": "2020-03-02"}),
        "refuse_case": Sample(json={"reason": "party_refuses", "notice_on": "2020-03-02"}),
        "assign_case": Sample(json={"mediators": [ids["mediator_id"]]}),
        "list_parties": Sample(),
        "add_party": Sample(json=party("third_party", "张某丙")),
        "change_party": Sample(json={"name": "张某戊"}),
        "remove_party": Sample(),
        "list_notes": Sample(),
        "add_note": Sample(json={"text": "已电话联系。"}),
        "add_attachment": Sample(json={"kind": "photo"}, file=PNG),
        "list_attachments": Sample(),
        "read_attachment": Sample(),
        "read_attachment_content": Sample(),
        "withdraw_attachment": Sample(json={"reason": "误传。"}),
        "reveal_party_identity": Sample(params={"reason": "核对身份"}),
        "read_case_timeline": Sample(),
        "list_possible_duplicates": Sample(),
        "find_related_cases": Sample(),
        "list_party_disclosures": Sample(),
        "search_disclosures": Sample("empty", {"party_id_number": ID_NUMBER}),
        "list_case_actions": Sample(),
        "withdraw_case": Sample(json={"on": "2020-03-05", "reason": "自行和解。"}),
        "transfer_case": Sample(
            json={"on": "2020-03-05", "reason": "另有管辖。", "to": {"organization_id": ids["organization_id"]}}
        ),
        "merge_case": Sample(json={"into": ids["case_id"], "reason": "同一纠纷。"}),
        "separate_case": Sample(json={"reason": "并非同一纠纷。"}),
        "void_case": Sample(json={"reason": "误登记。"}),
        "reopen_case": Sample(json={"on": "2020-03-05", "reason": "反悔。"}),
        "archive_case": Sample(json={"statement": "材料另存。"}),
        "list_forms": Sample(),
        "make_form": Sample(),
        "read_dossier": Sample(),
        "download_dossier": Sample(),
    }


def _of_patrols(ids: Ids) -> dict[str, Sample]:
    found = {**_of_cases(ids)["register_case"].json, "source": "proactive"}
    return {
        "record_inspection": Sample("unknown", patrol()),
        "list_inspections": Sample("empty", params={"total": "exact"}),
        "read_inspection": Sample(),
        "change_inspection": Sample(json={"kind": "visit"}),
        "add_finding": Sample(json={"summary": "两家为放牛争执。"}),
        "make_lead": Sample(json={"on": "2020-03-02"}),
        "prevent_dispute": Sample(json={"on": "2020-03-03", "note": "已劝和。"}),
        "register_found_case": Sample(json=found),
        "read_coverage": Sample("empty", params=YEAR),
        "suspend_case": Sample(json={"reason": "expertise", "on": "2020-03-06"}),
        "resume_case": Sample(json={"on": "2020-03-16"}),
        "extend_case": Sample(json={"reason": "补充材料", "on": "2020-03-20"}),
        "list_deadlines": Sample("empty"),
    }


def _of_rounds(ids: Ids) -> dict[str, Sample]:
    return {
        "start_mediation": Sample(json=round_of()),
        "list_mediations": Sample(),
        "read_mediation": Sample(),
        "list_mediation_actions": Sample(),
        "record_session": Sample(json={"held_on": "2020-03-04", "form": "onsite", "record": "现场调解。"}),
        "list_sessions": Sample(),
        "list_referrals": Sample("empty", params={"total": "exact"}),
        "accept_referral": Sample(json=HAND_OFF),
        "return_referral": Sample(json=HAND_OFF | {"reason": "不属调解范围。"}),
        "return_referral_result": Sample(json=HAND_OFF | {"outcome": "failed", "text": "分歧较大。"}),
        "acknowledge_referral_result": Sample(json=HAND_OFF),
        "recall_referral": Sample(json=HAND_OFF),
        "list_case_sessions": Sample(),
        "correct_session_record": Sample(json={"text": "应为西侧。"}),
        "replace_round_mediator": Sample(json={"joins": ids["mediator_id"], "on": "2020-03-04"}),
        "list_round_mediators": Sample(),
        "terminate_mediation": Sample(
            json={"party_id": ids["party_id"], "on": "2020-03-05", "remedy_notice_on": "2020-03-05"}
        ),
        "invite_participant": Sample(json=PARTICIPANT),
        "list_participants": Sample(),
        "record_participant_consent": Sample(json={"party_id": ids["party_id"], "agreed": True, "on": "2020-03-04"}),
        "record_case_investigation": Sample(json=INVESTIGATION),
        "list_investigations": Sample(),
        "add_case_evidence": Sample(json=EVIDENCE),
        "list_evidence": Sample(),
        "withdraw_case_evidence": Sample(json={"on": "2020-03-05", "reason": "当事人取回。"}),
        "report_case_escalation": Sample(json=REPORT),
        "list_escalation_reports": Sample(),
        "record_prevented_harm": Sample(json=HARM | {"kind": "group_fight"}),
        "list_prevented_harms": Sample(),
        "approve_prevented_harm": Sample(),
        "decline_prevented_harm": Sample(json={"reason": "依据不足。"}),
        "withdraw_prevented_harm": Sample(json={"reason": "判断有误。"}),
        "serve_rights_notice": Sample(json={"party_id": ids["party_id"], "manner": "oral", "served_on": "2020-03-03"}),
        "list_rights_notices": Sample(),
        "conclude_mediation": Sample(json=failed()),
        "read_agreement": Sample(),
        "sign_agreement": Sample(json={"party_id": ids["party_id"], "on": "2020-03-05"}),
        "amend_agreement": Sample(json={"content": "改动"}),
        "list_obligations": Sample("empty", params={"total": "exact"}),
        "list_obligation_actions": Sample(),
        "record_performance": Sample(json={"on": "2020-03-20"}),
        "record_urging": Sample(json={"on": "2020-03-20"}),
        "record_performance_refusal": Sample(json={"on": "2020-03-20", "reason": "unable"}),
        "record_obligation_change": Sample(
            json={"on": "2020-03-20", "reason": "免除。", "consents": [], "waived": True}
        ),
        "read_confirmation": Sample(),
        "record_confirmation": Sample(json={"status": "applied", "on": "2020-03-20", "applicants": [ids["party_id"]]}),
        "read_arbitration_review": Sample(),
        "record_arbitration_review": Sample(
            json={"status": "applied", "on": "2020-03-20", "applicants": [ids["party_id"]]}
        ),
        "record_remedy": Sample(json={"route": "lawsuit", "party_id": ids["party_id"], "on": "2020-03-20"}),
        "list_return_visits": Sample(),
        "record_return_visit": Sample(
            json={
                "visited_on": "2020-03-20",
                "form": "phone",
                "visitor_name": "庹某甲",
                "findings": "已履行。",
                "parties": [ids["party_id"]],
            }
        ),
        "close_case": Sample(json={"closed_on": "2020-03-06"}),
        "declare_case_conflict": Sample(json={"mediator_id": ids["mediator_id"], "relation": "relative"}),
        "list_case_conflicts": Sample(),
        "withdraw_case_conflict": Sample(json={"reason": "关系登记有误"}),
    }


def _of_figures(ids: Ids) -> dict[str, Sample]:
    claim = {"count": 10, "percent": "90.00", "place": VILLAGE, **YEAR}
    return {
        "read_statistics": Sample("empty", params=YEAR),
        "read_exposition": Sample("empty", params=YEAR),
        "read_official_table": Sample("empty", params=YEAR),
        "read_committee_table": Sample("empty"),
        "read_comparison": Sample("empty", params=YEAR | {"with": "previous_year"}),
        "list_indicators": Sample("open"),
        "list_figure_cases": Sample("empty", params=YEAR),
        "read_why": Sample(params=YEAR),
        "check_claim": Sample("unknown", claim),
        "read_narrative": Sample("empty", params={"year": "2020"}),
        "make_narrative": Sample("unknown", params={**YEAR, "place": VILLAGE}),
        "keep_report_claim": Sample("unknown", REPORT_CLAIM),
        "list_report_claims": Sample("empty"),
        "read_report_claim": Sample(),
        "make_report": Sample("unknown", {"kind": "monthly", "place": VILLAGE} | MARCH),
        "list_reports": Sample("empty", params=YEAR),
        "read_report": Sample(),
        "list_reported_cases": Sample(),
        "check_report": Sample(),
        "confirm_report": Sample(),
        "lock_report": Sample(),
        "supersede_report": Sample(json={"reason": "补录案件。"}),
        "discard_report": Sample(json={"reason": "重复编制。"}),
        "read_report_difference": Sample(),
        "read_correction_note": Sample(),
        "read_codebook": Sample("open"),
        "read_table": Sample("open"),
        "list_audit_events": Sample("empty"),
    }


def _of_people(ids: Ids) -> dict[str, Sample]:
    named = {"name": "李某乙", "organization_id": ids["organization_id"]}
    new_account = {"username": "sample.walker", "name": "样例", "role": "grid_worker", "place": VILLAGE}
    committee = {"kind": "mediation_committee", "committee_type": "village", "name": "某调委会", "place": VILLAGE}
    return {
        "list_places": Sample("open"),
        "add_place": Sample("unknown", {"code": "500114109299", "name": "新村"}),
        "read_place": Sample("open"),
        "change_place": Sample(json={"name": "改名村"}),
        "read_me": Sample("empty"),
        "change_own_password": Sample("own", PASSWORDS),
        "list_organizations": Sample("open"),
        "add_organization": Sample("unknown", committee | {"number_prefix": "新调"}),
        "read_organization": Sample("open"),
        "change_organization": Sample(json={"name": "改名"}),
        "list_mediators": Sample("open"),
        "add_mediator": Sample("unknown", named | {"kind": "full_time"}),
        "read_mediator": Sample("open"),
        "change_mediator": Sample(json={"name": "改名"}),
        "list_accounts": Sample("empty"),
        "add_account": Sample("unknown", new_account),
        "read_account": Sample(),
        "change_account": Sample(json={"name": "改名"}),
        "reset_password": Sample(),
        "list_clients": Sample("empty"),
        "add_client": Sample("unknown", {"name": "样例系统", "place": VILLAGE, "scopes": ["cases:list"]}),
        "read_client": Sample(),
        "change_client": Sample(json={"name": "改名"}),
        "add_client_secret": Sample(json={}),
        "end_client_secret": Sample(),
    }


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    permission: str


def operations(world: World) -> Iterator[Operation]:
    """All that ask for a permission; that no other one stands outside PUBLIC is the contract's test."""
    for path, methods in document_of(world.app)["paths"].items():
        for method, operation in methods.items():
            if operation.get("x-permission"):
                yield Operation(operation["operationId"], method.upper(), path, operation["x-permission"])


async def ask(caller: Caller, operation: Operation, sample: Sample, ids: Ids) -> httpx.Response:
    headers = {"If-Match": '"1-full"'} if operation.method in {"PATCH", "DELETE"} else {}
    options = {"json": sample.json} if sample.json is not None else {}
    if sample.file is not None:
        options = {"data": sample.json, "files": {"file": sample.file}}
    path = operation.path.format(**ids)
    client = caller.client
    return await client.request(operation.method, path, params=sample.params, headers=headers, **options)


def missing(ids: Ids) -> Ids:
    """Ids of nothing, where the path names a record; tables and indicators are there for all."""
    kept = {name: ids[name] for name in ("form", "indicator", "table", "calendar")}
    return {name: str(uuid4()) for name in ids} | {"code": "500114109298"} | kept


def plain(response: httpx.Response) -> tuple[int, Any]:
    body = response.json()
    body.pop("instance", None)
    return response.status_code, body


LEAVES_A_NOTE = {"reveal_party_identity", "try_password", "search_cases", "search_disclosures"}


async def contents(world: World) -> dict[str, str]:
    """A hash of each table's rows, without what a refusal may leave: counters, own wrong passwords, denied reveals,
    and of a search that found nothing."""
    hashes = {}
    async with world.database.reads.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = await connection.execute(select(table))
            kept = [dict(row) for row in rows.mappings() if row.get("action") not in LEAVES_A_NOTE]
            hashes[table.name] = hashlib.sha256(repr(sorted(map(repr, kept))).encode()).hexdigest()
    return {name: found for name, found in hashes.items() if name not in {"number_counters", "sign_in_attempts"}}


async def village_case(world: World) -> Ids:
    """An accepted case of the village with a round in mediation, and everybody around it."""
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    fields: dict[str, Any] = {
        "title": MARK,
        "location": MARK,
        "parties": same_person(MARK),
    }
    accepted = await accepted_case(village, summary=MARK, **fields)
    mediation = await started_round(village, accepted["id"])
    held = await created(village.post("/inspections", json=patrol(summary=MARK)))
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    relation = {"mediator_id": str(await mediator(world, VILLAGE)), "relation": "other", "note": MARK}
    conflict = await created(village.post(f"/cases/{accepted['id']}/conflicts", json=relation))
    client_id, secret_id = await machine(world)
    path, session = f"/cases/{accepted['id']}", {"held_on": "2020-03-03", "form": "onsite", "record": MARK}
    return {
        "attachment_id": (await attachment(village, accepted["id"], title=MARK))["id"],
        "session_id": (await created(village.post(f"/mediations/{mediation['id']}/sessions", json=session)))["id"],
        "participant_id": (await created(village.post(f"{path}/participants", json=PARTICIPANT | {"name": MARK})))[
            "id"
        ],
        "evidence_id": (await created(village.post(f"{path}/evidence", json=EVIDENCE | {"name": MARK})))["id"],
        "harm_id": (await created(village.post(f"{path}/prevented-harms", json=HARM | {"basis": MARK})))["id"],
        "client_id": client_id,
        "secret_id": secret_id,
        "conflict_id": conflict["id"],
        "obligation_id": await obligation_of(village),
        "rule_id": (await created(admin.post("/deadline-rules", json=RULE | {"days": 9})))["id"],
        "calendar_id": (await created(admin.post("/reporting-calendars", json=REPORTING | {"submit_days": 9})))["id"],
        "claim_id": (await created(village.post("/statistics/report-claims", json=REPORT_CLAIM | {"document": MARK})))[
            "id"
        ],
        "day_id": (await created(admin.post("/calendar-days", json=DAY | {"on": "2019-01-02"})))["id"],
        "case_id": accepted["id"],
        "report_id": await report_of(world),
        "inspection_id": held["id"],
        "finding_id": held["findings"][0]["id"],
        "party_id": accepted["parties"][0]["id"],
        "mediation_id": mediation["id"],
        "organization_id": str(world.organizations[VILLAGE]),
        "mediator_id": str(village.account.mediator_id),
        "account_id": str(village.account.id),
        "code": VILLAGE,
        "form": "registration",
        "indicator": "received",
        "table": "source",
        "calendar": "calendar_year",
    }


async def report_of(world: World) -> str:
    """A report that counts the village's cases."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    body = {"kind": "monthly", "place": VILLAGE, "remark": MARK} | MARCH
    return str((await created(clerk.post("/statistics/reports", json=body)))["id"])


async def obligation_of(village: Caller) -> str:
    """What a party owes in another case of the village, which is settled."""
    accepted = await accepted_case(village, summary=MARK)
    mediation = await started_round(village, accepted["id"])
    owed = [{"party_id": accepted["parties"][0]["id"], "what": MARK, "due_on": "2020-03-10"}]
    body = agreed(content=MARK, obligations=owed)
    await ok(village.post(f"/mediations/{mediation['id']}/conclusion", json=body))
    agreement = await ok(village.get(f"/cases/{accepted['id']}/agreement"))
    return str(agreement["obligations"][0]["id"])


async def strangers(world: World) -> list[Caller]:
    police = await organization(world, OTHER_TOWN, kind=OrganizationKind.POLICE_STATION)
    return [
        await world.caller(Role.VILLAGE_MEDIATOR, OTHER_VILLAGE),
        await world.caller(Role.OFFICE_CLERK, OTHER_TOWN),
        await world.caller(Role.OFFICE_HEAD, OTHER_DISTRICT_TOWN),
        await world.caller(Role.DISTRICT_ADMIN, OTHER_DISTRICT),
        await world.caller(Role.DISTRICT_STAT_VIEWER, OTHER_DISTRICT),
        await world.caller(Role.AUDITOR, OTHER_DISTRICT),
        await world.caller(Role.LIAISON_POLICE, DISTRICT, organization_id=police),
    ]


async def test_for_strangers_the_village_does_not_exist(world: World) -> None:
    ids = await village_case(world)
    known = samples(ids)
    callers = await strangers(world)
    before = await contents(world)
    reached = set()
    for operation in operations(world):
        sample = known.get(operation.id)
        assert sample is not None, f"{operation.id} has no sample: add one, so that it is walked"
        for caller in callers:
            answer = await ask(caller, operation, sample, ids)
            if operation.permission not in PERMISSIONS[caller.account.role]:
                assert plain(answer)[1]["code"] == "forbidden", operation
                continue
            reached.add(operation.id)
            await expect(caller, operation, sample, ids, answer)
    assert await contents(world) == before
    assert set(known) == reached, "a sample without an operation, or one that no stranger's role may ask for"


async def expect(caller: Caller, operation: Operation, sample: Sample, ids: Ids, answer: httpx.Response) -> None:
    told = (operation.id, caller.account.role, answer.text)
    assert MARK not in answer.text, told
    assert ids["case_id"] not in answer.text, told
    if sample.outcome == "missing":
        nothing = await ask(caller, operation, sample, missing(ids))
        assert answer.status_code == 404, told
        assert plain(answer) == plain(nothing), told
    elif sample.outcome == "unknown":
        assert answer.status_code == 422, told
        assert answer.json()["code"] == "unknown-reference", told
    elif sample.outcome == "own":
        assert 400 <= answer.status_code < 500, told
    else:
        assert answer.status_code == 200, told
    if sample.outcome == "empty":
        said = texts(answer.json()) if "json" in answer.headers["content-type"] else re.split(r'[\s"=]+', answer.text)
        assert not set(ids.values()) - {"received", "source"} & set(said), told


def texts(value: Any) -> Iterator[str]:
    """Every text in an answer."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


async def test_one_thing_alone_crosses_the_walls_which_committee_to_ask_about_a_person(world: World) -> None:
    """The exception: to whoever has a case with the same identity number, in the same district, and nobody else."""
    ids = await village_case(world)
    callers = [
        (await world.caller(Role.VILLAGE_MEDIATOR, OTHER_VILLAGE), OTHER_VILLAGE),
        (await world.caller(Role.OFFICE_CLERK, OTHER_TOWN), OTHER_TOWN),
        (await world.caller(Role.OFFICE_HEAD, OTHER_DISTRICT_TOWN), OTHER_DISTRICT_TOWN),
    ]
    own = {place: (who, await case(who, place, parties=same_person("张某丙"))) for who, place in callers}
    for place, (who, registered) in own.items():
        answer = await who.get(f"/cases/{registered['id']}/related")
        asked = {item["organization_id"]: item for item in answer.json()["items"]}
        assert (ids["organization_id"] in asked) == (place[:6] == VILLAGE[:6])
        assert MARK not in answer.text
        assert set(ids.values()) & set(texts(answer.json())) <= {ids["organization_id"], VILLAGE}
        for item in asked.values():
            assert set(item) == {"organization_id", "organization_name", "place", "party_ids"}
            assert item["party_ids"] == [registered["parties"][0]["id"]], "one's own party"
        assert registered["possible_duplicates"] == []


def same_person(name: str) -> list[dict[str, Any]]:
    return [party(name=name, id_number=ID_NUMBER), party("respondent", "张某乙")]


WITHOUT_AGREEMENT = {"read_agreement", "read_confirmation", "read_arbitration_review"}


async def test_for_the_village_itself_the_same_requests_reach_their_record(world: World) -> None:
    """Else the walk would prove nothing: 404 could be a fault of its samples."""
    ids = await village_case(world)
    callers = [await world.caller(Role.OFFICE_HEAD, TOWN), await world.caller(Role.DISTRICT_ADMIN, DISTRICT)]
    for operation in operations(world):
        sample = samples(ids)[operation.id]
        able = [c for c in callers if operation.permission in PERMISSIONS[c.account.role]]
        assert able or operation.id == "list_audit_events"
        for caller in able[:1]:
            answer = await ask(caller, operation, sample, ids)
            allowed = {404} if operation.id in WITHOUT_AGREEMENT else {200, 201, 409, 412}
            if operation.id != "change_own_password":
                assert answer.status_code in allowed, (operation.id, answer.text)


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_may_exactly_what_its_permissions_say(world: World, role: Role) -> None:
    place = {"village": VILLAGE, "township": TOWN}.get(role.levels[0], DISTRICT)
    fields: dict[str, Any] = {}
    if role.is_liaison:
        fields["organization_id"] = await organization(world, OTHER_TOWN, kind=OrganizationKind.COURT)
    caller = await world.caller(role, place, **fields)
    words = {"form": "cover", "indicator": "received", "table": "source", "calendar": "calendar_year"}
    nothing = missing(dict.fromkeys(ID_NAMES, "") | words)
    known = samples(nothing)
    for operation in operations(world):
        answer = await ask(caller, operation, known[operation.id], nothing)
        is_forbidden = answer.status_code == 403 and answer.json()["code"] == "forbidden"
        assert is_forbidden == (operation.permission not in PERMISSIONS[role]), (operation, answer.text)


ID_NAMES = (
    "case_id",
    "attachment_id",
    "party_id",
    "inspection_id",
    "finding_id",
    "mediation_id",
    "obligation_id",
    "session_id",
    "participant_id",
    "evidence_id",
    "conflict_id",
    "harm_id",
    "report_id",
    "rule_id",
    "calendar_id",
    "claim_id",
    "day_id",
    "organization_id",
    "mediator_id",
    "account_id",
    "client_id",
    "secret_id",
    "code",
)


async def test_lists_filters_and_figures_hold_own_rows_alone(world: World) -> None:
    ids = await village_case(world)
    other = await world.caller(Role.OFFICE_CLERK, OTHER_TOWN)
    own = await accepted_case(other, OTHER_TOWN)
    listed = await ok(other.get("/cases", params={"total": "exact"}))
    assert ([item["id"] for item in listed["items"]], listed["total"]) == ([own["id"]], 1)
    for name in ("place", "organization_id", "mediator_id"):
        value = VILLAGE if name == "place" else ids[name]
        filtered = await ok(other.get("/cases", params={name: value, "total": "exact"}))
        assert (filtered["items"], filtered["total"]) == ([], 0), name
    rows = (await ok(other.get("/statistics", params=YEAR)))["rows"]
    assert [row["values"]["received"]["value"] for row in rows] == [1]
    behind = await ok(other.get("/statistics/received/cases", params=YEAR))
    assert [item["id"] for item in behind["items"]] == [own["id"]]
    foreign = await ok(other.get("/statistics", params=YEAR | {"organization_id": ids["organization_id"]}))
    assert {row["values"]["received"]["value"] for row in foreign["rows"]} <= {0}
    for path in ("/statistics", "/statistics/received/cases"):
        answer = await other.get(path, params=YEAR | {"place": VILLAGE})
        unseen = await other.get(path, params=YEAR | {"place": "500114109298"})
        assert plain(answer)[0] == plain(unseen)[0]
        assert MARK not in answer.text
        assert ids["case_id"] not in answer.text


async def test_foreign_references_in_bodies_are_unknown(world: World) -> None:
    ids = await village_case(world)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    far_lead = str(await mediator(world, OTHER_DISTRICT_TOWN))
    far_committee = str(world.organizations[OTHER_DISTRICT_TOWN])
    far_police = str(await organization(world, OTHER_DISTRICT_TOWN, kind=OrganizationKind.POLICE_STATION))
    far_firm = str(await organization(world, OTHER_DISTRICT_TOWN, kind=OrganizationKind.LAW_FIRM))
    registered = (await case(clerk))["id"]
    base = _of_cases(ids)["register_case"].json
    police, lawyer = round_of("police"), round_of("lawyer")
    rounds = f"/cases/{ids['case_id']}/mediations"
    acceptance = {"accepted_on": "2020-03-02"}
    tries: list[tuple[str, dict[str, Any], str]] = [
        ("/cases", base | {"place": OTHER_TOWN}, "/place"),
        ("/cases", base | {"place": OTHER_DISTRICT_TOWN}, "/place"),
        ("/cases", base | {"organization_id": far_committee}, "/organization_id"),
        (f"/cases/{registered}/acceptance", acceptance | {"organization_id": far_committee}, "/organization_id"),
        (f"/cases/{registered}/acceptance", acceptance | {"mediators": [far_lead]}, "/mediators/0"),
        (f"/cases/{ids['case_id']}/assignment", {"mediators": [ids["mediator_id"], far_lead]}, "/mediators/1"),
        (rounds, round_of(mediators=[far_lead]), "/mediators/0"),
        (rounds, round_of(organization_id=far_committee), "/organization_id"),
        (rounds, police | {"referral": police["referral"] | {"partner_id": far_police}}, "/referral/partner_id"),
        (rounds, lawyer | {"referral": lawyer["referral"] | {"law_firm_id": far_firm}}, "/referral/law_firm_id"),
    ]
    await each_is_unknown(world, clerk, tries)
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    people = _of_people(ids)
    person = people["add_account"].json
    await each_is_unknown(
        world,
        admin,
        [
            ("/organizations", people["add_organization"].json | {"place": OTHER_DISTRICT_TOWN}, "/place"),
            ("/mediators", people["add_mediator"].json | {"organization_id": far_committee}, "/organization_id"),
            ("/accounts", person | {"place": OTHER_DISTRICT_TOWN}, "/place"),
            ("/accounts", person | {"organization_id": far_committee}, "/organization_id"),
            ("/accounts", person | {"role": "village_mediator", "mediator_id": far_lead}, "/mediator_id"),
            ("/places", {"code": "500115100299", "name": "新村"}, "/code"),
        ],
    )


async def each_is_unknown(world: World, caller: Caller, tries: list[tuple[str, dict[str, Any], str]]) -> None:
    """The foreign one and one that is nowhere get one answer, and nothing is kept."""
    before = await contents(world)
    for path, body, pointer in tries:
        problem = await refused(caller.post(path, json=body), 422, "unknown-reference")
        assert [e["pointer"] for e in problem["errors"]] == [pointer], (path, problem)
    assert await contents(world) == before


async def test_foreign_references_in_patches_are_unknown(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await mediator(world, OTHER_DISTRICT_TOWN)
    far = str(world.organizations[OTHER_DISTRICT_TOWN])
    registered = await case(clerk)
    before = await contents(world)
    for body in ({"place": OTHER_TOWN}, {"place": OTHER_DISTRICT_TOWN}, {"organization_id": far}):
        patch = clerk.patch(f"/cases/{registered['id']}", json=body, headers={"If-Match": '"1-full"'})
        await refused(patch, 422, "unknown-reference")
    assert await contents(world) == before


async def test_a_liaison_sees_what_was_referred_and_no_more(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    police = await organization(world, OTHER_TOWN, kind=OrganizationKind.POLICE_STATION)
    liaison = await account(world, Role.LIAISON_POLICE, DISTRICT, organization_id=police)
    other_body = await organization(world, OTHER_TOWN, kind=OrganizationKind.COURT, name="示例法庭")
    without = await account(world, Role.LIAISON_COURT, DISTRICT, organization_id=other_body)
    unseen = await accepted_case(clerk)
    accepted = await accepted_case(clerk)
    first = await started_round(clerk, accepted["id"])
    await ok(clerk.post(f"/mediations/{first['id']}/conclusion", json=failed("2020-03-04")))
    referral = round_of("police")["referral"] | {"partner_id": str(police)}
    body = round_of("police", "2020-03-05", referral=referral)
    second = await created(clerk.post(f"/cases/{accepted['id']}/mediations", json=body))
    listed = await ok(liaison.get("/cases", params={"total": "exact"}))
    assert ([item["id"] for item in listed["items"]], listed["total"]) == ([accepted["id"]], 1)
    single = await ok(liaison.get(f"/cases/{accepted['id']}"))
    assert not {"location", "external_ids", "registered_by", "risk_level", "special_groups"} & set(single)
    assert all("id_number" not in p and "phone" not in p and "address" not in p for p in single["parties"])
    reduced = await ok(liaison.get(f"/mediations/{second['id']}"))
    assert set(reduced) < set(second)
    for path in (f"/cases/{unseen['id']}", f"/mediations/{first['id']}"):
        await refused(liaison.get(path), 404, "not-found")
    assert (await ok(without.get("/cases")))["items"] == []
    for path in (f"/cases/{accepted['id']}", f"/mediations/{second['id']}"):
        await refused(without.get(path), 404, "not-found")


SEEN = {
    Role.LIAISON_COURT: {"place", "status", "category", "sort"},
    Role.DISTRICT_STAT_VIEWER: {
        *("place", "status", "category", "source", "method", "outcome", "sort"),
        *("received_from", "received_to", "closed_from", "closed_to"),
    },
}
PAGING = {"limit": "10", "total": "exact"}
VALUES = {
    **PAGING,
    "place": DISTRICT,
    "status": "accepted",
    "category": "neighbor",
    "source": "application",
    "method": "people",
    "outcome": "success",
    "organization_id": str(uuid4()),
    "mediator_id": str(uuid4()),
    "risk_level": "high",
    "special_group": "minors",
    "external_id": "12345:A-17",
    "overdue": "true",
    "sort": "reported_on",
    "q": "彩礼",
    **dict.fromkeys(("received_from", "received_to", "closed_from", "closed_to"), "2020-03-01"),
}


@pytest.mark.parametrize("role", list(SEEN))
async def test_a_field_not_seen_is_no_filter(world: World, role: Role) -> None:
    fields = {"organization_id": await organization(world, OTHER_TOWN, kind=OrganizationKind.COURT)}
    caller = await account(world, role, DISTRICT, **(fields if role.is_liaison else {}))
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    names = set(CaseFilter.model_fields) - {"cursor"}
    assert names == set(VALUES), "a filter without a value here"
    for name in names:
        assert (await clerk.get("/cases", params={name: VALUES[name]})).status_code == 200, f"{name} is no valid filter"
        status = (await caller.get("/cases", params={name: VALUES[name]})).status_code
        assert status == (200 if name in SEEN[role] | set(PAGING) else 422), name
    for sort in ("received_on", "-received_on", "closed_on", "-closed_on"):
        status = (await caller.get("/cases", params={"sort": sort})).status_code
        assert status == (422 if role.is_liaison else 200), sort
