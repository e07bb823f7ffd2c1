"""How many statements a query costs: the same for five members as for fifty."""

import pytest

from db.viewer import Role
from tests.world import Person, World

MEMBERS = """query ($first: Int!) { organization {
  members(first: $first) { totalCount edges { node { fullName
    tools { slug progress { status percentage completedAt } }
    dream { oneSentence } woop { wish } knowThyself { values } } } } } }"""

READ_MANY = 8
"""People with values of their own; the others have progress rows only."""


@pytest.fixture(scope="module")
async def admin(world: World) -> Person:
    """The admin of an organisation of fifty."""
    house = await world.organization("Fifty")
    members = [await world.person(house, name=f"Member {number:02}") for number in range(49)]
    for member in members[:READ_MANY]:
        await world.complete(member, "woop", "know-thyself", "dream")
    return await world.person(house, Role.ADMIN, "Ada Admin")


async def test_the_number_of_members_does_not_matter(world: World, admin: Person) -> None:
    """Members × 31 progress rows × 3 values: at most five statements, and for fifty members the same ones."""
    ran = {}
    for first in (5, 50):
        with world.sql() as statements:
            answer = await world.graphql(admin, MEMBERS, {"first": first})
        ran[first] = list(statements)
        members = answer.data["organization"]["members"]
        assert not answer.errors
        assert members["totalCount"] == 50
        assert len(members["edges"]) == first
        assert all(len(edge["node"]["tools"]) == 31 for edge in members["edges"])
        written = [edge["node"]["dream"]["oneSentence"] for edge in members["edges"]]
        assert len([text for text in written if text]) == {5: 4, 50: READ_MANY}[first]  # Ada herself comes first
    assert ran[5] == ran[50]
    assert len(ran[50]) <= 5


async def test_what_is_stale_is_found_without_a_value(world: World, admin: Person) -> None:
    """A table of all tools of fifty people: one statement, compiled, which leaves the answers where they are."""
    table = "{ organization { members(first: 50) { edges { node { fullName tools { slug stale } } } } } }"
    with world.sql() as statements:
        answer = await world.graphql(admin, table)
    assert not answer.errors
    assert {len(edge["node"]["tools"]) for edge in answer.data["organization"]["members"]["edges"]} == {31}
    assert len(statements) == 1
    assert ".value" not in statements[0]
    assert ", value" not in statements[0]


async def test_the_number_of_nodes_does_not_matter(world: World, admin: Person) -> None:
    """Forty objects by id are as many statements as two."""
    found = await world.graphql(admin, "{ organization { members(first: 40) { edges { node { id } } } } }")
    ids = [edge["node"]["id"] for edge in found.data["organization"]["members"]["edges"]]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Participant { fullName dream { oneSentence } } } }"
    ran = {}
    for many in (2, 40):
        with world.sql() as statements:
            answer = await world.graphql(admin, query, {"ids": ids[:many]})
        ran[many] = list(statements)
        assert len([node for node in answer.data["nodes"] if node["fullName"]]) == many
    assert ran[2] == ran[40]


async def test_the_number_of_tools_does_not_matter(world: World, admin: Person) -> None:
    """Every published value of every tool is one statement, and so are all submissions."""
    everything = (
        "{ viewer { tools { slug answers progress { status } whyLocked { status } fieldValues { value stale } } } }"
    )
    with world.sql() as statements:
        answer = await world.graphql(admin, everything)
    assert not answer.errors
    assert len(answer.data["viewer"]["tools"]) == 31
    assert len(statements) <= 4


async def test_a_deep_chain_costs_no_more_than_a_short_one(world: World, admin: Person) -> None:
    """Sources of sources down to the root: one statement, which asks who is asking as well."""
    chain = ["pricing", "productDevelopment", "valueProposition", "targetSegmentDeepDive", "marketSize", "dream"]
    query = "woop { wish }"
    for tool in reversed([*chain, "knowThyself"]):
        query = f"{tool} {{ slug sources {{ {query} }} }}"
    with world.sql() as statements:
        answer = await world.graphql(admin, f"{{ viewer {{ {query} }} }}")
    assert not answer.errors
    assert len(statements) == 1


async def test_aliases_share_their_statements(world: World, admin: Person) -> None:
    """Fifty aliases of one field are one load."""
    fields = " ".join(f'f{number}: field(id: "intro.woop.wish") {{ value }}' for number in range(50))
    with world.sql() as statements:
        answer = await world.graphql(admin, f"{{ {fields} }}")
    assert not answer.errors
    assert len(answer.data) == 50
    assert len(statements) == 1
