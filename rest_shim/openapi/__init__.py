"""OpenAPI 3.1, made from the route table, the stored operations and the schema."""

from typing import Any

from graphql import Undefined, is_non_null_type

from graphql_api.graph import Graph
from rest_shim.answers import HEADER, REFUSALS
from rest_shim.openapi.schemas import FAILURE, body_schema, failure_schema, input_schema, object_schema
from rest_shim.routes import Route, load_routes

_REASONS = {
    200: "Done",
    201: "Created",
    400: "Something in the request is wrong; details name each problem",
    401: "Nobody is signed in, or the token is not valid",
    403: "Not for your role, or the tool is locked",
    404: "There is nothing here that you may see",
    409: "The submission is not in the state that you expect",
    413: "The body is too large",
    415: "The body is not JSON",
    429: "Too often; Retry-After says how many seconds to wait",
}


def openapi_document(graph: Graph) -> dict[str, Any]:
    """The description of every route."""
    paths: dict[str, dict[str, Any]] = {}
    for route in load_routes(graph):
        paths.setdefault(route.entry.path, {})[route.entry.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fast Track Graph",
            "version": "1.0.0",
            "summary": "The REST paths of the Fast Track tools.",
            "description": "Each path is a stored GraphQL operation, named in its operationId; the same facts, and"
            " more, are at /graphql. Every failure has the same shape.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(_tag(path) for path in paths)],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": {"Failure": FAILURE},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    entry = route.entry
    described: dict[str, Any] = {
        "operationId": entry.operation,
        "summary": entry.summary,
        "tags": [_tag(entry.path)],
        "parameters": _parameters(route),
        "responses": {str(status): response for status, response in sorted(_responses(route).items())},
        "security": [{}] if entry.public else [{"bearer": []}],
        "x-graphql": route.operation.text,
    }
    if route.reads_body:
        described["requestBody"] = _request_body(route)
    return described


def _parameters(route: Route) -> list[dict[str, Any]]:
    found = []
    for name, (source, key) in route.sources.items():
        if source == "body":
            continue
        variable = route.operation.variables[name]
        required = source == "path" or (is_non_null_type(variable.type) and variable.default is Undefined)
        schema = input_schema(variable.type, as_text=True)
        if variable.default is not Undefined and isinstance(variable.default, str):
            schema["default"] = variable.default.lower()
        found.append({"name": key, "in": source, "required": required, "schema": schema})
    if route.caller and route.caller[0] == "query":
        found.append(
            {
                "name": route.caller[1],
                "in": "query",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
                "description": "The person who is signed in; anyone else's id is 404.",
            }
        )
    return found


def _request_body(route: Route) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required = []
    if route.caller and route.caller[0] == "body":
        properties[route.caller[1]] = {"type": "string", "format": "uuid"}
        required.append(route.caller[1])
    for name, (source, key) in route.sources.items():
        if source == "body":
            variable = route.operation.variables[name]
            properties[key] = input_schema(variable.type)
            if is_non_null_type(variable.type):
                required.append(key)
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return {"required": bool(required), "content": {"application/json": {"schema": schema}}}


def _responses(route: Route) -> dict[int, dict[str, Any]]:
    entry = route.entry
    found: dict[int, dict[str, Any]] = {}
    failures = {400} if route.sources or route.caller else set()
    failures |= set() if entry.public else {401}
    failures |= {404} if entry.not_found or route.caller else set()
    failures |= {413, 415, 400} if route.reads_body else set()
    # A token that identifies nobody is refused on public routes too.
    failures |= {401}
    if route.shape.variants is None:
        found[200] = _success(route, body_schema(route.shape))
    else:
        for member, fields in route.shape.variants.items():
            if member in REFUSALS:
                failures.add(REFUSALS[member])
                continue
            shown = tuple(f for f in fields if f.key != entry.created and not f.key.startswith(HEADER))
            schema = next(body_schema(f) for f in fields if f.key == "content") if entry.file else object_schema(shown)
            headers = [f.key for f in fields if f.key.startswith(HEADER)]
            for status in (200, 201) if entry.created else (200,):
                found[status] = _success(route, schema, headers, status)
    for status in failures:
        found[status] = {
            "description": _REASONS[status],
            "content": {"application/json": {"schema": failure_schema()}},
        }
        if status == 429:
            found[status]["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return found


def _success(
    route: Route, schema: dict[str, Any], headers: list[str] | None = None, status: int = 200
) -> dict[str, Any]:
    content = schema
    if not route.entry.file:
        content = {
            "type": "object",
            "properties": {"success": {"const": True}, "data": schema, "message": {"type": "string"}},
            "required": ["success", "data"],
        }
    answer: dict[str, Any] = {
        "description": _REASONS[status],
        "content": {"application/json": {"schema": content}},
    }
    if headers:
        answer["headers"] = {
            name.removeprefix(HEADER).replace("_", "-"): {"schema": {"type": "integer"}} for name in headers
        }
    return answer


def _tag(path: str) -> str:
    return path.split("/")[2]
