"""Whether answers fit their questions, and how much of a tool is answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from db.catalogue import Question, QuestionType, Tool
from db.encryption import MARK, is_sealed
from db.models.tools import Json
from resolvers.refusals import Problem

MAX_ANSWERS_BYTES = 1_000_000
"""Size of all answers of one tool, as UTF-8 JSON."""

MAX_ANSWER_DEPTH = 32
"""Nesting of objects and lists within one answer."""

MAX_UNKNOWN_KEYS = 100
"""Keys that are no question of the tool; they are stored, but not without end."""

MAX_WHOLE_NUMBER = 2**63 - 1
"""Whole numbers are kept exactly up to here, and down to as far below zero."""

_KIND: dict[type, str] = {
    str: "text",
    bool: "boolean",
    int: "number",
    float: "number",
    list: "list",
    dict: "object",
}


@dataclass(frozen=True, slots=True)
class Merged:
    """Answers after a save: the whole, what changed, what was cleared, and keys that are no question."""

    data: dict[str, Json]
    changed: tuple[str, ...]
    cleared: tuple[str, ...]
    ignored: tuple[str, ...]


def merge(tool: Tool, current: Mapping[str, Json], given: Mapping[str, Json]) -> Merged:
    """``given`` laid over ``current``: absent keys stay, ``null`` and blank text clear."""
    data = dict(current)
    changed: list[str] = []
    cleared: list[str] = []
    for key, value in given.items():
        if is_empty(value) and key in tool.question_by_key:
            if key in data:
                del data[key]
                cleared.append(key)
        elif key not in data or not same(data[key], value):
            data[key] = value
            changed.append(key)
    known = tool.question_by_key.keys() | set(tool.also_accepts)
    return Merged(data, tuple(changed), tuple(cleared), tuple(key for key in given if key not in known))


def problems(tool: Tool, given: Mapping[str, Json], *, root: str = "data") -> list[Problem]:
    """What keeps ``given`` from being saved: wrong shapes, values off the options, unstorable text, too much."""
    found = [
        Problem(f"{root}.{key}", message)
        for key, value in given.items()
        for message in _answer_problems(tool.question_by_key.get(key), value)
    ]
    found += [Problem(f"{root}.{key!r}", "A key cannot hold a NUL character.") for key in given if "\x00" in key]
    unknown = [key for key in given if key not in tool.question_by_key and key not in tool.also_accepts]
    if len(unknown) > MAX_UNKNOWN_KEYS:
        found.append(Problem(root, f"{len(unknown)} unknown keys; at most {MAX_UNKNOWN_KEYS} are kept."))
    return found


def size_problem(data: Mapping[str, Json], *, root: str = "data") -> list[Problem]:
    """Whether all answers together are too large to store."""
    size = len(orjson.dumps(data))
    if size <= MAX_ANSWERS_BYTES:
        return []
    return [Problem(root, f"The answers take {size:,} bytes; at most {MAX_ANSWERS_BYTES:,} can be stored.")]


def shortfalls(tool: Tool, data: Mapping[str, Json], *, root: str = "data") -> list[Problem]:
    """Answers that are too short to be submitted, though long enough for a draft."""
    found = []
    for question in tool.questions:
        value = data.get(question.key)
        limits = question.constraints
        if isinstance(value, str) and limits.min_chars and len(value.strip()) < limits.min_chars:
            found.append(
                Problem(
                    f"{root}.{question.key}",
                    f"{question.label} needs at least {limits.min_chars} characters; it has {len(value.strip())}.",
                )
            )
        if isinstance(value, list) and limits.min_items and len(value) < limits.min_items:
            found.append(
                Problem(
                    f"{root}.{question.key}",
                    f"{question.label} needs at least {limits.min_items} items; it has {len(value)}.",
                )
            )
    return found


def unanswered(tool: Tool, data: Mapping[str, Json]) -> tuple[Question, ...]:
    """The required questions without an answer, in the tool's order."""
    return tuple(q for q in tool.questions if q.required and is_empty(data.get(q.key)))


def percentage(tool: Tool, data: Mapping[str, Json]) -> int:
    """Required questions with an answer, in whole percent; 100 for a tool that requires none."""
    required = len(tool.required_keys)
    return round(100 * (required - len(unanswered(tool, data))) / required) if required else 100


def is_empty(value: Json) -> bool:
    """Whether a value counts as no answer: null, blank text, an empty list or object."""
    return value is None or (isinstance(value, str) and not value.strip()) or value == [] or value == {}


def same(one: Json, other: Json) -> bool:
    """Equal as JSON documents; Python alone would take 1, 1.0 and true for one."""
    return orjson.dumps(one, option=orjson.OPT_SORT_KEYS) == orjson.dumps(other, option=orjson.OPT_SORT_KEYS)


def _answer_problems(question: Question | None, value: Json) -> Iterator[str]:
    if reason := unstorable(value):
        yield reason
        return
    if is_sealed(value):
        yield f"An answer cannot be an object with the key {MARK!r}: that marks what is stored encrypted."
        return
    if question is None or is_empty(value):
        return
    kind = _KIND[type(value)]
    if kind not in question.shapes:
        yield f"{question.label} takes {' or '.join(question.shapes)}, not {kind}."
        return
    if question.type is QuestionType.RATING and not float(value).is_integer():
        yield f"{question.label} takes a whole number, not {value}."
    elif (options := question.constraints.options) and value not in options:
        yield f"{question.label} takes one of {', '.join(map(str, options))}, not {value}."


def unstorable(value: Json) -> str | None:
    """Why PostgreSQL could not keep this JSON value, or why it nests too deep; ``None`` when it can."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if depth > MAX_ANSWER_DEPTH:
            return f"It nests more than {MAX_ANSWER_DEPTH} levels deep."
        if isinstance(item, str):
            if "\x00" in item:
                return "Text cannot hold a NUL character (U+0000)."
            if not item.isascii() and any("\ud800" <= char <= "\udfff" for char in item):
                return "Text cannot hold a lone surrogate (U+D800 to U+DFFF)."
        elif isinstance(item, dict):
            stack += [(key, depth) for key in item]
            stack += [(child, depth + 1) for child in item.values()]
        elif isinstance(item, list):
            stack += [(child, depth + 1) for child in item]
        elif (
            isinstance(item, int)
            and not isinstance(item, bool)
            and not -MAX_WHOLE_NUMBER - 1 <= item <= MAX_WHOLE_NUMBER
        ):
            return "Whole numbers are kept from -2^63 to 2^63 - 1; send larger ones as text."
        elif isinstance(item, float) and (item != item or item in (float("inf"), float("-inf"))):
            return "A number must be finite."
    return None
