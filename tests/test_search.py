"""Search: what is asked is found, all of it and nothing else, on both engines; nobody finds what they may not see."""

import random
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.core.db import new_id
from app.core.jurisdiction import Spot
from app.core.unit_of_work import Work
from app.intake.codes import CaseStatus, DisputeCategory, Source
from app.intake.models import Case
from app.intake.reindexing import reindex
from app.intake.search import CaseText, add_text, matching
from app.intake.search_text import number_key, words_of
from app.people.codes import OrganizationKind, Role
from tests.statements import statements
from tests.world import (
    DISTRICT,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    account,
    case,
    ok,
    operating,
    organization,
    party,
    refused,
)

ALPHABET = "王伟国彩礼屋檐𠮷𬎆两ab7%_'\"*(:&|!\\^-"
"""Few characters, so that most pairs stand in many texts; rare hanzi beyond the first plane; what index languages and
LIKE would take for signs of their own."""
CASES = 200
Corpus = dict[UUID, list[str]]
"""By case, all that can be searched of it, in parts."""


def made(work: Work, **fields: Any) -> Case:
    return Case(
        id=new_id(),
        **Spot.of_place(VILLAGE).columns,
        status=CaseStatus.REGISTERED,
        source=Source.APPLICATION,
        category=DisputeCategory.NEIGHBOR,
        reported_on=date(2020, 3, 1),
        special_groups=[],
        external_ids=[],
        content_hash="-",
        version=1,
        recorded_at=work.now,
        changed_at=work.now,
        **fields,
    )


async def corpus(world: World) -> Corpus:
    chance, parts = random.Random(5), {}

    def words(least: int, most: int) -> str:
        texts = ["".join(chance.choices(ALPHABET, k=chance.randint(least, most))) for _ in range(chance.randint(1, 3))]
        return " ".join(texts)

    async with operating(world) as work:
        for position in range(CASES):
            title = words(2, 8) if position % 3 else None
            names = [words(1, 4) for _ in range(2)]
            row = made(work, title=title, summary=words(4, 16))
            work.session.add(row)
            await work.session.flush()
            add_text(work, row, [*names, None])
            parts[row.id] = [part for part in (title, row.summary, *names) if part]
    return parts


async def found(work: Work, asked: str) -> set[UUID]:
    return set(await work.session.scalars(select(Case.id).where(matching(asked))))


def answer(parts: Corpus, asked: str) -> set[UUID]:
    """The same by reading everything."""
    return {id for id, texts in parts.items() if all(any(word in part for part in texts) for word in asked.split())}


async def test_exactly_what_holds_the_words_is_found(world: World) -> None:
    """Every pair of characters, every character, longer words as they stand, with one changed, and several at once."""
    parts, chance = await corpus(world), random.Random(6)
    asked = chance.sample([first + second for first in ALPHABET for second in ALPHABET], 250) + list(ALPHABET)
    texts = [word for some in parts.values() for part in some for word in part.split()]
    for one in chance.sample(texts, 70):
        start, end = sorted(chance.sample(range(len(one) + 1), 2)) if len(one) > 1 else (0, 1)
        whole = one[start:end]
        asked += [whole, whole[:-1] + chance.choice(ALPHABET), f"{whole} {chance.choice(texts)[:2]}"]
    hits, missed, wrong = 0, 0, 0
    async with operating(world) as work:
        for words in asked:
            right, given = answer(parts, words), await found(work, words)
            hits, missed, wrong = hits + len(right), missed + len(right - given), wrong + len(given - right)
    assert len(asked) > 450
    assert hits > 3000
    assert (missed, wrong) == (0, 0), "recall and precision are to be 1.0"


