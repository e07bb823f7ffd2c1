"""Whether two answers are the same: values, order of keys and errors; and the first place where they are not."""

import json
import re
from typing import Any

import orjson

_REQUEST_ID = re.compile(r"request id [\w-]+")


class Malformed(ValueError):
    """An answer that is no JSON, or has a key twice."""


def decoded(body: bytes) -> Any:
    """An answer as a strict client reads it; raises ``Malformed``."""
    try:
        # Numbers as any client has them: past 64 bits a float.
        return json.loads(body, object_pairs_hook=_unique, parse_int=orjson.loads, parse_constant=_refuse)
    except ValueError as error:
        raise Malformed(f"{error}\n{body!r:.2000}") from error


def difference(one: bytes, two: bytes) -> str | None:
    """The first place where two answers differ, with both sides of it; ``None`` where they are alike."""
    if one == two:
        return None
    first, second = decoded(one), decoded(two)
    if ("data" in first) != ("data" in second):
        return f"data: {'data' in first} ≠ {'data' in second}"
    told, retold = errors(first), errors(second)
    if found := _differing(first.get("data"), second.get("data"), "data"):
        return found
    return _differing(told, retold, "errors")


def errors(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The errors in one order, without what differs from request to request."""
    told = [
        {
            "path": error.get("path"),
            "message": _REQUEST_ID.sub("request id <id>", error["message"]),
            "code": error.get("extensions", {}).get("code"),
            "problems": error.get("extensions", {}).get("problems"),
        }
        for error in answer.get("errors", [])
    ]
    return sorted(told, key=lambda error: json.dumps(error, default=str))


def _differing(one: Any, two: Any, path: str) -> str | None:
    if isinstance(one, dict) and isinstance(two, dict):
        if list(one) != list(two):
            return f"{path}: keys {list(one)} ≠ {list(two)}"
        pairs = [(one[key], two[key], f"{path}.{key}") for key in one]
    elif isinstance(one, list) and isinstance(two, list):
        if len(one) != len(two):
            return f"{path}: {len(one)} items ≠ {len(two)} items"
        pairs = [(*pair, f"{path}.{number}") for number, pair in enumerate(zip(one, two, strict=True))]
    else:
        # As text: 1, 1.0 and true are equal to Python.
        return None if json.dumps(one) == json.dumps(two) else f"{path}: {one!r:.300} ≠ {two!r:.300}"
    return next((found for pair in pairs if (found := _differing(*pair))), None)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"A key stands twice: {[key for key, _ in pairs]}")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
