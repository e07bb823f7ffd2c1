"""Where values come from and where they go, and what a change of one would do, over GraphQL."""

from typing import Any

import pytest

from db.viewer import Role
from tests.history.conftest import Asked
from tests.outbox.conftest import Save
from tests.world import Person, World

DREAM = "identity.dream.one_sentence"
VALUES = "identity.personal_values"
DREAMS = {"identity.dream.narrative", DREAM, "identity.dream.visualization"}
LINEAGE = """query ($id: FieldId!, $user: ID, $depth: Int! = 1) { lineage(fieldId: $id, userId: $user) {
  field { id value stale } upstream(depth: $depth) { ...Node } downstream(depth: $depth) { ...Node } } }
fragment Node on LineageNode { distance field { id value version available stale author { fullName } }
  sources { field { id } version currentVersion stale currentValue } }"""
IMPACT = """query ($id: FieldId!, $user: ID) { impact(fieldId: $id, userId: $user) {
  field { id } wouldTurnStale { id stale } alreadyStale { id stale } tools { slug } } }"""


@pytest.fixture
async def dreamer(world: World) -> Person:
    """Somebody who has come as far as Values."""
    person = await world.person(await world.organization(), name="Dora Dreamer")
    await world.complete(person, "woop", "know-thyself", "dream", "values")
    return person


def _ids(nodes: list[Any]) -> dict[str, int]:
    return {node["field"]["id"]: node["distance"] for node in nodes}


async def test_lineage_up_and_down(dreamer: Person, ask: Asked, world: World) -> None:
    """What the sentence was built on, with what that was built on; and what was built on the sentence."""
    found = await ask(dreamer, LINEAGE, id=DREAM, depth=2)
    assert found["field"] == {"id": DREAM, "value": world.answers("dream")["one_sentence"], "stale": False}
    assert _ids(found["upstream"]) == {
        "identity.personal_dream": 1,
        VALUES: 1,
        "intro.woop.wish": 2,
    }
    nearest = found["upstream"][0]
    assert [source["field"]["id"] for source in nearest["sources"]] == ["intro.woop.wish"]
    assert nearest["sources"][0] | {"field": 0} == {
        "field": 0,
        "version": 1,
        "currentVersion": 1,
        "stale": False,
        "currentValue": world.answers("woop")["wish"],
    }
    assert nearest["field"]["author"] == {"fullName": "Dora Dreamer"}
    published = {question.publishes for question in world.catalogue.by_slug["values"].published}
    assert _ids(found["downstream"]) == dict.fromkeys(published, 1)


async def test_a_step_that_is_stale_says_which_source_has_moved(dreamer: Person, ask: Asked, save: Save) -> None:
    """And the one behind it is not stale: staleness does not travel."""
    sea = "Another life altogether, by the sea."
    await save(dreamer, "know-thyself", dream=sea)
    down = (await ask(dreamer, LINEAGE, id="identity.personal_dream", depth=2))["downstream"]
    stale = {node["field"]["id"]: node["field"]["stale"] for node in down}
    assert {each for each, is_stale in stale.items() if is_stale} == DREAMS
    assert {node["field"]["id"] for node in down if node["distance"] == 2} == stale.keys() - DREAMS
    sentence = next(node for node in down if node["field"]["id"] == DREAM)
    sources = {source["field"]["id"]: source for source in sentence["sources"]}
    moved = sources["identity.personal_dream"]
    assert (moved["version"], moved["currentVersion"], moved["stale"], moved["currentValue"]) == (1, 2, True, sea)
    assert not sources[VALUES]["stale"]


async def test_impact_is_what_then_turns_stale(dreamer: Person, ask: Asked, save: Save) -> None:
    """Asked before the change and after it."""
    before = await ask(dreamer, IMPACT, id=VALUES)
    turning = [each["id"] for each in before["wouldTurnStale"]]
    assert set(turning[:3]) == DREAMS
    assert [each.rpartition(".")[0] for each in turning[3:]] == ["identity.values"] * 5
    assert before["alreadyStale"] == []
    assert [tool["slug"] for tool in before["tools"]] == ["dream", "values"]
    await save(dreamer, "know-thyself", values=["courage", "calm", "bread"])
    after = await ask(dreamer, IMPACT, id=VALUES)
    assert (after["wouldTurnStale"], after["tools"]) == ([], [])
    assert after["alreadyStale"] == [each | {"stale": True} for each in before["wouldTurnStale"]]


async def test_a_tool_that_publishes_nothing_counts_by_its_answers(world: World, ask: Asked, save: Save) -> None:
    """Focus is in no lineage, but among the tools that a change reaches; then it is stale."""
    person = await world.person(await world.organization())
    await world.complete_before(person, "focus")
    await world.complete(person, "focus")
    rocks = "performance.goals.big_rocks"
    assert [tool["slug"] for tool in (await ask(person, IMPACT, id=rocks))["tools"]] == ["focus"]
    assert (await ask(person, LINEAGE, id=rocks))["downstream"] == []
    assert (await ask(person, "{ viewer { focus { stale } } }")) == {"focus": {"stale": False}}
    await save(person, "goals", **{world.catalogue.fields[rocks].question.key: ["One rock alone"]})
    assert (await ask(person, "{ viewer { focus { stale } } }")) == {"focus": {"stale": True}}
    assert (await ask(person, IMPACT, id=rocks))["tools"] == []


