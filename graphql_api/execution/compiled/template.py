"""Answers as text with holes: everything a plan knows beforehand is written once."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Hole = Callable[[Any], str]
"""Writes one part of an answer from what was read."""

Part = str | Hole
"""Text as it stands in the answer, or a hole."""


class Template:
    """Text with holes, filled by one call of the interpreter's own formatting."""

    __slots__ = ("_holes", "_text", "parts")

    def __init__(self, parts: Iterable[Part]) -> None:
        self.parts: Sequence[Part] = tuple(parts)
        self._holes = [part for part in self.parts if not isinstance(part, str)]
        self._text = "".join(part.replace("%", "%%") if isinstance(part, str) else "%s" for part in self.parts)

    def fill(self, row: Any) -> str:
        """The text for one row."""
        return self._text % tuple([hole(row) for hole in self._holes])

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else "…" for part in self.parts)


def an_object(members: Iterable[tuple[str, Iterable[Part]]]) -> list[Part]:
    """A JSON object of keys and the parts of their values; response keys are GraphQL names and need no escaping."""
    parts: list[Part] = []
    opening = "{"
    for key, value in members:
        parts += [f'{opening}"{key}":', *value]
        opening = ","
    return [*parts, "}"] if parts else ["{}"]


def a_list(items: Iterable[Iterable[Part]]) -> list[Part]:
    """A JSON array of items that are all there."""
    parts: list[Part] = ["["]
    for number, item in enumerate(items):
        parts += [",", *item] if number else item
    return [*parts, "]"]
