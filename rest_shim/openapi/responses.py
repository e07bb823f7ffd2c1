"""Every status that a route can answer, with its body and headers."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from graphql_api.cross_site import SAFE_METHODS
from rest_shim.answers import HEADER, REFUSALS, header_name
from rest_shim.openapi.schemas import body_schema, failure_schema, object_schema
from rest_shim.routes import Route
from rest_shim.shape import Shape

_REASONS = {
    200: "Done",
    201: "Created",
    202: "It is being made; ask on at status_url",
    400: "Something in the request is wrong; details name each problem",
    401: "Nobody is signed in, or the token is not valid",
    403: "Not for your role or your service key, or the tool is locked; or a page of another site asked",
    404: "There is nothing here that you may see",
    409: "The submission is not in the state that you expect",
    413: "The body is too large, or what was asked for is",
    415: "The body is not JSON",
    302: "Go on there",
    502: "The assistant gave no answer that can be shown; details have the tool's own guidance",
    503: "Not set up, not to be reached, or too much waits already; Retry-After may say how many seconds to wait",
    504: "The assistant did not answer in time; details have the tool's own guidance",
    429: "Too often; Retry-After says how many seconds to wait",
}

REQUEST_ID: dict[str, Any] = {
    "description": "The request's own X-Request-Id, or one made for it.",
    "schema": {"type": "string"},
}

_RATES: dict[str, Any] = {
    name: {"schema": {"type": "integer"}}
    for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After")
}


def responses(route: Route) -> dict[int, dict[str, Any]]:
    """Responses by status."""
    headers: dict[int, list[Shape]] = {status: [] for status in _refused_early(route)}
    found: dict[int, dict[str, Any]] = {}
    if route.shape.variants is None:
        status = 302 if route.entry.redirect else route.entry.status
        found[status] = _success(route, status, body_schema(route.shape))
    for member, fields in (route.shape.variants or {}).items():
        given = [field for field in fields if field.key.startswith(HEADER)]
        if member in REFUSALS:
            headers.setdefault(REFUSALS[member], []).extend(given)
            continue
        if member in route.entry.accepted:
            found[202] = _accepted(fields)
            continue
        for status in (200, 201) if route.entry.created else (route.entry.status,):
            found[status] = _success(route, status, _member_schema(route, fields), given)
    failures = {status: _response(status, failure_schema(), given) for status, given in headers.items()}
    return found | failures


def _refused_early(route: Route) -> set[int]:
    """Failures before the operation runs, or because there is nothing at its data path."""
    # Public routes too: a token that identifies nobody was meant to identify somebody, and a service key has its scope.
    found = {401, 403, 429}
    if route.sources or route.caller:
        found.add(400)
    if route.entry.not_found or route.caller:
        found.add(404)
    if route.entry.redirect:
        found.add(403)
    if route.entry.method not in SAFE_METHODS:
        found |= {400, 403, 413, 415}
    return found


def _member_schema(route: Route, fields: tuple[Shape, ...]) -> dict[str, Any]:
    if route.entry.file:
        return next(body_schema(field) for field in fields if field.key == "content")
    return object_schema(
        tuple(
            field
            for field in fields
            if field.key not in (route.entry.created, route.entry.told) and not field.key.startswith(HEADER)
        )
    )


def _success(route: Route, status: int, schema: dict[str, Any], headers: Iterable[Shape] = ()) -> dict[str, Any]:
    if route.entry.file:
        answer = _response(status, schema, headers)
        answer["headers"]["Content-Disposition"] = {"schema": {"type": "string"}}
        if route.entry.bytes:
            answer["content"][route.entry.bytes] = {}  # bytes have no schema
        return answer
    properties: dict[str, Any] = {"success": {"const": True}, "data": schema}
    if route.entry.message:
        properties["message"] = {"const": route.entry.message}
    if route.entry.told:
        properties["message"] = {"type": "string"}
    answer = _response(status, {"type": "object", "properties": properties, "required": list(properties)}, headers)
    if route.entry.redirect:
        answer["headers"]["Location"] = {"schema": {"type": "string"}}
    return answer


def _accepted(fields: tuple[Shape, ...]) -> dict[str, Any]:
    schema = object_schema(tuple(field for field in fields if not field.key.startswith(HEADER)))
    schema["properties"]["status_url"] = {"type": "string"}
    schema["required"] = [*schema["required"], "status_url"]
    body = {
        "type": "object",
        "properties": {"success": {"const": True}, "data": schema},
        "required": ["success", "data"],
    }
    return _response(202, body, ())


def _response(status: int, schema: dict[str, Any], headers: Iterable[Shape]) -> dict[str, Any]:
    return {
        "description": _REASONS[status],
        "headers": {
            "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
            **(_RATES if status == HTTPStatus.TOO_MANY_REQUESTS else {}),
            **{header_name(field.key): {"schema": body_schema(field)} for field in headers},
        },
        "content": {"application/json": {"schema": schema}},
    }
