"""A case that went all the way, with every paper a volume may hold, and one that ended with an oral agreement."""

from typing import Any

from tests.samples import ID_NUMBER, PHONE
from tests.world import (
    VILLAGE,
    Caller,
    World,
    accepted_case,
    attachment,
    created,
    mediator,
    ok,
    party,
    started_round,
)

SUMMARY = (
    "张某甲与张某乙系黄泥村二组邻居。2020年2月，张某甲翻修房屋时将屋檐伸出约四十厘米，雨天滴水落入张某乙院内，"
    "致其院墙返潮、堆放的粮食受损，双方多次争吵，经村民小组长劝解未果。"
)
CONTENT = (
    "一、张某甲于2020年3月31日前在屋檐加装水槽，将雨水引入自家排水沟。\n"
    "二、张某甲一次性补偿张某乙粮食损失1200元。\n三、双方今后互相谅解，不再为此发生争执。"
)
RECORDS = (
    "调解员：今天召集双方到现场，先听各自的说法。\n张某甲：我翻修房屋没有超出原来的宅基地。\n"
    "张某乙：水滴到我家墙上，粮食也潮了，至少损失一千多块钱。\n"
    "调解员现场查看，屋檐伸出约四十厘米，院墙底部返潮属实，向双方讲解了相邻关系的规定。",
    "双方同意由张某甲加装水槽，并补偿粮食损失。",
)


def _parties() -> list[dict[str, Any]]:
    first = party(id_number=ID_NUMBER, phone=PHONE, address="黄泥村二组", sex="male", born_on="1964-05-06")
    return [first, party("respondent", "张某乙", address="黄泥村二组", sex="female", born_on="1971-09-10")]


async def whole_case(world: World, caller: Caller) -> str:
    lead = str(await mediator(world, VILLAGE, "李某甲"))
    fields = {"title": "屋檐滴水纠纷", "occurred_on": "2020-02-20", "location": "二组", "amount_claimed": "1200.00"}
    known = await accepted_case(caller, parties=_parties(), summary=SUMMARY, **fields)
    await ok(caller.post(f"/cases/{known['id']}/assignment", json={"mediators": [lead]}))
    mediation = await started_round(caller, known["id"], mediators=[lead])
    for held_on, form, record in zip(("2020-03-04", "2020-03-05"), ("onsite", "face_to_face"), RECORDS, strict=True):
        session = {"held_on": held_on, "form": form, "record": record, "place_text": "黄泥村二组张某乙院内"}
        await created(caller.post(f"/mediations/{mediation['id']}/sessions", json=session))
    await _look_into(caller, known)
    await _agree(caller, known, mediation["id"], lead)
    await _look_after(caller, known)
    for kind, title in (("identity", "身份证复印件"), ("evidence", "受损粮食照片"), ("receipt", "收条")):
        await attachment(caller, known["id"], kind=kind, title=title)
    return str(known["id"])


async def _look_into(caller: Caller, known: dict[str, Any]) -> None:
    path, first = f"/cases/{known['id']}", known["parties"][0]["id"]
    investigation = {
        "investigated_on": "2020-03-03",
        "place_text": "黄泥村二组",
        "asked": ["庹某甲"],
        "present": ["冉某乙"],
        "asked_by": "李某甲",
        "record": "问：屋檐伸出多少？\n答：约四十厘米，雨天滴水落到对方院墙根。",
    }
    await created(caller.post(f"{path}/investigations", json=investigation))
    for name, by in (("现场照片", first), ("受损粮食清单", None)):
        item = {"name": name, "source": "当事人提供" if by else "现场查看", "received_on": "2020-03-03", "pages": 2}
        await created(caller.post(f"{path}/evidence", json=item | ({"submitted_by": by} if by else {})))


async def _look_after(caller: Caller, known: dict[str, Any]) -> None:
    path, everybody = f"/cases/{known['id']}", [one["id"] for one in known["parties"]]
    visit = {
        "visited_on": "2020-04-05",
        "form": "onsite",
        "visitor_name": "庹某甲",
        "findings": "水槽已装好，补偿款已付清，双方和好。",
        "parties": everybody,
        "satisfaction": "satisfied",
        "performance": "performed",
    }
    await created(caller.post(f"{path}/return-visits", json=visit))
    application = {"status": "applied", "on": "2020-03-20", "applicants": everybody, "authority": "黔江区人民法院"}
    await ok(caller.post(f"{path}/judicial-confirmation", json=application))


async def _agree(caller: Caller, known: dict[str, Any], mediation_id: str, lead: str) -> None:
    payer = known["parties"][0]["id"]
    duties = [
        {"party_id": payer, "what": "在屋檐加装水槽", "due_on": "2020-03-31"},
        {"party_id": payer, "what": "补偿粮食损失", "due_on": "2020-03-15", "amount": "1200.00"},
    ]
    signatures: list[dict[str, Any]] = [{"party_id": one["id"], "on": "2020-03-05"} for one in known["parties"]]
    signatures += [{"mediator_id": lead, "on": "2020-03-06"}, {"seal": True, "on": "2020-03-09"}]
    agreement: dict[str, Any] = {"form": "written", "agreed_on": "2020-03-05", "content": CONTENT, "amount": "1200.00"}
    agreement |= {"obligations": duties, "signatures": signatures}
    body = {"outcome": "agreed", "concluded_on": "2020-03-09", "agreement": agreement}
    await ok(caller.post(f"/mediations/{mediation_id}/conclusion", json=body))


async def oral_case(caller: Caller) -> str:
    known = await accepted_case(caller, parties=_parties(), summary=SUMMARY)
    mediation = await started_round(caller, known["id"])
    agreement = {"form": "oral", "agreed_on": "2020-03-05", "content": CONTENT}
    body = {"outcome": "agreed", "concluded_on": "2020-03-05", "agreement": agreement}
    await ok(caller.post(f"/mediations/{mediation['id']}/conclusion", json=body))
    return str(known["id"])
