"""What an operation costs at most, before it is executed: the static query analysis of the cost specification.

It is done once for an operation and its @skip and @include. What depends on other variables, the size of a page or the
number of ids, stays a function of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.values import VariableValues

from graphql_api.costs import Costs, Size
from graphql_api.execution.compiled.selection import Selection
from graphql_api.limits import MAX_ESTIMATE_STEPS

Given = Mapping[str, Any]
"""Variables as the request has them, with the defaults of those that it has not."""

Amount = int | Callable[[Given], int]


class TooLarge(Exception):
    """An operation of so many fields on so many types that even its cost is not worth finding out."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Values below a field: how many, of which type, what is selected of them, and sizes of lists right below."""

    many: Amount
    kind: Any
    sets: Sequence[SelectionSetNode]
    sized: Mapping[str, Amount]


def amount(found: Amount, given: Given) -> int:
    """An amount for these variables."""
    return found if isinstance(found, int) else found(given)


class Estimation:
    """Goes through one operation. ``conditions``: the values of @skip and @include; ``None`` counts as included."""

    def __init__(
        self,
        schema: GraphQLSchema,
        costs: Costs,
        fragments: Mapping[str, FragmentDefinitionNode],
        conditions: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._costs = costs
        self._selection = Selection(schema, fragments, {}, conditions, VariableValues({}, {}))
        self._known: dict[tuple[str, tuple[int, ...]], Amount] = {}
        self._steps = 0

    def estimate(self, operation: OperationDefinitionNode) -> Amount:
        """The cost of an operation. Raises ``TooLarge``."""
        root = self._schema.get_root_type(operation.operation)
        return self._object(root.name, (operation.selection_set,)) if root else 0

    def heaviest(self, operation: OperationDefinitionNode, given: Given) -> list[str]:
        """The way to where most of the cost stands, in keys of the answer; empty where that was not found out."""
        root: Any = self._schema.get_root_type(operation.operation)
        at = _Step(1, root, (operation.selection_set,), {})
        way: list[str] = []
        try:
            whole, often = amount(self._object(root.name, at.sets), given), 1
            while True:
                kind = max(self._types(at.kind), key=lambda name: amount(self._object(name, at.sets, at.sized), given))
                found = self._selection.collect(kind, at.sets).items()
                costs = [(amount(self._field(kind, nodes, at.sized), given), key, nodes) for key, nodes in found]
                most, key, nodes = max(costs, key=itemgetter(0), default=(0, "", ()))
                step = self._step(kind, nodes, at.sized) if nodes else None
                if step is None or 2 * often * most < whole:
                    return way
                way.append(key)
                often *= amount(step.many, given)
                at = step
        except TooLarge:
            return []

    def _types(self, kind: Any) -> list[str]:
        """The object types that a value can have."""
        return [each.name for each in self._schema.get_possible_types(kind)] if is_abstract_type(kind) else [kind.name]

    def _object(
        self, type_name: str, sets: Sequence[SelectionSetNode], sized: Mapping[str, Amount] | None = None
    ) -> Amount:
        key = (type_name, tuple(map(id, sets)))
        if not sized and key in self._known:
            return self._known[key]
        selected = self._selection.collect(type_name, sets)
        self._steps += 1 + len(selected)
        if self._steps > MAX_ESTIMATE_STEPS:
            raise TooLarge
        total: Amount = self._costs.own(type_name, selected.values())
        for nodes in selected.values():
            total = _sum(total, self._field(type_name, nodes, sized or {}))
        if not sized:
            self._known[key] = total
        return total

    def _field(self, type_name: str, nodes: Sequence[FieldNode], sized: Mapping[str, Amount]) -> Amount:
        """What stands below a field, as often as its list is long; of an abstract type the one that costs most."""
        step = self._step(type_name, nodes, sized)
        if step is None:
            return 0
        each = [self._object(name, step.sets, step.sized) for name in self._types(step.kind)]
        return _product(step.many, _largest(each))

    def _step(self, type_name: str, nodes: Sequence[FieldNode], sized: Mapping[str, Amount]) -> "_Step | None":
        """Down one field; ``None`` for a leaf and for what introspection shows."""
        node = nodes[0]
        sets = tuple(each.selection_set for each in nodes if each.selection_set)
        if not sets or node.name.value.startswith("__"):
            return None
        parent: Any = self._schema.type_map[type_name]
        found = parent.fields[node.name.value]
        kind = get_named_type(found.type)
        size = self._costs.sizes.get((type_name, node.name.value))
        if size is None:
            return _Step(sized.get(node.name.value, 1), kind, sets, {})
        many = _many(size, node, found.args)
        return _Step(1, kind, sets, {size.below: many}) if size.below else _Step(many, kind, sets, {})


def _many(size: Size, node: FieldNode, arguments: Mapping[str, Any]) -> Amount:
    """How many items a list has at most."""
    if size.argument is None:
        return size.most
    value = next((each.value for each in node.arguments or () if each.name.value == size.argument), None)
    if isinstance(value, VariableNode):
        name, most, default = value.name.value, size.most, _default(arguments[size.argument], size)
        return lambda given: _number(given[name], most) if name in given else default
    if value is None:
        return _default(arguments[size.argument], size)
    if isinstance(value, ListValueNode):
        return min(len(value.values), size.most)
    if isinstance(value, IntValueNode):
        return _number(int(value.value[:10]), size.most)
    return size.most if isinstance(value, NullValueNode) else 1


def _default(argument: Any, size: Size) -> int:
    """What the schema says an absent argument is."""
    default = getattr(argument.default, "value", None) if argument.default is not None else argument.default_value
    return _number(default, size.most) if isinstance(default, int) else size.most


def _number(value: Any, most: int) -> int:
    """Items that a value asks for; one that is refused later counts as all."""
    if isinstance(value, list):
        return min(len(value), most)
    if isinstance(value, int):
        return min(max(value, 0), most)
    return 1 if isinstance(value, str) else most


def _sum(one: Amount, other: Amount) -> Amount:
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    return lambda given: amount(one, given) + amount(other, given)


def _product(one: Amount, other: Amount) -> Amount:
    if isinstance(one, int) and isinstance(other, int):
        return one * other
    return lambda given: amount(one, given) * amount(other, given)


def _largest(each: Sequence[Amount]) -> Amount:
    known = max((found for found in each if isinstance(found, int)), default=0)
    others = [found for found in each if not isinstance(found, int)]
    return (lambda given: max(known, *[found(given) for found in others])) if others else known
