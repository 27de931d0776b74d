"""A valid request of every operation in the OpenAPI document, over one scene: cases at every stage in 黄泥村.

Whatever is walked over all operations starts here; an operation without a sample fails the walk.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

import orjson
from pwdlib.hashers.argon2 import Argon2Hasher

from app.people.codes import OrganizationKind, Role
from app.people.permissions import PERMISSIONS
from tests.contract import document_of
from tests.wire import Body, Headers, Reply, ask
from tests.world import (
    DISTRICT,
    PNG,
    REFERRALS,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    agreed,
    attachment,
    case,
    created,
    dispute,
    failed,
    machine,
    mediator,
    ok,
    organization,
    party,
    patrol,
    round_of,
    started_round,
)

CANARY = "鹤鸣7QX4"
"""Stands in what the scene's cases say, and nowhere else."""
ID_NUMBER, PHONE = "11010519491231002X", "13800000000"
PASSWORD = "water-channel-7"
QUICK = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)
PLACE_OF_LEVEL = {"village": VILLAGE, "township": TOWN, "district": DISTRICT}
PERIOD = {"from": "2020-01-01", "to": "2020-12-31"}
SUSPENSION = {"reason": "expertise", "on": "2020-03-06"}
RULE = {
    "code": "return_visit",
    "days": 20,
    "kind": "working",
    "effective_from": "2035-01-01",
    "basis_zh": "示例文件",
    "basis_en": "A sample document",
}
HARM = {"kind": "suicide", "people_count": 2, "basis": "当事人扬言轻生，经劝导已平复。", "judged_on": "2020-03-04"}
PARTICIPANT = {"name": "冉某乙", "kind": "neighbor", "invited_on": "2020-03-03"}
INVESTIGATION = {
    "investigated_on": "2020-03-03",
    "place_text": "二组",
    "asked": ["冉某乙"],
    "asked_by": "庹某甲",
    "record": "雨天滴水到墙根。",
}
EVIDENCE = {"name": "现场照片", "source": "当事人提供", "received_on": "2020-03-03"}
REPORT = {
    "to": "police",
    "body_name": "示例派出所",
    "reported_at": "2020-03-04T09:00:00+08:00",
    "reported_by": "庹某甲",
    "danger": "criminal_case",
    "what": "一方扬言报复。",
    "measure": "已将双方分开，安排专人陪护。",
}
MONTH = {"kind": "monthly", "place": VILLAGE, "from": "2020-03-01", "to": "2020-03-31"}
DAY = {"on": "2019-01-03", "is_working": False, "document": "示例通知"}
REPORTING = {
    "code": "sample_year",
    "zh": "示例统计年度",
    "en": "A sample year",
    "first_month": 12,
    "cut_off_day": 25,
    "submit_days": 3,
    "basis_zh": "示例文件",
    "basis_en": "A sample document",
    "effective_from": "2035-01-01",
}
REPORT_CLAIM = {"text": "全年共受理41起，调处成功率达99%。", "document": "示例报告", "place": VILLAGE, **PERIOD}
HAND_OFF = {"on": "2020-03-04", "letter_no": "示例函〔2020〕1号", "officer_name": "庹某乙"}
RESULT = HAND_OFF | {"outcome": "failed", "text": f"{CANARY}双方分歧较大。"}
FIRST_VERSION = {"if-match": '"1-full"'}


