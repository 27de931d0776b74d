"""The walks of docs/methods.md: each is taken over HTTP, and the page shows what was sent and answered.

`WRITE_DOCS=1 make test ARGS="-k methods_walk"` writes the page anew.
"""

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.people.codes import OrganizationKind, Role
from tests.world import DISTRICT, TOWN, VILLAGE, Caller, World, account, mediator, organization, party

PAGE = Path(__file__).parent.parent / "docs/methods.md"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
INSTANT = re.compile(r'"\d{4}-\d\d-\d\dT[^"]+"')
WIDTH = 140
WRITTEN = {"form": "written", "agreed_on": "2020-03-09"}


@dataclass
class Walk:
    """What was sent and answered, with names in place of ids, and an ellipsis for what the clock says."""

    clerk: Caller
    liaison: Caller
    names: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    async def post(
        self, said: str, path: str, body: Any, *shown: str, status: int = 200, by: Caller | None = None
    ) -> Any:
        return await self._exchange(said, "POST", path, body, shown, status, by)

    async def get(self, said: str, path: str, *shown: str, by: Caller | None = None) -> Any:
        return await self._exchange(said, "GET", path, None, shown, 200, by)

    async def _exchange(
        self, said: str, method: str, path: str, body: Any, shown: tuple[str, ...], status: int, by: Caller | None
    ) -> Any:
        who = by or self.clerk
        answer = await (who.get(path) if body is None else who.post(path, json=body))
        assert answer.status_code == status, answer.text
        told = answer.json()
        sent = [f"{method} /api/v1{path}", *([_laid_out(body)] if body is not None else [])]
        kept = {name: _shown(told, name) for name in shown}
        self.lines += [said, "", "```http", *sent, "", str(status), _laid_out(kept), "```", ""]
        return told

    def name(self, id: Any, name: str) -> str:
        self.names[str(id)] = f"<{name}>"
        return str(id)

    @property
    def text(self) -> str:
        text = INSTANT.sub('"…"', "\n".join(self.lines))
        for id, name in self.names.items():
            text = text.replace(id, name)
        assert not ID.findall(text), "every id has a name"
        return text


def _shown(told: Any, path: str) -> Any:
    for part in path.split("."):
        told = told[int(part)] if isinstance(told, list) else told[part]
    return told


