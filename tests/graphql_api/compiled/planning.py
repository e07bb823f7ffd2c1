"""Plans of one graph asked for as the gateway asks, without a request around them."""

from dataclasses import dataclass, field, replace
from typing import Any

from graphql_api.declarations import Declared
from graphql_api.execution.compiled.operation import Compiler
from graphql_api.execution.compiled.plan import Plan
from graphql_api.execution.compiled.plans import NoPlan, Plans
from graphql_api.execution.documents import Documents
from graphql_api.graph import Graph


@dataclass
class Planning:
    """Caches of its own, empty at first."""

    graph: Graph
    documents: Documents = field(init=False)
    plans: Plans = field(init=False)

    def __post_init__(self) -> None:
        self.documents = Documents(self.graph.schema)
        self.plans = Plans(Compiler(self.graph.schema, self.graph.catalogue, self.graph.declared, self.graph.costs))

    @property
    def counted(self) -> tuple[int, int]:
        """Hits and misses so far."""
        return self.plans.hits, self.plans.misses

    def plan(self, query: str, variables: dict[str, Any] | None = None, name: str | None = None) -> Plan | NoPlan:
        """The plan for a request."""
        document = self.documents.get(query)
        assert not document.errors, document.errors
        operation = document.compilable(name)
        assert operation is not None
        values = operation.coerced(self.graph.schema, variables)
        assert values is not None
        return self.plans.get(operation, values)

    def compiles(self, query: str, variables: dict[str, Any] | None = None, name: str | None = None) -> bool:
        """Whether there is a plan."""
        return not isinstance(self.plan(query, variables, name), NoPlan)


def without_permission(graph: Graph, type_name: str, name: str) -> Graph:
    """The same graph with one field of which nothing says which policy guards its rows."""
    found: Declared = graph.declared[type_name, name]
    return replace(graph, declared={**graph.declared, (type_name, name): replace(found, permission="")})
