"""What one request costs: estimated before it is executed, and counted while it is."""

from collections.abc import Collection
from typing import Any

from graphql import GraphQLError
from graphql.execution import Executor

from graphql_api.costs import Costs


class TooExpensive(GraphQLError):
    """An operation whose estimate is past the budget; it is not executed."""

    def __init__(self, estimated: int, most: int, where: Collection[str]) -> None:
        most_of_it = f"Most of it is below {'.'.join(where)}: ask there" if where else "Ask"
        self.headers = Spending(estimated, most).headers
        """The cost as the response has it."""
        super().__init__(
            f"This operation may cost {estimated:,}; at most {most:,} are allowed. {most_of_it} for smaller pages or "
            "fewer ids, or for fewer lists inside each other.",
            extensions={
                "code": "COST_ESTIMATED_TOO_EXPENSIVE",
                "cost": {"estimated": estimated, "max": most, "path": list(where)},
            },
        )


class Spending:
    """The cost of one request. ``estimated`` is ``None`` where it is not clear which operation is meant."""

    __slots__ = ("actual", "estimated", "most")

    def __init__(self, estimated: int | None, most: int) -> None:
        self.estimated = estimated
        self.actual = 0
        self.most = most

    @property
    def headers(self) -> dict[str, str]:
        """The cost as a response has it."""
        if self.estimated is None:
            return {}
        return {
            "X-Cost-Estimated": str(self.estimated),
            "X-Cost-Actual": str(self.actual),
            "X-Cost-Max": str(self.most),
        }


class Tally:
    """Adds up what an executor counts."""

    __slots__ = ("cost",)

    def __init__(self) -> None:
        self.cost = 0

    def add(self, path: Any, cost: int) -> None:
        """Count an object at a path of the answer."""
        del path
        self.cost += cost


class CountingExecutor(Executor[Any]):
    """graphql-core's executor, which counts each object that it makes: the dynamic query analysis."""

    def __init__(self, *args: Any, costs: Costs, tally: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._costs = costs
        self._tally = tally
        self._own: dict[tuple[str, int], int] = {}

    def execute_fields(
        self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position_context: Any
    ) -> Any:
        """Make one object."""
        self._count(parent_type.name, path, grouped_field_set)
        return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)

    def execute_fields_serially(
        self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position_context: Any
    ) -> Any:
        """Make the object of a mutation's fields."""
        self._count(parent_type.name, path, grouped_field_set)
        return super().execute_fields_serially(parent_type, source_value, path, grouped_field_set, position_context)

    def _count(self, type_name: str, path: Any, grouped: Any) -> None:
        # The groups are kept by the executor for as long as it runs, so their identity stands for them.
        key = (type_name, id(grouped))
        own = self._own.get(key)
        if own is None:
            own = self._costs.own(type_name, [[each.node for each in group] for group in grouped.values()])
            self._own[key] = own
        self._tally.add(path, own)
