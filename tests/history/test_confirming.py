"""A person says that a value is still right, though what it was built on has changed."""

from typing import Any

from db.viewer import Role
from tests.history.conftest import Asked
from tests.outbox.conftest import START, Save, here, since
from tests.world import Person, World

__all__ = ["here", "since"]

CONFIRM = """mutation ($tool: String!, $ids: [FieldId!], $seen: [SeenSource!]) {
  confirmValues(tool: $tool, ids: $ids, seen: $seen) {
    __typename
    ... on ValuesConfirmed { tool { slug } fields { id version stale provenance { confirmedAt builtOn { version } } } }
    ... on SourceMoved { sources { field { id } version currentVersion currentValue } }
    ... on Refusal { message }
  }
}"""
STALE = "query ($tool: String!) { viewer { tool(slug: $tool) { fieldValues { id stale version } } } }"
DREAM = "identity.personal_dream"


async def _stale(ask: Asked, person: Person, tool: str) -> set[str]:
    told = await ask(person, STALE, tool=tool)
    return {value["id"] for value in told["tool"]["fieldValues"] if value["stale"]}


async def _moved(world: World, save: Save) -> Person:
    """Somebody whose know-thyself has fallen behind their wish, and whose dream is built on that."""
    person = await world.person(await world.organization())
    await world.complete(person, "woop", "know-thyself", "dream")
    await save(person, "woop", wish="Another wish")
    return person


async def test_a_confirmed_value_is_fresh_and_nothing_else_moves(
    world: World, save: Save, ask: Asked, since: Any, here: Any
) -> None:
    """Its version stays, so what was built on it stays fresh; who listens is told; the audit trail has it."""
    person = await _moved(world, save)
    before = await _stale(ask, person, "know-thyself")
    assert DREAM in before
    assert len(before) == 3
    cursor = await here(person)
    done = await ask(
        person, CONFIRM, tool="know-thyself", ids=[DREAM], seen=[{"fieldId": "intro.woop.wish", "version": 2}]
    )
    assert done["__typename"] == "ValuesConfirmed"
    (value,) = done["fields"]
    assert (value["id"], value["version"], value["stale"]) == (DREAM, 1, False)
    assert value["provenance"]["confirmedAt"]
    assert value["provenance"]["builtOn"] == [{"version": 2}]
    assert await _stale(ask, person, "know-thyself") == before - {DREAM}
    assert await _stale(ask, person, "dream") == set()
    assert await since(person, cursor) == [f"stale_changed know-thyself {DREAM} stale=False"]
    events = await ask(
        person,
        'query { auditEvents(filter: {action: "confirmed"}) { edges { node { tool changes } } } }',
    )
    (event,) = (edge["node"] for edge in events["edges"])
    assert event == {
        "tool": "know-thyself",
        "changes": {
            "fields": [DREAM],
            "built_on": {DREAM: {"intro.woop.wish": 1}},
            "sources": {"intro.woop.wish": 2},
        },
    }


async def test_without_ids_the_whole_tool(world: World, save: Save, ask: Asked) -> None:
    """All its stale values at once; a second time there is nothing to do."""
    person = await _moved(world, save)
    done = await ask(person, CONFIRM, tool="know-thyself")
    assert len(done["fields"]) == 3
    assert await _stale(ask, person, "know-thyself") == set()
    assert (await ask(person, CONFIRM, tool="know-thyself"))["fields"] == []
    dependency = 'query { viewer { tool(slug: "know-thyself") { dependencies { stale } } } }'
    assert (await ask(person, dependency))["tool"]["dependencies"] == [{"stale": False}]


async def test_a_tool_that_publishes_nothing(world: World, save: Save, ask: Asked, since: Any, here: Any) -> None:
    """Its answers are confirmed; the event names no value."""
    person = await world.person(await world.organization())
    await world.complete_before(person, "focus")
    await world.complete(person, "focus")
    await save(person, "goals", **_lengthened(world.answers("goals")))
    moved = 'query { viewer { tool(slug: "focus") { dependencies { fieldId stale } } } }'
    assert any(each["stale"] for each in (await ask(person, moved))["tool"]["dependencies"])
    cursor = await here(person)
    done = await ask(person, CONFIRM, tool="focus")
    assert done == {"__typename": "ValuesConfirmed", "tool": {"slug": "focus"}, "fields": []}
    assert not any(each["stale"] for each in (await ask(person, moved))["tool"]["dependencies"])
    assert await since(person, cursor) == ["stale_changed focus stale=False"]


def _lengthened(answers: dict[str, Any]) -> dict[str, Any]:
    """The lists among the answers, each with its last item twice."""
    return {key: [*value, value[-1]] for key, value in answers.items() if isinstance(value, list) and value}


async def test_a_source_that_moved_meanwhile(world: World, save: Save, ask: Asked) -> None:
    """Refused with what there is now; nothing is confirmed."""
    person = await _moved(world, save)
    await save(person, "woop", wish="A third wish")
    done = await ask(person, CONFIRM, tool="know-thyself", seen=[{"fieldId": "intro.woop.wish", "version": 2}])
    assert done == {
        "__typename": "SourceMoved",
        "sources": [
            {"field": {"id": "intro.woop.wish"}, "version": 2, "currentVersion": 3, "currentValue": "A third wish"}
        ],
        "message": "Changed since you looked: Wish of WOOP. Read what is there now and confirm again.",
    }
    assert len(await _stale(ask, person, "know-thyself")) == 3


async def test_only_ones_own(world: World, save: Save, ask: Asked, since: Any) -> None:
    """There is no argument for anybody else; who has nothing saved, or names no tool, is told so."""
    person = await _moved(world, save)
    guru = await world.person(person.account.organization_id, Role.GURU)
    refused = [(guru, "know-thyself", "NotFound"), (person, "no-tool", "NotFound"), (None, "woop", "NotAllowed")]
    for who, tool, name in refused:
        assert (await ask(who, CONFIRM, tool=tool))["__typename"] == name
    assert len(await _stale(ask, person, "know-thyself")) == 3
    assert not [line for line in await since(person, START) if "stale=False" in line]


async def test_ids_that_the_tool_has_nothing_to_do_with(world: World, save: Save) -> None:
    """Each is named, values and sources."""
    person = await _moved(world, save)
    given = {"tool": "know-thyself", "ids": [DREAM, "intro.woop.wish"], "seen": [{"fieldId": DREAM, "version": 1}]}
    answer = await world.graphql(person, CONFIRM, given)
    assert answer.errors[0]["message"] == (
        f"Know Thyself publishes no field 'intro.woop.wish'. Know Thyself does not build on a field '{DREAM}'."
    )
