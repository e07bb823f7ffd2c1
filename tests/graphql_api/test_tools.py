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


async def test_each_write_of_a_document_answers_with_what_it_has_written(world: World) -> None:
    """Nothing read for the first is given for the second: values, version, progress and what has opened."""
    person = await world.person(await world.organization())
    answer = await world.graphql(
        person,
        """mutation ($data: JSON!) {
          first: saveWoop(input: {wish: "One"}) { ...Saved }
          second: saveWoop(input: {wish: "Two", outcome: "x"}) { ...Saved }
          third: submitTool(tool: "woop", data: $data) { ... on SubmissionSubmitted {
            tool { progress { status } unlocks { slug } } unlocked { slug } } } }
        fragment Saved on SubmissionSaved {
          submission { version } tool { progress { percentage } ... on WoopTool { wish } } }
        """,
        {"data": world.answers("woop")},
    )
    assert not answer.errors
    assert answer.data == {
        "first": {"submission": {"version": 1}, "tool": {"progress": {"percentage": 25}, "wish": "One"}},
        "second": {"submission": {"version": 2}, "tool": {"progress": {"percentage": 50}, "wish": "Two"}},
        "third": {
            "tool": {"progress": {"status": "COMPLETED"}, "unlocks": []},
            "unlocked": [{"slug": "know-thyself"}],
        },
    }
