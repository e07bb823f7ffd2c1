"""Request bodies: strict JSON, or a sentence that says what is not."""

import json
from typing import Any

import orjson


class JsonError(ValueError):
    """A body that is no strict JSON; the message says where."""


def decode_json(body: bytes) -> Any:
    """The document in ``body``.

    Raises ``JsonError`` for anything but UTF-8 JSON: NaN, lone surrogates, nesting past 1024 levels, and objects
    that name a key twice, of which one value would silently be lost.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise JsonError(f"The body is not JSON: {error}") from error
    if body.count(b"{"):
        try:
            json.loads(body, object_pairs_hook=_unique)
        except RecursionError as error:
            raise JsonError("The body nests too deeply.") from error
    return document


def _unique(pairs: list[tuple[str, Any]]) -> None:
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise JsonError(f"The key {twice!r:.80} stands twice in one object.")
