"""The shape of an operation's answer, and how it becomes a REST body. One reading of it serves answers and OpenAPI."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLNamedType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
    is_union_type,
)

SHAPE_DIRECTIVES = frozenset({"flatten", "pluck", "entries"})


Change = Callable[[Any], Any]
"""Turns a value that is not null into REST words; it may use the value up."""


@dataclass(frozen=True)
class Shape:
    """One field of an answer.

    ``fields`` is empty for a leaf; ``variants`` holds the fields of each member where the field is a union.
    ``entries`` names the key and the value of a list that becomes an object. ``typename``: the answer holds a
    ``__typename``, which the body does not show.
    """

    key: str
    type: GraphQLNamedType
    many: bool
    nullable: bool
    fields: tuple["Shape", ...] = ()
    variants: Mapping[str, tuple["Shape", ...]] | None = None
    flatten: bool = False
    pluck: bool = False
    entries: tuple[str, str] | None = None
    typename: bool = False

    def at(self, path: tuple[str, ...]) -> "Shape":
        """The shape below this one at a path of answer keys; raises ``LookupError`` for a key that is not there."""
        shape = self
        for key in path:
            below = {field.key: field for field in shape.fields}
            if key not in below:
                raise LookupError(
                    f"there is no {key!r} below {shape.key or 'the operation'!r}; there is {', '.join(below)}"
                )
            shape = below[key]
        return shape

    def body(self, value: Any) -> Any:
        """A value of this shape in REST words: enums in lower case, objects flattened and plucked.

        The value is used up: what can stay as it is becomes part of the body.
        """
        return _changed(value, self.change)

    def object(self, value: Mapping[str, Any] | None, fields: tuple["Shape", ...] | None = None) -> dict[str, Any]:
        """The members of an object of this shape; all null where the object itself is null."""
        found: dict[str, Any] = {}
        for field in self.fields if fields is None else fields:
            part = value[field.key] if value is not None else None
            if field.flatten:
                found |= field.object(part)
            else:
                found[field.key] = field.body(part)
        return found

    @cached_property
    def change(self) -> Change | None:
        """What a value of this shape has to go through; ``None`` where it stays as it is. Made once for each shape."""
        item = self._item_change()
        if not self.many:
            return item
        if self.entries:
            key, entry = self.entries
            return lambda items: {each[key]: each[entry] for each in [_changed(each, item) for each in items]}
        return (lambda items: [_changed(each, item) for each in items]) if item else None

    def _item_change(self) -> Change | None:
        if self.pluck:
            (field,) = self.fields
            return lambda value: field.body(value[field.key])
        if not self.fields:
            return str.lower if isinstance(self.type, GraphQLEnumType) else None
        if self.typename or any(field.flatten for field in self.fields):
            return self.object
        changes = [(field.key, field.change) for field in self.fields if field.change]
        return _members_change(changes) if changes else None


def _changed(value: Any, change: Change | None) -> Any:
    return value if value is None or change is None else change(value)


def _members_change(changes: Sequence[tuple[str, Change]]) -> Change:
    def change(value: Any) -> Any:
        for key, of_member in changes:
            value[key] = _changed(value[key], of_member)
        return value

    return change


def shape_of(
    selection_set: SelectionSetNode,
    parent: GraphQLNamedType,
    fragments: Mapping[str, FragmentDefinitionNode],
    schema: GraphQLSchema,
) -> Shape:
    """The shape of an operation: an object with the operation's root fields."""
    reader = _Reader(fragments, schema)
    return Shape("", parent, many=False, nullable=False, fields=tuple(reader.fields(selection_set, parent)))


class _Reader:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], schema: GraphQLSchema) -> None:
        self._fragments = fragments
        self._schema = schema

    def fields(self, selection_set: SelectionSetNode, parent: GraphQLNamedType) -> Iterator[Shape]:
        """Shapes of the fields that a value of type ``parent`` shows; fragments are read where they apply."""
        seen: set[str] = set()
        for node, owner in self._flat(selection_set, parent, parent):
            shape = self._field(node, owner)
            if shape.key not in seen:
                seen.add(shape.key)
                yield shape

    def _flat(
        self, selection_set: SelectionSetNode, parent: GraphQLNamedType, owner: GraphQLNamedType
    ) -> Iterator[tuple[FieldNode, GraphQLNamedType]]:
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                if node.name.value != "__typename":  # the shim asks for it, the body does not show it
                    yield node, owner
                continue
            fragment = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            assert isinstance(fragment, FragmentDefinitionNode | InlineFragmentNode)
            condition = self._schema.type_map[fragment.type_condition.name.value] if fragment.type_condition else parent
            if condition is parent or (is_abstract_type(condition) and self._schema.is_sub_type(condition, parent)):
                yield from self._flat(fragment.selection_set, parent, condition)

    def _field(self, node: FieldNode, owner: Any) -> Shape:
        kind: GraphQLOutputType = owner.fields[node.name.value].type
        directives = {directive.name.value: directive for directive in node.directives or ()}
        named: Any = get_named_type(kind)
        fields: tuple[Shape, ...] = ()
        variants = None
        if node.selection_set and is_union_type(named):
            variants = {
                member.name: tuple(self.fields(node.selection_set, member))
                for member in self._schema.get_possible_types(named)
            }
        elif node.selection_set:
            fields = tuple(self.fields(node.selection_set, named))
        entries = None
        if "entries" in directives:
            given: Any = directives["entries"].arguments or ()
            arguments = {argument.name.value: argument.value.value for argument in given}
            entries = (arguments["key"], arguments["value"])
        if "pluck" in directives and len(fields) != 1:
            raise ValueError(f"@pluck on {node.name.value} needs exactly one field below it")
        return Shape(
            key=node.alias.value if node.alias else node.name.value,
            type=named,
            many=is_list_type(kind.of_type if is_non_null_type(kind) else kind),
            nullable=not is_non_null_type(kind),
            fields=fields,
            variants=variants,
            flatten="flatten" in directives,
            pluck="pluck" in directives,
            entries=entries,
            typename=bool(node.selection_set) and self._asks_typename(node.selection_set),
        )

    def _asks_typename(self, selection_set: SelectionSetNode | None) -> bool:
        for node in selection_set.selections if selection_set else ():
            if isinstance(node, FieldNode):
                if node.name.value == "__typename":
                    return True
                continue
            fragment = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            assert isinstance(fragment, FragmentDefinitionNode | InlineFragmentNode)
            if self._asks_typename(fragment.selection_set):
                return True
        return False
