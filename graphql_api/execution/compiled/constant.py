"""Parts of an answer that are the same for everyone: what the catalogue says of tools, questions and fields.

They are answered once, when the plan is made, by graphql-core itself on the schema's own types.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute,
)

from db.catalogue import Catalogue
from graphql_api.costs import Costs
from graphql_api.execution.compiled.declined import Declined
from graphql_api.execution.compiled.selection import variables_in
from graphql_api.execution.compiled.template import Written
from graphql_api.execution.executor import CountingExecutor, Unawaited


@dataclass(frozen=True, slots=True)
class _Context:
    catalogue: Catalogue


class _Tally:
    """Counts what each item of the one list costs."""

    def __init__(self, items: int) -> None:
        self.costs = [0] * items

    def add(self, path: Any, cost: int) -> None:
        """Count what stands at a path: the list's field, the item's number, and so on."""
        if path is None:
            return
        while path.prev.prev is not None:
            path = path.prev
        self.costs[path.key] += cost


class Constants:
    """Answers selections on the catalogue for one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        catalogue: Catalogue,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        conditions: Mapping[str, bool],
        costs: Costs,
    ) -> None:
        self._schema = schema
        self._context = _Context(catalogue)
        self._operation = operation
        self._fragments = fragments
        self._conditions = conditions
        self._costs = costs

    def json(self, source: Any, kind: GraphQLOutputType, nodes: Sequence[FieldNode]) -> Written:
        """What ``nodes`` select of ``source``, a value of the output type ``kind``, as JSON text."""
        (text,) = self.each([source], kind, nodes)
        return text

    def each(self, sources: Sequence[Any], kind: GraphQLOutputType, nodes: Sequence[FieldNode]) -> list[Written]:
        """The same for each of ``sources``."""
        sets = [node.selection_set for node in nodes if node.selection_set]
        selections = tuple(selection for each in sets for selection in each.selections)
        used = set(variables_in([SelectionSetNode(selections=selections), *self._fragments.values()]))
        if used - self._conditions.keys():
            raise Declined(f"{nodes[0].name.value}: an argument below it is a variable")
        root = GraphQLObjectType("Constant", {"it": GraphQLField(GraphQLList(kind), resolve=lambda given, _: given)})
        it = FieldNode(name=NameNode(value="it"), selection_set=SelectionSetNode(selections=selections))
        operation = OperationDefinitionNode(
            operation=OperationType.QUERY,
            variable_definitions=tuple(
                each
                for each in self._operation.variable_definitions or ()
                if each.variable.name.value in self._conditions
            ),
            selection_set=SelectionSetNode(selections=(it,)),
        )
        tally = _Tally(len(sources))
        result = execute(
            GraphQLSchema(root, types=[self._schema.type_map["Node"]]),
            DocumentNode(definitions=(operation, *self._fragments.values())),
            root_value=sources,
            context_value=self._context,
            variable_values=dict(self._conditions),
            executor_class=CountingExecutor,
            costs=self._costs,
            tally=tally,
            unawaited=Unawaited(),
        )
        assert isinstance(result, ExecutionResult), "nothing in the catalogue is awaited"
        if result.errors or result.data is None:
            raise Declined(f"{nodes[0].name.value}: {result.errors}")
        texts = [orjson.dumps(each).decode() for each in result.data["it"]]
        return [Written(text, cost) for text, cost in zip(texts, tally.costs, strict=True)]
