"""Questions that together select every field of the schema: generated from it, so that a new field is asked for too."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from tests.isolation.pieces import MAX_NAMES, Piece, Slot, joined, packed, written

SHALLOW = 2
"""Levels that a variant of a field goes down; the field itself goes down to the end."""

Owner = GraphQLObjectType | GraphQLInterfaceType


@dataclass(frozen=True, slots=True)
class Question:
    """A document, the root field that it begins with, and its variables."""

    root: str
    text: str
    slots: tuple[Slot, ...]

    @property
    def narrowed(self) -> str | None:
        """The type of the first fragment: of a node, the one type that is asked for."""
        found = re.search(r"\.\.\. on (\w+)", self.text)
        return found[1] if found else None


def questions(
    schema: GraphQLSchema,
    operation: OperationType,
    asked: set[str],
    without: AbstractSet[str] = frozenset(),
    only: AbstractSet[str] | None = None,
) -> Iterator[Question]:
    """All questions of one kind of operation; ``asked`` is told which ``Type.field`` they select.

    ``without`` these fields and what is below them, or about ``only`` these; ``Type.field*`` are the variants of a
    field with its optional arguments.
    """
    root = schema.get_root_type(operation)
    writer = _Writer(schema, asked, without, only)
    entered: set[str] = set()
    for name in root.fields if root else ():
        assert root is not None
        given = get_named_type(root.fields[name].type).name
        if operation is OperationType.QUERY and not (given == "Node" and "Node" in entered):
            writer.forget()  # each way in is a way past the others' checks; but several nodes are like one
        entered.add(given)
        for piece in writer.field(root, name, (), whole=True):
            declared = ", ".join(f"${slot.name}: {slot.kind}" for slot in piece.slots)
            header = f"{operation.value} ({declared})" if declared else operation.value
            yield Question(name, f"{header} {{ {piece.text} }}", piece.slots)


class _Writer:
    """Selections of the fields below one root field."""

    def __init__(
        self, schema: GraphQLSchema, asked: set[str], without: AbstractSet[str], only: AbstractSet[str] | None
    ) -> None:
        self._schema = schema
        self._asked = asked
        self._without = without
        self._only = only
        self._named = 0
        self._done: set[str] = set()
        self._varied: set[str] = set()

    def forget(self) -> None:
        """Ask again for everything below the types that were met before."""
        self._done.clear()

    def field(self, owner: Owner, name: str, above: tuple[str, ...], *, whole: bool) -> Iterator[Piece]:
        """A field with everything in it, in several pieces when it is much; and its variants, under aliases."""
        each = owner.fields[name]
        inner = get_named_type(each.type)
        place = f"{owner.name}.{name}"
        for number, selection in enumerate(self._selections(place, inner, above, whole=whole)):
            self._asked.add(place)
            given = [
                self._slot(place, argument, kind, inner)
                for argument, kind in each.args.items()
                if is_required_argument(kind) or _names_a_row(kind)
            ]
            # Under an alias: the same field stands in the document again, with other variables, or with more in it.
            aliased = above and (given or number)
            yield written(f"{self._fresh('a')}: {name}" if aliased else name, given, selection)
        if place not in self._varied and self._wanted(f"{place}*"):
            self._varied.add(place)
            yield from self._variants(place, name, each, inner)

    def _selections(
        self, place: str, inner: GraphQLNamedType, above: tuple[str, ...], *, whole: bool
    ) -> Iterator[Piece | None]:
        """What to select of a field, in pieces; nothing where neither it nor anything below it is wanted."""
        if place in self._without:
            return
        if is_leaf_type(inner):
            if self._wanted(place):
                yield None
            return
        only = self._only
        if only is not None and place in only:
            self._only = None  # of a field that is wanted everything is
        found = list(self._selection(inner, above, whole=whole))
        self._only = only
        if self._wanted(place) or len(found) > 1:
            yield from packed(found)

    def _wanted(self, place: str) -> bool:
        return place not in self._without and (self._only is None or place in self._only)

    def _variants(self, place: str, name: str, each: GraphQLField, inner: GraphQLNamedType) -> Iterator[Piece]:
        """The field once more for each value of each optional argument, less deep."""
        for argument, kind in each.args.items():
            if is_required_argument(kind) or _names_a_row(kind):
                continue
            for literal, slots in self._values(f"{place}.{argument}", kind, inner):
                required = [
                    self._slot(place, other, each.args[other], inner)
                    for other in each.args
                    if is_required_argument(each.args[other])
                ]
                shallow = None if is_leaf_type(inner) else joined(self._shallow(inner, SHALLOW))
                alias = f"{self._fresh('a')}: {name}"
                yield written(alias, [*required, (argument, Piece(literal, 0, slots))], shallow)

    def _selection(self, kind: GraphQLNamedType, above: tuple[str, ...], *, whole: bool) -> Iterator[Piece]:
        """Every field of a type, or of all possible types; below them what has not been asked for yet."""
        yield Piece("__typename", 1)
        if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
            if isinstance(kind, GraphQLInterfaceType):
                yield from self._fields(kind, above, whole=whole)
            for possible in self._schema.get_possible_types(kind):
                for piece in packed(self._fields(possible, above, whole=whole), MAX_NAMES // 2):
                    types = {
                        name: str(each.type)
                        for name, each in possible.fields.items()
                        if whole or is_leaf_type(get_named_type(each.type))
                    }
                    yield Piece(f"... on {possible.name} {{ {piece.text} }}", piece.names, piece.slots, types)
        else:
            assert isinstance(kind, GraphQLObjectType)
            yield from self._fields(kind, above, whole=whole)

    def _fields(self, kind: Owner, above: tuple[str, ...], *, whole: bool) -> Iterator[Piece]:
        """Every field of a type; without ``whole`` only those that are values."""
        whole = whole and kind.name not in self._done
        if whole:
            self._done.add(kind.name)
        for name, each in kind.fields.items():
            inner = get_named_type(each.type)
            if is_leaf_type(inner):
                yield from self.field(kind, name, above, whole=False)
            elif whole:
                path = (*above, kind.name)
                yield from self.field(kind, name, path, whole=not self._met(inner, path))

    def _met(self, inner: GraphQLNamedType, path: tuple[str, ...]) -> bool:
        """Whether the type, or one that is much like it, stands on the way already: a tool leads to all others."""
        return any(inner.name == name or _kin(inner) & _kin(self._schema.type_map[name]) for name in path)

    def _shallow(self, kind: GraphQLNamedType, levels: int) -> Iterator[Piece]:
        yield Piece("__typename", 1)
        if isinstance(kind, GraphQLUnionType):
            return
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        for name, each in kind.fields.items():
            inner = get_named_type(each.type)
            if any(is_required_argument(argument) for argument in each.args.values()):
                continue
            if is_leaf_type(inner):
                yield Piece(name, 1)
            elif levels > 1:
                piece = joined(self._shallow(inner, levels - 1))
                yield Piece(f"{name} {{ {piece.text} }}", piece.names + 1)

    def _slot(self, place: str, argument: str, kind: GraphQLArgument, returns: GraphQLNamedType) -> tuple[str, Piece]:
        slot = Slot(self._fresh("v"), str(kind.type), f"{place}.{argument}", returns.name)
        return argument, Piece(f"${slot.name}", 0, (slot,))

    def _values(
        self, meaning: str, kind: GraphQLArgument | GraphQLInputField, returns: GraphQLNamedType
    ) -> Iterator[tuple[str, tuple[Slot, ...]]]:
        """Values of an optional argument: every one of an enum, one for each member of an input."""
        named = get_named_type(kind.type)
        if isinstance(named, GraphQLEnumType):
            yield from ((value, ()) for value in named.values)
        elif named.name == "Boolean":
            yield from (("true", ()), ("false", ()))
        elif named.name == "Int":
            yield from (("1", ()), ("100", ()))
        elif isinstance(named, GraphQLInputObjectType):
            required = [name for name, each in named.fields.items() if is_required_input_field(each)]
            for name, each in named.fields.items():
                for literal, slots in self._values(f"{named.name}.{name}", each, returns):
                    others = [self._member(named, other, returns) for other in required if other != name]
                    members = ", ".join([f"{name}: {literal}", *(text for text, _ in others)])
                    yield f"{{{members}}}", (*slots, *(slot for _, slot in others))
        else:
            slot = Slot(self._fresh("v"), str(kind.type), meaning, returns.name)
            yield f"${slot.name}", (slot,)

    def _member(self, owner: GraphQLInputObjectType, name: str, returns: GraphQLNamedType) -> tuple[str, Slot]:
        slot = Slot(self._fresh("v"), str(owner.fields[name].type), f"{owner.name}.{name}", returns.name)
        return f"{name}: ${slot.name}", slot

    def _fresh(self, letter: str) -> str:
        self._named += 1
        return f"{letter}{self._named}"


def _kin(kind: GraphQLNamedType) -> set[str]:
    """Interfaces that make types alike; everything with an id is a Node."""
    if isinstance(kind, GraphQLInterfaceType):
        return {kind.name} - {"Node"}
    return {each.name for each in kind.interfaces} - {"Node"} if isinstance(kind, GraphQLObjectType) else set()


def _names_a_row(argument: GraphQLArgument) -> bool:
    return get_named_type(argument.type).name in ("ID", "UUID")
