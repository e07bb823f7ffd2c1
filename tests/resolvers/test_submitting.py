"""Submitting and reopening: what is needed, what opens, what is written only once."""

import asyncio

import pytest

from resolvers.context import Context
from resolvers.refusals import InvalidAnswers, InvalidTransition, Locked, MissingAnswers, NotAllowed, NotFound
from resolvers.tools.saving import save_answers
from resolvers.tools.submitting import reopen_tool, submit_tool
from tests.resolvers import stored
from tests.world import Person, World

MILESTONES = ("unlocked_at", "started_at", "completed_at")


async def test_a_submit_names_the_required_questions_left_open(world: World, person: Person, context: Context) -> None:
    """In the tool's order, each with its label; nothing is written, not even the answers sent along."""
    await save_answers(context, "woop", {"outcome": "Awake", "first_action": "x"})
    before = await stored.everything(world, person)
    with pytest.raises(MissingAnswers) as refusal:
        await submit_tool(context, "woop", {"plan_if_then": "If late, then bed"})
    assert [question.key for question in refusal.value.questions] == ["wish", "obstacle_internal"]
    assert [problem.path for problem in refusal.value.problems] == ["data.wish", "data.obstacle_internal"]
    assert str(refusal.value) == "WOOP still needs an answer to: Wish, Inner obstacle."
    assert await stored.everything(world, person) == before


async def test_a_submit_completes_the_tool(world: World, person: Person, context: Context) -> None:
    """Submission submitted, progress completed at 100 percent, both at the same moment."""
    await save_answers(context, "woop", world.answers("woop"))
    await submit_tool(context, "woop")
    row = await stored.submission(world, person, "woop")
    progress = (await stored.progress(world, person))["woop"]
    assert row is not None
    assert (row["status"], row["version"], row["completed_at"]) == ("submitted", 1, None)
    assert (progress["status"], progress["progress_percentage"]) == ("completed", 100)
    assert progress["completed_at"] == row["submitted_at"] == row["updated_at"]


async def test_answers_may_come_with_the_submit(world: World, person: Person, context: Context) -> None:
    """They are saved, published and submitted as one version."""
    await submit_tool(context, "woop", {**world.answers("woop"), "wish": "Sent along"})
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert (row["version"], row["data"]["wish"]) == (1, "Sent along")
    assert (await stored.outputs(world, person, "woop"))["intro.woop.wish"]["value"] == "Sent along"


async def test_dependents_open_at_the_same_moment(world: World, person: Person, context: Context) -> None:
    """Every tool that waited only for this one is unlocked, all with the time of the submit and of its event."""
    await world.complete(person, "woop", "know-thyself", "dream", "cash")
    submitted = await submit_tool(context, "values", world.answers("values"))
    progress = await stored.progress(world, person)
    event = (await stored.events(world, person))[-1]
    assert [tool.slug for tool in submitted.unlocked] == event["changes"]["unlocked"] == ["team"]
    submitted = await submit_tool(context, "goals", world.answers("goals"))
    progress = await stored.progress(world, person)
    event = (await stored.events(world, person))[-1]
    assert [tool.slug for tool in submitted.unlocked] == event["changes"]["unlocked"] == ["focus", "performance"]
    assert {progress[slug]["unlocked_at"] for slug in ("focus", "performance")} == {event["timestamp"]}
    assert progress["goals"]["completed_at"] == event["timestamp"]
    assert {progress[slug]["status"] for slug in ("focus", "performance")} == {"unlocked"}


async def test_a_dependent_waits_for_its_last_prerequisite(world: World, person: Person, context: Context) -> None:
    """Goals needs Dream and Cash: after Dream alone it is locked, after Cash it is open."""
    await world.complete(person, "woop", "know-thyself", "dream")
    assert (await stored.progress(world, person))["goals"]["status"] == "locked"
    submitted = await submit_tool(context, "cash", world.answers("cash"))
    assert "goals" in {tool.slug for tool in submitted.unlocked}
    assert (await stored.progress(world, person))["goals"]["status"] == "unlocked"


async def test_two_prerequisites_submitted_at_once_open_the_dependent(world: World, person: Person) -> None:
    """Neither submit may miss that the other is done: Performance opens with the later one of Goals and Values."""
    await world.complete(person, "woop", "know-thyself", "dream", "cash")
    contexts = [await world.context(person) for _ in range(2)]
    submitted = await asyncio.gather(
        submit_tool(contexts[0], "goals", world.answers("goals")),
        submit_tool(contexts[1], "values", world.answers("values")),
    )
    opened = [tool.slug for each in submitted for tool in each.unlocked]
    assert sorted(opened) == ["focus", "performance", "team"]
    progress = await stored.progress(world, person)
    assert {progress[slug]["status"] for slug in opened} == {"unlocked"}


async def test_submitting_twice_changes_nothing(world: World, person: Person, context: Context) -> None:
    """The second submit without a change succeeds: no version, no time, no event."""
    await submit_tool(context, "woop", world.answers("woop"))
    before = await stored.everything(world, person)
    again = await submit_tool(context, "woop", world.answers("woop"))
    assert again.unlocked == ()
    assert await stored.everything(world, person) == before


