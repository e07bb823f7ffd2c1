"""Answers as the HTML pages send them: by question id, many of them as text."""

from uuid import UUID, uuid4

import pytest

from db.catalogue.graph import question_id
from resolvers.context import Context
from resolvers.refusals import InvalidAnswers, NotAllowed
from resolvers.tools.responses import MAX_RESPONSES, Response, save_responses
from tests.resolvers import stored
from tests.world import Person, World


def _id(world: World, slug: str, key: str) -> UUID:
    tool = world.catalogue.by_slug[slug]
    return question_id(tool, tool.question_by_key[key])


async def test_text_becomes_what_the_question_takes(world: World, person: Person, context: Context) -> None:
    """A rating sent as text is a number; text that happens to be JSON stays text where the question takes text."""
    saved = await save_responses(
        context,
        [
            Response(_id(world, "woop", "commitment_level"), "7", None),
            Response(_id(world, "woop", "plan_if_then"), '{"if": "late"}', None),
            Response(_id(world, "woop", "wish"), "ignored", {"wish": "data wins"}),
            Response(_id(world, "woop", "first_action"), None, None),
        ],
    )
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert saved == 4
    assert row["data"] == {
        "commitment_level": 7,
        "plan_if_then": '{"if": "late"}',
        "wish": {"wish": "data wins"},
    }


async def test_text_that_is_no_json_is_refused_by_name(world: World, person: Person, context: Context) -> None:
    """Where the question takes a number; nothing is written."""
    before = await stored.everything(world, person)
    with pytest.raises(InvalidAnswers) as refusal:
        await save_responses(context, [Response(_id(world, "woop", "commitment_level"), "seven", None)])
    assert [problem.path for problem in refusal.value.problems] == ["data.commitment_level"]
    assert await stored.everything(world, person) == before


async def test_an_unknown_question_is_named_by_its_place(world: World, person: Person, context: Context) -> None:
    """The others are not saved either."""
    before = await stored.everything(world, person)
    with pytest.raises(InvalidAnswers) as refusal:
        await save_responses(context, [Response(_id(world, "woop", "wish"), "x", None), Response(uuid4(), "y", None)])
    assert [problem.path for problem in refusal.value.problems] == ["responses.1.question_id"]
    assert await stored.everything(world, person) == before


async def test_two_tools_at_once_are_refused(world: World, person: Person, context: Context) -> None:
    """One save is one transaction of one tool."""
    before = await stored.everything(world, person)
    with pytest.raises(InvalidAnswers) as refusal:
        await save_responses(
            context,
            [Response(_id(world, "woop", "wish"), "x", None), Response(_id(world, "dream", "one_sentence"), "y", None)],
        )
    assert refusal.value.problems[0].message == "They belong to 2 tools; send one tool at a time."
    assert await stored.everything(world, person) == before


async def test_too_many_at_once_are_refused(world: World, context: Context) -> None:
    """Five hundred are taken."""
    response = Response(_id(world, "woop", "wish"), "x", None)
    assert await save_responses(context, [response] * MAX_RESPONSES) == 1
    with pytest.raises(InvalidAnswers):
        await save_responses(context, [response] * (MAX_RESPONSES + 1))


async def test_none_at_all_is_no_save(world: World, person: Person, context: Context) -> None:
    """Nothing is written, not even an event; but somebody has to be signed in."""
    before = await stored.everything(world, person)
    assert await save_responses(context, []) == 0
    assert await stored.everything(world, person) == before
    with pytest.raises(NotAllowed):
        await save_responses(await world.context(None), [])
