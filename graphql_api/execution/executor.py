"""graphql-core's executor, as the gateway has it."""

from collections.abc import Coroutine
from inspect import CORO_CREATED, getcoroutinestate, iscoroutine
from typing import Any

from graphql.execution import Executor

from graphql_api.costs import Costs


class Unawaited:
    """The coroutines of an execution that nobody waits for in the end.

    Where a field fails for good, graphql-core cancels those beside it, also before they have begun, and Python warns of
    each coroutine that is dropped without having been awaited.
    """

    __slots__ = ("_coroutines",)

    def __init__(self) -> None:
        self._coroutines: list[Coroutine[Any, Any, Any]] = []

    def add(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """One that is to be awaited."""
        self._coroutines.append(coroutine)

    def close(self) -> None:
        """The execution has ended: close those that have not begun."""
        for each in self._coroutines:
            if getcoroutinestate(each) == CORO_CREATED:
                each.close()
        self._coroutines.clear()


class CountingExecutor(Executor[Any]):
    """graphql-core's executor, which counts each object that it makes: the dynamic query analysis.

    ``unawaited`` is told of every coroutine that a resolver returns; who executes closes it in the end.
    """

    def __init__(self, *args: Any, costs: Costs, tally: Any, unawaited: Unawaited, **named: Any) -> None:
        super().__init__(*args, **named)
        self._costs = costs
        self._tally = tally
        self._unawaited = unawaited
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

    def complete_awaitable_value(
        self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any
    ) -> Any:
        """Wait for a field's value and complete it."""
        if iscoroutine(result):
            self._unawaited.add(result)
        return super().complete_awaitable_value(return_type, field_details_list, info, path, result, position_context)

    def _count(self, type_name: str, path: Any, grouped: Any) -> None:
        # The groups are kept by the executor for as long as it runs, so their identity stands for them.
        key = (type_name, id(grouped))
        own = self._own.get(key)
        if own is None:
            own = self._costs.own(type_name, [[each.node for each in group] for group in grouped.values()])
            self._own[key] = own
        self._tally.add(path, own)
