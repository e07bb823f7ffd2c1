"""Answers as text with holes: everything a plan knows beforehand is written once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Hole = Callable[[Any], str]
"""Writes one part of an answer from what was read."""


@dataclass(frozen=True, slots=True)
class Written:
    """Text as it stands in the answer, with the cost of the objects in it."""

    text: str
    cost: int


Part = str | Written | Hole
"""Text as it stands in the answer, or a hole."""


class Spender(Protocol):
    """Whatever the cost of an answer is counted on."""

    spent: int


class Template:
    """Text with holes, filled by one call of the interpreter's own formatting.

    ``cost``: of the objects that are written whenever it is filled. What its holes write they count themselves.
    """

    __slots__ = ("_holes", "_text", "cost", "parts")

    def __init__(self, parts: Iterable[Part]) -> None:
        given = tuple(parts)
        self.cost = sum(part.cost for part in given if isinstance(part, Written))
        self.parts: Sequence[str | Hole] = [part.text if isinstance(part, Written) else part for part in given]
        self._holes = [part for part in self.parts if not isinstance(part, str)]
        self._text = "".join(part.replace("%", "%%") if isinstance(part, str) else "%s" for part in self.parts)

    def fill(self, row: Any) -> str:
        """The text for one row."""
        return self._text % tuple([hole(row) for hole in self._holes])

    def fill_for(self, spender: Spender, row: Any) -> str:
        """The same, its cost counted."""
        spender.spent += self.cost
        return self._text % tuple([hole(row) for hole in self._holes])

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else "…" for part in self.parts)


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around the one part of an answer that reads rows. ``cost``: of the objects in it."""

    before: str = ""
    after: str = ""
    cost: int = 0

    @classmethod
    def around(cls, mark: Hole, parts: Iterable[Part]) -> "Frame":
        """The frame of parts that have no other hole than ``mark``."""
        whole = Template(parts)
        at = whole.parts.index(mark)
        before, after = ("".join(map(str, each)) for each in (whole.parts[:at], whole.parts[at + 1 :]))
        return cls(before, after, whole.cost)


def an_object(members: Iterable[tuple[str, Iterable[Part]]], cost: int) -> list[Part]:
    """A JSON object of keys and the parts of their values; response keys are GraphQL names and need no escaping.

    ``cost``: of the object by itself.
    """
    parts: list[Part] = []
    opening = "{"
    for key, value in members:
        parts += [f'{opening}"{key}":', *value]
        opening = ","
    return [Written("", cost), *parts, "}"] if parts else [Written("{}", cost)]


def a_list(items: Iterable[Iterable[Part]]) -> list[Part]:
    """A JSON array of items that are all there."""
    parts: list[Part] = ["["]
    for number, item in enumerate(items):
        parts += [",", *item] if number else item
    return [*parts, "]"]