@dataclass
class Scene:
    world: World
    partner: UUID
    """Organization of the police liaison, to which the round `referred` was referred."""
    lead: UUID
    firm: UUID
    account: Caller
    """An account with the password above."""
    colleague: Caller
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Cases and rounds by what can be done with them."""
    machine: str = ""
    """A client with one secret, whose id is `secret`."""
    secret: str = ""

    async def caller(self, role: Role) -> Caller:
        """Of that role, within whose jurisdiction the scene lies."""
        if role.is_liaison and (role, "partner") not in self.world.callers:
            made = await self.world.caller(role, DISTRICT, organization_id=self.partner)
            self.world.callers[role, "partner"] = made
        if role.is_liaison:
            return self.world.callers[role, "partner"]
        return await self.world.caller(role, PLACE_OF_LEVEL[role.levels[0]])

    @property
    def username(self) -> str:
        return self.account.account.username

    @property
    def account_id(self) -> str:
        return str(self.colleague.account.id)

    @property
    def handed_over(self) -> list[str]:
        """Cases that the partner sees."""
        return [self.of(name) for name in self.ids if name.removesuffix(" round") == name and name.startswith("refer")]

    def of(self, name: str) -> str:
        return str(self.ids[name]["id"])


async def scene(world: World) -> Scene:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    partner = await organization(world, TOWN, kind=OrganizationKind.POLICE_STATION)
    account = await world.caller(Role.GRID_WORKER, VILLAGE, password_hash=QUICK.hash(PASSWORD))
    colleague = await world.caller(Role.GRID_WORKER, VILLAGE, name="庹某甲")
    firm = await organization(world, TOWN, kind=OrganizationKind.LAW_FIRM)
    made = Scene(world, partner, await mediator(world, TOWN), firm, account, colleague)
    for name in ("registered", "to_change", "to_accept", "to_refuse"):
        made.ids[name] = await case(clerk, **_told(name))
    third = [*_told("parties")["parties"], party("third_party", "张某丙")]
    made.ids["to_rename"] = await case(clerk, **_told("to_rename"))
    made.ids["to_remove"] = await case(clerk, **_told("to_remove") | {"parties": third})
    for name in ("patrol", "found", "to_watch", "lead"):
        made.ids[name] = await created(clerk.post("/inspections", json=patrol(summary=f"{CANARY}争水。")))
    path = "/inspections/{inspection_id}/findings/{finding_id}/lead".format(**_finding(made, "lead"))
    made.ids["lead"] = await ok(clerk.post(path, json={"on": "2020-03-02"}))
    for name in ("accepted", "to_assign", "to_part", "parted"):
        made.ids[name] = await accepted_case(clerk, **_told(name))
    for name in ("referred", "to_conclude", "failed", "agreed", "to_suspend", "suspended", "to_terminate"):
        made.ids[name] = await accepted_case(clerk, **_told(name))
        referral = {"referral": {"incident_no": f"{CANARY}号", "partner_id": str(partner)}}
        police = round_of("police") | referral if name == "referred" else round_of()
        made.ids[f"{name} round"] = await started_round(
            clerk, made.of(name), **{k: police[k] for k in police if k != "started_on"}
        )
    await _ended(made)
    pause = await clerk.post(f"/cases/{made.of('suspended')}/suspension", json=SUSPENSION)
    assert pause.status_code == 200, pause.text
    made.ids |= await _calendar(world)
    session = {"held_on": "2020-03-04", "form": "onsite", "record": f"{CANARY}现场查看。"}
    for name, step, body in (
        ("referred", "sessions", session),
        ("failed", "conclusion", failed()),
        ("agreed", "conclusion", agreed(form="written", content=f"{CANARY}加装水槽。")),
    ):
        reply = await clerk.post(f"/mediations/{made.of(f'{name} round')}/{step}", json=body)
        assert reply.status_code in {200, 201}, reply.text
        if step == "sessions":
            made.ids["session"] = reply.json()
    made.ids["to_take_back"] = await attachment(clerk, made.of("accepted"), title=f"{CANARY}误传")
    made.ids["photo"] = await attachment(clerk, made.of("referred"), title=f"{CANARY}现场")
    await _agreed_upon(made)
    for name, body in (("participant", PARTICIPANT | {"name": CANARY}), ("evidence", EVIDENCE | {"name": CANARY})):
        path = f"/cases/{made.of('referred')}/{'participants' if name == 'participant' else name}"
        made.ids[name] = await created(clerk.post(path, json=body))
    await _harms(made)
    made.ids |= await _reports(world)
    relation = {"mediator_id": str(made.lead), "relation": "interest", "note": f"{CANARY}表亲"}
    made.ids |= await _handed_over(made, clerk)
    made.ids["conflict"] = (await clerk.post(f"/cases/{made.of('parted')}/conflicts", json=relation)).json()
    made.ids["claim"] = await created(clerk.post("/statistics/report-claims", json=REPORT_CLAIM))
    made.machine, made.secret = await machine(world)
    return made


async def _handed_over(made: Scene, clerk: Caller) -> dict[str, Any]:
    """Cases and rounds whose hand-off waits for one of its steps."""
    ids = {}
    referral = {"incident_no": f"{CANARY}号", "partner_id": str(made.partner)}
    for name, steps in (
        ("to_accept", []),
        ("to_return", []),
        ("to_tell", ["acceptance"]),
        ("to_acknowledge", ["acceptance", "result"]),
        ("to_recall", []),
    ):
        accepted = ids[f"referral {name}"] = await accepted_case(clerk, **_told(f"referral {name}"))
        started = ids[f"referral {name} round"] = await started_round(
            clerk, accepted["id"], "police", referral=referral
        )
        path = f"/mediations/{started['id']}/referral"
        for step in steps:
            await ok(clerk.post(f"{path}/{step}", json=RESULT if step == "result" else HAND_OFF))
    return ids


async def _harms(made: Scene) -> None:
    """Records of prevented harm, by what can be done with them; somebody of another name recorded them."""
    mediator = await made.world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    path = f"/cases/{made.of('referred')}/prevented-harms"
    for name, kind in (("to_approve", "group_fight"), ("to_decline", "mass_petition"), ("to_withdraw", "suicide")):
        body = HARM | {"kind": kind, "basis": f"{CANARY}已平复。"}
        made.ids[f"harm {name}"] = await created(mediator.post(path, json=body))
    head = await made.world.caller(Role.OFFICE_HEAD, TOWN)
    await ok(head.post(f"/prevented-harms/{made.of('harm to_withdraw')}/approval"))


async def _reports(world: World) -> dict[str, Any]:
    """Reports of the village in every state from which a step leads."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    head = await world.caller(Role.OFFICE_HEAD, TOWN)
    steps = ((clerk, "check"), (head, "confirmation"), (head, "locking"))
    ids = {}
    for month, (name, taken) in enumerate(
        (("draft", 0), ("to_discard", 0), ("checked", 1), ("confirmed", 2), ("locked", 3)), 1
    ):
        body = MONTH | {"from": f"2019-0{month}-01", "to": f"2019-0{month}-28"}
        made = ids[f"report {name}"] = await created(clerk.post("/statistics/reports", json=body))
        for caller, step in steps[:taken]:
            ids[f"report {name}"] = await ok(caller.post(f"/statistics/reports/{made['id']}/{step}"))
    return ids


