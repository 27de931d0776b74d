"""The door of every route: who may enter, what a request may look like, and one unit of work around the handler.

A handler asks for `read(permission)` or `work(permission)`. Checks run in the order of the contract; the transaction
commits after the answer exists and before its first byte leaves. A handler without a door cannot be built.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.core import idempotency
from app.core.answers import Answer, FileAnswer, download, dump, respond
from app.core.auth import OPERATOR, Actor, Permission
from app.core.jurisdiction import Everywhere
from app.core.locale import preferred_language
from app.core.openapi import UNDER_IF_MATCH, describe
from app.core.problems import (
    Forbidden,
    NotSignedIn,
    PreconditionRequired,
    Problem,
)
from app.core.requests import (
    JSON_TYPES,
    PATCH_TYPES,
    StrictRequest,
    check_accept,
    check_media_type,
    check_query,
    idempotency_key,
    read_body,
    reason_of,
)
from app.core.schemas import is_id
from app.core.unit_of_work import Asked, Kernel, Reading, Work, perform
from app.core.uploads import MULTIPART, content_of, received, refuse_unfit

VISITOR = Actor(None, "visitor", Everywhere(), frozenset())
"""Caller of a public route: sign-in looks up its account before anybody is known."""
FORM_TYPES = ("application/x-www-form-urlencoded",)
Handle = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True)
class Door:
    permission: Permission | None
    writes: bool
    appends_only: bool = False
    also: Permission | None = None
    """A second permission that is asked for beside the first."""

    async def __call__(self, request: Request) -> Reading:
        unit: Reading = request.state.unit
        return unit


def read(permission: Permission, *, also: Permission | None = None) -> Any:
    """A read-only unit of work for whoever has the permission, and the other one if one is named."""
    return Depends(Door(permission, writes=False, also=also))


def work(permission: Permission, *, appends_only: bool = False) -> Any:
    """A unit of work that may change the register, for whoever has the permission.

    `appends_only` where whatever it writes is written at its end: its Idempotency-Key is taken there too, so that
    all is one statement.
    """
    return Depends(Door(permission, writes=True, appends_only=appends_only))


def public_work() -> Any:
    """For the routes in PUBLIC alone: a unit of work of nobody yet."""
    return Depends(Door(None, writes=True))


def public_read() -> Any:
    """For the routes in PUBLIC alone: a read-only unit of work of nobody."""
    return Depends(Door(None, writes=False))


class UnitOfWorkRoute(APIRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.door, parameter = _door_of(endpoint)
        self.path_names = frozenset(part.strip("{}") for part in path.split("/") if part.startswith("{"))
        status = options.get("status_code") or 200
        options["status_code"] = status
        model = _answer_model(endpoint)
        self.file_types = frozenset(((options.get("responses") or {}).get(200) or {}).get("content") or {})
        if is_bare := model in {FileAnswer, Response}:
            options["response_class"] = Response
        options["response_model"] = None if is_bare else model
        describe(options, path, self.door.permission, self.door.writes)
        super().__init__(path, _in_unit_of_work(endpoint, parameter, status), **options)
        self.known_query, self.repeatable_query = _query_names(self)

    def get_route_handler(self) -> Handle:
        handle = super().get_route_handler()

        async def serve(request: Request) -> Response:
            kernel: Kernel = request.app.state.kernel
            if self.is_upload:
                return await self._serve_upload(request, kernel, handle)
            body = await self._body(request)
            actor = await self._actor(request, kernel)
            check_query(request, self.known_query, self.repeatable_query)
            strict = StrictRequest(request, body)
            self._enter(strict, kernel, actor, await strict.json() if body and not self.is_form else None)
            return await handle(strict)

        return serve

    async def _serve_upload(self, request: Request, kernel: Kernel, handle: Handle) -> Response:
        """Nobody fills the disk who may not enter: the file is read after the actor is known."""
        check_accept(request, self.file_types)
        boundary = refuse_unfit(request, kernel.files)
        actor = await self._actor(request, kernel)
        check_query(request, self.known_query, self.repeatable_query)
        async with received(request, boundary, kernel.files, kernel.key) as form:
            strict = StrictRequest(request, b"", form)
            self._enter(strict, kernel, actor, content_of(form))
            return await handle(strict)

    def _enter(self, request: StrictRequest, kernel: Kernel, actor: Actor, content: Any) -> None:
        unit = Work if self.door.writes else Reading
        request.state.unit = unit(kernel, actor, self._asked(request, content))

    async def _body(self, request: Request) -> bytes:
        check_accept(request, self.file_types)
        if self.body_field is None:
            return b""
        if request.headers.get("content-type") or request.headers.get("content-length", "0") != "0":
            check_media_type(request, self._media_types(request.method))
        return await read_body(request)

    def _media_types(self, method: str) -> tuple[str, ...]:
        if self.is_form:
            return FORM_TYPES
        return PATCH_TYPES if method == "PATCH" else JSON_TYPES

    @property
    def is_form(self) -> bool:
        return self.body_field is not None and type(self.body_field.field_info).__name__ == "Form"

    @property
    def is_upload(self) -> bool:
        return self.is_form and getattr(self.body_field.field_info, "media_type", "") == MULTIPART  # type: ignore[union-attr]

    async def _actor(self, request: Request, kernel: Kernel) -> Actor:
        if self.door.permission is None:
            return VISITOR
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        actor = await _actor_of(kernel, token.strip()) if scheme.lower() == "bearer" and token else None
        if actor is None:
            raise NotSignedIn(headers={"WWW-Authenticate": "Bearer"})
        request.state.actor = actor
        if not actor.permissions.issuperset({self.door.permission, self.door.also or self.door.permission}):
            raise Forbidden
        return actor

    def _asked(self, request: StrictRequest, content: Any) -> Asked:
        unsafe = self.door.writes and request.method != "GET" and self.door.permission is not None
        return Asked(
            action=self.name,
            language=preferred_language(request.headers.get("accept-language")),
            request_id=request.state.request_id,
            source=request.client.host if request.client else "",
            reason=reason_of(request),
            if_match=request.headers.get("if-match"),
            if_none_match=request.headers.get("if-none-match"),
            idempotency_key=idempotency_key(request) if unsafe else None,
            appends_only=self.door.appends_only,
            method=request.method,
            path=request.scope["path"],
            path_ids={name: value for name, value in request.path_params.items() if is_id(str(value))},
            content=[content, request.query_params.multi_items()],
        )


async def _actor_of(kernel: Kernel, token: str) -> Actor | None:
    now = kernel.clock.now()
    if known := kernel.actors.find(token, now):
        return known
    look_up = Reading(kernel, OPERATOR, Asked("find_actor"))
    actor = await perform(look_up, lambda: kernel.find_actor(look_up, token))
    if actor is not None:
        kernel.actors.keep(token, actor, now)
    return actor


def guarded_router(**options: Any) -> APIRouter:
    return APIRouter(route_class=UnitOfWorkRoute, **options)


def _door_of(endpoint: Callable[..., Any]) -> tuple[Door, str]:
    found = [
        (mark.dependency, name)
        for name, parameter in inspect.signature(endpoint, eval_str=True).parameters.items()
        for mark in get_args(parameter.annotation)[1:]
        if isinstance(getattr(mark, "dependency", None), Door)
    ]
    if len(found) != 1:
        raise RuntimeError(f"{endpoint.__name__} needs exactly one door: read(permission) or work(permission)")
    return found[0]


def _answer_model(endpoint: Callable[..., Any]) -> Any:
    annotation = inspect.signature(endpoint, eval_str=True).return_annotation
    if FileAnswer in get_args(annotation):
        (annotation,) = (one for one in get_args(annotation) if one is not FileAnswer)
    return get_args(annotation)[0] if get_origin(annotation) is Answer else annotation


def _query_names(route: APIRoute) -> tuple[frozenset[str], frozenset[str]]:
    known, repeatable = set(), set()
    for parameter in route.dependant.query_params:
        annotation = parameter.field_info.annotation
        if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
            names = {field.alias or name: str(field.annotation) for name, field in annotation.model_fields.items()}
            known |= set(names)
            repeatable |= {name for name, type_of in names.items() if "list[" in type_of}
        else:
            known.add(parameter.alias)
    return frozenset(known), frozenset(repeatable)


def _in_unit_of_work(endpoint: Callable[..., Any], door_name: str, status: int) -> Callable[..., Any]:
    @functools.wraps(endpoint)
    async def run(**values: Any) -> Response:
        unit: Reading = values[door_name]
        async with idempotency.no_twin(unit):
            return await perform(unit, lambda: _answer(unit, lambda: endpoint(**values), status))

    return run


async def _answer(unit: Reading, handler: Callable[[], Awaitable[Any]], status: int) -> Response:
    if not isinstance(unit, Work):
        return await _own_answer(unit, handler, status)
    if stored := await idempotency.replay(unit):
        return respond(*stored)
    try:
        return await _own_answer(unit, handler, status)
    except Problem:
        if stored := await idempotency.replay_meanwhile(unit):
            return respond(*stored)
        raise


async def _own_answer(unit: Reading, handler: Callable[[], Awaitable[Any]], status: int) -> Response:
    if isinstance(unit, Work) and unit.asked.method in UNDER_IF_MATCH and unit.asked.if_match in (None, "*"):
        raise PreconditionRequired
    result = await handler()
    if isinstance(result, Response) and not isinstance(unit, Work):
        return result
    if isinstance(result, FileAnswer):
        if isinstance(unit, Work):
            await unit.finish()
        elif result.etag and _is_known(result.etag, unit.asked.if_none_match):
            return respond(304, {"ETag": result.etag}, b"")
        return download(result)
    answer: Answer[Any] = result if isinstance(result, Answer) else Answer(result)
    status = answer.status or status
    body = b"" if answer.body is None and status == 204 else dump(answer.body)
    if isinstance(unit, Work):
        await idempotency.store(unit, status, answer.headers, body)
        await unit.finish()
    elif answer.etag and _is_known(answer.etag, unit.asked.if_none_match):
        return respond(304, answer.headers, b"")
    return respond(status, answer.headers, body)


def _is_known(etag: str, if_none_match: str | None) -> bool:
    return etag in [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
