"""Hostile bodies: whatever is sent is refused in the reader's language, keeps nothing, repeats nothing, is no 5xx."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
import structlog
import uvicorn

from app.people.codes import Role
from tests.hostile import SECRET, watching
from tests.samples import Sample
from tests.tables import changed, content
from tests.wire import JSON, ask
from tests.world import TOWN, World, created, dispute, ok, party, refused

DEEP = 5000
TAKE_NONE = {"archive_case"}
"""Operations whose body may be left out."""
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a list": orjson.dumps([SECRET]),
    "a text": orjson.dumps(SECRET),
    "a number": b"7",
    "no JSON": SECRET.encode(),
    "half": b'{"title": "' + SECRET.encode(),
    "two documents": b"{}{}",
    "a trailing comma": b'{"title": "a",}',
    "single quotes": b"{'title': 'a'}",
    "a comment": b"{/* a */}",
    "NaN": b'{"people_count": NaN}',
    "infinity": b'{"people_count": -Infinity}',
    "1e999": b'{"people_count": 1e999}',
    "2^63": b'{"people_count": 9223372036854775808}',
    "2^53": b'{"people_count": 9007199254740992}',
    "-2^53": b'{"people_count": -9007199254740992}',
    "100,000 digits": b'{"people_count": ' + b"9" * 100_000 + b"}",
    "100,000 decimals": b'{"people_count": 0.' + b"9" * 100_000 + b"}",
    "a lone surrogate": b'{"summary": "' + SECRET.encode() + b'\\ud800"}',
    "a lone surrogate as a name": b'{"' + SECRET.encode() + b'\\udfff": 1}',
    "surrogates the wrong way round": b'{"summary": "\\udc00\\ud800"}',
    "a surrogate in bytes": b'{"summary": "\xed\xa0\x80"}',
    "a bare NUL": b'{"summary": "\x00"}',
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep in a field": b'{"summary": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "bottomless": b"[" * 500_000,
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": json.dumps({"summary": SECRET}).encode("utf-16"),
    "UTF-16 without mark": json.dumps({"summary": SECRET}).encode("utf-16-le"),
    "UTF-32": json.dumps({"summary": SECRET}).encode("utf-32"),
    "GB 18030": json.dumps({"summary": SECRET}, ensure_ascii=False).encode("gb18030"),
    "overlong UTF-8": b'{"summary": "\xc0\x80"}',
    "a field twice": b'{"title": "a", "title": "b"}',
    "a field twice in two spellings": b'{"title": "a", "\\u0074itle": "b"}',
    "an unknown field": orjson.dumps({SECRET: SECRET, "district": "500115", "version": 7, "role": "office_head"}),
}
ALWAYS_WRONG: dict[str, bytes] = {
    "an object": orjson.dumps({"value": SECRET}),
    "lists in lists": orjson.dumps([[[SECRET]]]),
    "a NUL": orjson.dumps(f"{SECRET}\x00"),
    "a control": orjson.dumps(f"{SECRET}\x1b[2J"),
    "a direction override": orjson.dumps(f"{SECRET}\u202e"),
    "a non-character": orjson.dumps(f"{SECRET}\ufffe"),
    "a lone surrogate": b'"' + SECRET.encode() + b'\\udc80"',
    "NaN": b"NaN",
    "2^63": b"9223372036854775808",
    "a float": b"1.5",
    "20,000 characters": orjson.dumps(SECRET * 4000),
}
DATES = (
    "2020-02-30", "2019-02-29", "2020-13-01", "2020-00-10", "2020-3-9", "20200309", "2020-W10-1", "1899-12-31",
    "0001-01-01", "9999-12-31", "10000-01-01", "２０２０-03-09", "2020-03-09T00:00:00Z", "2020-03-09 ", "", SECRET, 1583712000, True,  # noqa: E501
)  # fmt: skip
IDS = (
    "00000000-0000-0000-0000-000000000000", "{6f0e5c0e-2f5c-7d6e-8a8b-0a1b2c3d4e5f}", "6f0e5c0e2f5c7d6e8a8b0a1b2c3d4e5f",  # noqa: E501
    "urn:uuid:6f0e5c0e-2f5c-7d6e-8a8b-0a1b2c3d4e5f", "６f0e5c0e-2f5c-7d6e-8a8b-0a1b2c3d4e5f", "", SECRET, 1, True,
)  # fmt: skip
MONEY = ("１２.00", "12.345", "-1.00", "1e3", "NaN", "1,000.00", "+1", " 1", "", "9" * 13, 12, 12.5, SECRET)
PLACES = (
    "５００１１４１０９２００",
    "500114109",
    "5001141092000",
    "000000000000",
    "500114109200 ",
    "",
    500114109200,
    SECRET,
)


def bodied(samples: dict[str, Sample]) -> list[Sample]:
    found = [sample for sample in samples.values() if sample.json is not None]
    assert len(found) >= 17
    return found


async def test_no_body_gets_through_that_is_no_plain_json(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching(world, monkeypatch, caplog) as watch:
        for sample in bodied(watch.samples):
            for why, body in BODIES.items():
                if sample.operation not in TAKE_NONE or why not in {"nothing", "null"}:
                    await watch.refuses(sample, body, expect={422}, why=why)
        assert watch.requests > 1200


def with_value(document: Any, path: tuple[Any, ...], value: bytes) -> bytes:
    """The document with raw JSON in one place."""
    if not path:
        return value
    first, *rest = path
    items = document.items() if isinstance(document, dict) else enumerate(document)
    parts = [(key, with_value(item, tuple(rest), value) if key == first else orjson.dumps(item)) for key, item in items]
    if isinstance(document, dict):
        return b"{" + b",".join(orjson.dumps(key) + b":" + part for key, part in parts) + b"}"
    return b"[" + b",".join(part for _, part in parts) + b"]"


def places_in(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value in a body, and where it stands."""
    items = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, item in items:
        yield (*path, key), item
        yield from places_in(item, (*path, key))


