"""When a value has fallen behind what it was built on: from then on, and not before."""

import pytest

from resolvers.tools.participant import ToolView
from resolvers.tools.reading import participant, sources_of
from resolvers.tools.saving import save_answers
from resolvers.tools.staleness import Versions, moved_on
from resolvers.tools.submitting import reopen_tool, submit_tool
from resolvers.tools.work import Requirement
from tests.world import Person, World


@pytest.mark.parametrize(
    ("built_on", "current", "moved"),
    [
        ({}, {}, set()),
        ({"a": 1}, {"a": 1}, set()),
        ({"a": 1}, {"a": 2}, {"a"}),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"b"}),
        ({"a": 1}, {}, {"a"}),
        ({}, {"a": 1}, set()),
    ],
    ids=["nothing", "same", "changed", "one of two", "cleared", "first value"],
)
def test_a_source_has_moved_when_its_version_differs(built_on: Versions, current: Versions, moved: set[str]) -> None:
    """Changed or gone; a source that had no value then was not built upon."""
    assert moved_on(built_on, current) == moved


@pytest.fixture
async def dreamer(world: World, person: Person) -> Person:
    """Somebody whose Dream is built on the personal dream and values of Know Thyself."""
    await world.complete(person, "woop", "know-thyself", "dream")
    return person


async def test_a_value_just_built_is_fresh(world: World, dreamer: Person) -> None:
    """And so are the dependencies it was built on."""
    dream = await _view(world, dreamer, "dream")
    assert _stale(dream) == set()
    assert [item.stale for item in dream.dependencies()] == [False, False]


async def test_a_changed_source_makes_the_value_stale(world: World, dreamer: Person) -> None:
    """From the moment of the change; the dependency that moved is named, the other is not."""
    await _save(world, dreamer, "know-thyself", values=["courage", "calm"])
    dream = await _view(world, dreamer, "dream")
    assert _stale(dream) == {
        "identity.dream.narrative",
        "identity.dream.one_sentence",
        "identity.dream.visualization",
    }
    assert {item.field_id: item.stale for item in dream.dependencies()} == {
        "identity.personal_dream": False,
        "identity.personal_values": True,
    }


async def test_a_source_saved_as_it_was_makes_nothing_stale(world: World, dreamer: Person) -> None:
    """The submission's version moves, the value's does not."""
    await _save(world, dreamer, "know-thyself", values=world.answers("know-thyself")["values"], whatLove="Bread")
    assert _stale(await _view(world, dreamer, "dream")) == set()


async def test_a_value_nobody_built_on_makes_nothing_stale(world: World, dreamer: Person) -> None:
    """Dream does not need the strengths matrix."""
    await _save(world, dreamer, "know-thyself", strengths=[{"strength": f"s{n}"} for n in range(3)])
    assert _stale(await _view(world, dreamer, "dream")) == set()


async def test_reopening_alone_makes_nothing_stale(world: World, dreamer: Person) -> None:
    """Reopened, the source is still what it was; changed then, it is not."""
    await reopen_tool(await world.context(dreamer), "know-thyself")
    assert _stale(await _view(world, dreamer, "dream")) == set()
    await _save(world, dreamer, "know-thyself", values=["courage"])
    assert len(_stale(await _view(world, dreamer, "dream"))) == 3


async def test_a_cleared_source_makes_the_value_stale(world: World, dreamer: Person) -> None:
    """What it was built on is gone."""
    await reopen_tool(await world.context(dreamer), "know-thyself")
    await _save(world, dreamer, "know-thyself", values=None)
    dream = await _view(world, dreamer, "dream")
    assert len(_stale(dream)) == 3
    assert {item.field_id: (item.available, item.stale) for item in dream.dependencies()} == {
        "identity.personal_dream": (True, False),
        "identity.personal_values": (False, True),
    }


async def test_a_source_that_comes_back_is_another_one(world: World, dreamer: Person) -> None:
    """Cleared and answered again, even with the same words, it has changed since."""
    await reopen_tool(await world.context(dreamer), "know-thyself")
    same = world.answers("know-thyself")["values"]
    await _save(world, dreamer, "know-thyself", values=None)
    await _save(world, dreamer, "know-thyself", values=same)
    assert len(_stale(await _view(world, dreamer, "dream"))) == 3


