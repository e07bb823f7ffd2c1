"""The graph of tools, asked the way the tool pages ask."""

from tests.world import World

PRICING = """{ viewer { fullName
  pricing {
    progress { status } whyLocked { tool { name } fields { label } } unlocks { slug }
    needs { featureListContext vpStatementContext }
    sources { productDevelopment { featureList
      sources { valueProposition { vpStatement sources { dream { oneSentence } } } } } } } } }"""


async def test_one_query_gives_a_tool_with_all_it_builds_on(world: World) -> None:
    """The first query of the README, in at most three statements."""
    person = await world.person(await world.organization())
    await world.complete_before(person, "product-development")
    with world.sql() as statements:
        answer = await world.graphql(person, PRICING)
    assert not answer.errors
    pricing = answer.data["viewer"]["pricing"]
    assert pricing["progress"]["status"] == "LOCKED"
    assert [missing["tool"]["name"] for missing in pricing["whyLocked"]] == ["Product Development"]
    assert pricing["needs"]["vpStatementContext"] == world.answers("value-proposition")["vp_statement"]
    assert len(statements) <= 3
