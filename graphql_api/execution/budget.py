"""Decides whether an operation is cheap enough to be executed, and keeps the sums."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema

from graphql_api.costs import Costs
from graphql_api.execution.compiled.plans import Operation
from graphql_api.execution.estimate import Amount, Estimation, TooLarge, amount
from graphql_api.execution.spending import Spending, TooExpensive
from graphql_api.execution.variables import bounded, refuse_long_lists
from graphql_api.limits import CACHED_ESTIMATES, MAX_COST, Mode

UNBOUNDED = 1_000_000_000
"""The estimate of an operation that is too large to be estimated."""


class Budget:
    """The budget of every operation. ``estimated`` and ``actual`` are sums since the start."""

    def __init__(self, schema: GraphQLSchema, costs: Costs, most: int = MAX_COST, mode: Mode = Mode.ENFORCE) -> None:
        self._schema = schema
        self._costs = costs
        self._most = most
        self._mode = mode
        self.estimated = 0
        self.actual = 0
        self.over = 0

    def admit(self, operation: Operation | None, variables: Mapping[str, Any] | None) -> Spending:
        """What an operation may cost. Raises ``TooExpensive`` where that is more than it may.

        Raises ``GraphQLError`` for variables with a list that is too long, whatever it costs.
        """
        if operation is None:
            return Spending(None, self._most)
        if operation.bounded is None:
            operation.bounded = bounded(self._schema, operation.node)
        if operation.bounded and variables:
            refuse_long_lists(operation.bounded, variables)
        given = {**operation.defaults, **(variables or {})} if operation.defaults else variables or {}
        estimated = amount(self._estimate(operation, given), given)
        self.estimated += estimated
        if estimated > self._most:
            self.over += 1
            if self._mode is Mode.ENFORCE:
                raise TooExpensive(
                    estimated, self._most, self._estimation(operation, given).heaviest(operation.node, given)
                )
        return Spending(estimated, self._most)

    def spend(self, cost: int, spending: Spending | None) -> None:
        """Add what an answer has cost, to the sum and to its request's."""
        self.actual += cost
        if spending is not None:
            spending.actual += cost

    def _estimate(self, operation: Operation, given: Mapping[str, Any]) -> Amount:
        key = tuple(_condition(given.get(name)) for name in operation.conditions)
        found = operation.estimates.get(key)
        if found is None:
            if len(operation.estimates) >= CACHED_ESTIMATES:
                operation.estimates.clear()
            try:
                found = self._estimation(operation, given).estimate(operation.node)
            except TooLarge:
                found = UNBOUNDED
            operation.estimates[key] = found
        return found

    def _estimation(self, operation: Operation, given: Mapping[str, Any]) -> Estimation:
        conditions = {name: _condition(given.get(name)) for name in operation.conditions}
        return Estimation(self._schema, self._costs, operation.fragments, conditions)


def _condition(value: Any) -> bool | None:
    """The value of a @skip or @include; one that is none, and is refused later, leaves nothing out."""
    return value if isinstance(value, bool) else None