async def test_a_draft_may_be_shorter_than_a_submit(world: World, person: Person, context: Context) -> None:
    """Know Thyself wants 20 characters of dream and three strengths, but only when it is handed in."""
    await world.complete(person, "woop")
    short = {**world.answers("know-thyself"), "dream": "  too short  ", "strengths": [{"strength": "one"}]}
    await save_answers(context, "know-thyself", short)
    before = await stored.everything(world, person)
    with pytest.raises(InvalidAnswers) as refusal:
        await submit_tool(context, "know-thyself")
    assert [problem.message for problem in refusal.value.problems] == [
        "Personal dream needs at least 20 characters; it has 9.",
        "Strengths and their fit needs at least 3 items; it has 1.",
    ]
    assert await stored.everything(world, person) == before


async def test_missing_answers_may_be_allowed(world: World, person: Person, context: Context) -> None:
    """The pages' complete button: what is missing is reported, and the tool is completed all the same."""
    submitted = await submit_tool(context, "woop", {"wish": "x"}, allow_missing=True)
    assert [question.key for question in submitted.missing] == ["outcome", "obstacle_internal", "plan_if_then"]
    progress = await stored.progress(world, person)
    assert (progress["woop"]["status"], progress["woop"]["progress_percentage"]) == ("completed", 100)
    assert progress["know-thyself"]["status"] == "unlocked"


async def test_a_locked_tool_cannot_be_submitted(world: World, person: Person, context: Context) -> None:
    """However complete its answers are; nothing is written."""
    before = await stored.everything(world, person)
    with pytest.raises(Locked):
        await submit_tool(context, "dream", world.answers("dream"))
    assert await stored.everything(world, person) == before


async def test_nobody_signed_in_submits_or_reopens(world: World) -> None:
    """Without a token both are refused."""
    nobody = await world.context(None)
    with pytest.raises(NotAllowed):
        await submit_tool(nobody, "woop", {})
    with pytest.raises(NotAllowed):
        await reopen_tool(nobody, "woop")


async def test_a_reopened_tool_is_in_progress(world: World, person: Person, context: Context) -> None:
    """Submission and progress are; answers, version and values stay; the percentage is counted again."""
    await submit_tool(context, "woop", {"wish": "x"}, allow_missing=True)
    values = await stored.outputs(world, person, "woop")
    await reopen_tool(context, "woop")
    row = await stored.submission(world, person, "woop")
    progress = (await stored.progress(world, person))["woop"]
    assert row is not None
    assert (row["status"], row["version"], row["data"]) == ("in_progress", 1, {"wish": "x"})
    assert (progress["status"], progress["progress_percentage"]) == ("in_progress", 25)
    assert await stored.outputs(world, person, "woop") == values


async def test_what_was_opened_stays_open(world: World, person: Person, context: Context) -> None:
    """Reopening locks nothing: a dependent keeps its status, and can be worked on."""
    await world.complete(person, "woop", "know-thyself")
    before = await stored.progress(world, person)
    await reopen_tool(context, "woop")
    after = await stored.progress(world, person)
    assert {slug: row for slug, row in after.items() if slug != "woop"} == {
        slug: row for slug, row in before.items() if slug != "woop"
    }
    await save_answers(context, "dream", {"one_sentence": "x"})


async def test_a_reopened_prerequisite_blocks_what_is_still_locked(
    world: World, person: Person, context: Context
) -> None:
    """Goals waits for Dream and Cash; with Dream reopened, Cash alone does not open it. Dream again does."""
    await world.complete(person, "woop", "know-thyself", "dream")
    await reopen_tool(context, "dream")
    submitted = await submit_tool(context, "cash", world.answers("cash"))
    assert submitted.unlocked == ()
    submitted = await submit_tool(context, "dream")
    assert [tool.slug for tool in submitted.unlocked] == ["goals"]


async def test_milestones_are_written_once(world: World, person: Person, context: Context) -> None:
    """Opened, started, completed and submitted keep their first times through reopening and submitting again."""
    await world.complete(person, "woop", "know-thyself")
    progress, row = await stored.progress(world, person), await stored.submission(world, person, "woop")
    await reopen_tool(context, "woop")
    await submit_tool(context, "woop", {"wish": "Another"})
    later, row_later = await stored.progress(world, person), await stored.submission(world, person, "woop")
    assert row is not None
    assert row_later is not None
    assert row_later["submitted_at"] == row["submitted_at"] < row_later["updated_at"]
    for slug in ("woop", "know-thyself", "dream"):
        assert [later[slug][name] for name in MILESTONES] == [progress[slug][name] for name in MILESTONES]
    assert all(progress["woop"][name] for name in MILESTONES)


async def test_nothing_saved_cannot_be_reopened(context: Context) -> None:
    """There is no submission yet."""
    with pytest.raises(NotFound, match="No submission found"):
        await reopen_tool(context, "woop")


async def test_only_a_submitted_tool_reopens(world: World, person: Person, context: Context) -> None:
    """A draft does not; the refusal says what it is. Nothing is written."""
    await save_answers(context, "woop", {"wish": "x"})
    before = await stored.everything(world, person)
    with pytest.raises(InvalidTransition, match="WOOP is draft"):
        await reopen_tool(context, "woop")
    assert await stored.everything(world, person) == before
