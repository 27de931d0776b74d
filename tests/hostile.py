"""What every hostile request is held to: a refusal in Chinese and in English, nothing repeated, logged or kept."""

import io
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import structlog
from sqlalchemy import make_url

from app.core.logs import configure_logs
from tests.samples import Sample, Scene, samples, scene, sender
from tests.tables import changed, content
from tests.wire import Body, Headers, Reply
from tests.world import World

SECRET = "毒饵7KZ3"
"""Stands in everything that is sent here, and must not come back or stay anywhere."""
LANGUAGES = {"zh-CN": "zh-CN,zh;q=0.9", "en": "en-US,en;q=0.9,zh;q=0.1"}


@dataclass
class Watch:
    world: World
    scene: Scene
    samples: dict[str, Sample]
    requests: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def guarded(self) -> list[Sample]:
        """Of the operations that take a permission."""
        return [sample for sample in self.samples.values() if sample.permission is not None]

    async def refuses(
        self, sample: Sample, body: Body | None = None, *, expect: set[int], why: str, headers: Headers | None = None
    ) -> None:
        """Sent in both languages. Faults are gathered, so that one run shows them all."""
        said = {await self._said(tag, sample, body, expect, why, headers) for tag in LANGUAGES}
        if len(said) == 1:
            self.faults.append(f"{sample.operation} {why}: the same words in both languages: {said}")

    async def refuses_in_turn(
        self, sample: Sample, body: Body | None = None, *, expect: set[int], why: str, headers: Headers | None = None
    ) -> None:
        """Sent in one of the languages: where there are thousands of requests."""
        tag = list(LANGUAGES)[self.requests % len(LANGUAGES)]
        await self._said(tag, sample, body, expect, why, headers)

    async def _said(
        self, tag: str, sample: Sample, body: Body | None, expect: set[int], why: str, headers: Headers | None
    ) -> str:
        caller = await sender(self.scene, sample)
        reply = await sample.send(self.world, caller, body, {"accept-language": LANGUAGES[tag], **(headers or {})})
        self.requests += 1
        if fault := _fault(reply, tag, expect):
            self.faults.append(
                f"{sample.operation} {why}: {fault} {reply.status} {reply.body[:300].decode(errors='replace')}"
            )
        return str(reply.document.get("detail"))


def _fault(reply: Reply, tag: str, expect: set[int]) -> str | None:
    if reply.status not in expect:
        return f"not one of {sorted(expect)}"
    if reply.headers.get("content-type") != "application/problem+json" or reply.headers["content-language"] != tag:
        return "no problem document of that language"
    if SECRET in reply.body.decode() or SECRET.encode("unicode-escape") in reply.body:
        return "what was sent came back"
    document = reply.document
    if not {"type", "title", "status", "detail", "instance", "code"} <= set(document) or not document["detail"]:
        return "not a whole problem document"
    return None


@asynccontextmanager
async def watching(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Watch]:
    """Over one scene; at the end nothing may have changed and no log may hold what was sent."""
    own = await scene(world)
    watch = Watch(world, own, {sample.operation: sample for sample in samples(own)})
    for sample in watch.samples.values():
        await sender(own, sample)
    before, log = await content(world), io.StringIO()
    with monkeypatch.context() as patch, caplog.at_level(logging.DEBUG):
        patch.setattr(sys, "stderr", log)
        configure_logs("DEBUG")
        try:
            yield watch
        finally:
            structlog.reset_defaults()
    assert watch.faults == [], "\n".join(watch.faults[:40])
    assert changed(before, await content(world)) == {}
    logged = log.getvalue()
    assert logged.count('"event":"request"') == watch.requests > 0
    for text in (logged, caplog.text, _server_log(world)):
        assert SECRET not in text
        assert SECRET.encode("unicode-escape").decode() not in text
        assert SECRET.encode().hex() not in text


def _server_log(world: World) -> str:
    """What our own PostgreSQL has written; another's (TEST_DATABASE_URL) is out of reach."""
    host = make_url(str(world.database.writes.url)).query.get("host")
    log = Path(str(host)).parent / "log" if host else Path()
    return log.read_text(errors="replace") if log.is_file() else ""
