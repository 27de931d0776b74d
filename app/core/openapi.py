"""What the OpenAPI document says of every operation alike: its permission, the common headers, and its refusals."""

from typing import Any

from app.core.auth import Permission

PROBLEM_TYPE = "application/problem+json"
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `title` and `detail` speak the reader's language.",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "message")},
            },
        },
    },
}
REFUSALS = {
    400: "The grant is refused (RFC 6749).",
    401: "Not signed in.",
    403: "The role may not do this.",
    404: "Not there, or not within the jurisdiction.",
    406: "Only JSON is given.",
    409: "A rule forbids it.",
    412: "The record has changed since it was read.",
    413: "The body is too large.",
    415: "The media type is not accepted.",
    422: "The input has errors.",
    428: "If-Match is missing.",
    429: "Too many tries.",
    503: "Not available at the moment.",
}
ALWAYS = (401, 403, 406, 422, 503)
UNDER_IF_MATCH = {"PATCH", "DELETE"}
"""Methods that change a record as it was read: without its ETag they are refused."""


def describe(options: dict[str, Any], path: str, permission: Permission | None, writes: bool) -> None:
    """Adds to a route's options what holds for all routes of its kind."""
    methods = set(options.get("methods") or {"GET"})
    unsafe = writes and "GET" not in methods
    statuses = set(ALWAYS) if permission else {400, 401, 406, 422, 429, 503}
    statuses |= {404} if "{" in path else set()
    statuses |= {409, 412} if unsafe else set()
    statuses |= {413, 415} if "GET" not in methods else set()
    statuses |= {428} if methods & UNDER_IF_MATCH else set()
    own: dict[int | str, Any] = dict(options.get("responses") or {})
    if options["status_code"] == 201:
        own[200] = {"description": "Sent before: the record as it is now.", "model": options["response_model"]}
    options["responses"] = {status: _refusal(status) for status in sorted(statuses)} | own
    extra = dict(options.get("openapi_extra") or {})
    extra["parameters"] = [
        *_headers(unsafe and permission is not None, bool(methods & UNDER_IF_MATCH)),
        *extra.get("parameters", []),
    ]
    extra["x-permission"] = str(permission) if permission else None
    extra["security"] = [{"bearer": []}] if permission else []
    options["openapi_extra"] = extra


def may_refuse(*statuses: int) -> dict[int | str, Any]:
    """For a route's `responses`: refusals that routes of its kind do not have."""
    return {status: _refusal(status) for status in statuses}


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": REFUSALS[status],
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _headers(unsafe: bool, under_if_match: bool) -> list[dict[str, Any]]:
    headers = [_header("Accept-Language", "Problems are in Chinese unless English is preferred.", "en")]
    if unsafe:
        headers += [
            _header("Idempotency-Key", "Makes a repeated request answer as the first did, for seven days.", "k-1"),
            _header(
                "If-Match", "The ETag that was read; needed by PATCH and DELETE.", '"1-full"', required=under_if_match
            ),
            _header("X-Reason", "Why; percent-encoded UTF-8, kept in the audit record.", "correction"),
        ]
    return headers


def _header(name: str, description: str, example: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """Adds the problem document and the bearer scheme, and says what all operations share once, under `components`."""
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    responses, parameters = components.setdefault("responses", {}), components.setdefault("parameters", {})
    shared = _headers(unsafe=True, under_if_match=False)
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        for status, response in operation["responses"].items():
            if status.isdigit() and int(status) in REFUSALS and response == _refusal(int(status)):
                responses[f"Refused{status}"] = response
                operation["responses"][status] = {"$ref": f"#/components/responses/Refused{status}"}
        for number, parameter in enumerate(operation.get("parameters", [])):
            if parameter in shared:
                parameters[parameter["name"]] = parameter
                operation["parameters"][number] = {"$ref": f"#/components/parameters/{parameter['name']}"}
    return document