async def test_the_first_value_of_a_source_makes_nothing_stale(world: World, person: Person) -> None:
    """Know Thyself was written before there was a wish; the wish that comes later was not built upon."""
    await submit_tool(await world.context(person), "woop", {"outcome": "x"}, allow_missing=True)
    await world.complete(person, "know-thyself")
    await _save(world, person, "woop", wish="At last")
    assert _stale(await _view(world, person, "know-thyself")) == set()
    await _save(world, person, "woop", wish="Changed")
    assert _stale(await _view(world, person, "know-thyself")) == set()


async def test_a_value_written_anew_is_fresh_again(world: World, dreamer: Person) -> None:
    """Only the one that was rewritten: the others still stand on the old source."""
    await _save(world, dreamer, "know-thyself", values=["courage"])
    await _save(world, dreamer, "dream", one_sentence="Bread for the whole street, with courage.")
    assert _stale(await _view(world, dreamer, "dream")) == {"identity.dream.narrative", "identity.dream.visualization"}


async def test_what_is_saved_as_it_was_stays_stale(world: World, dreamer: Person) -> None:
    """Saving, reopening and submitting the same words again builds on nothing new."""
    context = await world.context(dreamer)
    await _save(world, dreamer, "know-thyself", values=["courage"])
    await _save(world, dreamer, "dream", **world.answers("dream"))
    await reopen_tool(context, "dream")
    await submit_tool(context, "dream")
    assert len(_stale(await _view(world, dreamer, "dream"))) == 3


async def test_staleness_goes_one_step(world: World, dreamer: Person) -> None:
    """Values is built on Dream's sentence, not on Know Thyself's dream: it waits until Dream itself changes."""
    await world.complete(dreamer, "values")
    await _save(world, dreamer, "know-thyself", dream="Another life altogether, by the sea.")
    assert len(_stale(await _view(world, dreamer, "dream"))) == 3
    assert _stale(await _view(world, dreamer, "values")) == set()
    await _save(world, dreamer, "dream", one_sentence="Bread by the sea.")
    assert len(_stale(await _view(world, dreamer, "values"))) == 5


async def test_a_tool_that_publishes_nothing_has_stale_dependencies(world: World, person: Person) -> None:
    """Focus has no values of its own; its submission remembers what it was built on."""
    await world.complete_before(person, "focus")
    await world.complete(person, "focus")

    assert [item.stale for item in (await _view(world, person, "focus")).dependencies()] == [False, False]
    await _save(world, person, "goals", **{_key(world, "performance.goals.big_rocks"): ["One rock"]})
    moved = {item.field_id: item.stale for item in (await _view(world, person, "focus")).dependencies()}
    assert moved == {"performance.goals.big_rocks": True, "identity.values.core_list": False}
    await _save(world, person, "focus", **world.answers("focus"))
    assert [item.stale for item in (await _view(world, person, "focus")).dependencies()] == [True, False]
    await _save(world, person, "focus", note="Built anew")
    assert [item.stale for item in (await _view(world, person, "focus")).dependencies()] == [False, False]


async def test_a_tool_saved_empty_is_built_on_nothing(world: World, person: Person) -> None:
    """Focus was opened and left as it was: there are no answers that could fall behind."""
    await world.complete_before(person, "focus")
    await _save(world, person, "focus")
    await _save(world, person, "goals", **{_key(world, "performance.goals.big_rocks"): ["One rock"]})
    assert not (await _view(world, person, "focus")).stale


def _key(world: World, field_id: str) -> str:
    return world.catalogue.fields[field_id].question.key


def _stale(view: ToolView) -> set[str]:
    values = view.field_values()
    assert all(value.available for value in values)
    return {value.id for value in values if value.stale}


async def _save(world: World, person: Person, slug: str, **given: object) -> None:
    await save_answers(await world.context(person), slug, given)


async def _view(world: World, person: Person, slug: str) -> ToolView:
    context = await world.context(person)
    tool = world.catalogue.by_slug[slug]
    own = {question.publishes for question in tool.published if question.publishes}
    stories = {slug, *world.catalogue.source_slugs(tool)}
    required = Requirement(fields=own | sources_of(context, tool), submissions={slug}, stories=stories)
    found = await participant(context, None, required)
    assert found is not None
    view = found.tool(tool)
    # What is read without the values says the same.
    assert view.stale is bool(view.moved_sources)
    return view
