"""What a person is told of their values, over GraphQL, and that it is what the reference says."""

from collections.abc import Iterable, Sequence
from typing import Any

from tests.history.reference import Basis, Reference
from tests.world import Person, World

STATE = "{ viewer { tools { slug stale fieldValues { id value version available stale } } } }"
_SOURCES = "{ field { id } version currentVersion stale value currentValue }"
_NODE = "{ distance field { id version available stale } sources { field { id } version currentVersion stale } }"
_STORY = f"""field(id: $id, userId: $user) {{
  provenance {{ tool {{ slug }} version authorKind author {{ databaseId }} confirmedAt builtOn {_SOURCES} }}
  history(first: 20) {{ edges {{ node {{
    version value available authorKind confirmedAt builtOn {_SOURCES} }} }} pageInfo {{ hasNextPage }} }} }}"""
STORY = f"query ($id: FieldId!, $user: ID) {{ {_STORY} }}"
LINEAGE = f"""query ($id: FieldId!, $user: ID, $depth: Int!) {{
  lineage(fieldId: $id, userId: $user) {{ upstream(depth: $depth) {_NODE} downstream(depth: $depth) {_NODE} }}
  impact(fieldId: $id, userId: $user) {{
    wouldTurnStale {{ id stale version }} alreadyStale {{ id stale version }} tools {{ slug }} }} }}"""


async def asked(world: World, person: Person, query: str, **variables: Any) -> Any:
    """The data of an answer without errors."""
    answer = await world.graphql(person, query, variables)
    assert not answer.errors, answer.errors
    return answer.data


async def stale_now(world: World, person: Person) -> tuple[set[str], set[str]]:
    """The values and the tools that are stale."""
    tools = (await asked(world, person, STATE))["viewer"]["tools"]
    values = {each["id"] for tool in tools for each in tool["fieldValues"] if each["stale"]}
    return values, {tool["slug"] for tool in tools if tool["stale"]}


async def predicted(world: World, person: Person, fields: Iterable[str]) -> tuple[set[str], set[str]]:
    """What changes of these values would make stale together: values and tools."""
    values: set[str] = set()
    tools: set[str] = set()
    names = {f"f{number}": each for number, each in enumerate(fields)}
    if names:
        aliases = " ".join(
            f'{name}: impact(fieldId: "{each}") {{ wouldTurnStale {{ id }} tools {{ slug }} }}'
            for name, each in names.items()
        )
        for found in (await asked(world, person, f"{{ {aliases} }}")).values():
            values |= {each["id"] for each in found["wouldTurnStale"]}
            tools |= {each["slug"] for each in found["tools"]}
    return values, tools


async def agree_on_state(world: World, person: Person, reference: Reference) -> None:
    """Every value with its version, and what is stale."""
    tools = (await asked(world, person, STATE))["viewer"]["tools"]
    assert {tool["slug"]: tool["stale"] for tool in tools} == {
        tool.slug: reference.tool_stale(tool) for tool in world.catalogue.tools
    }
    told = {each.pop("id"): each for tool in tools for each in tool["fieldValues"]}
    assert told == {
        each: {
            "value": reference.value(each),
            "version": reference.version(each),
            "available": reference.value(each) is not None,
            "stale": reference.stale(each),
        }
        for each in world.catalogue.fields
    }


async def agree_on_story(world: World, reader: Person, person: Person, reference: Reference, field_id: str) -> None:
    """Where a value comes from, and all that it has been."""
    told = (await asked(world, reader, STORY, id=field_id, user=str(person.id)))["field"]
    entries = reference.entries[field_id]
    provenance = told["provenance"]
    if reference.value(field_id) is None:
        assert provenance is None
    else:
        assert provenance["tool"] == {"slug": world.catalogue.fields[field_id].tool.slug}
        assert provenance["version"] == reference.version(field_id)
        assert (provenance["authorKind"], provenance["author"]) == ("HUMAN", {"databaseId": str(person.id)})
        assert bool(provenance["confirmedAt"]) is (field_id in reference.confirmed)
        assert _sources(provenance["builtOn"]) == reference.sources(reference.bases[field_id])
    versions = [edge["node"] for edge in told["history"]["edges"]]
    assert [(each["version"], each["value"], each["available"]) for each in versions] == [
        (entry.version, entry.value, entry.value is not None) for entry in reversed(entries)
    ]
    assert not told["history"]["pageInfo"]["hasNextPage"]
    assert [_sources(each["builtOn"]) for each in versions] == [
        reference.sources(entry.basis) for entry in reversed(entries)
    ]


async def agree_on_lineage(
    world: World, reader: Person, person: Person, reference: Reference, field_id: str, depth: int
) -> None:
    """What it was built on, what was built on it, and what a change of it would do."""
    told = await asked(world, reader, LINEAGE, id=field_id, user=str(person.id), depth=depth)
    for way in ("upstream", "downstream"):
        nodes = told["lineage"][way]
        assert {node["field"]["id"]: node["distance"] for node in nodes} == getattr(reference, way)(field_id, depth)
        assert [node["distance"] for node in nodes] == sorted(node["distance"] for node in nodes)
        for node in nodes:
            each = node["field"]["id"]
            assert node["field"] == _shown(reference, each) | {"available": reference.value(each) is not None}
            basis: Basis = reference.bases[each] if reference.value(each) is not None else {}
            assert _sources(node["sources"]) == {
                source: facts[:3] for source, facts in reference.sources(basis).items()
            }
    turning, tools = reference.impact(field_id)
    order = list(world.catalogue.fields)
    assert told["impact"] == {
        "wouldTurnStale": [_shown(reference, each) for each in sorted(turning, key=order.index)],
        "alreadyStale": [
            _shown(reference, each) for each in sorted(reference.built_on_it(field_id) - turning, key=order.index)
        ],
        "tools": [{"slug": tool.slug} for tool in world.catalogue.tools if tool.slug in tools],
    }


def _shown(reference: Reference, field_id: str) -> dict[str, Any]:
    return {"id": field_id, "stale": reference.stale(field_id), "version": reference.version(field_id)}


def _sources(told: Sequence[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    assert len({each["field"]["id"] for each in told}) == len(told)
    return {each["field"]["id"]: tuple(value for name, value in each.items() if name != "field") for each in told}
