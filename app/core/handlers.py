"""Turns every failure into a problem document: ours, the framework's, and the unforeseen."""

from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException  # noqa: TID251 what the framework itself raises is translated here

from app.core.input_errors import input_errors
from app.core.locale import preferred_language
from app.core.openapi import PROBLEM_TYPE
from app.core.problems import (
    BodyTooLarge,
    Forbidden,
    InvalidInput,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unavailable,
)

_OF_STATUS: dict[int, type[Problem]] = {
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    413: BodyTooLarge,
    503: Unavailable,
}


def install_handlers(app: FastAPI) -> None:
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)


async def _problem(request: Request, problem: Any) -> Response:
    return problem_response(request, problem)


async def _invalid(request: Request, error: Any) -> Response:
    return problem_response(request, InvalidInput(errors=input_errors(error.errors())))


async def _framework(request: Request, error: Any) -> Response:
    problem = _OF_STATUS.get(error.status_code, InvalidInput)
    return problem_response(request, problem(headers=error.headers))


def problem_response(request: Request, problem: Problem) -> Response:
    language = preferred_language(request.headers.get("accept-language"))
    document = problem.document(language, f"urn:request:{request.state.request_id}")
    headers = problem.headers | {"Content-Language": language.tag}
    return Response(orjson.dumps(document), problem.status, headers, PROBLEM_TYPE)
