"""What a person is told of their values, over GraphQL, and that it is what the reference says."""

from collections.abc import Iterable, Sequence
from typing import Any

from tests.history.reference import Reference
from tests.world import Person, World

STATE = "{ viewer { tools { slug stale fieldValues { id value version available stale } } } }"
_SOURCES = "{ field { id } version currentVersion stale value currentValue }"
_NODE = "{ distance field { id version available stale } sources { field { id } version currentVersion stale } }"
_NUMBERED = "{ id stale version }"
STORY = f"""query ($id: FieldId!, $user: ID, $depth: Int!) {{
  field(id: $id, userId: $user) {{
  provenance {{ tool {{ slug }} version authorKind author {{ databaseId }} confirmedAt builtOn {_SOURCES} }}
  history(first: 20) {{ edges {{ node {{
    version value available authorKind builtOn {_SOURCES} }} }} pageInfo {{ hasNextPage }} }}
  }}
  lineage(fieldId: $id, userId: $user) {{ upstream(depth: $depth) {_NODE} downstream(depth: $depth) {_NODE} }}
  impact(fieldId: $id, userId: $user) {{
    wouldTurnStale {_NUMBERED} alreadyStale {_NUMBERED} tools {{ slug }} }}
}}"""


async def asked(world: World, person: Person, query: str, **variables: Any) -> Any:
    """The data of an answer without errors."""
    answer = await world.graphql(person, query, variables)
    assert not answer.errors, answer.errors
    return answer.data


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


async def agree_on_state(world: World, person: Person, reference: Reference) -> tuple[set[str], set[str]]:
    """Every value with its version, and what is stale: the values and the tools that are."""
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
    return {each for each in told if told[each]["stale"]}, {tool["slug"] for tool in tools if tool["stale"]}


async def agree_on_story(
    world: World, reader: Person, person: Person, reference: Reference, field_id: str, depth: int
) -> None:
    """Everything about one value, as ``reader`` is told it."""
    told = await asked(world, reader, STORY, id=field_id, user=str(person.id), depth=depth)
    provenance = told["field"]["provenance"]
    assert bool(provenance) is (reference.value(field_id) is not None)
    if provenance:
        _agree_on_provenance(provenance, person, reference, field_id)
    _agree_on_history(told["field"]["history"], reference, field_id)
    for way in ("upstream", "downstream"):
        _agree_on_nodes(told["lineage"][way], reference, getattr(reference, way)(field_id, depth))
    _agree_on_impact(told["impact"], reference, field_id)


def _agree_on_provenance(told: Any, person: Person, reference: Reference, field_id: str) -> None:
    assert told["tool"] == {"slug": reference.catalogue.fields[field_id].tool.slug}
    assert told["version"] == reference.version(field_id)
    assert (told["authorKind"], told["author"]) == ("HUMAN", {"databaseId": str(person.id)})
    assert bool(told["confirmedAt"]) is (field_id in reference.confirmed)
    assert _sources(reference, told["builtOn"]) == reference.sources(reference.bases[field_id])


def _agree_on_history(told: Any, reference: Reference, field_id: str) -> None:
    newest_first = reference.entries[field_id][::-1]
    versions = [edge["node"] for edge in told["edges"]]
    assert [(each["version"], each["value"], each["available"]) for each in versions] == [
        (entry.version, entry.value, entry.value is not None) for entry in newest_first
    ]
    assert [_sources(reference, each["builtOn"]) for each in versions] == [
        reference.sources(each.basis) for each in newest_first
    ]
    assert not told["pageInfo"]["hasNextPage"]


def _agree_on_nodes(told: Any, reference: Reference, steps: dict[str, int]) -> None:
    assert {node["field"]["id"]: node["distance"] for node in told} == steps
    assert [node["distance"] for node in told] == sorted(steps.values())
    for node in told:
        each = node["field"]["id"]
        available = reference.value(each) is not None
        assert node["field"] == _shown(reference, each) | {"available": available}
        sources = reference.sources(reference.bases[each]) if available else {}
        assert _sources(reference, node["sources"]) == {source: facts[:3] for source, facts in sources.items()}


def _agree_on_impact(told: Any, reference: Reference, field_id: str) -> None:
    turning, tools = reference.impact(field_id)
    stale = reference.built_on_it(field_id) - turning
    fields = list(reference.catalogue.fields)
    assert told == {
        "wouldTurnStale": [_shown(reference, each) for each in fields if each in turning],
        "alreadyStale": [_shown(reference, each) for each in fields if each in stale],
        "tools": [{"slug": tool.slug} for tool in reference.catalogue.tools if tool.slug in tools],
    }


def _shown(reference: Reference, field_id: str) -> dict[str, Any]:
    return {"id": field_id, "stale": reference.stale(field_id), "version": reference.version(field_id)}


def _sources(reference: Reference, told: Sequence[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    ids = [each["field"]["id"] for each in told]
    assert ids == [each for each in reference.catalogue.fields if each in ids], "each once, in order"
    return {each["field"]["id"]: tuple(value for name, value in each.items() if name != "field") for each in told}
