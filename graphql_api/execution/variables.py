"""Bounds the lists within a request's variables before anything is done for each of their items.

JSON values are left alone: they are taken as they are, and bounded where they are answers.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    type_from_ast,
)

from graphql_api.limits import MAX_VARIABLE_ITEMS

Bounded = tuple[tuple[str, Any], ...]
"""Variables that can hold lists, with their types."""


def bounded(schema: GraphQLSchema, operation: OperationDefinitionNode) -> Bounded:
    """The variables of an operation that have to be looked at; mostly there are none."""
    found = []
    for each in operation.variable_definitions or ():
        kind = type_from_ast(schema, each.type)
        if _can_list(kind):
            found.append((each.variable.name.value, kind))
    return tuple(found)


def refuse_long_lists(variables: Bounded, given: Mapping[str, Any]) -> None:
    """Raises ``GraphQLError`` for a list of more than ``MAX_VARIABLE_ITEMS`` items."""
    for name, kind in variables:
        for length in _lengths(kind, given.get(name)):
            if length > MAX_VARIABLE_ITEMS:
                raise GraphQLError(
                    f"Variable '${name}' holds a list of {length:,} items; at most {MAX_VARIABLE_ITEMS:,} are allowed. "
                    "Split it into several requests."
                )


def _can_list(kind: Any, within: frozenset[str] = frozenset()) -> bool:
    while is_non_null_type(kind):
        kind = kind.of_type
    if is_list_type(kind):
        return True
    if not is_input_object_type(kind) or kind.name in within:
        return False
    return any(_can_list(each.type, within | {kind.name}) for each in kind.fields.values())


def _lengths(kind: Any, value: Any) -> Iterable[int]:
    """The length of each list in a value, the outer ones first."""
    while is_non_null_type(kind):
        kind = kind.of_type
    if is_list_type(kind):
        if not isinstance(value, list):
            return
        yield len(value)
        if is_input_object_type(get_named_type(kind)) or is_list_type(get_nullable_type(kind.of_type)):
            for item in value:
                yield from _lengths(kind.of_type, item)
    elif is_input_object_type(kind) and isinstance(value, dict):
        for name, each in kind.fields.items():
            if name in value:
                yield from _lengths(each.type, value[name])
