"""Parts of a question's text, and how they are put together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

MAX_NAMES = 400
"""Fields of one question; what needs more is asked in several."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A variable that every viewer fills anew. ``meaning``: ``Query.user.id``; ``returns``: what its field gives."""

    name: str
    kind: str
    meaning: str
    returns: str

    @property
    def bare(self) -> str:
        """The type's name."""
        return self.kind.strip("[]!")

    @property
    def names_a_row(self) -> bool:
        """Whether it can name a row of somebody else."""
        return self.bare in ("ID", "UUID")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a selection and what it needs declared."""

    text: str
    names: int
    slots: tuple[Slot, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    """Types by name of what a fragment selects: two that give one name different types cannot stand side by side."""


def written(name: str, given: Iterable[tuple[str, Piece]], selection: Piece | None) -> Piece:
    """A field with its arguments and what is selected of it."""
    arguments = list(given)
    text = name + (f"({', '.join(f'{each}: {value.text}' for each, value in arguments)})" if arguments else "")
    slots = tuple(slot for _, value in arguments for slot in value.slots)
    if selection is None:
        return Piece(text, 1, slots)
    return Piece(f"{text} {{ {selection.text} }}", selection.names + 1, (*slots, *selection.slots))


def joined(pieces: Iterable[Piece]) -> Piece:
    """All of them as one."""
    found = list(pieces)
    return Piece(
        " ".join(piece.text for piece in found),
        sum(piece.names for piece in found),
        tuple(slot for piece in found for slot in piece.slots),
    )


def packed(pieces: Iterable[Piece], most: int = MAX_NAMES) -> Iterator[Piece]:
    """The pieces in as few groups as hold them."""
    group: list[Piece] = []
    types: dict[str, str] = {}
    for piece in pieces:
        clash = any(types.get(name, kind) != kind for name, kind in piece.answers.items())
        if group and (clash or sum(each.names for each in group) + piece.names > most):
            yield joined(group)
            group, types = [], {}
        group.append(piece)
        types |= piece.answers
    yield joined(group)