async def test_forms_of_a_character_are_one(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    parties = [party(name="张某甲"), party("respondent", "ＡＢＣ公司")]
    summary = "赔偿①万元，\n彩\u200b礼；借条\u3000Straße，葛\U000e0100城"
    one = (await case(clerk, summary=summary, parties=parties))["id"]
    for asked in (
        "abc公司",
        "Ａｂｃ",
        "1万元",
        "彩礼",
        "STRASSE",
        "葛城",
        "张某甲 彩礼",
        "\u3000彩礼\u3000借条 ",
        "，",
        "借",
    ):
        listed = await ok(clerk.get("/cases", params={"q": asked}))
        assert [item["id"] for item in listed["items"]] == [one], asked
    for asked in ("公司彩礼", "甲abc", "彩 礼 公司乙", "元彩"):
        assert (await ok(clerk.get("/cases", params={"q": asked})))["items"] == [], asked


NUMBERS = {
    *(f"黎水调〔2020〕{sequence}号" for sequence in (1, 2, 12, 20, 21, 112, 120, 212)),
    *("黎水调〔2021〕12号", "新黎水调〔2020〕12号", "调114109200〔2020〕12号", "黎水调〔2012〕2020号"),
}
ONE = "黎水调〔2020〕12号"
SPELLINGS = {
    **dict.fromkeys(
        (
            "黎水调〔2020〕12号",
            "黎水调[2020]12号",
            "（2020）黎水调12",
            "黎水调2020 12",
            "黎水调 2020 12",
            "黎水调【2020】第12号",
        ),
        ONE,
    ),
    **dict.fromkeys(
        (
            "黎水调字〔2020〕第012号",
            "２０２０黎水调第１２号",
            "黎水调202012",
            "(2020) 黎水调 12 号",
            "黎水调-2020-12",
            "黎水调〔2020〕12",
        ),
        ONE,
    ),
    "新黎水调(2020)12": "新黎水调〔2020〕12号",
    "调114109200 2020 12": "调114109200〔2020〕12号",
    "（2020）调114109200第12号": "调114109200〔2020〕12号",
    "黎水调2012 2020": "黎水调〔2012〕2020号",
    "黎水调〔2020〕13号": None,
    "水调〔2020〕12号": None,
}


async def test_a_number_is_found_in_any_spelling_and_alone(world: World) -> None:
    numbers: dict[UUID, str] = {}
    async with operating(world) as work:
        for number in sorted(NUMBERS):
            row = made(work, number=number, summary="两家争吵")
            work.session.add(row)
            await work.session.flush()
            add_text(work, row, ["张某甲"])
            numbers[row.id] = number
        other = made(work, summary="另见黎水调〔2020〕12号，彩礼 2020 12")
        work.session.add(other)
        await work.session.flush()
        add_text(work, other, [])
    async with operating(world) as work:
        for spelling, meant in SPELLINGS.items():
            hits = {numbers[id] for id in await found(work, spelling) if id in numbers}
            assert hits == ({meant} if meant else set()), spelling
        assert {numbers[id] for id in await found(work, "[2020]12号") if id in numbers} == {
            *(ONE, "新黎水调〔2020〕12号", "调114109200〔2020〕12号"),
        }
        # A part of a number is a word like others, and so is what looks like a number and is none.
        assert {numbers[id] for id in await found(work, "新黎水")} == {"新黎水调〔2020〕12号"}
        assert len(await found(work, "〔2020〕")) == 11
        assert await found(work, "彩礼 2020 12") == {other.id}
        assert other.id in await found(work, ONE)


@pytest.mark.parametrize("asked", ["12号", "2020", "黎水调", "彩礼2020年12月", "黎水调〔2020〕", "黎水调〔1820〕12号"])
def test_what_is_no_number(asked: str) -> None:
    assert number_key(asked) is None


def ids(listed: dict[str, Any]) -> list[str]:
    return [item["id"] for item in listed["items"]]


async def hits(caller: Caller, q: str) -> list[str]:
    return ids(await ok(caller.get("/cases", params={"q": q})))


def writes_texts(statement: str) -> bool:
    """Or their index."""
    return statement.split(maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE", "WITH"} and "case_text" in statement


async def test_a_case_is_found_by_what_it_says_now(world: World, engine: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    with statements(which=writes_texts) as sent:
        one = await case(clerk, title="旧题屋檐")
    assert len(sent) == (2 if engine == "sqlite" else 1)
    path = f"/cases/{one['id']}"
    with statements(which=writes_texts) as sent:
        await ok(
            clerk.patch(path, json={"location": "三组", "amount_claimed": "5.00"}, headers={"If-Match": '"1-full"'})
        )
    assert sent == []
    await ok(clerk.patch(path, json={"title": "新题彩礼"}, headers={"If-Match": '"2-full"'}))
    assert (await hits(clerk, "旧题"), await hits(clerk, "新题")) == ([], [one["id"]])
    change = {"summary": "改为借款", "place": OTHER_VILLAGE}
    await ok(clerk.patch(path, json=change, headers={"If-Match": '"3-full"'}))
    assert (await hits(clerk, "滴水"), await hits(clerk, "改为借款")) == ([], [one["id"]])
    accepted = await ok(clerk.post(f"{path}/acceptance", json={"accepted_on": "2020-03-02"}))
    assert await hits(clerk, accepted["number"]) == [one["id"]]
    async with operating(world) as work:
        rows = (await work.session.scalars(select(CaseText))).all()
    assert [(str(row.case_id), row.place) for row in rows] == [(one["id"], OTHER_VILLAGE)]
    if engine == "sqlite":
        async with world.database.reads.connect() as connection:
            kept = (await connection.exec_driver_sql("SELECT case_id FROM case_text_index")).scalars().all()
        assert kept == [UUID(one["id"]).hex]


async def test_nobody_finds_what_they_do_not_see(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    parties = [party(name="张某丙", phone="13800000000"), party("respondent", "张某乙")]
    one = await accepted_case(clerk, title="黄泥村密事", parties=parties)
    elsewhere = [
        await world.caller(Role.OFFICE_CLERK, OTHER_TOWN),
        await world.caller(Role.VILLAGE_MEDIATOR, OTHER_VILLAGE),
    ]
    for asked in ("密事", "滴水", "张某丙", "密", one["number"], "黎 密事"[2:]):
        assert await hits(clerk, asked) == [one["id"]], asked
        for stranger in elsewhere:
            counted = await ok(stranger.get("/cases", params={"q": asked, "total": "exact"}))
            assert (counted["items"], counted["total"], counted["next"]) == ([], 0, None), asked
            assert (await ok(stranger.post("/cases/search", json={"q": asked})))["items"] == []
    for stranger in elsewhere:
        assert (await ok(stranger.post("/cases/search", json={"party_phone": "13800000000"})))["items"] == []
    court = await organization(world, OTHER_TOWN, kind=OrganizationKind.COURT)
    blind = [
        await account(world, Role.LIAISON_COURT, DISTRICT, organization_id=court),
        await world.caller(Role.DISTRICT_STAT_VIEWER, DISTRICT),
    ]
    for viewer in blind:
        problem = await refused(viewer.get("/cases", params={"q": "密事"}), 422, "invalid-input")
        assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [("query:q", "field-not-visible")]
        for name, value in {"q": "密事", "party_phone": "13800000000", "party_id_number": "G1234567"}.items():
            problem = await refused(viewer.post("/cases/search", json={name: value}), 422, "invalid-input")
            assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [(f"/{name}", "field-not-visible")]
        await ok(viewer.post("/cases/search", json={"status": ["accepted"], "place": VILLAGE, "limit": 1}))


async def test_words_combine_with_filters_order_pages_and_total(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    days = [f"2020-02-{day:02}" for day in (3, 9, 5, 1, 7)]
    for day in days:
        await case(clerk, reported_on=day, summary=f"彩礼返还争议{day}")
    await case(clerk, summary="礼金与彩灯")
    query: dict[str, Any] = {"q": "彩礼 返还", "limit": 2, "total": "exact", "sort": "reported_on"}
    for method in ("get", "post"):
        seen: list[str] = []
        cursor = None
        while cursor or not seen:
            asked = query | ({"cursor": cursor} if cursor else {})
            asking = clerk.get("/cases", params=asked) if method == "get" else clerk.post("/cases/search", json=asked)
            page = await ok(asking)
            assert page["total"] == 5
            seen += [item["reported_on"] for item in page["items"]]
            first, cursor = cursor or page["next"], page["next"]
        assert seen == sorted(days)
        other = query | {"q": "彩礼", "cursor": first}
        problem = await refused(clerk.post("/cases/search", json=other), 422, "invalid-input")
        assert problem["errors"][0]["pointer"] == "/cursor"
        await refused(clerk.get("/cases", params=other), 422, "invalid-input")
    closed = {"q": "彩礼", "status": ["closed_success"]}
    assert (await ok(clerk.post("/cases/search", json=closed)))["items"] == []
    unset = {"status": None, "place": None, "received_from": None}
    for asked in ({"category": ["neighbor"]}, unset):
        assert len((await ok(clerk.post("/cases/search", json={"q": "彩礼", **asked})))["items"]) == 5


async def test_a_party_is_found_by_number_and_phone_exactly(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    number, phone = "11010519491231002X", "13800000000"
    known = party(id_number=number, phone=phone)
    one = (await case(clerk, parties=[known, party("respondent", "张某乙")]))["id"]
    passport = party(id_kind="passport", id_number="G1234567")
    two = (await case(clerk, summary="借款", parties=[passport, party("respondent", "张某丁", phone=phone)]))["id"]

    async def search(**body: Any) -> set[str]:
        return set(ids(await ok(clerk.post("/cases/search", json=body))))

    assert await search(party_id_number=number) == await search(party_id_number=number.lower()) == {one}
    assert await search(party_id_number="g1234567") == {two}
    assert await search(party_phone=phone) == {one, two}
    assert await search(party_phone=phone, q="借款") == {two}
    assert await search(party_phone=phone, party_id_number=number) == {one}
    assert await search(party_phone="13800000001") == await search(party_id_number="G12345678") == set()
    assert await search() == {one, two}
    for asked in (number[:17], phone, phone[-4:], "G1234567"):
        assert await search(q=asked) == set(), "what is sealed is no text"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"q": ""}, "/q", "too-short"),
        ({"q": " \u3000"}, "/q", "blank"),
        ({"q": "\u034f"}, "/q", "nothing-to-search"),
        ({"q": "彩\n礼"}, "/q", "illegal-character"),
        ({"q": "字" * 101}, "/q", "too-long"),
        ({"q": "甲 乙 丙 丁 戊 己 庚 辛 壬 癸 子"}, "/q", "too-many-words"),
        ({"q": ["彩礼"]}, "/q", "not-text"),
        ({"status": "accepted"}, "/status", "not-a-list"),
        ({"status": ["accepted"] * 101}, "/status", "too-many"),
        ({"status": ["accepted,mediating"]}, "/status/0", "unknown-code"),
        ({"limit": "5"}, "/limit", "not-an-integer"),
        ({"limit": True}, "/limit", "not-an-integer"),
        ({"limit": 201}, "/limit", "too-large"),
        ({"party_phone": "1380000"}, "/party_phone", "malformed"),
        ({"party_id_number": "1"}, "/party_id_number", "malformed"),
        ({"party_name": "张某甲"}, "/party_name", "unknown-field"),
        ({"received_from": "2020-03-02", "received_to": "2020-03-01"}, "", "reversed-period"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_is_no_search(world: World, body: dict[str, Any], pointer: str, code: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    problem = await refused(clerk.post("/cases/search", json=body), 422, "invalid-input")
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [(pointer, code)]


def test_words_are_counted_once() -> None:
    assert words_of(" 彩礼\u3000ＡＢ 彩礼 ab ") == ["彩礼", "ab"]


async def test_the_texts_can_be_written_anew(world: World) -> None:
    """For cases that came past the service, and texts that went wrong."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    one, two = await accepted_case(clerk, title="屋檐"), await case(clerk, title="彩礼")
    async with world.database.writes.begin() as connection:
        await connection.execute(text("DELETE FROM case_texts WHERE case_id = :id"), {"id": row_id(world, one["id"])})
        await connection.execute(text("UPDATE case_texts SET text = 'lost'"))
    assert await hits(clerk, "彩礼") == await hits(clerk, "屋檐滴水") == []
    await ok(clerk.patch(f"/cases/{one['id']}", json={"title": "新题"}, headers={"If-Match": '"2-full"'}))
    assert await hits(clerk, "新题") == [one["id"]], "a text that is missing is written with the next change"
    async with operating(world) as work:
        assert await reindex(work) == 2
    assert await hits(clerk, "彩礼") == [two["id"]]
    assert set(await hits(clerk, "张某乙")) == {one["id"], two["id"]}
    assert await hits(clerk, one["number"]) == [one["id"]]


def row_id(world: World, id: str) -> Any:
    return UUID(id).hex if world.database.is_sqlite else UUID(id)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_postgresql_plans_each_search_for_its_words(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    with statements() as sent:
        await ok(clerk.get("/cases"))
        assert not any("set_config" in statement for statement in sent)
        await ok(clerk.get("/cases", params={"q": "彩礼"}))
        planned = next(position for position, statement in enumerate(sent) if "set_config" in statement)
        assert "case_texts.bigrams @@" in sent[planned + 1]
    async with world.database.reads.connect() as connection:
        assert (await connection.execute(text("SHOW plan_cache_mode"))).scalar_one() == "auto"
