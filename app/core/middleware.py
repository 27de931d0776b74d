"""Around every request: its id, safe headers, one line of log, its count, and a plain answer where something unforeseen
breaks."""

import time
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.db import new_id
from app.core.locale import preferred_language
from app.core.logs import frames, log
from app.core.metrics import UNDER_WAY, count_request
from app.core.openapi import PROBLEM_TYPE
from app.core.problems import InternalError

SAFE_HEADERS = {
    b"cache-control": b"no-store",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"vary": b"Authorization, Accept, Accept-Language",
}
PAGES = ("/docs", "/static-offline-docs")
PAGE_POLICY = (
    b"default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline';"
    b" frame-ancestors 'none'"
)


class Envelope:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_enveloped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _enveloped(scope, message, request_id)
            await send(message)

        with UNDER_WAY:
            try:
                await self.app(scope, receive, send_enveloped)
            except Exception as error:  # noqa: BLE001 the last resort: no value of it may leave, in the answer or in the log
                log.error("unforeseen", kind=type(error).__name__, frames=frames(error), request_id=request_id)
                if not status:
                    await _internal_error(scope, send_enveloped, request_id)
        seconds, facts = time.perf_counter() - started, _facts(scope)
        count_request(facts["method"], facts["route"], status, seconds)
        log.info("request", **facts, request_id=request_id, status=status, milliseconds=round(seconds * 1000, 1))


def _enveloped(scope: Scope, message: Message, request_id: str) -> list[tuple[bytes, bytes]]:
    headers = SAFE_HEADERS | {b"x-request-id": request_id.encode()}
    if scope["path"].startswith(PAGES):
        headers[b"content-security-policy"] = PAGE_POLICY
    given = list(message.get("headers", []))
    # An answer that says what it varies by says it besides what all vary by.
    return given + [(name, value) for name, value in headers.items() if name not in dict(given) or name == b"vary"]


def _facts(scope: Scope) -> dict[str, Any]:
    """The route's template, not the path: paths hold ids."""
    route = scope.get("route")
    actor = scope["state"].get("actor")
    return {
        "method": scope["method"],
        "route": getattr(route, "path", None),
        "account": str(actor.id) if actor else None,
    }


async def _internal_error(scope: Scope, send: Send, request_id: str) -> None:
    accept_language = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    document = InternalError().document(preferred_language(accept_language), f"urn:request:{request_id}")
    headers = [(b"content-type", PROBLEM_TYPE.encode())]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(document)})
