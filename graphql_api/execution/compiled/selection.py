"""Reads selections when a plan is made: which fields a type shows, under which keys, with which arguments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_enum_type,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.language import visit
from graphql.language.visitor import Visitor
from graphql.type import specified_scalar_types

from graphql_api.execution.compiled.declined import Declined, NeedsValue

Fields = Mapping[str, Sequence[FieldNode]]
"""The field nodes behind each key of an object, in the order of the answer."""


class Selection:
    """One operation of a document, with the values that its plan depends on.

    ``conditions``: those of @skip and @include. ``known``: of variables with few values; one without a value has a
    source all the same.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        types: Mapping[str, Any],
        conditions: Mapping[str, bool],
        known: VariableValues,
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self._types = types
        self._conditions = conditions
        self._known = known

    def fields(self, type_name: str, nodes: Iterable[FieldNode]) -> Fields:
        """The fields below ``nodes``, for a value of the object type ``type_name``."""
        return self.collect(type_name, [node.selection_set for node in nodes if node.selection_set])

    def collect(self, type_name: str, sets: Iterable[SelectionSetNode]) -> Fields:
        """The fields of some selection sets, merged by key."""
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection_set in sets:
            for node in self._flat(selection_set, self.schema.type_map[type_name], seen):
                found.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        return found

    def arguments(self, type_name: str, node: FieldNode) -> dict[str, Any]:
        """The arguments of a field, all of them known when the plan is made.

        Raises ``NeedsValue`` for a variable of few values that is not known yet, ``Declined`` for any other.
        """
        for name in variables_in(node.arguments or ()):
            if name not in self._known.sources:
                raise self._needs(name, node)
        try:
            return self.bound_arguments(type_name, node, self._known)
        except GraphQLError as error:
            raise Declined(error.message) from error

    def bound_arguments(self, type_name: str, node: FieldNode, values: VariableValues) -> dict[str, Any]:
        """The arguments of a field with these values of the variables."""
        return get_argument_values(self.definition(type_name, node), node, values)

    def definition(self, type_name: str, node: FieldNode) -> GraphQLField:
        """The field as the schema has it."""
        parent: Any = self.schema.type_map[type_name]
        field: GraphQLField = parent.fields[node.name.value]
        return field

    def text(self, node: FieldNode, argument: str) -> tuple[str | None, str | None]:
        """A text argument of a field: the text itself, or the variable that holds it."""
        value: Any = next(each.value for each in node.arguments or () if each.name.value == argument)
        return (None, value.name.value) if isinstance(value, VariableNode) else (value.value, None)

    def _needs(self, name: str, node: FieldNode) -> Exception:
        named = get_named_type(self._types[name])
        if is_enum_type(named) or named is specified_scalar_types["Boolean"]:
            return NeedsValue(name)
        return Declined(f"{node.name.value}: ${name} decides what is selected")

    def _flat(self, selection_set: SelectionSetNode, parent: Any, seen: set[str]) -> Iterator[FieldNode]:
        for node in selection_set.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
                continue
            fragment: Any = node
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in seen:
                    continue
                seen.add(node.name.value)
                fragment = self.fragments[node.name.value]
            assert isinstance(fragment, InlineFragmentNode | FragmentDefinitionNode)
            if self._applies(parent, fragment):
                yield from self._flat(fragment.selection_set, parent, seen)

    def _applies(self, parent: Any, fragment: InlineFragmentNode | FragmentDefinitionNode) -> bool:
        if fragment.type_condition is None:
            return True
        condition: Any = self.schema.type_map[fragment.type_condition.name.value]
        return condition is parent or (is_abstract_type(condition) and self.schema.is_sub_type(condition, parent))

    def _included(self, node: Any) -> bool:
        for directive in node.directives or ():
            value = directive.arguments[0].value
            given = self._conditions[value.name.value] if isinstance(value, VariableNode) else value.value
            if given is (directive.name.value == "skip"):
                return False
        return True


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        """Note one use."""
        self.names.append(node.name.value)


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_directive(self, node: Any, *_: Any) -> None:
        """Note the variable of a ``@skip`` or ``@include``."""
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.names.append(argument.value.name.value)


def variables_in(nodes: Iterable[Node]) -> list[str]:
    """The variables that some nodes use."""
    found = _Variables()
    for node in nodes:
        visit(node, found)
    return found.names


def conditions_in(nodes: Iterable[Node]) -> list[str]:
    """The variables that decide what ``@skip`` and ``@include`` leave."""
    found = _Conditions()
    for node in nodes:
        visit(node, found)
    return found.names