async def test_before_there_is_a_value(world: World, ask: Asked) -> None:
    """No value, no lineage, no impact; and no error."""
    newcomer = await world.person()
    found = await ask(newcomer, LINEAGE, id=DREAM, depth=3)
    assert found == {"field": {"id": DREAM, "value": None, "stale": False}, "upstream": [], "downstream": []}
    found = await ask(newcomer, IMPACT, id=DREAM)
    assert found == {"field": {"id": DREAM}, "wouldTurnStale": [], "alreadyStale": [], "tools": []}


async def test_a_value_that_is_gone_is_still_a_source(dreamer: Person, ask: Asked, world: World, save: Save) -> None:
    """It stands in the lineage without a value; a change of it would turn nothing stale that is not."""
    await world.graphql(dreamer, 'mutation { reopenTool(tool: "woop") { __typename } }')
    await save(dreamer, "woop", wish=None)
    up = (await ask(dreamer, LINEAGE, id=VALUES))["upstream"]
    assert [(node["field"]["available"], node["sources"]) for node in up] == [(False, [])]
    found = await ask(dreamer, IMPACT, id="intro.woop.wish")
    assert (found["wouldTurnStale"], len(found["alreadyStale"])) == ([], 3)
    known = next(node for node in (await ask(dreamer, LINEAGE, id=DREAM))["upstream"] if node["field"]["id"] == VALUES)
    assert known["field"]["stale"]
    assert [(source["currentVersion"], source["currentValue"]) for source in known["sources"]] == [(None, None)]


@pytest.mark.parametrize("depth", [0, -1, 19, 1000])
async def test_a_depth_that_there_is_not(dreamer: Person, world: World, depth: int) -> None:
    """Named with what there is."""
    for way in ("upstream", "downstream"):
        query = f'{{ lineage(fieldId: "{DREAM}") {{ {way}(depth: {depth}) {{ distance }} }} }}'
        (error,) = (await world.graphql(dreamer, query)).errors
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        most = world.catalogue.longest_chain
        assert error["message"].startswith(f"Ask for 1 to {most} steps"), error
        assert str(depth) in error["message"]


async def test_nobody_is_shown_what_they_may_not_see(dreamer: Person, world: World, ask: Asked) -> None:
    """A guru of theirs sees it; a stranger, a colleague and nobody learn no more than of a person who is not there."""
    organization = dreamer.account.organization_id
    guru = await world.person(organization, Role.GURU)
    assert len((await ask(guru, LINEAGE, id=DREAM, user=str(dreamer.id)))["upstream"]) == 2
    for viewer in (await world.person(organization), await world.person(None, Role.GURU), None):
        for query in (LINEAGE, IMPACT):
            assert await ask(viewer, query, id=DREAM, user=str(dreamer.id)) is None
    assert await ask(dreamer, LINEAGE, id="no.such.field") is None
    assert await ask(dreamer, IMPACT, id="no.such.field") is None


async def test_it_is_asked_of_any_value(dreamer: Person, world: World, ask: Asked) -> None:
    """Wherever a value stands, and of values found that way, too."""
    query = """{ viewer { dream { fieldValues(ids: ["identity.dream.one_sentence"]) {
      lineage { upstream { field { id lineage { upstream { field { id value stale } } } } } }
      impact { tools { slug } field { id updatedAt } } } } } }"""
    (value,) = (await ask(dreamer, query))["dream"]["fieldValues"]
    further = [node["field"]["lineage"]["upstream"] for node in value["lineage"]["upstream"]]
    wish = {"field": {"id": "intro.woop.wish", "value": world.answers("woop")["wish"], "stale": False}}
    assert further == [[wish], [wish]]
    assert value["impact"]["tools"] == [{"slug": "values"}]
    assert value["impact"]["field"]["updatedAt"]


async def test_the_number_of_statements_is_that_of_the_kinds_of_rows(world: World, ask: Asked) -> None:
    """Everything around a value far down, both ways as deep as it goes, and its impact: as few as around the first."""
    person = await world.person(await world.organization())
    await world.complete_before(person, "pricing")
    both = f"{LINEAGE.replace('} downstream', '} impact: field { id } downstream')}"
    ran = {}
    for field_id in ("intro.woop.wish", "strategy.vp.statement"):
        with world.sql() as statements:
            await ask(person, both, id=field_id, depth=world.catalogue.longest_chain)
        ran[field_id] = len([text for text in statements if text])
    # Who asks, what was built on what, the values found, the other sources of these; their author is who asks.
    assert ran == {"intro.woop.wish": 3, "strategy.vp.statement": 4}


async def test_many_values_are_asked_at_once(dreamer: Person, world: World) -> None:
    """Twenty lineages and impacts are no more statements than two."""
    query = """query ($ids: [FieldId!]!) { fields(ids: $ids) { id
      lineage { upstream { field { value } } downstream { field { value } } } impact { wouldTurnStale { id } } } }"""
    ran = {}
    for many in (2, 20):
        ids = list(world.catalogue.fields)[:many]
        with world.sql() as statements:
            answer = await world.graphql(dreamer, query, {"ids": ids})
        assert not answer.errors, answer.errors
        assert [value["id"] for value in answer.data["fields"]] == ids
        ran[many] = len([text for text in statements if text])
    # Who asks, the values, what was built on what, the values found: among twenty these were there already.
    assert ran == {2: 4, 20: 3}