PASSWORDS = {"current_password", "new_password"}
"""Of any characters: they are hashed, never shown or kept."""
ODD_TEXTS = {"a NUL", "a control", "a direction override", "a non-character"}


def wrong_for(path: tuple[Any, ...], value: Any) -> Iterator[tuple[str, bytes]]:
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    for why, bad in ALWAYS_WRONG.items():
        if name not in PASSWORDS or why not in ODD_TEXTS:
            yield why, bad
    kinds: dict[bool, tuple[Any, ...]] = {
        name in {"on", "from", "to"} or name.endswith("_on"): DATES,
        isinstance(value, str) and len(value) == 36: IDS,
        name in {"fee", "amount_claimed"}: MONEY,
        isinstance(value, str) and len(value) == 12 and value.isdigit(): PLACES,
    }
    for bad in kinds.get(True, ()):
        yield f"{bad!r:.40}", orjson.dumps(bad)


async def test_no_field_takes_what_is_not_its_kind(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching(world, monkeypatch, caplog) as watch:
        for sample in bodied(watch.samples):
            for path, value in places_in(sample.json):
                for why, bad in wrong_for(path, value):
                    body = with_value(sample.json, path, bad)
                    await watch.refuses_in_turn(sample, body, expect={422}, why=f"{path} {why}")
        assert watch.requests > 900


async def test_only_json_in_utf8_and_no_more_than_a_mebibyte_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    types = (
        "", "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/json; charset=utf-16", "application/json; charset=gbk", "application/json;charset=iso-8859-1",
        "application/jsonp", "application/merge-patch+xml", "json", ";", SECRET.encode(),
    )  # fmt: skip
    big = orjson.dumps({"title": SECRET, "summary": "长" * 700_000})
    pieces = [big[start : start + 65536] for start in range(0, len(big), 65536)]
    assert len(big) > 2_000_000
    async with watching(world, monkeypatch, caplog) as watch:
        for sample in bodied(watch.samples):
            for media_type in types:
                await watch.refuses(sample, expect={415}, why=str(media_type), headers={"content-type": media_type})
            await watch.refuses(sample, big, expect={413}, why="2 MB")
            await watch.refuses(sample, pieces, expect={413}, why="2 MB in pieces")
            lying = {"content-length": "9" * 30}
            await watch.refuses(sample, b"{}", expect={413}, why="a length of thirty digits", headers=lying)
        assert watch.requests > 500


async def test_a_body_in_pieces_without_a_type_is_refused(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    headers = {"authorization": f"Bearer {clerk.token}"}
    whole = orjson.dumps(dispute())
    reply = await ask(world.app, "POST", "/api/v1/cases", [whole[:10], whole[10:]], headers)
    assert reply.status in {415, 422}
    reply = await ask(world.app, "POST", "/api/v1/cases", [whole[:10], whole[10:]], {**headers, **JSON})
    assert reply.status == 201


async def test_a_client_that_hangs_up_in_the_middle_is_no_fault_of_ours(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    headers = {"authorization": f"Bearer {clerk.token}", **JSON}
    whole = orjson.dumps(dispute())
    for body in (whole[:40], whole):
        reply = await ask(world.app, "POST", "/api/v1/cases", [body], headers, breaks_off=True)
        assert (reply.status, reply.document["code"]) == (422, "malformed-body")
    assert (await ok(clerk.get("/cases")))["items"] == []


@pytest.mark.parametrize("count", [0, 1, 201, 500])
async def test_a_dispute_has_two_to_two_hundred_parties(world: World, count: int) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    body = dispute(parties=[party(name=f"张某{number}") for number in range(count)])
    problem = await refused(clerk.post("/cases", json=body), 422, "invalid-input")
    assert [e["pointer"] for e in problem["errors"]] == ["/parties"]
    assert (await ok(clerk.get("/cases")))["items"] == []


async def test_two_hundred_parties_are_kept_in_their_order(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    names = [f"张某{number}" for number in range(200)]
    made = await created(clerk.post("/cases", json=dispute(parties=[party(name=name) for name in names])))
    assert [p["name"] for p in (await ok(clerk.get(f"/cases/{made['id']}")))["parties"]] == names


RIGHT_NUMBERS = {
    "resident_id": (
        "11010519491231002X",
        "11010519491231002x",
        "500114197001010010",
        "500114198503150026",
        "50011420001231003X",
    ),
    "uscc": ("91350100M000100Y43",),
    "passport": ("E12345678",),
}
WRONG_NUMBERS: dict[str, tuple[Any, ...]] = {
    "resident_id": (
        "110105194912310021", "500114198502300010", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002",
        "11010519491231002X0", "11010519491231002Y", "110105 19491231002X", "500114209912310017", "123456", "", SECRET, 110105194912310,  # noqa: E501
    ),
    "uscc": ("91350100M000100Y44", "91350100I000100Y43", "９1350100M000100Y43"),
    "none_declared": ("E12345678",),
}  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_numbers_of_documents_are_checked(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for kind, numbers in RIGHT_NUMBERS.items():
        for number in numbers:
            body = dispute(parties=[party(id_kind=kind, id_number=number), party("respondent", "张某乙")])
            made = await created(clerk.post("/cases", json=body))
            assert made["parties"][0]["id_number"].endswith(number.upper()[-2:])
    for kind, wrong in WRONG_NUMBERS.items():
        for number in wrong:
            body = dispute(parties=[party(id_kind=kind, id_number=number), party("respondent", "张某乙")])
            problem = await refused(clerk.post("/cases", json=body), 422, "invalid-input")
            assert problem["errors"][0]["pointer"].startswith("/parties/0"), (number, problem)


async def test_every_legal_name_comes_back_as_it_was_sent(world: World) -> None:
    """Rare hanzi to the last planes, the middle dot of minority names, letters with marks: the same on both engines."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    names = [
        "𠮷某甲",
        "\U00031350某乙",
        "阿依努尔·某某",
        "Zoë",
        "㐂某",
        "﨑某",
        "x" * 100,
        "𰻞" * 100,
        "O'某\"\\",
        "%_某",
        "‘某’",
    ]
    body = dispute(parties=[party(name=name) for name in names], summary="第一行\n第二行\t“引”")
    made = await created(clerk.post("/cases", json=body))
    read = await ok(clerk.get(f"/cases/{made['id']}"))
    assert [p["name"] for p in read["parties"]] == names
    assert read["summary"] == body["summary"]
    decomposed = await created(clerk.post("/cases", json=dispute(title="Zoe\u0308")))
    assert decomposed["title"] == "Zoë"


@asynccontextmanager
async def listening(world: World) -> AsyncIterator[int]:
    """The port of a server as `tiaojie serve` runs it, whose parser stands before the application."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        config = uvicorn.Config(world.app, http="httptools", log_config=None, access_log=False, server_header=False)
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve([bound]))
        try:
            yield bound.getsockname()[1]
        finally:
            server.should_exit = True
            await running


async def raw_reply(port: int, sent: bytes, *, breaks_off: bool = False) -> bytes:
    """All that comes back on one connection; who breaks off is not answered any more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        if breaks_off:
            writer.write_eof()
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


def raw_requests(token: str) -> dict[str, tuple[bytes, set[int]]]:
    """Bytes for the server, and the answers allowed; none for a request that breaks off."""
    bait = SECRET.encode()
    who = b"Host: tests\r\nConnection: close\r\nAuthorization: Bearer " + token.encode() + b"\r\n"
    post = b"POST /api/v1/cases HTTP/1.1\r\n" + who + b"Content-Type: application/json\r\n"
    whole = orjson.dumps(dispute(title=SECRET))
    chunked = post + b"Transfer-Encoding: chunked\r\n\r\n"
    get = b"GET /api/v1/cases HTTP/1.1\r\n"
    refusal, silence = {400}, set[int]()
    return {
        "a header of 2 MB": (get + b"X-Reason: " + bait * 180_000 + b"\r\n" + who + b"\r\n", {400, 422, 431}),
        "20,000 headers": (get + who + b"".join(b"X-%d: 1\r\n" % n for n in range(20_000)) + b"\r\n", {200, 431}),
        "a token of 1 MB": (get + b"Connection: close\r\nAuthorization: Bearer " + b"a" * 2**20 + b"\r\n\r\n", {401, 431}),  # noqa: E501
        "a NUL in a header": (get + who + b"X-Reason: \x00" + bait + b"\r\n\r\n", refusal),
        "a query of 1 MB": (b"GET /api/v1/cases?" + b"a" * 2**20 + b" HTTP/1.1\r\n" + who + b"\r\n", {400, 414, 422}),
        "a size that is none": (chunked + b"zz\r\n" + whole + b"\r\n0\r\n\r\n", refusal),
        "a size below nothing": (chunked + b"-1\r\n" + whole + b"\r\n0\r\n\r\n", refusal),
        "a size of forty digits": (chunked + b"f" * 40 + b"\r\n" + whole, refusal),
        "a chunk longer than its size": (chunked + b"5\r\n" + whole + b"\r\n0\r\n\r\n", refusal),
        "chunks without an end": (chunked + b"%x\r\n" % len(whole) + whole + b"\r\n", silence),
        "half a chunk": (chunked + b"%x\r\n" % len(whole) + whole[:20], silence),
        "chunks and a length": (post + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + whole, refusal),
        "two lengths": (post + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + whole, refusal),
        "a length below nothing": (post + b"Content-Length: -5\r\n\r\n" + whole, refusal),
        "a body shorter than its length": (post + b"Content-Length: 900\r\n\r\n" + whole, silence),
        "no HTTP": (b"\x16\x03\x01" + bait * 100, refusal),
    }  # fmt: skip


async def test_bytes_that_are_no_request_keep_nothing_and_stop_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    before = await content(world)
    with structlog.testing.capture_logs() as logged:
        async with listening(world) as port:
            for why, (sent, expect) in raw_requests(clerk.token).items():
                reply = await raw_reply(port, sent, breaks_off=not expect)
                assert {int(status) for status in reply.split(b" ", 2)[1:2]} <= expect, (why, reply[:300])
                assert bool(reply) == bool(expect), why
                assert SECRET.encode() not in reply, why
                assert b" 200 OK" in await raw_reply(port, b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"), why
    assert changed(before, await content(world)) == {}
    assert [entry for entry in logged if entry["event"] == "unforeseen"] == []
    assert sum(entry["event"] == "request" for entry in logged) >= len(raw_requests(""))
    assert SECRET not in str(logged) + caplog.text
