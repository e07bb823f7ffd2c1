"""What a route must answer, worked out from the GraphQL answer of its operation and the contract."""

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tests.rest_shim.reference import Reference

STATUSES = {
    "Locked": 403,
    "NotAllowed": 403,
    "NotFound": 404,
    "StaleVersion": 409,
    "InvalidTransition": 409,
    "InvalidAnswers": 400,
    "MissingAnswers": 400,
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


SPOKEN = {
    "currentData": "current_data",
    "currentPassword": "current_password",
    "newPassword": "new_password",
    "fullName": "name",
}
"""Inputs that REST calls by another name."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Status, body without its request id, and headers that hold a number."""

    status: int
    body: Any
    headers: dict[str, int] = field(default_factory=dict)


def expected_reply(reference: Reference, route: dict[str, Any], given: dict[str, Any], data: Any) -> Expected:
    """The reply of a route whose operation, with these variables, answered this data."""
    body = reference.body(route["operation"], route.get("data", ""), data)
    kind = next(iter(data.values()))
    name = kind.get("__typename") if isinstance(kind, dict) else None
    if body is None and "not_found" in route:
        return _failure(404, "NOT_FOUND", route["not_found"].format(**given), None)
    headers = {}
    if name is not None:
        numbers = [key for key in body if key.startswith("header_")]
        headers = {key.removeprefix("header_").replace("_", "-"): body.pop(key) for key in numbers}
    if name in STATUSES:
        message = body.pop("message")
        code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
        if "problems" in body:
            body = [{**each, "path": _spoken(each["path"])} for each in body["problems"]]
        failure = _failure(STATUSES[name], code, message, body or None)
        return Expected(failure.status, failure.body, headers)
    if name in route.get("accepted", {}):
        status_url = route["accepted"][name].format(**given, **body)
        return Expected(202, {"success": True, "data": body | {"status_url": status_url}}, headers)
    if route.get("file"):
        return Expected(200, body["content"], headers)
    created = body.pop(route["created"]) if "created" in route else False
    message = body.pop(route["told"]) if "told" in route else route.get("message")
    envelope = {"success": True, "data": body} | ({} if message is None else {"message": message})
    status = 302 if "redirect" in route else route.get("status", 200)
    return Expected(201 if created else status, envelope, headers)


def _spoken(path: str) -> str:
    head, dot, rest = path.partition(".")
    return SPOKEN.get(head, head) + dot + rest


def _failure(status: int, code: str, message: str, details: Any) -> Expected:
    body = {"success": False, "error": HTTPStatus(status).phrase, "message": message, "code": code}
    return Expected(status, body | ({} if details is None else {"details": details}))


def without_identity(body: Any) -> Any:
    """The body without what differs between two people in the same state: ids, addresses, moments, tokens."""
    if isinstance(body, list):
        return [without_identity(item) for item in body]
    if isinstance(body, dict):
        return {key: _masked(key, value) for key, value in body.items()}
    return re.sub(r"\d+ seconds", "some seconds", body) if isinstance(body, str) else body


def _masked(key: str, value: Any) -> Any:
    if key in ("id", "user_id", "job_id", "status_url", "user_email", "access_token", "timestamp") or key.endswith(
        "_at"
    ):
        return value is not None
    return without_identity(value)
