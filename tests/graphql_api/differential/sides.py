"""The two ways a request is answered: whole on graphql-core, and by the compiled execution where it takes it."""

from typing import Any

import orjson

from graphql_api.execution.budget import Budget
from graphql_api.execution.documents import Document
from graphql_api.execution.spending import Spending
from graphql_api.limits import Mode
from resolvers.context import Origin
from tests.graphql_api.differential.cast import Cast
from tests.graphql_api.differential.generator import Request
from tests.world import World


def read(world: World, cast: Cast, request: Request) -> Document:
    """The request's document, validated."""
    return world.gateway.documents.get(cast.with_ids(request.text))


def estimated(world: World, cast: Cast, request: Request) -> Spending:
    """What the request may cost."""
    operation = read(world, cast, request).compilable(request.name)
    measuring = Budget(world.gateway.graph.schema, world.gateway.graph.costs, mode=Mode.MEASURE)
    return measuring.admit(operation, cast.with_ids(request.variables))


async def on_graphql_core(
    world: World, cast: Cast, viewer: str | None, request: Request, spending: Spending | None = None
) -> bytes:
    """The answer of graphql-core, as it would be sent."""
    context = await world.gateway.context(_authorization(cast, viewer), Origin("127.0.0.1", "tests"), "test-request")
    variables = cast.with_ids(request.variables)
    answer = await world.gateway.execute(read(world, cast, request), context, variables, request.name, spending)
    return orjson.dumps(answer)


async def compiled(
    world: World, cast: Cast, viewer: str | None, request: Request, spending: Spending | None = None
) -> bytes | None:
    """The answer of the compiled execution; ``None`` for what it leaves to graphql-core."""
    gateway: Any = world.gateway
    if not hasattr(gateway, "compiled"):
        return None
    answer: bytes | None = await gateway.compiled(
        document=read(world, cast, request),
        operation_name=request.name,
        variables=cast.with_ids(request.variables),
        authorization=_authorization(cast, viewer),
        spending=spending,
    )
    return answer


def _authorization(cast: Cast, viewer: str | None) -> str | None:
    return cast.people[viewer].headers["Authorization"] if viewer else None
