"""From the answer of an operation to the answer of a route: status, headers and body."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from resolvers.refusals import constant_case
from rest_shim.routes import Route
from rest_shim.shape import Shape

REFUSALS = {
    "Locked": 403,
    "StaleVersion": 409,
    "InvalidAnswers": 400,
    "MissingAnswers": 400,
    "InvalidTransition": 409,
    "NotAllowed": 403,
    "NotFound": 404,
    "RateLimited": 429,
    "SignInRefused": 401,
    "InvalidInput": 400,
    "NotSetUp": 503,
    "Busy": 503,
    "TooLarge": 413,
    "AssistantUnavailable": 503,
    "AssistantTimedOut": 504,
    "AssistantUnusable": 502,
}
"""The status of each refusal, wherever it comes from."""

HEADER = "header_"
"""An alias with this prefix becomes a response header: ``header_Retry_After`` → ``Retry-After``."""


def header_name(alias: str) -> str:
    """The response header that an alias stands for."""
    return alias.removeprefix(HEADER).replace("_", "-")


@dataclass(frozen=True, slots=True)
class Answer:
    """A REST answer. ``filename`` makes the body an attachment; one of bytes is sent as it is."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class Failed(Exception):
    """A request that ends in the contract's failure shape."""

    status: int
    message: str
    code: str
    details: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, request_id: str) -> Answer:
        """The failure as an answer."""
        body: dict[str, Any] = {
            "success": False,
            "error": HTTPStatus(self.status).phrase,
            "message": self.message,
            "code": self.code,
        }
        if self.details is not None:
            body["details"] = self.details
        return Answer(self.status, body | {"request_id": request_id}, dict(self.headers))


def answer_of(route: Route, variables: Mapping[str, Any], result: Mapping[str, Any]) -> Answer:
    """What the route answers, given what its operation answered. Raises ``Failed`` for everything but success."""
    if errors := result.get("errors"):
        raise _fault(route, errors[0])
    value = result["data"]
    for key in route.data_path:
        value = value[key] if value is not None else None
    if value is None and route.entry.not_found:
        raise Failed(404, route.entry.not_found.format_map(dict(variables)), "NOT_FOUND")
    shape = route.shape
    if shape.variants is not None:
        return _member(route, shape, variables, value)
    return _success(route, shape.body(value), {})


def _member(route: Route, shape: Shape, variables: Mapping[str, Any], value: Mapping[str, Any]) -> Answer:
    assert shape.variants is not None
    name = value["__typename"]
    body = shape.object(value, shape.variants[name])
    headers = {header_name(key): str(body.pop(key)) for key in list(body) if key.startswith(HEADER)}
    if name in REFUSALS:
        message = body.pop("message")
        details: Any = body or None
        if "problems" in body:
            details = [{**problem, "path": _rest_path(route, problem["path"])} for problem in body.pop("problems")]
        raise Failed(REFUSALS[name], message, constant_case(name), details, headers)
    if path := route.entry.accepted.get(name):
        status_url = path.format_map({**variables, **body})
        return Answer(202, {"success": True, "data": body | {"status_url": status_url}}, headers)
    return _success(route, body, headers)


def _success(route: Route, body: Any, headers: dict[str, str]) -> Answer:
    entry = route.entry
    if entry.file:
        headers["Content-Type"] = body["content_type"]
        content = b64decode(body["content"]) if body["content_type"] == entry.bytes else body["content"]
        return Answer(200, content, headers, body["filename"])
    created = entry.created is not None and body.pop(entry.created)
    message = body.pop(entry.told) if entry.told else entry.message
    envelope = {"success": True, "data": body}
    if message:
        envelope["message"] = message
    if entry.redirect:
        return Answer(302, envelope, headers | {"Location": body[entry.redirect]})
    return Answer(201 if created else entry.status, envelope, headers)


def _fault(route: Route, error: Mapping[str, Any]) -> Failed:
    extensions = error.get("extensions", {})
    code = extensions.get("code")
    if code == "BAD_USER_INPUT":
        problems = extensions.get("problems") or [{"path": "", "message": error["message"]}]
        details = [{"path": _rest_path(route, p["path"]), "message": p["message"]} for p in problems]
        return Failed(400, "The request is not valid; see details.", "BAD_REQUEST", details)
    return Failed(500, error["message"], "INTERNAL_SERVER_ERROR")


def _rest_path(route: Route, path: str) -> str:
    """A GraphQL argument's path by the name that the request gave it."""
    head, dot, rest = path.partition(".")
    return route.argument_names.get(head, head) + dot + rest
