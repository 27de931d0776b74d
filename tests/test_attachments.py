"""Files of a case: taken for what they are, kept sealed and once, given back as downloads alone."""

import hashlib
import io
import os
import struct
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from obstore.store import MemoryStore, S3Store

from app.core.files import MIB, Files, Folder
from app.core.object_files import ObjectFiles
from app.intake.sweeping import sweep_files
from app.people.codes import Role
from tests.samples import BOUNDARY, multipart
from tests.tables import changed, content, rows
from tests.test_fast_path import counted
from tests.wire import ask
from tests.world import (
    OTHER_TOWN,
    PNG,
    TOWN,
    VILLAGE,
    Caller,
    World,
    accepted_case,
    account,
    attachment,
    case,
    created,
    ok,
    operating,
    refused,
    started_round,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def package(main: str = WORD, entries: dict[str, bytes] | None = None) -> bytes:
    """An office document, or what pretends to be one."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", f'<Types><Override ContentType="{main}"/></Types>')
        for name, value in (entries or {}).items():
            file.writestr(name, value)
    return made.getvalue()


def stored(world: World) -> list[Path]:
    store: Any = world.kernel.files.store
    return [path for path in store.root.rglob("*") if path.is_file()]


async def send(caller: Caller, case_id: str, file: bytes, **fields: Any) -> Any:
    return await caller.post(
        f"/cases/{case_id}/attachments", data={"kind": "evidence", **fields}, files={"file": ("../../x.html", file)}
    )


TAKEN = {
    "pdf": b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF",
    "png": PNG,
    "jpg": b"\xff\xd8\xff\xe0" + b"\0" * 40,
    "heic": b"\0\0\0\x18ftypheic" + b"\0" * 40,
    "m4a": b"\0\0\0\x18ftypM4A " + b"\0" * 40,
    "mp4": b"\0\0\0\x18ftypisom" + b"\0" * 40,
    "mp3": b"\xff\xfb\x90\x64" + b"\0" * 40,
    "amr": b"#!AMR\n" + b"\0" * 40,
    "docx": package(),
    "xlsx": package("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
    "ofd": package("none", {"OFD.xml": b"<OFD/>"}),
}


async def test_what_is_taken_comes_back_as_it_was_and_only_as_a_download(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    for kind, file in TAKEN.items():
        made = (await send(clerk, known["id"], file, title=f"借条/“{kind}”\\1")).json()
        assert (made["file_type"], made["size"], made["sha256"]) == (kind, len(file), hashlib.sha256(file).hexdigest())
        reply = await clerk.get(f"/cases/{known['id']}/attachments/{made['id']}/content")
        assert reply.content == file
        assert reply.headers["content-type"] == "application/octet-stream"
        disposition = reply.headers["content-disposition"]
        assert disposition.startswith(f"attachment; filename=\"download.{kind}\"; filename*=UTF-8''%E5")
        assert not any(bad in disposition.partition("''")[2] for bad in ("/", "\\", "%2F", "%5C"))
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["content-security-policy"].startswith("sandbox")
        assert reply.headers["cache-control"] == "no-store"
    listed = await ok(clerk.get(f"/cases/{known['id']}/attachments?limit=4&total=exact"))
    assert ([item["seq"] for item in listed["items"]], listed["total"]) == ([1, 2, 3, 4], len(TAKEN))
    further = await ok(clerk.get(f"/cases/{known['id']}/attachments?limit=200&cursor={listed['next']}"))
    assert len(further["items"]) == len(TAKEN) - 4
    read = await ok(clerk.get(f"/cases/{known['id']}"))
    assert (read["attachment_count"], read["version"]) == (len(TAKEN), len(TAKEN) + 1)
    assert len(stored(world)) == len(TAKEN)
    for path in stored(world):
        sealed = path.read_bytes()
        assert not any(file[:24] in sealed or file[-24:] in sealed for file in TAKEN.values())
        assert path.stat().st_mode & 0o077 == 0


NOT_TAKEN = {
    "page": b"<!DOCTYPE html><script>alert(1)</script>",
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "script": b"#!/bin/sh\nrm -rf /\n",
    "program": b"MZ\x90\0" + b"\0" * 60,
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500,
    "pdf further on": b"<html>" + TAKEN["pdf"],
    "gif": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
    "text": "张某甲欠张某乙一百元。".encode(),
    "utf-16": "text".encode("utf-16"),
    "plain zip": package("none"),
    "macros by type": package("application/vnd.ms-word.document.macroEnabled.main+xml"),
    "empty": b"",
    "gzip": b"\x1f\x8b\x08" + b"\0" * 30,
}
NOT_SOUND = {
    "macros": package(entries={"word/vbaProject.bin": b"x"}),
    "path names": package(entries={"../../etc/passwd": b"x"}),
    "an absolute path": package(entries={"/etc/passwd": b"x"}),
    "bomb by ratio": package(entries={"word/media/a": b"\0" * 50_000_000}),
    "bomb by size": package(entries={f"a{i}": b"\0" * 9_000_000 for i in range(12)}),
    "bomb by entries": package(entries={f"a{i}": b"" for i in range(1001)}),
    "cut off": package()[:-30],
    "only a head": b"PK\x03\x04" + b"\0" * 30,
}


def lying() -> bytes:
    """An entry that unpacks to more than it says."""
    made = bytearray(package(entries={"word/document.xml": b"a" * 100_000}))
    place = made.rindex(b"PK\x01\x02")
    struct.pack_into("<I", made, place + 24, 10)
    return bytes(made)


async def test_what_is_not_taken_is_refused_whatever_it_is_called(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    before = await content(world)
    for name, file in NOT_TAKEN.items():
        reply = await send(clerk, known["id"], file)
        assert (reply.status_code, reply.json()["code"]) == (415, "file-type-not-accepted"), (name, reply.text)
    for name, file in (NOT_SOUND | {"lying": lying()}).items():
        reply = await send(clerk, known["id"], file)
        assert (reply.status_code, reply.json()["code"]) == (422, "file-not-sound"), (name, reply.text)
    assert changed(before, await content(world)) == {}
    assert stored(world) == []


def form(*parts: bytes, end: bytes = b"--sample--\r\n") -> bytes:
    return b"".join(b"--sample\r\n" + part + b"\r\n" for part in parts) + end


def part(name: str, value: bytes, file: bool = False) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{name}"' + ('; filename="a"' if file else "")
    return disposition.encode() + b"\r\n\r\n" + value


FILE, KIND = part("file", PNG, file=True), part("kind", b"photo")
BAD_FORMS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "malformed-form"),
    "no parts": (form(), "invalid-input"),
    "json": (b'{"kind": "photo"}', "malformed-form"),
    "no end": (form(KIND, FILE, end=b""), "malformed-form"),
    "two files": (form(KIND, FILE, FILE), "malformed-form"),
    "another file": (form(KIND, FILE, part("second", PNG, file=True)), "malformed-form"),
    "a part without a name": (form(KIND, FILE, b"Content-Type: text/plain\r\n\r\nx"), "malformed-form"),
    "not utf-8": (form(part("kind", b"\xff"), FILE), "malformed-form"),
    "many parts": (form(*[part(f"f{i}", b"") for i in range(30)]), "malformed-form"),
    "long field": (form(KIND, FILE, part("title", b"a" * 70_000)), "malformed-form"),
    "long header": (form(KIND, b"X: " + b"a" * 70_000 + b"\r\n" + FILE), "malformed-form"),
    "no file": (form(KIND), "invalid-input"),
    "a file that is text": (form(KIND, part("file", b"text")), "invalid-input"),
    "no kind": (form(FILE), "invalid-input"),
    "kind twice": (form(KIND, KIND, FILE), "invalid-input"),
    "kind unknown": (form(part("kind", b"virus"), FILE), "invalid-input"),
    "a field unknown": (form(KIND, FILE, part("place", b"500114109200")), "invalid-input"),
    "a page count that is none": (form(KIND, FILE, part("page_count", "１".encode())), "invalid-input"),
    "control characters": (form(KIND, FILE, part("title", b"a\x00b")), "invalid-input"),
    "half a subject": (form(KIND, FILE, part("subject", b"session")), "invalid-input"),
    "the nil id": (form(KIND, FILE, part("id", b"0" * 8 + b"-0000-0000-0000-" + b"0" * 12)), "invalid-input"),
}


async def test_a_form_that_is_none_is_refused(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    target, before = f"/api/v1/cases/{known['id']}/attachments", await content(world)
    headers: Any = {"authorization": f"Bearer {clerk.token}", "content-type": "multipart/form-data; boundary=sample"}
    for name, (body, code) in BAD_FORMS.items():
        for pieces in (body, [body[i : i + 7] for i in range(0, min(len(body), 700), 7)] + [body[700:]]):
            reply = await ask(world.app, "POST", target, pieces, headers)
            assert (reply.status, reply.document["code"]) == (422, code), (name, reply)
    broken = await ask(world.app, "POST", target, form(KIND, FILE)[:-40], headers, breaks_off=True)
    assert (broken.status, broken.document["code"]) == (422, "malformed-form")
    for kind in (
        "application/json",
        "multipart/form-data; charset=gbk; boundary=sample",
        "multipart/mixed; boundary=s",
    ):
        reply = await ask(world.app, "POST", target, form(KIND, FILE), headers | {"content-type": kind})
        assert reply.status == 415, kind
    unbounded = await ask(
        world.app, "POST", target, form(KIND, FILE), headers | {"content-type": "multipart/form-data"}
    )
    assert unbounded.document["code"] == "malformed-form"
    assert changed(before, await content(world)) == {}
    assert stored(world) == []


async def test_what_is_too_large_is_refused_before_and_while_it_is_read(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    store = world.kernel.files.store
    object.__setattr__(world.kernel, "files", Files(store, MIB))
    target = f"/api/v1/cases/{known['id']}/attachments"
    headers: Any = {
        "authorization": f"Bearer {clerk.token}",
        "content-type": f"multipart/form-data; boundary={BOUNDARY}",
    }
    fits, large = TAKEN["jpg"].ljust(MIB, b"\0"), TAKEN["jpg"].ljust(MIB + 1, b"\0")
    for file, status in ((large, 413), (fits, 201)):
        body = multipart({"kind": "photo", "file": file})
        for pieces in (body, [body[i : i + 60_000] for i in range(0, len(body), 60_000)]):
            reply = await ask(world.app, "POST", target, pieces, headers)
            assert reply.status == status, reply
            assert status == 201 or reply.document["code"] == "file-too-large"
    declared = await ask(world.app, "POST", target, [b""], headers | {"content-length": str(2 * MIB)})
    assert declared.status == 413
    huge = await ask(world.app, "POST", target, [b""], {"content-type": headers["content-type"]})
    assert huge.status == 401, "nobody fills the disk without a token"


async def test_the_same_id_and_file_are_one_record_and_anything_else_is_refused(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known, id = await case(clerk), str(uuid4())
    first = await send(clerk, known["id"], PNG, id=id, title="现场")
    assert first.status_code == 201
    again = await send(clerk, known["id"], PNG, id=id, title="现场")
    assert (again.status_code, again.json()) == (200, first.json())
    for file, title in ((TAKEN["jpg"], "现场"), (PNG, "别的")):
        await refused(send(clerk, known["id"], file, id=id, title=title), 409, "id-reused")
    elsewhere = await case(clerk)
    await refused(send(clerk, elsewhere["id"], PNG, id=id, title="现场"), 409, "id-reused")
    key = {"Idempotency-Key": "k-1"}
    path, data = f"/cases/{known['id']}/attachments", {"kind": "photo"}
    once = await created(clerk.post(path, data=data, files={"file": PNG}, headers=key))
    replayed = await clerk.post(path, data=data, files={"file": PNG}, headers=key)
    assert (replayed.json(), replayed.headers["idempotent-replay"]) == (once, "true")
    other = clerk.post(path, data=data, files={"file": TAKEN["jpg"]}, headers=key)
    await refused(other, 422, "idempotency-key-reused")
    assert (await ok(clerk.get(f"/cases/{known['id']}")))["attachment_count"] == 2
    assert len(stored(world)) == 1, "the same bytes are kept once"


async def test_it_belongs_to_something_of_the_same_case(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await accepted_case(clerk)
    mediation = await started_round(clerk, known["id"])
    session = {"held_on": "2020-03-04", "form": "onsite", "record": "现场查看。"}
    held = await created(clerk.post(f"/mediations/{mediation['id']}/sessions", json=session))
    other = await case(clerk)
    for subject, id in (("session", held["id"]), ("mediation", mediation["id"]), ("party", known["parties"][0]["id"])):
        made = await attachment(clerk, known["id"], subject=subject, subject_id=id)
        assert made["subject_id"] == id
        found = await ok(clerk.get(f"/cases/{known['id']}/attachments?subject_id={id}"))
        assert [item["id"] for item in found["items"]] == [made["id"]]
        foreign = send(clerk, other["id"], PNG, subject=subject, subject_id=id)
        assert (await refused(foreign, 422, "unknown-reference"))["errors"][0]["pointer"] == "/subject_id"


async def test_withdrawn_it_is_listed_with_the_reason_and_given_to_nobody(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    made = await attachment(clerk, known["id"])
    path = f"/cases/{known['id']}/attachments/{made['id']}"
    await refused(clerk.post(f"{path}/withdrawal", json={}), 422, "invalid-input")
    stale = {"If-Match": '"1-full"'}
    await refused(clerk.post(f"{path}/withdrawal", json={"reason": "误传"}, headers=stale), 412, "precondition-failed")
    gone = await ok(clerk.post(f"{path}/withdrawal", json={"reason": "误传了别人的材料"}))
    assert (gone["withdrawn_because"], gone["withdrawn_by"]) == ("误传了别人的材料", str(clerk.account.id))
    assert (await ok(clerk.get(path))) == gone
    assert (await ok(clerk.get(f"/cases/{known['id']}")))["attachment_count"] == 0
    await refused(clerk.get(f"{path}/content"), 409, "attachment-withdrawn")
    await refused(clerk.post(f"{path}/withdrawal", json={"reason": "再撤"}), 409, "attachment-withdrawn")


async def test_a_locked_case_takes_no_more_files(world: World) -> None:
    head = await world.caller(Role.OFFICE_HEAD, TOWN)
    known = await case(head)
    made = await attachment(head, known["id"])
    await ok(head.post(f"/cases/{known['id']}/void", json={"reason": "误登记"}))
    await refused(send(head, known["id"], PNG), 409, "case-locked")
    path = f"/cases/{known['id']}/attachments/{made['id']}"
    await refused(head.post(f"{path}/withdrawal", json={"reason": "误传"}), 409, "case-locked")
    assert (await head.get(f"{path}/content")).content == PNG


async def test_a_proof_of_identity_is_shown_to_whoever_may_reveal_identities(world: World) -> None:
    clerk, head = await world.caller(Role.OFFICE_CLERK, TOWN), await world.caller(Role.OFFICE_HEAD, TOWN)
    mediator = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    known, own = await case(clerk), await case(mediator)
    shown = await attachment(clerk, known["id"], kind="identity")
    path = f"/cases/{known['id']}/attachments/{shown['id']}/content"
    await refused(clerk.get(path), 403, "forbidden")
    await refused(mediator.get(path), 403, "not-own-case")
    assert (await head.get(path)).content == PNG
    in_own = await attachment(mediator, own["id"], kind="identity")
    assert (await mediator.get(f"/cases/{own['id']}/attachments/{in_own['id']}/content")).content == PNG
    records = [r for r in await rows(world, "audit_records") if r["action"] == "read_attachment_content"]
    assert {(r["target_type"], str(r["target_id"])) for r in records} >= {
        ("attachment", shown["id"]),
        ("case", known["id"]),
    }
    assert all(r["fields"] == ["content"] for r in records)


async def test_others_do_not_see_that_it_is_there(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known, other = await case(clerk), await case(clerk)
    made = await attachment(clerk, known["id"])
    far = await world.caller(Role.OFFICE_HEAD, OTHER_TOWN)
    for caller, case_id in ((far, known["id"]), (clerk, other["id"])):
        path = f"/cases/{case_id}/attachments/{made['id']}"
        await refused(caller.get(path), 404, "not-found")
        await refused(caller.get(f"{path}/content"), 404, "not-found")
        await refused(caller.post(f"{path}/withdrawal", json={"reason": "误传"}), 404, "not-found")
    await refused(send(far, known["id"], PNG), 404, "not-found")
    barred = await account(world, Role.VILLAGE_MEDIATOR, VILLAGE)
    relation = {"mediator_id": str(barred.account.mediator_id), "relation": "relative"}
    await created(clerk.post(f"/cases/{known['id']}/conflicts", json=relation))
    await refused(barred.get(f"/cases/{known['id']}/attachments/{made['id']}/content"), 404, "not-found")


@pytest.mark.parametrize("harm", ["gone", "cut", "altered", "exchanged"])
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_file_that_is_lost_or_damaged_is_a_clear_problem(world: World, harm: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    made, other = await attachment(clerk, known["id"]), await attachment(clerk, known["id"], TAKEN["jpg"])
    paths = {path.name: path for path in stored(world)}
    path, sealed = paths[made["sha256"]], paths[made["sha256"]].read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        altered = sealed[:-1] + bytes([sealed[-1] ^ 1])
        path.write_bytes({"cut": sealed[:20], "altered": altered}.get(harm, paths[other["sha256"]].read_bytes()))
    reply = await clerk.get(f"/cases/{known['id']}/attachments/{made['id']}/content")
    assert (reply.status_code, reply.json()["code"]) == (503, "file-missing")
    assert reply.headers["retry-after"]
    assert (await ok(clerk.get(f"/cases/{known['id']}/attachments/{made['id']}")))["id"] == made["id"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [0, 1, 256 * 1024 - 4, 256 * 1024, 600 * 1024, 3 * MIB])
async def test_files_of_any_length_come_back_whole(world: World, size: int) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known, file = await case(clerk), b"\xff\xd8\xff\xe0" + bytes(i * 31 % 256 for i in range(1000)) * (size // 1000 + 1)
    file = file[: size + 4]
    made = await attachment(clerk, known["id"], file)
    reply = await clerk.get(f"/cases/{known['id']}/attachments/{made['id']}/content")
    assert reply.content == file


class FullFolder(Folder):
    def _keep(self, path: Path, name: str) -> None:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_without_room_nothing_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    store: Any = world.kernel.files.store
    before = await content(world)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("app.core.sealed_files.os.fsync", full)
        reply = await refused(send(clerk, known["id"], PNG), 503, "unavailable")
    object.__setattr__(world.kernel, "files", Files(FullFolder(store.root)))
    await refused(send(clerk, known["id"], PNG), 503, "unavailable")
    assert reply["status"] == 503
    assert changed(before, await content(world)) == {}
    assert stored(world) == []


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_case_with_forty_attachments_is_read_in_few_statements(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    for _ in range(40):
        await attachment(clerk, known["id"])
    for path in (f"/cases/{known['id']}", f"/cases/{known['id']}/attachments?limit=100"):
        world.kernel.actors.forget()
        with counted(world) as sent:
            await ok(clerk.get(path))
        statements = [one for one in sent if not one.startswith(("BEGIN", "COMMIT"))]
        assert len(statements) <= 5, statements


async def test_files_that_nothing_names_are_swept_after_a_day_and_no_others(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    made = await attachment(clerk, known["id"])
    store: Any = world.kernel.files.store
    old, new = store.root / "aa" / ("a" * 64), store.root / "bb" / ("b" * 64)
    for path in (old, new, store.spool / "killed.part"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    named = store.root / made["sha256"][:2] / made["sha256"]
    for path in (old, named, store.spool / "killed.part"):
        os.utime(path, (0, 0))
    async with operating(world) as work:
        assert await sweep_files(work) == 1
    assert set(stored(world)) == {new, named}


async def test_an_object_store_keeps_them_as_a_folder_does(world: World) -> None:
    """The store of the library's that is in memory: what S3 itself does is not tried here."""
    object.__setattr__(world.kernel, "files", Files(ObjectFiles(MemoryStore())))
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known, file = await case(clerk), TAKEN["jpg"] * 20_000
    made = await attachment(clerk, known["id"], file)
    path = f"/cases/{known['id']}/attachments/{made['id']}/content"
    assert (await clerk.get(path)).content == file
    store = world.kernel.files.store
    assert [name async for name, _ in store.names()] == [made["sha256"]]
    await store.remove(made["sha256"])
    await refused(clerk.get(path), 503, "file-missing")


async def test_an_object_store_that_does_not_answer_is_503(world: World) -> None:
    retries: Any = {"max_retries": 0}
    nowhere = S3Store(
        "bucket", endpoint="http://127.0.0.1:9", client_options={"allow_http": True}, retry_config=retries,
        access_key_id="sample", secret_access_key="sample",
    )  # fmt: skip
    object.__setattr__(world.kernel, "files", Files(ObjectFiles(nowhere)))
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    known = await case(clerk)
    await refused(send(clerk, known["id"], PNG), 503, "unavailable")
