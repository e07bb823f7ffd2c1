"""OpenAPI 3.1, made from the route table, the stored operations and the schema."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import orjson
from graphql import Undefined, is_non_null_type

from graphql_api.graph import Graph
from graphql_api.service_keys import fields_for_keys
from rest_shim.openapi.responses import REQUEST_ID, responses
from rest_shim.openapi.schemas import FAILURE, UUID, variable_schema
from rest_shim.openapi.security import SECURITY_SCHEMES, security
from rest_shim.routes import Route, load_routes


@lru_cache(maxsize=2)
def openapi_json(graph: Graph) -> bytes:
    """The description of every route as it is served."""
    return orjson.dumps(openapi_document(graph))


def openapi_document(graph: Graph) -> dict[str, Any]:
    """The description of every route."""
    paths: dict[str, dict[str, Any]] = {}
    for_keys = fields_for_keys(graph.catalogue)
    for route in load_routes(graph):
        paths.setdefault(route.entry.path, {})[route.entry.method.lower()] = _operation(route, for_keys)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fast Track Graph",
            "version": "1.0.0",
            "summary": "The REST paths of the Fast Track tools.",
            "description": "Each path is a stored GraphQL operation, named in its operationId; the same facts, and"
            " more, are at /graphql. Every failure has the same shape. Where requests are limited, X-RateLimit-Limit,"
            " -Remaining and -Reset (in seconds) of every answer tell how many are left.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(_tag(path) for path in paths)],
        "paths": paths,
        "components": {
            "securitySchemes": SECURITY_SCHEMES,
            "headers": {"RequestId": REQUEST_ID},
            "schemas": {"Failure": FAILURE},
        },
    }


def _operation(route: Route, for_keys: Collection[str]) -> dict[str, Any]:
    entry = route.entry
    described: dict[str, Any] = {
        "operationId": entry.operation,
        "summary": entry.summary,
        "tags": [_tag(entry.path)],
        "parameters": _parameters(route),
        "responses": {str(status): response for status, response in sorted(responses(route).items())},
        "security": security(route, for_keys),
        "x-graphql": route.operation.text,
    }
    if route.reads_raw_body:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": {}}}}
    elif route.reads_body:
        described["requestBody"] = _request_body(route)
    return described


def _parameters(route: Route) -> list[dict[str, Any]]:
    found = []
    for name, (source, key) in route.sources.items():
        if source in ("body", "raw"):
            continue
        variable = route.operation.variables[name]
        required = source == "path" or (is_non_null_type(variable.type) and variable.default is Undefined)
        schema = variable_schema(variable.type, as_text=True)
        if variable.default is not Undefined and isinstance(variable.default, str):
            schema["default"] = variable.default.lower()
        found.append({"name": key, "in": source, "required": required, "schema": schema})
    if route.caller and route.caller[0] == "query":
        found.append(
            {
                "name": route.caller[1],
                "in": "query",
                "required": True,
                "schema": UUID,
                "description": "The person who is signed in; anyone else's id is 404.",
            }
        )
    return found


def _request_body(route: Route) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required = []
    if route.caller and route.caller[0] == "body":
        properties[route.caller[1]] = UUID
        required.append(route.caller[1])
    for name, (source, key) in route.sources.items():
        if source == "body":
            variable = route.operation.variables[name]
            properties[key] = variable_schema(variable.type) | route.entry.limits.get(name, {})
            if is_non_null_type(variable.type):
                required.append(key)
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return {"required": bool(required), "content": {"application/json": {"schema": schema}}}


def _tag(path: str) -> str:
    return path.split("/")[2]
