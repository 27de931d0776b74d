"""Hostile queries, paths, headers and forms: refused in the reader's language; nothing kept, repeated or logged."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from app.people.codes import Role
from tests.contract import document_of
from tests.hostile import SECRET, watching
from tests.samples import Sample, samples, scene, sender
from tests.tables import changed, content
from tests.wire import Reply, ask
from tests.world import TOWN, VILLAGE, World, case, ok, refused

NOT_UTF8 = ("%00", "%ff", "%c0%80", "%ed%a0%80", "\xff", "\x80")
NUMBERS = (
    "-1",
    "0",
    "201",
    "9223372036854775808",
    "1e3",
    "1.0",
    "NaN",
    "１０",
    "+1",
    "1_0",
    "%201",
    "0x10",
    "9" * 5000,
    "",
)
NOTHING = ("", "%", "_", "%25", "\\", "*", quote(SECRET), quote(f"{SECRET}' OR 1=1 --"), "null", "a,,b", "," * 300)
FREE_TEXT = {"q", "reason"}
ANY_NAME = {("list_audit_events", "action"), ("list_reporting_calendars", "code")}
"""Operation and parameter. Matched as it is: a name that nothing has finds nothing."""


def parameters(world: World, sample: Sample) -> list[str]:
    operation = document_of(world.app)["paths"][sample.path][sample.method.lower()]
    return [p["name"] for p in operation.get("parameters", []) if p.get("in") == "query"]


def asking(sample: Sample, raw: str) -> Sample:
    """Its own valid query first, then something raw."""
    return replace(sample, path=f"{sample.target}{'&' if sample.query else '?'}{raw}", ids={}, query={})


def without(sample: Sample, name: str) -> Sample:
    return replace(sample, query={key: value for key, value in sample.query.items() if key != name})


async def test_no_query_gets_through_that_is_none(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching(world, monkeypatch, caplog) as watch:
        for sample in watch.guarded:
            for raw in (
                f"{quote(SECRET)}=1",
                f"district={quote(SECRET)}",
                "limit[]=1",
                "%00=1",
                "%ff=1",
                "&&=",
                "x" * 20_000,
            ):
                await watch.refuses_in_turn(asking(sample, raw), expect={422}, why=raw[:40])
            for name in parameters(world, sample):
                bad = NUMBERS if name == "limit" else NOT_UTF8 if name in FREE_TEXT else ("%00", "%ff", *NOTHING)
                for value in bad:
                    if (sample.operation, name) in ANY_NAME and value in {"_", "null"}:
                        continue
                    hostile = asking(without(sample, name), f"{name}={value}")
                    await watch.refuses_in_turn(hostile, expect={422}, why=f"{name}={value[:40]}")
                once = asking(without(sample, name), f"{name}=1&{name}=2")
                await watch.refuses_in_turn(once, expect={422}, why=f"{name} twice")
        assert watch.requests > 1000


@pytest.mark.parametrize("name", ["received_from", "received_to", "closed_from", "closed_to"])
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_date_in_a_query_is_a_date_that_exists(world: World, name: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    for bad in (
        "2020-02-30",
        "1899-12-31",
        "2101-01-01",
        "２０２０-01-01",
        "2020-1-1",
        "today",
        "2020-01-01T00:00:00Z",
    ):
        problem = await refused(clerk.get("/cases", params={name: bad}), 422, "invalid-input")
        assert [e["pointer"] for e in problem["errors"]] == [f"query:{name}"], bad


async def test_wildcards_are_no_filters(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await case(clerk, special_groups=["minors"])
    assert len((await ok(clerk.get("/cases?special_group=minors")))["items"]) == 1
    for wild in ("%", "_inors", "minor_", "\\", "m%s", ",minors,"):
        await refused(clerk.get("/cases", params={"special_group": wild}), 422, "invalid-input")
    assert (await ok(clerk.get("/cases?special_group=elderly")))["items"] == []
    auditor = await world.caller(Role.AUDITOR, "500114000000")
    assert (await ok(auditor.get("/audit-events?action=_________case")))["items"] == []


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def spellings(id: str) -> list[str]:
    """Of the same id as far as a careless parser is concerned, and of none."""
    parsed = UUID(id)
    return [
        *(
            id.upper(),
            parsed.hex,
            f"{{{id}}}",
            f"urn:uuid:{id}",
            f"%20{id}",
            f"{id}%20",
            f"{id}%0a",
            f"%2b{id}",
            f"{id}%00",
        ),
        *(str(UUID(int=0)), str(parsed.int), "1", "%00", "%ff", "%ed%a0%80", "..", "%2e%2e%2f", "*", "a" * 5000),
        *(quote(SECRET), quote(id.translate(FULL_WIDTH)), f"{id};x=1", f"{id}'--"),
    ]


async def test_an_id_has_one_spelling(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching(world, monkeypatch, caplog) as watch:
        for sample in watch.samples.values():
            for name, id in sample.record_ids.items():
                variants = (
                    [f"{id}0", id[:-1], f"%20{id}", f"{id}%00", quote("５" + id[1:])]
                    if name == "code"
                    else spellings(id)
                )
                for variant in variants:
                    path = sample.path.replace(f"{{{name}}}", variant)
                    await watch.refuses_in_turn(replace(sample, path=path), expect={404}, why=f"{name} {variant[:50]}")
        assert watch.requests > 400


BAD_HEADERS: dict[str, tuple[set[int], tuple[str | bytes, ...]]] = {
    "idempotency-key": (
        {422},
        ("", " ", "a b", "k" * 201, "ключ".encode(), SECRET.encode(), b"\x00", b"a\x7f", "a\tb"),
    ),
    "x-reason": ({422}, ("", "a", "a" * 201, "%ff", "%ed%a0%80", "%00", "a%0ab", "%E2%80%AEabc", b"\xff\xfe")),
    "accept": ({406}, ("text/html", "image/*", "application/xml", SECRET.encode(), "application/jsonp")),
}
ODD_HEADERS: dict[str, tuple[str | bytes, ...]] = {
    "accept-language": ("", "*", "en;q=x", "en;q=nan", "en;q=1e999", "zh;q=", SECRET.encode(), ",;,;" * 1000, "en" * 50_000),  # noqa: E501
    "if-none-match": ("", "*", '"', SECRET.encode(), "W/", '"a",' * 10_000),
    "if-match": ("", '"', '"99999999999999999999-full"', '"-1-full"', '"1-full', "1-full", 'W/"1-full"', SECRET.encode(), "x" * 100_000),  # noqa: E501
    "cookie": (SECRET.encode(), "a" * 100_000),
    "x-forwarded-for": (SECRET.encode(), "1.2.3.4, ::1"),
    "content-encoding": ("gzip", SECRET.encode()),
    "x-http-method-override": ("DELETE",),
}  # fmt: skip


async def test_bad_headers_are_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching(world, monkeypatch, caplog) as watch:
        for sample in watch.guarded:
            for name, (expect, values) in BAD_HEADERS.items():
                if name == "idempotency-key" and not sample.is_unsafe:
                    continue
                for value in values:
                    await watch.refuses_in_turn(
                        sample, expect=expect, why=f"{name}: {value[:40]!r}", headers={name: value}
                    )
            if sample.method == "PATCH":
                for stale in ODD_HEADERS["if-match"]:
                    await watch.refuses_in_turn(
                        sample, expect={412}, why=f"{stale[:40]!r}", headers={"if-match": stale}
                    )
        assert watch.requests > 700


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_odd_headers_break_nothing(world: World) -> None:
    own = await scene(world)
    read = next(sample for sample in samples(own) if sample.operation == "read_case")
    for name, values in ODD_HEADERS.items():
        for value in values:
            reply = await read.send(world, await sender(own, read), headers={name: value})
            assert reply.status in {200, 304}, (name, value[:40], reply)


FORMS: tuple[bytes, ...] = (
    b"", b"&&&", b"=", b"a", b"grant_type", b"grant_type=", b"grant_type=%00", b"grant_type=password", b"\x00\xff\xfe",
    b"grant_type=password&username=%00&password=%00", b"grant_type=password&username=%ff&password=%ed%a0%80",
    b"grant_type=password&username=" + b"a" * 900_000 + b"&password=b", b"a=&" * 300_000,
    b"grant_type=password&grant_type=password&username=a&password=b",
    b"grant_type=password&username=a&username=b&password=c",
    b"grant_type=refresh_token&refresh_token=" + SECRET.encode(), b"grant_type=refresh_token&refresh_token=",
    b"grant_type=password&username=" + quote(SECRET).encode() + b"&password=" + quote(SECRET).encode(),
    b"grant_type=" + quote(SECRET).encode(), b'{"grant_type": "password"}', "grant_type=password".encode("utf-16"),
)  # fmt: skip
LEFT_BY_TRIES = frozenset({"sign_in_attempts", "audit_records", "number_counters"})


async def test_no_form_gets_through_that_is_none(world: World) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    before = await content(world, without=LEFT_BY_TRIES)
    for form in FORMS:
        reply = await ask(world.app, "POST", "/api/v1/oauth/token", form, headers)
        assert reply.status in {400, 422, 429}, (form[:60], reply)
        assert SECRET not in reply.body.decode()
        assert "error" in reply.document or reply.status == 422, (form[:60], reply)
    for form in (b"", b"token=", b"token=%00", b"token=%ff", b"token=" + SECRET.encode(), b"token=a&token=b"):
        reply = await ask(world.app, "POST", "/api/v1/oauth/revoke", form, headers)
        assert reply.status in {200, 400, 422}, (form, reply)
    for target, kind in (
        ("token", "application/json"),
        ("revoke", "multipart/form-data; boundary=x"),
        ("token", "text/plain"),
    ):
        reply = await ask(world.app, "POST", f"/api/v1/oauth/{target}", b"grant_type=password", {"content-type": kind})
        assert reply.status == 415
    big = b"grant_type=password&username=a&password=" + b"b" * 2_000_000
    for body in (big, [big[:65536]] * 40):
        assert (await ask(world.app, "POST", "/api/v1/oauth/token", body, headers)).status == 413
    assert changed(before, await content(world, without=LEFT_BY_TRIES)) == {}


async def _any(world: World, method: str, target: str | bytes) -> Reply:
    return await ask(world.app, method, target)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_an_address_that_is_none_is_a_problem_document(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    addresses: list[tuple[str, str | bytes, int]] = [
        ("GET", "/assets", 404),
        ("GET", "/assets/..%2fpage.html", 404),
        ("GET", f"/assets/{quote(SECRET)}", 404),
        ("POST", "/", 405),
        ("GET", "/api/v1", 404),
        ("GET", "/api/v1/cases/", 404),
        ("GET", "//api/v1/cases", 404),
        ("GET", "/api/v1/cases/..%2f..%2fhealthz", 404),
        ("GET", "/api/v1/" + "a/" * 5000, 404),
        ("GET", b"/api/v1/\xff\xfe", 404),
        ("GET", "/api/v1/%00", 404),
        ("GET", f"/{quote(SECRET)}", 404),
        ("DELETE", "/api/v1/cases", 405),
        ("PUT", "/api/v1/cases", 405),
        ("TRACE", "/api/v1/cases", 405),
        (SECRET, "/api/v1/cases", 405),
        ("OPTIONS", "/api/v1/cases", 405),
    ]
    for method, target, status in addresses:
        reply = await _any(world, method, target)
        assert reply.status == status, (target, reply)
        assert reply.document["status"] == status
        assert SECRET not in reply.body.decode()
    headers: Any = {"authorization": f"Bearer {clerk.token}"}
    listed = await ask(world.app, "GET", f"/api/v1/cases?place={VILLAGE}", headers=headers)
    for name in (
        "cache-control",
        "x-content-type-options",
        "referrer-policy",
        "content-security-policy",
        "x-request-id",
    ):
        assert name in listed.headers
