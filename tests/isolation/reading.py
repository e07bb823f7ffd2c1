"""Everything that can be read, read by everybody: twice, and in between other tenants' rows have changed."""

from dataclasses import dataclass

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_abstract_type

from tests.isolation import caching
from tests.isolation.catalogue import tables
from tests.isolation.disturbing import disturb, unconcerned
from tests.isolation.examination import Examination, graphql_tries, reading_routes, rest_tries
from tests.isolation.listening import Heard, listen_to_everything
from tests.isolation.ways import by_way

DISTURBED = "corp"
"""The tenant that changes; everybody who has nothing to do with it is answered as before."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was asked for and what came of it. ``unasked``: fields of the schema that no question selects."""

    examination: Examination
    asked: frozenset[str]
    unasked: frozenset[str]
    routes: tuple[str, ...]
    revalidated: int
    heard: Heard


async def read_everything(examination: Examination, share: int = 1) -> Read:
    """Every field and every REST path; only each ``share``-th question where that is more than one."""
    asking, targets = examination.asking, examination.targets
    viewers = list(targets.cast.parts.values())
    heard = await listen_to_everything(examination, share)
    asked = set(heard.asked)
    compiled, others = by_way(asking.world.gateway, targets, targets.cast.parts["acme-ann"], asked)
    routes = reading_routes(asking)
    tries = {
        "compiled": graphql_tries(compiled, targets)[::share],
        "graphql-core": graphql_tries(others, targets)[::share],
        "REST": rest_tries(routes, targets)[::share],
    }
    before = {way: await examination.examine(viewers, each, way) for way, each in tries.items()}
    revalidated = await caching.revalidate(examination, viewers, share)
    async with asking.world.as_owner() as owner:
        await disturb(owner, asking.world.catalogue, await tables(owner), targets.cast, DISTURBED)
    calm = [viewer for viewer in reversed(viewers) if unconcerned(viewer, DISTURBED)]
    # Also a question that was compiled is asked of graphql-core now, and is answered alike.
    with asking.on_graphql_core():
        await examination.examine(calm, tries["compiled"], "graphql-core, later", before["compiled"])
    await examination.examine(calm, tries["REST"], "REST, later", before["REST"])
    reachable = fields(targets.schema)
    return Read(
        examination,
        frozenset(asked),
        frozenset(reachable - asked),
        tuple(f"{route.entry.method} {route.entry.path}" for route in routes),
        revalidated,
        heard,
    )


def fields(schema: GraphQLSchema) -> set[str]:
    """Every ``Type.field`` of an object type that can be reached from ``Query`` or ``Subscription``."""
    assert schema.query_type is not None
    assert schema.subscription_type is not None
    found: set[str] = set()
    left: list[GraphQLObjectType] = [schema.query_type, schema.subscription_type]
    seen: set[str] = set()
    while left:
        kind = left.pop()
        if kind.name in seen:
            continue
        seen.add(kind.name)
        found |= {f"{kind.name}.{name}" for name in kind.fields}
        for each in kind.fields.values():
            inner = get_named_type(each.type)
            if is_abstract_type(inner):
                left += schema.get_possible_types(inner)
            elif isinstance(inner, GraphQLObjectType):
                left.append(inner)
    return found
