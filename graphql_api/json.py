"""Request bodies: strict JSON, or a sentence that says what is not."""

import json
from collections import Counter
from typing import Any

import orjson


class JsonError(ValueError):
    """A body that is no strict JSON; the message says where."""


def decode_json(body: bytes) -> Any:
    """The document in ``body``.

    Raises ``JsonError`` for anything but UTF-8 JSON: NaN, lone surrogates, nesting past 1024 levels; and for what
    would silently be lost: one of two values under the same key, the last digits of a whole number past 64 bits.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise JsonError(f"The body is not JSON: {error}") from error
    if body.count(b"{") and not _reads_back(document, body):
        try:
            json.loads(body, object_pairs_hook=_unique, parse_int=_exact)
        except RecursionError as error:
            raise JsonError("The body nests too deeply.") from error
    return document


def _reads_back(document: Any, body: bytes) -> bool:
    """Whether nothing can have been lost; clients that write JSON compactly are spared the slow look."""
    try:
        return orjson.dumps(document) == body
    except orjson.JSONEncodeError:  # it nests deeper than can be written, though not than can be read
        return False


def _unique(pairs: list[tuple[str, Any]]) -> None:
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        twice = Counter(keys).most_common(1)[0][0]
        raise JsonError(f"The key {twice!r:.80} stands twice in one object.")


def _exact(digits: str) -> None:
    if len(digits) > 18 and not -(2**63) <= int(digits) < 2**64:
        raise JsonError(f"The whole number {digits:.40} does not fit in 64 bits; send it as text.")
