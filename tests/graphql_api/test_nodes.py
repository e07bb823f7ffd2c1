"""Relay's global ids: each leads back to what it names, and what is no id is told so."""

from base64 import urlsafe_b64encode

import pytest

from tests.world import Person, World


@pytest.fixture(scope="module")
async def viewer(world: World) -> Person:
    """A participant of an organisation."""
    return await world.person(await world.organization())


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "node_id",
    [
        "",
        "x",
        "%%%",
        "ä",
        "\x00",
        "A" * 201,
        "RHJlYW1Ub29s",
        _encoded("DreamTool:"),
        _encoded(":x"),
        "=",
        "Zm9v\n",
        "____",
    ],
)
@pytest.mark.parametrize("entry", ["node(id: $id) { id }", "nodes(ids: [$id]) { id }"])
async def test_a_malformed_id_is_refused(world: World, viewer: Person, node_id: str, entry: str) -> None:
    """What this graph never gave as an id is a mistake of the client, told as such."""
    answer = await world.graphql(viewer, f"query ($id: ID!) {{ {entry} }}", {"id": node_id})
    (error,) = answer.errors
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"] == "This is no id of this graph; use one that an 'id' field gave."


@pytest.mark.parametrize(
    "key", ["DreamTool:no uuid", "Participant:7", "Organization:dream", "Participant:\x00", "DreamTool:Participant:x"]
)
async def test_an_id_with_a_broken_key_is_refused(world: World, viewer: Person, key: str) -> None:
    """The right type, but no UUID behind it."""
    answer = await world.graphql(viewer, "query ($id: ID!) { node(id: $id) { id } }", {"id": _encoded(key)})
    (error,) = answer.errors
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_an_id_of_another_type_is_refused_by_name(world: World, viewer: Person) -> None:
    """``user`` takes a participant's id or UUID, and says what else it was given."""
    id_ = _encoded(f"Organization:{viewer.account.organization_id}").rstrip("=")
    answer = await world.graphql(viewer, "query ($id: ID!) { user(id: $id) { id } }", {"id": id_})
    (error,) = answer.errors
    assert error["message"] == "This id names a Organization, not a Participant."


async def test_a_page_of_nodes_has_an_end(world: World, viewer: Person) -> None:
    """A hundred ids are answered, a hundred and one are not."""
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    id_ = _encoded("ToolDefinition:dream")
    answer = await world.graphql(viewer, query, {"ids": [id_] * 100})
    assert len(answer.data["nodes"]) == 100
    answer = await world.graphql(viewer, query, {"ids": [id_] * 101})
    assert answer.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_every_id_leads_back(world: World, viewer: Person) -> None:
    """Participant, organisation, all 31 tools and their definitions are found again by the ids they give."""
    answer = await world.graphql(viewer, "{ viewer { id organization { id } tools { id definition { id } } } }")
    found = answer.data["viewer"]
    ids = [found["id"], found["organization"]["id"]]
    ids += [id_ for tool in found["tools"] for id_ in (tool["id"], tool["definition"]["id"])]
    assert len(set(ids)) == 64
    answer = await world.graphql(viewer, "query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }", {"ids": ids})
    assert [node["id"] for node in answer.data["nodes"]] == ids
