"""What a value was built on, what was built on it, and what a change of it would do."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from graphql_api.execution.scope import lookahead
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.tools.catalogue import ToolDefinition
from graphql_api.types.tools.history import SourceVersionType
from graphql_api.types.tools.values import FieldValueType
from resolvers.tools import tracing
from resolvers.tools.tracing import Node, Traced

Depth = Annotated[
    int, strawberry.argument(description="How many steps, from 1 to as many as the longest chain of tools has.")
]


@strawberry.type(name="LineageNode", description="A value in a lineage, and what it was built on itself.")
class LineageNodeType:
    """A node."""

    is_type_of = stands_for(Node)

    field: FieldValueType = computed("The value as it is now.", lambda node: node.value)
    distance: int = described("Steps from the value whose lineage this is, by the shortest way.")
    sources: list[SourceVersionType] = described("Everything it was built on, in the order of the programme.")


@strawberry.type(
    name="Lineage",
    description="Where a value comes from and where it goes, as it was recorded when each value was written: a source"
    " that had no value then was not built upon.",
)
class LineageType:
    """A lineage."""

    is_type_of = stands_for(Traced)

    @strawberry.field(description="The value itself.")
    async def field(root: strawberry.Parent[Any], info: Info) -> FieldValueType:
        """The value."""
        return await _itself(info, root)

    @strawberry.field(description="What it was built on, the nearest first; what is gone has no value.")
    async def upstream(root: strawberry.Parent[Any], info: Info, depth: Depth = 1) -> list[LineageNodeType]:
        """Sources. Raises ``BadArgument`` for a depth that there is not."""
        nodes: Any = await tracing.upstream(info.context, root, depth, lookahead(info).collect())
        return list(nodes)

    @strawberry.field(description="What was built on it, the nearest first.")
    async def downstream(root: strawberry.Parent[Any], info: Info, depth: Depth = 1) -> list[LineageNodeType]:
        """What builds on it. Raises ``BadArgument`` for a depth that there is not."""
        nodes: Any = await tracing.downstream(info.context, root, depth, lookahead(info).collect())
        return list(nodes)


@strawberry.type(
    name="Impact",
    description="What a change of a value would do now. Staleness does not travel: only what was built on the value"
    " itself turns stale.",
)
class ImpactType:
    """An impact."""

    is_type_of = stands_for(Traced)

    @strawberry.field(description="The value itself.")
    async def field(root: strawberry.Parent[Any], info: Info) -> FieldValueType:
        """The value."""
        return await _itself(info, root)

    @strawberry.field(description="What was built on it and is not stale yet.")
    async def would_turn_stale(root: strawberry.Parent[Any], info: Info) -> list[FieldValueType]:
        """Values that would turn stale, in the order of the programme."""
        found = await tracing.affected(info.context, root)
        return await _affected(info, root, found.would_turn_stale)

    @strawberry.field(description="What was built on it and is stale already.")
    async def already_stale(root: strawberry.Parent[Any], info: Info) -> list[FieldValueType]:
        """Values that are stale, in the order of the programme."""
        found = await tracing.affected(info.context, root)
        return await _affected(info, root, found.already_stale)

    @strawberry.field(
        description="The tools with something that would turn stale, in the order of the programme; also one that"
        " publishes nothing, by its answers."
    )
    async def tools(root: strawberry.Parent[Any], info: Info) -> list[ToolDefinition]:
        """Tools."""
        found: Any = await tracing.affected(info.context, root)
        return list(found.tools)


async def _itself(info: Info, traced: Traced) -> Any:
    return await tracing.value_of(info.context, traced, lookahead(info).collect())


async def _affected(info: Info, traced: Traced, fields: Any) -> Any:
    return await tracing.affected_values(info.context, traced, fields, lookahead(info).collect())