async def _agreed_upon(made: Scene) -> None:
    """A written agreement that nobody has signed, and a labour dispute settled with something owed in four parts."""
    clerk = await made.world.caller(Role.OFFICE_CLERK, TOWN)
    for name, agreement in (
        ("to_amend", agreed(form="written", content=f"{CANARY}加装水槽。")),
        ("settled", agreed(content=f"{CANARY}分期支付。", amount="400.00")),
    ):
        accepted = await accepted_case(clerk, **_told(name), category="labor")
        if name == "settled":
            duty = {"party_id": accepted["parties"][1]["id"], "what": f"{CANARY}支付", "amount": "100.00"}
            parts = [{"due_on": f"2020-0{month}-01", "amount": "50.00"} for month in (4, 5)]
            agreement["agreement"]["obligations"] = [duty | {"instalments": parts}] * 4
        mediation = await started_round(clerk, accepted["id"])
        await ok(clerk.post(f"/mediations/{mediation['id']}/conclusion", json=agreement))
        made.ids[name] = await ok(clerk.get(f"/cases/{accepted['id']}"))
    owed = await ok(clerk.get(f"/cases/{made.of('settled')}/agreement"))
    for name, obligation in zip(("to_perform", "to_urge", "to_fail", "to_alter"), owed["obligations"], strict=True):
        made.ids[name] = obligation


async def _ended(made: Scene) -> None:
    """Cases to end, and ended ones."""
    head = await made.world.caller(Role.OFFICE_HEAD, TOWN)
    for name in ("to_withdraw", "to_transfer", "to_merge", "merged", "to_void", "to_archive"):
        made.ids[name] = await case(head, **_told(name))
    made.ids["to_reopen"] = await accepted_case(head, **_told("to_reopen"))
    withdrawal = {"on": "2020-03-03", "reason": f"{CANARY}自行和解。"}
    for name, step, body in (
        ("merged", "merge", {"into": made.of("registered"), "reason": f"{CANARY}同一纠纷。"}),
        ("to_archive", "withdrawal", withdrawal),
        ("to_reopen", "withdrawal", withdrawal),
    ):
        reply = await head.post(f"/cases/{made.of(name)}/{step}", json=body)
        assert reply.status_code == 200, reply.text


async def _calendar(world: World) -> dict[str, Any]:
    """A rule and a day of the district."""
    admin = await world.caller(Role.DISTRICT_ADMIN, DISTRICT)
    rule = await created(admin.post("/deadline-rules", json=RULE))
    reporting = await created(admin.post("/reporting-calendars", json=REPORTING))
    day = await created(admin.post("/calendar-days", json=DAY | {"on": "2019-01-02"}))
    return {"rule": rule, "reporting": reporting, "day": day}


def _told(name: str) -> dict[str, Any]:
    parties = [
        party(name=f"张某甲{CANARY}", id_number=ID_NUMBER, phone=PHONE, address=f"{CANARY}一组"),
        party("respondent", "张某乙"),
    ]
    return {"title": f"{CANARY}{name}", "summary": f"{CANARY}屋檐滴水。", "parties": parties}


def _applied(made: Scene) -> dict[str, Any]:
    return {
        "status": "applied",
        "on": "2020-03-10",
        "applicants": [one["id"] for one in made.ids["settled"]["parties"]],
        "authority": "示例人民法院",
    }


