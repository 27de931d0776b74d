"""Requests byte by byte, as a server hands them to the application: what no well-behaved client would send."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import orjson
from fastapi import FastAPI

Headers = Mapping[str, str | bytes]
Body = bytes | Iterable[bytes]
"""Whole, or in pieces."""
JSON: Headers = {"content-type": "application/json"}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return orjson.loads(self.body)


async def ask(
    app: FastAPI,
    method: str,
    target: str | bytes,
    body: Body = b"",
    headers: Headers | None = None,
    *,
    breaks_off: bool = False,
) -> Reply:
    """`target` is the request line's own: path and query, percent-encoded or not. A body in pieces has no length."""
    raw_path, _, query = (target if isinstance(target, bytes) else target.encode()).partition(b"?")
    pieces = [body] if isinstance(body, bytes) else list(body)
    sent = {"host": "tests", **({"content-length": str(len(body))} if isinstance(body, bytes) and body else {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path.decode("latin-1")),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), _bytes(value)) for name, value in {**sent, **(headers or {})}.items()
        ],
        "client": ("127.0.0.1", 50000),
        "server": ("tests", 80),
    }
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages[-1]["more_body"] = breaks_off
    answered: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answered.append(message)

    await app(scope, receive, send)
    start, *rest = answered
    named = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    return Reply(start["status"], named, b"".join(message.get("body", b"") for message in rest))


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1")
