"""What a text can name in the catalogue: one of few things, so that the plan may depend on which."""

from dataclasses import dataclass
from enum import Enum, auto

from db.catalogue import Catalogue, Field, Tool


@dataclass(frozen=True, slots=True)
class Reference:
    """A published value, or the part of it at a path."""

    field: Field
    path: str | None = None


class Names(Enum):
    """Kinds of names."""

    TOOL = auto()
    """A slug or an alias."""
    FIELD = auto()
    """The id of a published value."""
    REFERENCE = auto()
    """The id of a published value, or an older name of one."""


Named = Tool | Field | Reference
"""What they name."""


def named(catalogue: Catalogue, kind: Names, text: str) -> Named | None:
    """What ``text`` names; ``None`` when that is nothing."""
    match kind:
        case Names.TOOL:
            return catalogue.find(text)
        case Names.FIELD:
            return catalogue.fields.get(text)
        case Names.REFERENCE:
            alias = catalogue.field_aliases.get(text)
            found = catalogue.fields.get(alias.field if alias else text)
            return Reference(found, alias.value_path if alias else None) if found else None
