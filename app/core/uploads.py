"""Reading a form with one file (multipart/form-data) strictly and as it arrives: the file goes to the spool, sealed and
hashed on its way; the fields stay small."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Request, UploadFile
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile as AnyUpload
from starlette.requests import ClientDisconnect

from app.core.crypto import FieldKey
from app.core.files import MIB, Files, no_room
from app.core.problems import FileTooLarge, InputError, InvalidInput, MalformedForm
from app.core.requests import check_media_type
from app.core.sealed_files import PIECE, Sealer

MULTIPART = "multipart/form-data"
MAX_FIELDS = 64 * 1024
"""Bytes of all fields and headers of parts together."""
MAX_PARTS = 20


class Upload(UploadFile):
    """The file of a form. Its name and type as sent are not looked at; `sealer` has its size, hash and place."""

    def __init__(self, sealer: Sealer) -> None:
        super().__init__(file=sealer._file, size=sealer.size, filename="file")
        self.sealer = sealer


def refuse_unfit(request: Request, files: Files) -> bytes:
    """415 and 413 before anything is read; the boundary of the parts."""
    check_media_type(request, (MULTIPART,))
    declared = request.headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > files.max_bytes + MAX_FIELDS:
        raise _too_large(files)
    boundary = parse_options_header(request.headers["content-type"])[1].get(b"boundary", b"")
    if not 1 <= len(boundary) <= 200:
        raise MalformedForm(reason=("缺少 boundary", "its boundary is missing"))
    return boundary


@asynccontextmanager
async def received(request: Request, boundary: bytes, files: Files, key: FieldKey) -> AsyncIterator[FormData]:
    """The form with its file in the spool, for as long as the request lasts."""
    with files.arriving(key) as sealer:
        parts = _Parts(sealer, files)
        try:
            await _read(request, boundary, parts)
        except OSError:
            raise no_room() from None
        yield parts.form()


def content_of(form: FormData) -> dict[str, str]:
    """What a repeated request is compared by: the fields, and the file by its hash."""
    return {name: value.sealer.sha256 if isinstance(value, Upload) else str(value) for name, value in form.items()}


async def _read(request: Request, boundary: bytes, parts: "_Parts") -> None:
    parser = MultipartParser(boundary, parts.callbacks)
    try:
        async for chunk in request.stream():
            parser.write(chunk)
            if len(parts.arrived) >= PIECE:
                await asyncio.to_thread(parts.spool)
        parser.finalize()
    except FormParserError:
        raise MalformedForm(reason=("各部分的格式不对", "its parts are not well formed")) from None
    except ClientDisconnect:
        raise MalformedForm(reason=_BROKEN_OFF) from None
    if not parts.is_whole:
        raise MalformedForm(reason=_BROKEN_OFF)
    await asyncio.to_thread(parts.finish)


_BROKEN_OFF = ("正文未传完", "it broke off")


class _Parts:
    """What the parser hears: fields are kept as they are, the bytes of the file wait to be spooled."""

    def __init__(self, sealer: Sealer, files: Files) -> None:
        self._sealer, self._files = sealer, files
        self.arrived, self.is_whole = bytearray(), False
        self._fields: list[tuple[str, bytearray]] = []
        self._file_count = self._size = self._parts = 0
        self._header, self._value, self._disposition = bytearray(), bytearray(), b""
        self._field: bytearray | None = None

    @property
    def callbacks(self) -> Any:
        names = ("part_begin", "header_field", "header_value", "header_end", "headers_finished", "part_data", "end")
        return {f"on_{name}": getattr(self, f"_{name}") for name in names}

    def spool(self) -> None:
        self._sealer.write(bytes(self.arrived))
        self.arrived.clear()

    def finish(self) -> None:
        self.spool()
        self._sealer.end()

    def form(self) -> FormData:
        try:
            fields: list[tuple[str, str | AnyUpload]] = [(n, value.decode("utf-8")) for n, value in self._fields]
        except UnicodeDecodeError:
            raise MalformedForm(reason=("不是 UTF-8 编码", "it is not UTF-8")) from None
        if repeated := {name for name, _ in fields if [n for n, _ in fields].count(name) > 1}:
            raise InvalidInput(errors=[_twice(name) for name in sorted(repeated)])
        if self._file_count:
            fields.append(("file", Upload(self._sealer)))
        return FormData(fields)

    def _part_begin(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise MalformedForm(reason=(f"超过 {MAX_PARTS} 个部分", f"it has more than {MAX_PARTS} parts"))
        self._disposition = b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += self._counted(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += self._counted(data[start:end])

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        kind, options = parse_options_header(self._disposition)
        name = options.get(b"name", b"")
        if kind != b"form-data" or not (name and name.isascii()):
            raise MalformedForm(reason=("有的部分没有名称", "a part has no name"))
        self._field = None if b"filename" in options else bytearray()
        if self._field is not None:
            self._fields.append((name.decode(), self._field))
            return
        self._file_count += 1
        if name != b"file" or self._file_count > 1:
            raise MalformedForm(reason=("只能有一个文件，名为 file", "it has another file than the one named file"))

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._field is not None:
            self._field += self._counted(data[start:end])
            return
        self.arrived += data[start:end]
        if self._sealer.size + len(self.arrived) > self._files.max_bytes:
            raise _too_large(self._files)

    def _end(self) -> None:
        self.is_whole = True

    def _counted(self, data: bytes) -> bytes:
        self._size += len(data)
        if self._size > MAX_FIELDS:
            raise MalformedForm(reason=("字段过长", "its fields are too long"))
        return data


def _too_large(files: Files) -> FileTooLarge:
    return FileTooLarge(most_mib=files.max_bytes // MIB)


def _twice(name: str) -> InputError:
    pointer = f"/{name}" if name.replace("_", "a").isalnum() and name.islower() and len(name) <= 40 else "/…"
    return InputError(pointer, "repeated", "该字段只能出现一次", "this field may stand only once")
