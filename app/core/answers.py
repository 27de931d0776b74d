"""What a route gives back, and how it becomes bytes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote
from uuid import UUID

import orjson
from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.types import Message, Send

from app.core.auth import View
from app.core.crypto import token_hash

T = TypeVar("T")
JSON_TYPE = "application/json"
STALL_SECONDS = 12
"""How long a client may take nothing of a stream: PostgreSQL ends a snapshot that stands idle for fifteen."""


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A body with the headers that belong to it. `status` overrides the route's own."""

    body: T
    etag: str | None = None
    location: str | None = None
    status: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {name: value for name, value in (("ETag", self.etag), ("Location", self.location)) if value is not None}


BYTES = "application/octet-stream"


@dataclass(frozen=True)
class FileAnswer:
    """Bytes to be kept, never to be shown: whatever is in them, a browser only downloads it."""

    content: bytes | AsyncIterator[bytes]
    name: str
    """With its extension; not the one that was sent."""
    size: int | None
    media_type: str = BYTES
    etag: str | None = None


class Streamed(StreamingResponse):
    """In chunks, of which the last is sent only when all is there: a client sees that a stream was broken off."""

    async def stream_response(self, send: Send) -> None:
        async def send_soon(message: Message) -> None:
            async with asyncio.timeout(STALL_SECONDS):
                await send(message)

        try:
            await super().stream_response(send_soon)
        finally:
            if close := getattr(self.body_iterator, "aclose", None):
                await asyncio.shield(asyncio.ensure_future(close()))


def download(file: FileAnswer) -> Response:
    name = "".join("_" if character in '\\/:*?"<>|' else character for character in file.name)
    headers = {
        "Content-Disposition": f"attachment; filename=\"download.{name.rpartition('.')[2]}\"; filename*=UTF-8''{quote(name, safe='')}",  # noqa: E501
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    }
    if file.etag is not None:
        headers["ETag"] = file.etag
    if file.size is not None:
        headers["Content-Length"] = str(file.size)
    if isinstance(file.content, bytes):
        return Response(file.content, 200, headers, file.media_type)
    return Streamed(file.content, 200, headers, file.media_type)


def file_responses(*media_types: str) -> dict[int | str, Any]:
    """For the OpenAPI document: a download of these types; beside JSON, where the route answers with that too."""
    content = {name: {"schema": {"type": "string", "contentMediaType": name}} for name in media_types}
    return {200: {"description": "The file, as a download.", "content": content}}


def etag_of(version: int, view: View = View.FULL, also: int | None = None) -> str:
    """Strong: the version of the record and the reader's view of it; `also` is the version of another that it shows."""
    return f'"{version}-{view}"' if also is None else f'"{version}-{view}-{also}"'


def content_etag(body: Any) -> str:
    return f'"{token_hash(dump(body).decode())[:32]}"'


def dump(body: Any) -> bytes:
    """Instants in UTC with Z; ids, dates and codes as text."""
    return orjson.dumps(body, default=_plain, option=orjson.OPT_UTC_Z)


def _plain(value: Any) -> str:
    """The PostgreSQL driver's ids are of a class of their own."""
    if isinstance(value, UUID):
        return str(value)
    raise TypeError


def respond(status: int, headers: dict[str, str], body: bytes) -> Response:
    return Response(body, status, headers, JSON_TYPE if body else None)
