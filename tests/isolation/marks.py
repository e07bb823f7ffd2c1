"""Marks: values that stand in one row of one tenant and nowhere else, and how they are found again in an answer."""

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from typing import Any

import orjson

FIRST_NUMBER = 700_000_000
"""Marked numbers begin here: nine digits, which also a version can have."""

MARKED_YEARS = "(?:200\\d|209\\d)"
"""Marked times lie in these years, where the clock of a test run is not."""

_MARK = re.compile(
    r"zq[0-9a-f]{5}qz"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?<![\w.-])7\d{8}(?![\w-])"
    r"|(?<![\d.])10\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])",
    re.IGNORECASE,
)
_TIME = re.compile(rf"({MARKED_YEARS}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{{1,6}}))?")
_ENCODED = re.compile(r"[A-Za-z0-9_+/-]{16,}={0,2}")
_LIKELY_ENCODED = re.compile(r"(?=.*\d)(?=.*[A-Z])")

_DECODED_DEPTH = 2
"""A cursor in a token in an answer would be found."""


class Marks:
    """A supply of marks, none of them twice; the same ones in every run."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def text(self) -> str:
        """Letters and digits in lower case, which may stand in a name, an address, a URL, a slug."""
        return f"zq{next(self._numbers):05x}qz"

    def number(self) -> int:
        """A whole number."""
        return FIRST_NUMBER + next(self._numbers)

    def address(self) -> str:
        """An IP address."""
        number = next(self._numbers)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def time(self, *, to_come: bool = False) -> datetime:
        """A moment long ago; one of those ``to_come`` for what must not have run out."""
        number = next(self._numbers)
        return datetime.fromtimestamp((3_800_000_000 if to_come else 1_000_000_000) + number * 61, UTC).replace(
            microsecond=number % 999_999 + 1
        )


def found_in(text: str) -> set[str]:
    """Everything in a text that may be a mark, in one spelling; also what is hidden in base64 within it."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return set(found_in_text(text))
    return found_in_value(value)


def found_in_value(value: Any) -> set[str]:
    """The same of decoded JSON."""
    found: set[str] = set()
    stack = [value]
    while stack:
        match stack.pop():
            case str() as text:
                found |= found_in_text(text)
            case bool() | None:
                pass
            case int() as number if FIRST_NUMBER <= number < FIRST_NUMBER + 100_000_000:
                found.add(str(number))
            case list() as items:
                stack += items
            case dict() as members:
                stack += members.values()
                stack += members
    return found


@lru_cache(maxsize=200_000)
def found_in_text(text: str, depth: int = _DECODED_DEPTH) -> frozenset[str]:
    """The same of text that is no JSON."""
    found = {match.lower() for match in _MARK.findall(text)}
    found |= {f"{day}T{time}.{fraction:0<6}" for day, time, fraction in _TIME.findall(text)}
    if depth:
        for decoded in _decoded(text):
            found |= found_in_text(decoded, depth - 1)
    return frozenset(found)


def _decoded(text: str) -> Iterator[str]:
    for match in filter(_LIKELY_ENCODED.match, _ENCODED.findall(text)):
        raw = match.rstrip("=").replace("-", "+").replace("_", "/")
        if len(raw) % 4 == 1:
            continue
        yield base64.b64decode(raw + "=" * (-len(raw) % 4)).decode("latin-1")
