"""The documented shaping of answers, written a second time from the operations' own text: what the shim must equal."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_abstract_type,
    parse,
    print_ast,
    separate_operations,
    visit,
)

import rest_shim.operations

SOURCE = "\n".join(
    file.read_text("utf-8") for file in sorted(Path(rest_shim.operations.__file__).parent.glob("*.graphql"))
)
PLAIN = re.sub(r"@(flatten|pluck|entries\([^)]*\))", "", SOURCE)
"""Every stored operation as GraphQL itself takes it."""
ALONE = {name: print_ast(document) for name, document in separate_operations(parse(PLAIN)).items()}
"""Each of them by name, with the fragments it needs: a request may hold a few operations, not all of them."""


class Reference:
    """Shapes GraphQL data by what stands in the text of its operation."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        document = parse(SOURCE)
        nodes = document.definitions
        self._operations = {n.name.value: n for n in nodes if isinstance(n, OperationDefinitionNode) and n.name}
        self._fragments = {n.name.value: n for n in nodes if isinstance(n, FragmentDefinitionNode)}
        enums = _EnumFields(schema)
        visit(document, TypeInfoVisitor(enums.types, enums))
        self._enums = enums.found

    def body(self, operation: str, path: str, data: Any) -> Any:
        """The shaped value at a dotted path of answer keys; at the root field without a path."""
        selections, node = self._operations[operation].selection_set, None
        keys = path.split(".") if path else [next(iter(data))]
        for key in keys:
            node = next(field for field in self._fields(selections, None) if _key(field) == key)
            data = None if data is None else data[key]
            if node.selection_set:
                selections = node.selection_set
        assert node is not None
        return self._value(node, data)

    def _value(self, node: FieldNode, value: Any) -> Any:
        if not isinstance(value, list) or not (node.selection_set or id(node) in self._enums):
            return self._item(node, value)
        items = [self._item(node, item) for item in value]
        if entries := _directive(node, "entries"):
            return {item[entries["key"]]: item[entries["value"]] for item in items}
        return items

    def _item(self, node: FieldNode, value: Any) -> Any:
        if value is None:
            return None
        if node.selection_set is None:
            return value.lower() if id(node) in self._enums else value
        members = self._members(node.selection_set, value)
        if _directive(node, "pluck") is not None:
            (value,) = members.values()
            return value
        return members

    def _members(self, selections: SelectionSetNode, value: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for node in self._fields(selections, value.get("__typename")):
            key = _key(node)
            if key == "__typename":
                continue
            if _directive(node, "flatten") is not None:
                assert node.selection_set is not None
                found |= self._members(node.selection_set, value[key])
            else:
                found[key] = self._value(node, value[key])
        return found

    def _fields(self, selections: SelectionSetNode, type_name: str | None) -> Iterator[FieldNode]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node
                continue
            assert isinstance(node, FragmentSpreadNode | InlineFragmentNode)
            fragment = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            assert fragment.type_condition is not None
            if type_name is None or self._applies(fragment.type_condition.name.value, type_name):
                yield from self._fields(fragment.selection_set, type_name)

    def _applies(self, condition: str, type_name: str) -> bool:
        types: Any = self._schema.type_map
        abstract = is_abstract_type(types[condition])
        return condition == type_name or (abstract and self._schema.is_sub_type(types[condition], types[type_name]))


class _EnumFields(Visitor):
    """Finds the fields whose values are enum names."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.types = TypeInfo(schema)
        self.found: set[int] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """Look at one field."""
        kind = self.types.get_type()
        if kind is not None and isinstance(get_named_type(kind), GraphQLEnumType):
            self.found.add(id(node))


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _directive(node: FieldNode, name: str) -> dict[str, str] | None:
    """The arguments of a directive of the field; ``None`` without the directive."""
    for directive in node.directives or ():
        if directive.name.value == name:
            return {argument.name.value: argument.value.value for argument in directive.arguments or ()}  # type: ignore[attr-defined]
    return None