def _laid_out(value: Any, indent: str = "") -> str:
    """JSON, on one line where it fits; the outermost always has a line for each field."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or (indent and len(indent + line) <= WIDTH):
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(name)}: {_laid_out(part, inner)}" for name, part in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + _laid_out(part, inner) for part in value) + f"\n{indent}]"


def compare(name: str, walk: Walk) -> None:
    start, end = f"<!-- walk {name}: by tests/test_methods_walk.py -->\n\n", "<!-- end -->"
    page = PAGE.read_text("utf-8")
    before, rest = page.split(start)
    shown, after = rest.split(end, 1)
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(before + start + walk.text + end + after, "utf-8")
        return
    assert shown == walk.text, 'write the page anew: WRITE_DOCS=1 make test ARGS="-k methods_walk"'


async def walk_with(world: World, kind: OrganizationKind, role: Role) -> tuple[Walk, str, str]:
    """The clerk of 黎水镇, the liaison of a partner body, and the ids of that body and of a mediator."""
    world.organizations[TOWN] = await organization(world, TOWN, prefix="黎水调")
    partner = await organization(world, TOWN, kind=kind)
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    walk = Walk(clerk, await account(world, role, DISTRICT, organization_id=partner))
    walk.name(clerk.account.id, "clerk")
    walk.name(walk.liaison.account.id, "liaison")
    lead = await mediator(world, TOWN)
    walk.name(world.organizations[TOWN], "committee")
    return walk, walk.name(partner, "partner"), walk.name(lead, "mediator")


async def accepted(walk: Walk, lead: str, **dispute: Any) -> dict[str, Any]:
    """Registered and accepted; answers the case."""
    body = {
        "place": VILLAGE,
        "reported_on": "2020-03-02",
        "parties": [party(), party("respondent", "张某乙")],
        **dispute,
    }
    case: dict[str, Any] = await walk.post(
        "登记。 Registered.", "/cases", body, "id", "status", "deadlines.0.code", "deadlines.0.due_on", status=201
    )
    walk.name(case["id"], "case")
    for one, name in zip(case["parties"], ("applicant", "respondent"), strict=True):
        walk.name(one["id"], name)
    accept = {"accepted_on": "2020-03-03", "mediators": [lead]}
    shown = ("number", "status", "received_on")
    await walk.post("受理。 Accepted.", f"/cases/{case['id']}/acceptance", accept, *shown)
    return case


async def started(walk: Walk, case: dict[str, Any], method: str, referral: dict[str, Any], **fields: Any) -> str:
    body = {"method": method, "started_on": "2020-03-03", **fields, "referral": referral}
    said = "开始本轮，附移送对接。 The round starts, with its referral."
    shown = ("id", "round_no", "referral.direction", "referral.state")
    made = await walk.post(said, f"/cases/{case['id']}/mediations", body, *shown, status=201)
    return f"/mediations/{walk.name(made['id'], 'round')}"


async def session(walk: Walk, round_: str, said: str, held_on: str, record: str) -> None:
    body = {"held_on": held_on, "form": "face_to_face", "attendees": ["张某甲", "张某乙"], "record": record}
    made = await walk.post(said, f"{round_}/sessions", body, "held_on", "form", "joint", status=201)
    walk.name(made["id"], "session")


def signatures(case: dict[str, Any], lead: str) -> list[dict[str, Any]]:
    signers = [{"party_id": one["id"]} for one in case["parties"]] + [{"mediator_id": lead}, {"seal": True}]
    return [signer | {"on": "2020-03-09"} for signer in signers]


async def concluded(walk: Walk, case: dict[str, Any], lead: str, round_: str, content: str, amount: str) -> None:
    owed = {"party_id": case["parties"][1]["id"], "what": "支付约定款项", "due_on": "2020-03-09", "amount": amount}
    agreement = WRITTEN | {"content": content, "amount": amount, "obligations": [owed]}
    body = {"outcome": "agreed", "concluded_on": "2020-03-09"}
    said = (
        "达成书面协议，各方签章，当日生效并结案。 A written agreement, signed by all: in effect, and the case closed."
    )
    shown = ("outcome", "case_status", "concluded_on")
    signed = body | {"agreement": agreement | {"signatures": signatures(case, lead)}}
    await walk.post(said, f"{round_}/conclusion", signed, *shown)


FAILED = {
    "outcome": "failed",
    "concluded_on": "2020-03-06",
    "failure_reason": "no_agreement",
    "remedy_notice_on": "2020-03-06",
}
OF_POLICE = {
    "source": "referral_police",
    "category": "damage_compensation",
    "summary": "张某乙与张某甲争吵时推搡，张某甲手臂擦伤，双方对医药费有争议。",
    "location": "黄泥村二组水井旁",
}


def police_letter(partner: str, incident: str) -> dict[str, Any]:
    return {
        "letter_kind": "referral",
        "letter_no": "示例公移〔2020〕1号",
        "sent_on": "2020-03-03",
        "partner_id": partner,
        "incident_no": incident,
        "officer_name": "庹某乙",
        "officer_badge_no": "示例警号001",
        "public_security_case": True,
    }


async def test_police(world: World) -> None:
    walk, partner, lead = await walk_with(world, OrganizationKind.POLICE_STATION, Role.LIAISON_POLICE)
    case = await accepted(walk, lead, **OF_POLICE)
    round_ = await started(walk, case, "police", police_letter(partner, "示例警情001号"))
    said = "接收移送，次日内答复。 The referral is accepted, within a working day."
    await walk.post(said, f"{round_}/referral/acceptance", {"on": "2020-03-04"}, "referral.state")
    await session(walk, round_, "第一次调解。 The first session.", "2020-03-05", "双方陈述经过，对数额分歧较大。")
    said = "再次调解的最后一日：第一次之后第七个工作日。 Until when a second session may be held."
    due = await walk.get(said, f"/cases/{case['id']}", "deadlines.4.code", "deadlines.4.due_on", "deadlines.4.basis")
    assert due["deadlines"][4]["code"] == "police_second_session"
    await session(walk, round_, "再次调解。 The second session.", "2020-03-09", "双方就医药费谈妥，当场付清。")
    await concluded(walk, case, lead, round_, "张某乙支付医药费八百元，当场付清，双方互不追究。", "800.00")
    result = {"on": "2020-03-10", "outcome": "agreed", "text": "已达成协议并当场履行，请依法处理。"}
    said = "回函不齐的，不能反馈。 What goes back to the police is whole, or it is refused."
    await walk.post(said, f"{round_}/referral/result", result, "code", "detail", "errors.0.pointer", status=409)
    package = {"performance_proof": "收条一张，八百元", "joint_application_on": "2020-03-09", "letter_no": "黎司函1号"}
    said = "回函：协议、履行证明、共同书面申请。 With proof of performance and the joint application."
    await walk.post(said, f"{round_}/referral/result", result | package, "referral.state", "referral.answers.1")
    said = "派出所联络员确认收到。 The station's liaison acknowledges it."
    shown = ("referral.state", "referral.answers.2.on", "referral.answers.2.side", "referral.answers.2.way")
    await walk.post(said, f"{round_}/referral/acknowledgement", {"on": "2020-03-11"}, *shown, by=walk.liaison)
    compare("police", walk)


async def test_police_failed(world: World) -> None:
    walk, partner, lead = await walk_with(world, OrganizationKind.POLICE_STATION, Role.LIAISON_POLICE)
    case = await accepted(walk, lead, **OF_POLICE)
    round_ = await started(walk, case, "police", police_letter(partner, "示例警情002号"))
    await walk.post("接收移送。 Accepted.", f"{round_}/referral/acceptance", {"on": "2020-03-04"}, "referral.state")
    await session(walk, round_, "调解。 A session.", "2020-03-05", "张某乙不愿承担医药费。")
    said = "调解不成，告知其他途径。 It fails, and the parties are told of other ways."
    await walk.post(said, f"{round_}/conclusion", FAILED, "outcome", "case_status")
    said = "尚未告知公安机关：自结束之日起五个工作日，逾期可查。 The police are still to be told, in five working days."
    shown = ("items.0.mediation_id", "items.0.state", "items.0.outcome", "items.0.feedback_due_on")
    await walk.get(said, "/referrals?overdue=true", *shown)
    result = {"on": "2020-03-09", "outcome": "failed", "letter_no": "黎司函2号", "text": "调解不成，请依法处理。"}
    said = "告知公安机关调解不成，由其依法作出决定。 The police are told, and decide."
    await walk.post(said, f"{round_}/referral/result", result, "referral.state", "referral.answers.1")
    said = "派出所联络员确认。 The station's liaison acknowledges it."
    acknowledged = {"on": "2020-03-10"}
    await walk.post(said, f"{round_}/referral/acknowledgement", acknowledged, "referral.state", by=walk.liaison)
    said = "结案。 The case is closed."
    await walk.post(said, f"/cases/{case['id']}/closure", {"closed_on": "2020-03-10"}, "status", "failure_reason")
    compare("police-failed", walk)


async def test_arbitration(world: World) -> None:
    walk, partner, lead = await walk_with(world, OrganizationKind.LABOR_ARBITRATION, Role.LIAISON_ARBITRATION)
    case = await accepted(
        walk,
        lead,
        source="referral_arbitration",
        category="migrant_wage_arrears",
        summary="张某甲等人完工后工资一直没有结清，要求张某乙支付。",
        occurred_on="2020-01-10",
        amount_claimed="12000.00",
    )
    letter = {
        "direction": "in",
        "letter_kind": "entrustment",
        "letter_no": "示例劳人仲委调〔2020〕1号",
        "sent_on": "2020-03-03",
        "partner_id": partner,
        "docket_no": "示例劳人仲案字〔2020〕第1号",
    }
    said = "商事仲裁不受理劳动争议。 A commercial body does not take on a labour dispute."
    wrong: dict[str, Any] = {"method": "arbitration", "started_on": "2020-03-03"}
    wrong["referral"] = {"arbitration_kind": "commercial"}
    shown = ("code", "detail", "errors.0.pointer")
    await walk.post(said, f"/cases/{case['id']}/mediations", wrong, *shown, status=409)
    round_ = await started(walk, case, "arbitration", {"arbitration_kind": "labor"} | letter)
    said = "接收委托。 The entrusted dispute is accepted."
    await walk.post(said, f"{round_}/referral/acceptance", {"on": "2020-03-04"}, "referral.state")
    said = "十五日调解期限和一年仲裁时效。 The fifteen days of mediation, and the year in which the claim stands."
    found = await walk.get(said, f"/deadlines?place={VILLAGE}&code=mediate_labor,limitation_labor", "items")
    assert [item["code"] for item in found["items"]] == ["mediate_labor", "limitation_labor"]
    for item in found["items"]:
        walk.name(item["id"], f"deadline {item['code']}")
    said = "期满后、时效届满前，提示可以申请仲裁。 After the days, and before the claim lapses, a word to the parties."
    await walk.get(said, f"{round_}/actions", "items.0")
    await session(walk, round_, "调解。 A session.", "2020-03-06", "核对工资清单，双方认可欠付一万二千元。")
    await concluded(walk, case, lead, round_, "张某乙当日付清所欠工资一万二千元。", "12000.00")
    result = {"on": "2020-03-10", "outcome": "agreed", "letter_no": "黎司函3号", "text": "已达成协议并履行。"}
    said = "向仲裁委反馈结果。 The result goes back to the arbitration body."
    await walk.post(said, f"{round_}/referral/result", result, "referral.state", "referral.answers.1")
    said = "仲裁委联络员确认。 Its liaison acknowledges it."
    acknowledged = {"on": "2020-03-11"}
    await walk.post(said, f"{round_}/referral/acknowledgement", acknowledged, "referral.state", by=walk.liaison)
    compare("arbitration", walk)


async def test_lawyer(world: World) -> None:
    walk, partner, lead = await walk_with(world, OrganizationKind.LAW_FIRM, Role.LIAISON_LAWYER)
    loan = {
        "source": "application",
        "category": "contract",
        "summary": "张某乙向张某甲借款到期没有归还，利息怎么算双方有分歧。",
        "amount_claimed": "10000.00",
    }
    case = await accepted(walk, lead, **loan)
    letter = {
        "letter_kind": "invitation",
        "letter_no": "黎司邀〔2020〕1号",
        "sent_on": "2020-03-03",
        "partner_id": partner,
        "law_firm_id": partner,
        "lawyer_name": "文某甲",
        "lawyer_license_no": "示例执业证号0001",
        "conflict_declared": True,
    }
    round_ = await started(walk, case, "lawyer", letter, fee="200.00")
    said = "律师事务所联络员接收。 The firm's liaison accepts."
    step = {"on": "2020-03-04", "officer_name": "文某甲"}
    await walk.post(said, f"{round_}/referral/acceptance", step, "referral", by=walk.liaison)
    said = "主持调解的律师不能再代理当事人。 The mediating lawyer never acts for a party."
    agent = {"kind": "entrusted", "name": "文某甲", "power": "general", "license_no": "示例执业证号0001"}
    third = party("third_party", "张某丙", agent=agent)
    await walk.post(said, f"/cases/{case['id']}/parties", third, "code", "detail", "errors.0.pointer", status=409)
    await session(walk, round_, "调解。 A session.", "2020-03-06", "双方认可借款本金一万元，对利息有分歧。")
    facts = {
        "undisputed_facts": "借款本金一万元，2019年1月1日交付，尚未归还。",
        "facts_confirmed_by": [one["id"] for one in case["parties"]],
    }
    said = "调解不成，记载无争议事实，由双方签字。 It fails; what is not disputed is recorded and signed."
    shown = ("outcome", "undisputed_facts", "facts_confirmed_by", "case_status")
    await walk.post(said, f"{round_}/conclusion", FAILED | facts, *shown)
    result = {"on": "2020-03-06", "outcome": "failed", "text": "对利息分歧较大，已记载无争议事实。"}
    said = "律师事务所反馈结果。 The firm tells the result."
    await walk.post(said, f"{round_}/referral/result", result, "referral.state", by=walk.liaison)
    said = "司法所确认，双方愿意再谈的，由另一名律师开始新一轮。 The office acknowledges, and another round begins."
    await walk.post(said, f"{round_}/referral/acknowledgement", {"on": "2020-03-06"}, "referral.state")
    other = letter | {
        "lawyer_name": "文某乙",
        "lawyer_license_no": "示例执业证号0002",
        "letter_no": "黎司邀〔2020〕2号",
    }
    again = {"method": "lawyer", "started_on": "2020-03-07", "referral": other | {"sent_on": "2020-03-07"}}
    said, path = "新一轮。 The second round.", f"/cases/{case['id']}/mediations"
    made = await walk.post(said, path, again, "id", "round_no", "fee", "referral.state", status=201)
    round_ = f"/mediations/{walk.name(made['id'], 'second round')}"
    step = {"on": "2020-03-08", "officer_name": "文某乙"}
    await walk.post("接收。 Accepted.", f"{round_}/referral/acceptance", step, "referral.state", by=walk.liaison)
    await session(walk, round_, "调解。 A session.", "2020-03-09", "双方同意不计利息，当日归还本金。")
    await concluded(walk, case, lead, round_, "张某乙当日归还张某甲借款一万元，不计利息。", "10000.00")
    result = {"on": "2020-03-10", "outcome": "agreed", "text": "已达成协议并履行。"}
    said = "反馈结果。 The result."
    await walk.post(said, f"{round_}/referral/result", result, "referral.state", by=walk.liaison)
    said, path = "司法所确认。 The office acknowledges it.", f"{round_}/referral/acknowledgement"
    await walk.post(said, path, {"on": "2020-03-11"}, "referral.state", "case_status")
    compare("lawyer", walk)
