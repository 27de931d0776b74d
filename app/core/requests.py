"""Reading a request strictly: size, media type, UTF-8, duplicate names, depth and numbers, before anything is
believed."""

import json
from typing import Any, Never
from urllib.parse import parse_qsl, unquote

from fastapi import Request
from starlette.datastructures import FormData, QueryParams
from starlette.requests import ClientDisconnect

from app.core.problems import BodyTooLarge, InputError, InvalidInput, MalformedBody, NotAcceptable, UnsupportedMediaType

MAX_BODY = 1024 * 1024
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1  # the largest whole number every JSON client reads exactly
JSON_TYPES = ("application/json",)
PATCH_TYPES = ("application/merge-patch+json", "application/json")


class StrictRequest(Request):
    """A request whose body has been read within the limits and whose JSON is parsed by our rules, once."""

    def __init__(self, request: Request, body: bytes, form: FormData | None = None) -> None:
        super().__init__(request.scope, request.receive)
        self._body, self._form = body, form

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = parse_json(self._body)
        return self._json


async def read_body(request: Request) -> bytes:
    """The body, at most `MAX_BODY` bytes; the rest of a larger one is never kept."""
    declared = request.headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > MAX_BODY:
        raise BodyTooLarge
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MAX_BODY:
                raise BodyTooLarge
            chunks.append(chunk)
    except ClientDisconnect:
        raise MalformedBody(reason=("正文未传完，连接已断开", "it broke off")) from None
    return b"".join(chunks)


def check_media_type(request: Request, accepted: tuple[str, ...]) -> None:
    media_type, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charsets = [p.removeprefix("charset=").strip('"') for p in parameters if p.startswith("charset=")]
    if media_type not in accepted or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise UnsupportedMediaType(accepted=", ".join(accepted))


def parse_json(body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
        if text.startswith("\ufeff"):
            raise MalformedBody(reason=("含字节序标记", "it starts with a byte order mark"))
        document = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_real,
        )
        _check(document)
    except UnicodeDecodeError:
        raise MalformedBody(reason=("不是 UTF-8 编码", "it is not UTF-8")) from None
    except RecursionError:
        raise MalformedBody(reason=_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        where = (
            f"第 {error.lineno} 行第 {error.colno} 列有语法错误",
            f"a syntax error at line {error.lineno}, column {error.colno}",
        )
        raise MalformedBody(reason=where) from None
    return document


_TOO_DEEP = (f"嵌套超过 {MAX_DEPTH} 层", f"it is nested deeper than {MAX_DEPTH} levels")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedBody(reason=("同一字段出现两次", "a field stands in it twice"))
    return members


def _refuse_constant(_: str) -> Never:
    raise MalformedBody(reason=("含 NaN 或 Infinity", "it contains NaN or Infinity"))


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        raise MalformedBody(reason=("整数超出 ±(2^53−1)", "an integer is beyond ±(2^53−1)"))
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits[:400])
    if len(digits) > 400 or abs(value) == float("inf"):
        raise MalformedBody(reason=("数字过大", "a number is too large"))
    return value


def _check(document: Any) -> None:
    """Depth, and surrogates that stand alone: JSON can spell them, UTF-8 cannot."""
    pending = [(document, 1)]
    while pending:
        value, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise MalformedBody(reason=_TOO_DEEP)
        if isinstance(value, dict):
            pending.extend((item, depth + 1) for pair in value.items() for item in pair)
        elif isinstance(value, list):
            pending.extend((item, depth + 1) for item in value)
        elif isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
            raise MalformedBody(reason=("含不成对的代理字符", "it contains a lone surrogate"))


def check_accept(request: Request, file_types: frozenset[str]) -> None:
    """JSON is given everywhere; a file also where its own type is named."""
    ranges = {part.split(";")[0].strip().lower() for part in request.headers.get("accept", "*/*").split(",")}
    families = {f"{media_type.partition('/')[0]}/*" for media_type in file_types}
    given = {"*/*", "application/*", "application/json", "application/problem+json", ""} | file_types | families
    if not given & ranges:
        raise NotAcceptable


def check_query(request: Request, known: frozenset[str], repeatable: frozenset[str]) -> None:
    """Unknown and doubled parameters, and bytes that are not UTF-8, are refused rather than guessed at."""
    raw = request.scope.get("query_string", b"")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        raise InvalidInput(
            errors=[InputError("query:", "malformed", "查询串不是合法的 UTF-8", "the query is not UTF-8")]
        ) from None
    errors, seen = [], set()
    for name, _ in pairs:
        if name not in known:
            # The name is the sender's own words: it is not repeated.
            errors.append(
                InputError("query:", "unknown-parameter", "有不认识的查询参数", "there is an unknown query parameter")
            )
        elif name in seen and name not in repeatable:
            errors.append(
                InputError(f"query:{name}", "repeated", "该参数只能出现一次", "this parameter may stand only once")
            )
        seen.add(name)
    if errors:
        raise InvalidInput(errors=errors)
    request.scope["query_string"] = raw
    request._query_params = QueryParams(pairs)


def idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not (1 <= len(key) <= 200 and all("!" <= c <= "~" for c in key)):
        raise _bad_header("idempotency-key", "须为 1–200 个可见 ASCII 字符", "must be 1–200 visible ASCII characters")
    return key


def reason_of(request: Request) -> str | None:
    raw = request.headers.get("x-reason")
    if raw is None:
        return None
    try:
        reason = unquote(raw, errors="strict").strip() if raw.isascii() else ""
    except UnicodeDecodeError:
        reason = ""
    if not (2 <= len(reason) <= 200 and reason.isprintable()):
        raise _bad_header(
            "x-reason", "须为 2–200 字、百分号编码的 UTF-8", "must be 2–200 characters of percent-encoded UTF-8"
        )
    return reason


def _bad_header(name: str, zh: str, en: str) -> InvalidInput:
    return InvalidInput(errors=[InputError(f"header:{name}", "malformed", zh, en)])
