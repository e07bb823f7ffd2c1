"""What one request costs: estimated before it is executed, and counted while it is."""

from collections.abc import Collection
from typing import Any

from graphql import GraphQLError


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
