"""What the OpenAPI document says of an answer, held against the answer itself."""

import re
from http import HTTPStatus
from typing import Any

import httpx
import jsonschema_rs

Json = dict[str, Any]


class Documented:
    """The document, and a check that an answer is one that it describes: no member more, no member less."""

    def __init__(self, document: Json) -> None:
        self.document = document
        # Fixed segments before parameters, as the gateway reads them.
        paths = sorted(document["paths"], key=lambda path: path.replace("{", "~"))
        self._paths = [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in paths]
        self._validators: dict[tuple[str, str, int], jsonschema_rs.Validator] = {}

    def operation(self, method: str, path: str) -> tuple[str, Json] | None:
        """The path template and the operation that a request is for; ``None`` where no route is."""
        template = next((template for pattern, template in self._paths if pattern.fullmatch(path)), None)
        found = self.document["paths"][template].get(method.lower()) if template else None
        return (template, found) if template and found else None

    def check(self, answer: httpx.Response) -> None:
        """Fail unless status, headers, media type and body of a route's answer are as documented."""
        method, path = answer.request.method, answer.request.url.path
        if found := self.operation(method, path):
            template, operation = found
            response = operation["responses"].get(str(answer.status_code))
            assert response, f"{method} {template} does not document {answer.status_code}: {answer.text:.500}"
            assert answer.headers["content-type"] in response["content"]
            absent = response["headers"].keys() - {_title(name) for name in answer.headers}
            assert not absent, f"{method} {template} {answer.status_code} lacks {absent}"
            self._validator(method, template, answer.status_code, response).validate(answer.json())
        if answer.is_error:
            self._check_failure(answer)

    def _check_failure(self, answer: httpx.Response) -> None:
        """Every failure has the contract's shape, on a route or not."""
        body = answer.json()
        assert body.keys() - {"details"} == {"success", "error", "message", "code", "request_id"}, body
        assert body["success"] is False
        assert body["error"] == HTTPStatus(answer.status_code).phrase
        assert body["request_id"] == answer.headers["x-request-id"]
        assert body["message"]
        assert "Traceback" not in answer.text

    def _validator(self, method: str, template: str, status: int, response: Json) -> jsonschema_rs.Validator:
        key = (method, template, status)
        if key not in self._validators:
            schema = {
                **closed(response["content"]["application/json"]["schema"]),
                "components": closed(self.document["components"]),
            }
            self._validators[key] = jsonschema_rs.validator_for(schema, validate_formats=True)
        return self._validators[key]


def closed(schema: Any) -> Any:
    """The schema with every object that names its members closed to others."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {key: closed(value) for key, value in schema.items()}
    return shut | {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else shut


def _title(name: str) -> str:
    return "-".join("RateLimit" if part == "ratelimit" else part.capitalize() for part in name.lower().split("-"))
