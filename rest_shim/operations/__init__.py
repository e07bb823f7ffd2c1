"""The stored operations, read from the ``.graphql`` files beside this one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLInputType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    type_from_ast,
    value_from_ast_untyped,
    visit,
)

from rest_shim.shape import SHAPE_DIRECTIVES, Shape, shape_of

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of an operation. ``default`` is ``Undefined`` where there is none."""

    name: str
    type: GraphQLInputType
    default: object


@dataclass(frozen=True, slots=True)
class Operation:
    """One stored operation: its text as it is executed, its variables and the shape of its answer."""

    name: str
    text: str
    variables: dict[str, Variable]
    arguments: dict[str, str]
    """Variable by the root field's argument that it is given to."""
    shape: Shape
    root_fields: frozenset[str]
    """The fields of ``Query`` or ``Mutation`` that it asks for."""


def load_operations(schema: GraphQLSchema) -> dict[str, Operation]:
    """Every stored operation by name. Raises what ``parse`` raises, and ``ValueError`` for a name used twice."""
    nodes, fragments = _read()
    return {name: _operation(node, fragments, schema) for name, node in nodes.items()}


def operation_texts() -> dict[str, str]:
    """The text of every stored operation by name, whether or not a schema has what it asks for. Raises the same."""
    nodes, fragments = _read()
    return {name: _text(node, fragments) for name, node in nodes.items()}


def _read() -> tuple[dict[str, OperationDefinitionNode], dict[str, FragmentDefinitionNode]]:
    nodes = [node for file in sorted(_HERE.glob("*.graphql")) for node in parse(file.read_text("utf-8")).definitions]
    operations: dict[str, OperationDefinitionNode] = {}
    for node in nodes:
        if isinstance(node, OperationDefinitionNode):
            assert node.name is not None
            if node.name.value in operations:
                raise ValueError(f"operation {node.name.value} is stored twice")
            operations[node.name.value] = node
    return operations, {node.name.value: node for node in nodes if isinstance(node, FragmentDefinitionNode)}


def _operation(
    node: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode], schema: GraphQLSchema
) -> Operation:
    assert node.name is not None
    root = schema.get_root_type(node.operation)
    assert root is not None
    variables = {}
    for definition in node.variable_definitions or ():
        name = definition.variable.name.value
        kind: Any = type_from_ast(schema, definition.type)
        assert kind is not None, f"{node.name.value}: ${name} has an unknown type"
        default = value_from_ast_untyped(definition.default_value) if definition.default_value else Undefined
        variables[name] = Variable(name, kind, default)
    return Operation(
        node.name.value,
        _text(node, fragments),
        variables,
        _root_arguments(node),
        shape_of(node.selection_set, root, fragments, schema),
        frozenset(field.name.value for field in node.selection_set.selections if isinstance(field, FieldNode)),
    )


def _text(node: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]) -> str:
    """An operation with its fragments, as it is executed."""
    return print_ast(visit(DocumentNode(definitions=(node, *_used(node, fragments))), _WithoutShapes()))


def _root_arguments(node: OperationDefinitionNode) -> dict[str, str]:
    return {
        argument.name.value: argument.value.name.value
        for field in node.selection_set.selections
        if isinstance(field, FieldNode)
        for argument in field.arguments or ()
        if isinstance(argument.value, VariableNode)
    }


def _used(node: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]) -> list[FragmentDefinitionNode]:
    """The fragments that an operation spreads, directly or through others."""
    text = print_ast(node)
    found: dict[str, FragmentDefinitionNode] = {}
    grown = True
    while grown:
        grown = False
        for name, fragment in fragments.items():
            if name not in found and f"...{name}" in text:
                found[name] = fragment
                text += print_ast(fragment)
                grown = True
    return list(found.values())


class _WithoutShapes(Visitor):
    """Takes the shim's own directives out of a document."""

    def enter_directive(self, node: DirectiveNode, *_: object) -> object:
        """Remove a directive that only the shim knows."""
        return self.REMOVE if node.name.value in SHAPE_DIRECTIVES else None
