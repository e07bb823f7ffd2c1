"""Keeps the plans of documents: one for each operation and each set of values that its shape depends on."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode, value_from_ast_untyped
from graphql.execution.values import VariableValues, get_variable_values

from graphql_api.execution.compiled.declined import Declined, NeedsValue
from graphql_api.execution.compiled.names import Named, Names, named
from graphql_api.execution.compiled.operation import Compiler
from graphql_api.execution.compiled.plan import Plan
from graphql_api.execution.compiled.selection import conditions_in
from graphql_api.execution.estimate import Amount
from graphql_api.execution.variables import Bounded
from graphql_api.limits import CACHED_PLANS

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class NoPlan:
    """An operation that graphql-core executes, and why."""

    reason: str


@dataclass(eq=False, slots=True)
class Operation:
    """One operation of a document, with the variables that its shape depends on.

    Beside the conditions of @skip and @include these are variables of few values which decide what is selected: enums,
    booleans, and names of the catalogue, which count as what they name. No other variable is ever part of a key.
    """

    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    conditions: tuple[str, ...] = ()
    few: list[str] = field(default_factory=list)
    names: list[tuple[str, Names]] = field(default_factory=list)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Of variables, as the document has them."""
    estimates: dict[Key, Amount] = field(default_factory=dict)
    """Costs by the values of ``conditions``."""
    bounded: Bounded | None = None
    """Variables whose lists are bounded, once they are known."""

    def coerced(self, schema: GraphQLSchema, given: Mapping[str, Any] | None) -> VariableValues | None:
        """The request's variables by the rules of GraphQL; ``None`` where they break one."""
        if not self.node.variable_definitions:
            return _NO_VARIABLES
        values = get_variable_values(
            schema, self.node.variable_definitions, dict(given or {}), max_errors=1, hide_suggestions=True
        )
        return values if isinstance(values, VariableValues) else None

    @classmethod
    def of(cls, node: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> "Operation":
        """The operation with the conditions found in it and in its document's fragments."""
        defaults = {
            each.variable.name.value: value_from_ast_untyped(each.default_value)
            for each in node.variable_definitions or ()
            if each.default_value is not None
        }
        conditions = tuple(sorted(set(conditions_in([node, *fragments.values()]))))
        return cls(node, fragments, conditions, defaults=defaults)


@dataclass(frozen=True, slots=True)
class Planned:
    """An operation with a request's variables, and the plan for them, if there is one."""

    operation: Operation
    values: VariableValues
    plan: Plan | NoPlan


_NO_VARIABLES = VariableValues({}, {})

_ABSENT = "absent"


class Plans:
    """A bounded cache, least recently used out first. ``hits`` and ``misses`` tell how it does."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._plans: OrderedDict[tuple[Operation, Key], Plan | NoPlan] = OrderedDict()
        self.hits = 0
        self.misses = 0

    def get(self, operation: Operation, values: VariableValues) -> Plan | NoPlan:
        """The plan for coerced variables, made when there is none yet."""
        while True:
            key = (operation, self._key(operation, values))
            if found := self._plans.get(key):
                self._plans.move_to_end(key)
                self.hits += 1
                return found
            try:
                plan = self._made(operation, values)
            except NeedsValue as needed:
                if needed.names:
                    operation.names.append((needed.variable, needed.names))
                else:
                    operation.few.append(needed.variable)
                continue
            self.misses += 1
            self._plans[key] = plan
            if len(self._plans) > CACHED_PLANS:
                self._plans.popitem(last=False)
            return plan

    def _made(self, operation: Operation, values: VariableValues) -> Plan | NoPlan:
        try:
            return self._compiler.compile(
                operation.node,
                operation.fragments,
                {name: values.coerced.get(name) for name in operation.conditions},
                VariableValues(
                    {name: values.sources[name] for name in operation.few},
                    {name: values.coerced[name] for name in operation.few if name in values.coerced},
                ),
                self._names(operation, values),
            )
        except Declined as declined:
            return NoPlan(str(declined))

    def _key(self, operation: Operation, values: VariableValues) -> Key:
        given = values.coerced
        return (
            *[given.get(name, _ABSENT) for name in (*operation.conditions, *operation.few)],
            *[self._named(kind, given.get(name)) for name, kind in operation.names],
        )

    def _names(self, operation: Operation, values: VariableValues) -> dict[tuple[str, Names], Named | None]:
        given: dict[tuple[str, Names], Any] = {key: values.coerced.get(key[0]) for key in operation.names}
        if None in given.values():
            raise Declined("a name is null")
        return {(name, kind): named(self._compiler.catalogue, kind, text) for (name, kind), text in given.items()}

    def _named(self, kind: Names, given: str | None) -> Hashable:
        return named(self._compiler.catalogue, kind, given) if given is not None else _ABSENT