@dataclass(frozen=True)
class Sample:
    operation: str
    method: str
    path: str
    permission: str | None
    ids: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    json: Any = None
    form: dict[str, str] | None = None
    parts: dict[str, str | bytes] | None = None
    """Of a multipart form; bytes are a file."""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        path = self.path
        for name, value in self.ids.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        return path + (f"?{urlencode(self.query)}" if self.query else "")

    @property
    def body(self) -> bytes:
        if self.form is not None:
            return urlencode(self.form).encode()
        if self.parts is not None:
            return multipart(self.parts)
        return b"" if self.json is None else orjson.dumps(self.json)

    @property
    def is_unsafe(self) -> bool:
        return self.method != "GET"

    @property
    def record_ids(self) -> dict[str, str]:
        """Those of the path's parameters that name records."""
        return {name: value for name, value in self.ids.items() if name == "code" or name.endswith("_id")}

    @property
    def roles(self) -> list[Role]:
        return [role for role in Role if self.permission in PERMISSIONS[role]]

    @property
    def role(self) -> Role:
        """Whom to send it as."""
        return next(role for role in (Role.OFFICE_HEAD, Role.DISTRICT_ADMIN, Role.AUDITOR) if role in self.roles)

    def naming(self, **ids: str) -> "Sample":
        return replace(self, ids=self.ids | ids)

    async def send(
        self, world: World, caller: Caller | None, body: Body | None = None, headers: Headers | None = None
    ) -> Reply:
        sent: dict[str, str | bytes] = dict(self.headers)
        if self.json is not None:
            sent["content-type"] = "application/json"
        if self.form is not None:
            sent["content-type"] = "application/x-www-form-urlencoded"
        if self.parts is not None:
            sent["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
        if caller is not None:
            sent["authorization"] = f"Bearer {caller.token}"
        return await ask(
            world.app, self.method, self.target, self.body if body is None else body, sent | dict(headers or {})
        )


BOUNDARY = "sample"


def multipart(parts: dict[str, str | bytes]) -> bytes:
    pieces = []
    for name, value in parts.items():
        file = '; filename="sample"' if isinstance(value, bytes) else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        pieces.append(head.encode() + (value if isinstance(value, bytes) else value.encode()) + b"\r\n")
    return b"".join(pieces) + f"--{BOUNDARY}--\r\n".encode()


def _attachment(scene: Scene, case: str = "referred", name: str = "photo") -> dict[str, str]:
    return {"case_id": scene.of(case), "attachment_id": scene.of(name)}


Request = dict[str, Any]
REQUESTS: dict[str, Callable[[Scene], Request]] = {
    "health": lambda _: {},
    "readiness": lambda _: {},
    "issue_tokens": lambda s: {"form": {"grant_type": "password", "username": s.username, "password": PASSWORD}},
    "revoke_token": lambda _: {"form": {"token": "none of ours"}},
    "register_case": lambda _: {"json": dispute(title="新的纠纷", occurred_on="2020-02-28", amount_claimed="1200.00")},
    "list_cases": lambda _: {"query": {"place": VILLAGE, "limit": "20"}},
    "search_cases": lambda _: {"json": {"q": CANARY, "party_phone": PHONE, "status": ["registered"], "limit": 20}},
    "read_case": lambda s: {"ids": {"case_id": s.of("referred")}},
    "change_case": lambda s: {
        "ids": {"case_id": s.of("to_change")},
        "json": {"title": "改过"},
        "headers": FIRST_VERSION,
    },
    "accept_case": lambda s: {"ids": {"case_id": s.of("to_accept")}, "json": {"accepted_on": "2020-03-02"}},
    "refuse_case": lambda s: {
        "ids": {"case_id": s.of("to_refuse")},
        "json": {"reason": "out_of_area_transferred", "notice_on": "2020-03-02"},
    },
    "assign_case": lambda s: {"ids": {"case_id": s.of("to_assign")}, "json": {"mediators": [str(s.lead)]}},
    "list_parties": lambda s: {"ids": {"case_id": s.of("referred")}},
    "add_party": lambda s: {
        "ids": {"case_id": s.of("accepted")},
        "json": party("third_party", "张某丙", capacity="limited", agent={"kind": "guardian", "name": "张某丁"}),
    },
    "change_party": lambda s: {
        "ids": {"case_id": s.of("to_rename"), "party_id": s.ids["to_rename"]["parties"][0]["id"]},
        "json": {"name": "张某戊", "agent": {"kind": "entrusted", "name": "张某丁", "power": "general"}},
        "headers": FIRST_VERSION,
    },
    "remove_party": lambda s: {
        "ids": {"case_id": s.of("to_remove"), "party_id": s.ids["to_remove"]["parties"][2]["id"]},
        "headers": FIRST_VERSION,
    },
    "list_notes": lambda s: {"ids": {"case_id": s.of("referred")}},
    "add_note": lambda s: {"ids": {"case_id": s.of("registered")}, "json": {"text": "已电话联系。"}},
    "add_attachment": lambda s: {
        "ids": {"case_id": s.of("registered")},
        "parts": {"kind": "evidence", "title": f"{CANARY}借条", "file": PNG},
    },
    "list_attachments": lambda s: {"ids": {"case_id": s.of("referred")}},
    "read_attachment": lambda s: {"ids": _attachment(s)},
    "read_attachment_content": lambda s: {"ids": _attachment(s)},
    "withdraw_attachment": lambda s: {
        "ids": _attachment(s, "accepted", "to_take_back"),
        "json": {"reason": "重复上传。"},
    },
    "record_inspection": lambda _: {"json": patrol()},
    "list_inspections": lambda _: {"query": {"place": VILLAGE, "nothing_found": "false"}},
    "read_inspection": lambda s: {"ids": {"inspection_id": s.of("patrol")}},
    "change_inspection": lambda s: {
        "ids": {"inspection_id": s.of("patrol")},
        "json": {"people": ["冉某乙"]},
        "headers": FIRST_VERSION,
    },
    "add_finding": lambda s: {
        "ids": {"inspection_id": s.of("patrol")},
        "json": {"summary": "两家为放牛争执。", "category": "livestock_crop", "people_count": 2},
    },
    "make_lead": lambda s: {"ids": _finding(s, "to_watch"), "json": {"on": "2020-03-02", "note": "持续关注。"}},
    "prevent_dispute": lambda s: {"ids": _finding(s, "lead"), "json": {"on": "2020-03-03", "note": "已劝和。"}},
    "register_found_case": lambda s: {"ids": _finding(s, "found"), "json": dispute(source="proactive")},
    "read_coverage": lambda _: {"query": {**PERIOD, "place": TOWN}},
    "reveal_party_identity": lambda s: {
        "ids": {"case_id": s.of("registered"), "party_id": s.ids["registered"]["parties"][0]["id"]},
        "query": {"reason": "核对身份"},
    },
    "list_party_disclosures": lambda s: {
        "ids": {"case_id": s.of("registered"), "party_id": s.ids["registered"]["parties"][0]["id"]}
    },
    "search_disclosures": lambda _: {"json": {"party_id_number": ID_NUMBER}},
    "list_possible_duplicates": lambda s: {"ids": {"case_id": s.of("registered")}},
    "find_related_cases": lambda s: {"ids": {"case_id": s.of("registered")}},
    "declare_case_conflict": lambda s: {
        "ids": {"case_id": s.of("to_part")},
        "json": {"mediator_id": str(s.lead), "party_id": s.ids["to_part"]["parties"][0]["id"], "relation": "relative"},
    },
    "list_case_conflicts": lambda s: {"ids": {"case_id": s.of("parted")}},
    "withdraw_case_conflict": lambda s: {
        "ids": {"case_id": s.of("parted"), "conflict_id": s.of("conflict")},
        "json": {"reason": "关系登记有误"},
    },
    "read_case_timeline": lambda s: {"ids": {"case_id": s.of("referred")}},
    "start_mediation": lambda s: {
        "ids": {"case_id": s.of("accepted")},
        "json": round_of("lawyer", fee="200.00", referral=REFERRALS["lawyer"] | {"law_firm_id": str(s.firm)}),
    },
    "list_mediations": lambda s: {"ids": {"case_id": s.of("referred")}},
    "read_mediation": lambda s: {"ids": {"mediation_id": s.of("referred round")}},
    "list_mediation_actions": lambda s: {"ids": {"mediation_id": s.of("referred round")}},
    "record_session": lambda s: {
        "ids": {"mediation_id": s.of("referred round")},
        "json": {
            "held_on": "2020-03-04",
            "form": "onsite",
            "record": "再次查看。",
            "attendees": ["张某甲"],
            "bodies": [{"organization_id": str(s.partner), "spoken_by": "庹某乙"}],
        },
    },
    "list_referrals": lambda _: {"query": {"place": VILLAGE, "overdue": "true"}},
    "accept_referral": lambda s: {"ids": {"mediation_id": s.of("referral to_accept round")}, "json": HAND_OFF},
    "return_referral": lambda s: {
        "ids": {"mediation_id": s.of("referral to_return round")},
        "json": HAND_OFF | {"reason": "不属调解范围。"},
    },
    "return_referral_result": lambda s: {"ids": {"mediation_id": s.of("referral to_tell round")}, "json": RESULT},
    "acknowledge_referral_result": lambda s: {
        "ids": {"mediation_id": s.of("referral to_acknowledge round")},
        "json": HAND_OFF,
    },
    "recall_referral": lambda s: {
        "ids": {"mediation_id": s.of("referral to_recall round")},
        "json": HAND_OFF | {"reason": "报案人撤回。"},
    },
    "list_case_sessions": lambda s: {"ids": {"case_id": s.of("referred")}},
    "correct_session_record": lambda s: {
        "ids": {"mediation_id": s.of("referred round"), "session_id": s.of("session")},
        "json": {"text": "“东侧”应为“西侧”。"},
    },
    "replace_round_mediator": lambda s: {
        "ids": {"mediation_id": s.of("referred round")},
        "json": {"joins": str(s.lead), "on": "2020-03-04", "selected_by": "parties"},
    },
    "list_round_mediators": lambda s: {"ids": {"mediation_id": s.of("referred round")}},
    "terminate_mediation": lambda s: {
        "ids": {"mediation_id": s.of("to_terminate round")},
        "json": {
            "party_id": s.ids["to_terminate"]["parties"][1]["id"],
            "on": "2020-03-05",
            "remedy_notice_on": "2020-03-05",
            "reason": "不愿再谈。",
        },
    },
    "invite_participant": lambda s: {"ids": {"case_id": s.of("referred")}, "json": PARTICIPANT},
    "list_participants": lambda s: {"ids": {"case_id": s.of("referred")}},
    "record_participant_consent": lambda s: {
        "ids": {"case_id": s.of("referred"), "participant_id": s.of("participant")},
        "json": {"party_id": s.ids["referred"]["parties"][0]["id"], "agreed": True, "on": "2020-03-04"},
    },
    "record_case_investigation": lambda s: {"ids": {"case_id": s.of("referred")}, "json": INVESTIGATION},
    "list_investigations": lambda s: {"ids": {"case_id": s.of("referred")}},
    "add_case_evidence": lambda s: {
        "ids": {"case_id": s.of("referred")},
        "json": EVIDENCE | {"submitted_by": s.ids["referred"]["parties"][0]["id"], "pages": 2},
    },
    "list_evidence": lambda s: {"ids": {"case_id": s.of("referred")}},
    "withdraw_case_evidence": lambda s: {
        "ids": {"case_id": s.of("referred"), "evidence_id": s.of("evidence")},
        "json": {"on": "2020-03-05", "reason": "当事人取回。"},
    },
    "report_case_escalation": lambda s: {"ids": {"case_id": s.of("referred")}, "json": REPORT},
    "list_escalation_reports": lambda s: {"ids": {"case_id": s.of("referred")}},
    "record_prevented_harm": lambda s: {
        "ids": {"case_id": s.of("accepted")},
        "json": HARM | {"mediator_id": str(s.lead)},
    },
    "list_prevented_harms": lambda s: {"ids": {"case_id": s.of("referred")}},
    "approve_prevented_harm": lambda s: {"ids": {"harm_id": s.of("harm to_approve")}},
    "decline_prevented_harm": lambda s: {
        "ids": {"harm_id": s.of("harm to_decline")},
        "json": {"reason": "依据不足。"},
    },
    "withdraw_prevented_harm": lambda s: {
        "ids": {"harm_id": s.of("harm to_withdraw")},
        "json": {"reason": "判断有误。"},
    },
    "serve_rights_notice": lambda s: {
        "ids": {"case_id": s.of("referred")},
        "json": {"party_id": s.ids["referred"]["parties"][0]["id"], "manner": "oral", "served_on": "2020-03-03"},
    },
    "list_rights_notices": lambda s: {"ids": {"case_id": s.of("referred")}},
    "list_sessions": lambda s: {"ids": {"mediation_id": s.of("referred round")}},
    "conclude_mediation": lambda s: {"ids": {"mediation_id": s.of("to_conclude round")}, "json": agreed()},
    "read_agreement": lambda s: {"ids": {"case_id": s.of("agreed")}},
    "sign_agreement": lambda s: {
        "ids": {"case_id": s.of("agreed")},
        "json": {"party_id": s.ids["agreed"]["parties"][0]["id"], "on": "2020-03-05"},
    },
    "amend_agreement": lambda s: {
        "ids": {"case_id": s.of("to_amend")},
        "json": {"content": "加装水槽两处。", "obligations": []},
        "headers": {"if-match": f'"{s.ids["to_amend"]["version"]}-full"'},
    },
    "list_obligations": lambda _: {"query": {"place": VILLAGE, "overdue": "true"}},
    "list_obligation_actions": lambda s: {"ids": {"obligation_id": s.of("to_urge")}},
    "record_performance": lambda s: {
        "ids": {"obligation_id": s.of("to_perform")},
        "json": {"on": "2020-04-01", "amount": "50.00", "instalment": 1, "proof": "收条一张。"},
    },
    "record_urging": lambda s: {
        "ids": {"obligation_id": s.of("to_urge")},
        "json": {"on": "2020-04-02", "note": "电话督促。"},
    },
    "record_performance_refusal": lambda s: {
        "ids": {"obligation_id": s.of("to_fail")},
        "json": {"on": "2020-04-02", "reason": "unwilling", "note": "拒绝支付。"},
    },
    "record_obligation_change": lambda s: {
        "ids": {"obligation_id": s.of("to_alter")},
        "json": {
            "on": "2020-03-20",
            "reason": "改为一次付清。",
            "consents": [p["id"] for p in s.ids["settled"]["parties"]],
            "amount": "80.00",
            "instalments": [{"due_on": "2020-06-01", "amount": "80.00"}],
        },
    },
    "read_confirmation": lambda s: {"ids": {"case_id": s.of("settled")}},
    "record_confirmation": lambda s: {"ids": {"case_id": s.of("settled")}, "json": _applied(s)},
    "read_arbitration_review": lambda s: {"ids": {"case_id": s.of("settled")}},
    "record_arbitration_review": lambda s: {"ids": {"case_id": s.of("settled")}, "json": _applied(s)},
    "record_remedy": lambda s: {
        "ids": {"case_id": s.of("settled")},
        "json": {
            "route": "labor_arbitration",
            "party_id": s.ids["settled"]["parties"][0]["id"],
            "on": "2020-05-06",
            "authority": "示例仲裁委员会",
        },
    },
    "list_return_visits": lambda s: {"ids": {"case_id": s.of("settled")}},
    "record_return_visit": lambda s: {
        "ids": {"case_id": s.of("settled")},
        "json": {
            "visited_on": "2020-03-15",
            "form": "phone",
            "visitor_name": "庹某甲",
            "parties": [s.ids["settled"]["parties"][0]["id"]],
            "findings": "双方均表示满意。",
            "satisfaction": "satisfied",
        },
    },
    "close_case": lambda s: {
        "ids": {"case_id": s.of("failed")},
        "json": {"closed_on": "2020-03-06", "note": "已告知。"},
    },
    "withdraw_case": lambda s: {
        "ids": {"case_id": s.of("to_withdraw")},
        "json": {"on": "2020-03-03", "reason": "双方自行和解。"},
    },
    "transfer_case": lambda s: {
        "ids": {"case_id": s.of("to_transfer")},
        "json": {
            "on": "2020-03-03",
            "reason": "纠纷涉及两村。",
            "to": {"organization_id": str(s.world.organizations[TOWN])},
        },
    },
    "merge_case": lambda s: {
        "ids": {"case_id": s.of("to_merge")},
        "json": {"into": s.of("registered"), "reason": "同一纠纷重复登记。"},
    },
    "separate_case": lambda s: {"ids": {"case_id": s.of("merged")}, "json": {"reason": "并非同一纠纷。"}},
    "void_case": lambda s: {"ids": {"case_id": s.of("to_void")}, "json": {"reason": "误登记。"}},
    "reopen_case": lambda s: {
        "ids": {"case_id": s.of("to_reopen")},
        "json": {"on": "2020-03-09", "reason": "和解后反悔。"},
    },
    "archive_case": lambda s: {"ids": {"case_id": s.of("to_archive")}, "json": {"retention": "short"}},
    "list_forms": lambda s: {"ids": {"case_id": s.of("agreed")}},
    "make_form": lambda s: {"ids": {"case_id": s.of("agreed"), "form": "agreement"}},
    "read_dossier": lambda s: {"ids": {"case_id": s.of("agreed")}},
    "download_dossier": lambda s: {"ids": {"case_id": s.of("referred")}},
    "suspend_case": lambda s: {"ids": {"case_id": s.of("to_suspend")}, "json": SUSPENSION},
    "resume_case": lambda s: {
        "ids": {"case_id": s.of("suspended")},
        "json": {"on": "2020-03-16", "reason": "鉴定已出"},
    },
    "extend_case": lambda s: {
        "ids": {"case_id": s.of("to_conclude")},
        "json": {
            "reason": "需补充材料",
            "on": "2020-03-20",
            "days": 10,
            "consents": [party["id"] for party in s.ids["to_conclude"]["parties"]],
        },
    },
    "list_deadlines": lambda _: {"query": {"place": VILLAGE, "overdue": "true"}},
    "list_deadline_rules": lambda _: {"query": {"code": "mediate_general", "on": "2020-03-01"}},
    "read_deadline_rule": lambda s: {"ids": {"rule_id": s.of("rule")}},
    "add_deadline_rule": lambda _: {"json": RULE | {"days": 25}},
    "end_deadline_rule": lambda s: {
        "ids": {"rule_id": s.of("rule")},
        "json": {"effective_to": "2036-12-31"},
        "headers": FIRST_VERSION,
    },
    "list_calendar_days": lambda _: {"query": {"on_from": "2019-01-01"}},
    "read_calendar_day": lambda s: {"ids": {"day_id": s.of("day")}},
    "add_calendar_day": lambda _: {"json": DAY},
    "list_reporting_calendars": lambda _: {"query": {"code": "calendar_year"}},
    "read_reporting_calendar": lambda s: {"ids": {"calendar_id": s.of("reporting")}},
    "add_reporting_calendar": lambda _: {"json": REPORTING},
    "end_reporting_calendar": lambda s: {
        "ids": {"calendar_id": s.of("reporting")},
        "json": {"effective_to": "2036-12-31"},
        "headers": FIRST_VERSION,
    },
    "list_reporting_periods": lambda _: {"ids": {"calendar": "calendar_year"}, "query": {"year": "2020"}},
    "change_calendar_day": lambda s: {
        "ids": {"day_id": s.of("day")},
        "json": {"is_working": True},
        "headers": FIRST_VERSION,
    },
    "list_case_actions": lambda s: {"ids": {"case_id": s.of("referred")}},
    "read_statistics": lambda _: {"query": {**PERIOD, "by": "month,category"}},
    "read_public_statistics": lambda _: {"query": {"place": DISTRICT, "year": "2020"}},
    "read_exposition": lambda _: {"query": PERIOD},
    "read_official_table": lambda _: {"query": PERIOD},
    "read_committee_table": lambda _: {},
    "read_comparison": lambda _: {"query": {**PERIOD, "with": "previous_year", "by": "month"}},
    "list_indicators": lambda _: {},
    "list_figure_cases": lambda _: {"ids": {"indicator": "received"}, "query": PERIOD},
    "read_why": lambda s: {"ids": {"indicator": "received", "case_id": s.of("referred")}, "query": PERIOD},
    "make_report": lambda _: {"json": MONTH | {"from": "2018-05-01", "to": "2018-05-31", "remark": "示例"}},
    "list_reports": lambda _: {"query": {**PERIOD, "place": TOWN, "state": "draft,locked"}},
    "read_report": lambda s: {"ids": {"report_id": s.of("report locked")}},
    "list_reported_cases": lambda s: {"ids": {"report_id": s.of("report locked")}},
    "check_report": lambda s: {"ids": {"report_id": s.of("report draft")}},
    "confirm_report": lambda s: {"ids": {"report_id": s.of("report checked")}},
    "lock_report": lambda s: {"ids": {"report_id": s.of("report confirmed")}},
    "supersede_report": lambda s: {"ids": {"report_id": s.of("report locked")}, "json": {"reason": "补录案件。"}},
    "discard_report": lambda s: {"ids": {"report_id": s.of("report to_discard")}, "json": {"reason": "重复编制。"}},
    "read_report_difference": lambda s: {"ids": {"report_id": s.of("report locked")}, "query": {"late": "false"}},
    "read_correction_note": lambda s: {"ids": {"report_id": s.of("report locked")}},
    "check_claim": lambda _: {"json": {"count": 41, "percent": "99", **PERIOD}},
    "read_narrative": lambda _: {"query": {"year": "2020"}},
    "make_narrative": lambda _: {"query": PERIOD},
    "keep_report_claim": lambda _: {"json": REPORT_CLAIM},
    "list_report_claims": lambda _: {"query": {"place": TOWN}},
    "read_report_claim": lambda s: {"ids": {"claim_id": s.of("claim")}},
    "read_codebook": lambda _: {},
    "read_table": lambda _: {"ids": {"table": "role"}},
    "list_places": lambda _: {"query": {"level": "village"}},
    "add_place": lambda _: {"json": {"code": "500114109209", "name": "示例新村", "valid_from": "2020-01-01"}},
    "read_place": lambda _: {"ids": {"code": VILLAGE}},
    "change_place": lambda _: {"ids": {"code": VILLAGE}, "json": {"name": "黄泥新村"}, "headers": FIRST_VERSION},
    "read_me": lambda _: {},
    "change_own_password": lambda _: {"json": {"current_password": PASSWORD, "new_password": "another-channel-8"}},
    "list_organizations": lambda _: {"query": {"kind": "police_station"}},
    "add_organization": lambda _: {"json": {"kind": "court", "name": "示例人民法庭", "place": TOWN}},
    "read_organization": lambda s: {"ids": {"organization_id": str(s.partner)}},
    "change_organization": lambda s: {
        "ids": {"organization_id": str(s.partner)},
        "json": {"name": "示例派出所"},
        "headers": FIRST_VERSION,
    },
    "list_mediators": lambda _: {"query": {"kind": "full_time"}},
    "add_mediator": lambda s: {
        "json": {"name": "冉某乙", "kind": "part_time", "organization_id": str(s.world.organizations[TOWN])}
    },
    "read_mediator": lambda s: {"ids": {"mediator_id": str(s.lead)}},
    "change_mediator": lambda s: {
        "ids": {"mediator_id": str(s.lead)},
        "json": {"kind": "part_time"},
        "headers": FIRST_VERSION,
    },
    "list_accounts": lambda _: {"query": {"role": "grid_worker"}},
    "add_account": lambda _: {
        "json": {"username": f"sample.{uuid4().hex[:8]}", "name": "庹某甲", "role": "grid_worker", "place": VILLAGE}
    },
    "read_account": lambda s: {"ids": {"account_id": s.account_id}},
    "change_account": lambda s: {
        "ids": {"account_id": s.account_id},
        "json": {"name": "庹某乙"},
        "headers": FIRST_VERSION,
    },
    "list_clients": lambda _: {"query": {"disabled": "false"}},
    "add_client": lambda _: {"json": {"name": "样例系统", "place": VILLAGE, "scopes": ["cases:register"]}},
    "read_client": lambda s: {"ids": {"client_id": s.machine}},
    "change_client": lambda s: {"ids": {"client_id": s.machine}, "json": {"name": "改名"}, "headers": FIRST_VERSION},
    "add_client_secret": lambda s: {"ids": {"client_id": s.machine}, "json": {}},
    "end_client_secret": lambda s: {"ids": {"client_id": s.machine, "secret_id": s.secret}},
    "reset_password": lambda s: {"ids": {"account_id": s.account_id}},
    "list_audit_events": lambda _: {"query": {"action": "register_case"}},
}


def samples(scene: Scene) -> list[Sample]:
    """One of each operation, in the order of the document."""
    return [
        Sample(o["operationId"], method.upper(), path, o.get("x-permission"), **REQUESTS[o["operationId"]](scene))
        for path, operations in document_of(scene.world.app)["paths"].items()
        for method, o in operations.items()
    ]


async def sender(scene: Scene, sample: Sample) -> Caller | None:
    """Whoever may send it and is answered with success."""
    if sample.permission is None:
        return None
    return scene.account if sample.operation == "change_own_password" else await scene.caller(sample.role)


def _finding(scene: Scene, name: str) -> dict[str, str]:
    return {"inspection_id": scene.of(name), "finding_id": scene.ids[name]["findings"][0]["id"]}
