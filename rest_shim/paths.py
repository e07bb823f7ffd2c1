"""Finds what serves a path: fixed segments before parameters, so that /api/data/batch is not read as a field id."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Segment(Generic[T]):
    """What may follow a segment: fixed ones by their text, or a parameter with its name."""

    fixed: dict[str, "_Segment[T]"] = field(default_factory=dict)
    parameters: dict[str, "_Segment[T]"] = field(default_factory=dict)
    target: T | None = None


class Paths(Generic[T]):
    """Targets by path templates such as ``/api/tools/{slug}``; a parameter is one segment that is not empty."""

    def __init__(self, targets: Mapping[str, T]) -> None:
        self._root: _Segment[T] = _Segment()
        for template, target in targets.items():
            at = self._root
            for segment in template.split("/")[1:]:
                named = segment.startswith("{")
                below = at.parameters if named else at.fixed
                at = below.setdefault(segment.strip("{}"), _Segment())
            at.target = target

    def match(self, path: str) -> tuple[T, dict[str, str]] | None:
        """The target at ``path`` and its parameters; ``None`` where there is none."""
        return _match(self._root, path.split("/"), 1, {})


def _match(at: _Segment[T], segments: list[str], number: int, given: dict[str, str]) -> tuple[T, dict[str, str]] | None:
    if number == len(segments):
        return (at.target, given) if at.target is not None else None
    head = segments[number]
    if (below := at.fixed.get(head)) and (found := _match(below, segments, number + 1, given)):
        return found
    if head:
        for name, below in at.parameters.items():
            if found := _match(below, segments, number + 1, {**given, name: head}):
                return found
    return None
