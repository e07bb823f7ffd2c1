"""Which selections may stand under one response name: GraphQL's rule of mergeable fields, kept while generating."""

from dataclasses import dataclass, field

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, is_composite_type


@dataclass(slots=True)
class Entry:
    """Everything selected under one response name. ``signatures``: (type, whether an object, field with arguments)."""

    shape: str
    signatures: set[tuple[str, bool, str]]
    children: "Scope"


@dataclass(slots=True)
class Scope:
    """The response names of one object of the answer, over all fragments that lead to it."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def admit(self, name: str, signature: tuple[str, bool, str], shape: str) -> "Scope | None":
        """The scope below ``name`` once it is taken; ``None`` where it means something else already."""
        found = self.entries.get(name)
        if found is None:
            found = self.entries[name] = Entry(shape, set(), Scope())
        elif found.shape != shape or any(_differ(signature, other) for other in found.signatures):
            return None
        found.signatures.add(signature)
        return found.children

    def accepts(self, other: "Scope") -> bool:
        """Whether everything of ``other`` may stand here as well."""
        for name, entry in other.entries.items():
            found = self.entries.get(name)
            if found is None:
                continue
            if found.shape != entry.shape or not found.children.accepts(entry.children):
                return False
            if any(_differ(one, two) for one in found.signatures for two in entry.signatures):
                return False
        return True

    def take(self, other: "Scope") -> None:
        """Add everything of ``other``, which was accepted."""
        for name, entry in other.entries.items():
            found = self.entries.setdefault(name, Entry(entry.shape, set(), Scope()))
            found.signatures |= entry.signatures
            found.children.take(entry.children)


def shape_of(kind: GraphQLOutputType) -> str:
    """What two fields under one name must have in common: lists, nullability, and the type of a leaf."""
    if isinstance(kind, GraphQLNonNull):
        return f"{shape_of(kind.of_type)}!"
    if isinstance(kind, GraphQLList):
        return f"[{shape_of(kind.of_type)}]"
    return "{}" if is_composite_type(kind) else str(kind)


def _differ(one: tuple[str, bool, str], two: tuple[str, bool, str]) -> bool:
    exclusive = one[0] != two[0] and one[1] and two[1]
    return not exclusive and one[2] != two[2]
