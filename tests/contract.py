"""A client that believes nothing: every answer is checked against the OpenAPI document that the service publishes."""

import re
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from jsonschema import Draft202012Validator, FormatChecker

from app.routes import API

JSON, PROBLEM = "application/json", "application/problem+json"


class ContractClient:
    """Requests go to the application itself, under `/api/v1` unless the path names the root."""

    def __init__(self, app: FastAPI, headers: dict[str, str], source: str = "127.0.0.1") -> None:
        """`source` is the network address the requests come from."""
        self.app, self.headers, self.source = app, headers, source

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        url = path if path.startswith(("/api/", "/healthz", "/readyz")) else f"{API}{path}"
        headers = self.headers | options.pop("headers", {})
        if "json" in options and method == "PATCH":
            headers.setdefault("Content-Type", "application/merge-patch+json")
        transport = httpx.ASGITransport(self.app, client=(self.source, 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://tests") as client:
            response = await client.request(method, url, headers=headers, **options)
        check(self.app, response)
        return response

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("POST", path, **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("DELETE", path, **options)

    async def patch(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("PATCH", path, **options)


def check(app: FastAPI, response: httpx.Response) -> None:
    """The status is documented for the operation, and the body has the documented shape."""
    assert response.status_code < 500 or response.status_code == 503, response.text
    operation = operation_of(app, response.request.method, response.request.url.path)
    if operation is None:
        assert response.status_code in {404, 405}, f"{response.request.url.path} is not documented"
        return
    documented = operation["responses"].get(str(response.status_code))
    if response.status_code == 304:
        return
    assert documented is not None, f"{operation['operationId']} does not document {response.status_code}"
    if "$ref" in documented:
        documented = document_of(app)["components"]["responses"][documented["$ref"].rsplit("/", 1)[1]]
    if response.content:
        media_type = response.headers["content-type"].split(";")[0]
        assert media_type in ({PROBLEM} if response.status_code >= 400 else documented["content"])
        if media_type not in {JSON, PROBLEM}:
            return  # a download
        status, schema = str(response.status_code), documented["content"][media_type]["schema"]
        validator(document_of(app), operation["operationId"], status, schema).validate(response.json())


DOCUMENT: dict[str, Any] = {}


def document_of(app: FastAPI) -> dict[str, Any]:
    """One for all applications of a run: they have the same routes, and it takes a third of a second to make."""
    if not DOCUMENT:
        DOCUMENT.update(app.openapi())
    return DOCUMENT


def operation_of(app: FastAPI, method: str, path: str) -> dict[str, Any] | None:
    for template, operations in document_of(app)["paths"].items():
        if method.lower() in operations and _pattern(template).fullmatch(path):
            found: dict[str, Any] = operations[method.lower()]
            return found
    return None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)))


VALIDATORS: dict[tuple[str, str], Draft202012Validator] = {}


def validator(document: dict[str, Any], operation: str, status: str, schema: dict[str, Any]) -> Draft202012Validator:
    """Made once for each answer of each operation: it takes a hundred times as long as to use it."""
    if (operation, status) not in VALIDATORS:
        # No answer holds a key that the document does not name: what leaks would leak as an extra key.
        closed = {"components": _closed(document["components"]), **_closed(schema)}
        VALIDATORS[operation, status] = Draft202012Validator(closed, format_checker=FormatChecker())
    return VALIDATORS[operation, status]


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    if closed.get("type") == "object" and isinstance(closed.get("properties"), dict):
        closed.setdefault("additionalProperties", closed.get("title") == "Problem")
    return closed
