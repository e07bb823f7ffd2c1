"""The catalogue with the caller's progress, and what each tool builds on."""

import pytest

from tests.rest_shim.rest import Rest
from tests.world import Person, World

TOOL = {
    "slug",
    "sprint_number",
    "name",
    "description",
    "module",
    "module_name",
    "schema_name",
    "dependencies",
    "is_optional",
    "user_status",
    "user_progress",
    "unlocked",
}


async def test_all_tools_come_with_the_callers_progress(rest: Rest, person: Person) -> None:
    """GET /api/tools gives all 31 by sprint; to a new participant only WOOP is open."""
    tools = (await rest.get(person, "/api/tools")).data
    assert [tool["sprint_number"] for tool in tools] == list(range(31))
    assert all(tool.keys() == TOOL for tool in tools)
    assert [tool["slug"] for tool in tools if tool["unlocked"]] == ["woop"]
    assert {tool["user_status"] for tool in tools[1:]} == {"locked"}
    assert tools[0]["user_status"] == "unlocked"
    assert tools[0]["user_progress"] == 0
    assert [tool["slug"] for tool in tools if tool["is_optional"]] == ["energy", "customer-service", "agile-teams"]


async def test_the_sequence_puts_every_tool_after_what_it_depends_on(rest: Rest, person: Person) -> None:
    """order=sequence is a topological order of the same 31 tools."""
    tools = (await rest.get(person, "/api/tools", order="sequence")).data
    place = {tool["slug"]: number for number, tool in enumerate(tools)}
    assert len(place) == 31
    assert all(place[source] < place[tool["slug"]] for tool in tools for source in tool["dependencies"])


async def test_an_order_that_there_is_not_is_refused(rest: Rest, person: Person) -> None:
    """order takes two words; anything else is 400 and the words are told."""
    refused = await rest.get(person, "/api/tools", order="alphabet")
    assert refused.status == 400
    assert refused.body["details"] == [{"path": "order", "message": "'alphabet' is not one of: sprint, sequence."}]


async def test_a_tool_says_which_values_it_misses(rest: Rest, person: Person) -> None:
    """GET /api/tools/{slug} adds the dependencies without a value."""
    tool = (await rest.get(person, "/api/tools/dream")).data
    assert tool.keys() == TOOL | {"missing_dependencies"}
    assert tool["dependencies"] == ["know-thyself"]
    assert {missing["tool"] for missing in tool["missing_dependencies"]} == {"know-thyself"}
    missing = {missing["field_id"]: missing["required"] for missing in tool["missing_dependencies"]}
    assert missing["identity.personal_dream"] is True


@pytest.mark.parametrize("path", ["", "/data", "/dependencies", "/dependencies/metadata", "/export"])
async def test_a_tool_that_there_is_not_is_not_found(rest: Rest, person: Person, path: str) -> None:
    """An unknown slug is 404 on every path below it."""
    refused = await rest.get(person, f"/api/tools/cartomancy{path}")
    assert (refused.status, refused.body["message"]) == (404, "Tool not found: cartomancy")


@pytest.mark.parametrize(
    ("alias", "slug"),
    [
        ("vp-testing", "value-proposition-testing"),
        ("target-segment", "target-segment-deep-dive"),
        ("processes", "processes-decisions"),
        ("product-dev", "product-development"),
        ("segmentation", "segmentation-target-market"),
        ("fit-abc", "fit-abc-analysis"),
    ],
)
async def test_older_slugs_are_accepted(rest: Rest, person: Person, alias: str, slug: str) -> None:
    """An alias stands wherever a slug does; answers use the slug."""
    assert (await rest.get(person, f"/api/tools/{alias}")).data["slug"] == slug
    assert (await rest.get(person, f"/api/tools/{alias}/dependencies")).data["tool_slug"] == slug
    questions = (await rest.get(None, "/api/toolsave/questions", tool_slug=alias)).data
    assert questions == (await rest.get(None, "/api/toolsave/questions", tool_slug=slug)).data


async def test_partial_dependencies_are_an_answer(rest: Rest, world: World, person: Person) -> None:
    """With one of two prerequisites completed the values that there are come, the others are null: 200."""
    await world.complete(person, "woop", "know-thyself")
    values = (await rest.get(person, "/api/tools/values/dependencies")).data
    assert values.keys() == {"tool_slug", "unlocked", "missing_dependencies", "dependencies"}
    assert values["unlocked"] is False
    by_id = {item["field_id"]: item for item in values["dependencies"]}
    assert by_id["identity.personal_values"] | {"updated_at": ...} == {
        "field_id": "identity.personal_values",
        "target_field": by_id["identity.personal_values"]["target_field"],
        "label": by_id["identity.personal_values"]["label"],
        "value": world.answers("know-thyself")[_key(world, "identity.personal_values")],
        "available": True,
        "required": True,
        "source_tool": "know-thyself",
        "source_version": 1,
        "updated_at": ...,
        "stale": False,
    }
    absent = by_id["identity.dream.one_sentence"]
    assert (absent["value"], absent["available"], absent["source_version"]) == (None, False, None)
    assert [missing["field_id"] for missing in values["missing_dependencies"]] == ["identity.dream.one_sentence"]


async def test_a_dependency_that_moved_on_is_stale(rest: Rest, world: World, person: Person) -> None:
    """A source saved again since turns the dependency stale."""
    await world.complete(person, "woop", "know-thyself", "dream")
    await rest.post(person, "/api/tools/know-thyself/data", {"data": {_key(world, "identity.personal_dream"): "Sail"}})
    found = (await rest.get(person, "/api/tools/dream/dependencies")).data["dependencies"]
    assert [item["field_id"] for item in found if item["stale"]] == ["identity.personal_dream"]
    assert [item["value"] for item in found if item["stale"]] == ["Sail"]


async def test_metadata_tells_of_values_without_telling_them(rest: Rest, world: World, person: Person) -> None:
    """Dependencies' metadata: ids, sources, required or not, available or not; no value."""
    await world.complete(person, "woop")
    found = (await rest.get(person, "/api/tools/know-thyself/dependencies/metadata")).data
    (wish,) = found["dependencies"]
    assert found["tool_slug"] == "know-thyself"
    assert wish.keys() == {"field_id", "target_field", "label", "required", "available", "source_tool"}
    assert wish["field_id"] == "intro.woop.wish"
    assert (wish["source_tool"], wish["required"], wish["available"]) == ("woop", False, True)


def _key(world: World, field_id: str) -> str:
    return world.catalogue.fields[field_id].question.key
