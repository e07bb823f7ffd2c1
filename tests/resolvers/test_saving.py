"""Saving: what is written, where, and what stays as it was."""

import pytest

from db.models.tools import SubmissionStatus
from resolvers.context import Context
from resolvers.refusals import InvalidAnswers, InvalidTransition, Locked, MissingAnswers, NotAllowed, NotFound
from resolvers.tools.saving import save_answers
from resolvers.tools.submitting import reopen_tool, submit_tool
from tests.resolvers import stored
from tests.world import Person, World


async def test_the_first_save_starts_the_tool(world: World, person: Person, context: Context) -> None:
    """Unlocked becomes in progress, from that time on; the submission is a draft of version 1."""
    before = (await stored.progress(world, person))["woop"]
    saved = await save_answers(context, "woop", {"wish": "Sleep before midnight"})
    row = await stored.submission(world, person, "woop")
    progress = (await stored.progress(world, person))["woop"]
    assert saved.created
    assert row is not None
    assert (row["status"], row["version"], row["data"]) == ("draft", 1, {"wish": "Sleep before midnight"})
    assert (before["status"], before["started_at"]) == ("unlocked", None)
    assert (progress["status"], progress["started_at"]) == ("in_progress", row["created_at"])
    assert progress["unlocked_at"] == before["unlocked_at"]


async def test_a_later_save_counts_up_and_keeps_the_start(world: World, person: Person, context: Context) -> None:
    """Version 2, the same submission, the same start; only the time of the last change moves."""
    await save_answers(context, "woop", {"wish": "One"})
    row, progress = await stored.submission(world, person, "woop"), await stored.progress(world, person)
    saved = await save_answers(context, "woop", {"wish": "Two"})
    later, progress_later = await stored.submission(world, person, "woop"), await stored.progress(world, person)
    assert not saved.created
    assert row is not None
    assert later is not None
    assert (later["id"], later["created_at"], later["version"]) == (row["id"], row["created_at"], 2)
    assert later["updated_at"] > row["updated_at"]
    assert progress_later["woop"]["started_at"] == progress["woop"]["started_at"]
    assert progress_later["woop"]["last_accessed_at"] == later["updated_at"]


async def test_only_published_answers_become_values(world: World, person: Person, context: Context) -> None:
    """The wish is published under its field id with version and author; the outcome is not published."""
    await save_answers(context, "woop", {"wish": "Sleep", "outcome": "Awake by day"})
    values = await stored.outputs(world, person, "woop")
    assert list(values) == ["intro.woop.wish"]
    value = values["intro.woop.wish"]
    assert (value["value"], value["version"], value["author_id"]) == ("Sleep", 1, str(person.id))
    assert value["organization_id"] == str(person.account.organization_id)


async def test_a_changed_value_is_updated_in_place(world: World, person: Person, context: Context) -> None:
    """The same row: its id and birth stay, value, version and time move."""
    await save_answers(context, "woop", {"wish": "Sleep"})
    before = (await stored.outputs(world, person, "woop"))["intro.woop.wish"]
    await save_answers(context, "woop", {"wish": "Sleep more"})
    after = (await stored.outputs(world, person, "woop"))["intro.woop.wish"]
    assert (after["id"], after["created_at"]) == (before["id"], before["created_at"])
    assert (after["value"], after["version"]) == ("Sleep more", 2)
    assert after["updated_at"] > before["updated_at"]


async def test_an_unchanged_value_keeps_its_version(world: World, person: Person, context: Context) -> None:
    """Sent again as it was beside another answer, a value is not touched: nothing built on it turns stale."""
    await save_answers(context, "woop", {"wish": {"a": 1, "b": [True, None]}})
    before = await stored.outputs(world, person, "woop")
    await save_answers(context, "woop", {"wish": {"b": [True, None], "a": 1}, "outcome": "New"})
    assert await stored.outputs(world, person, "woop") == before


@pytest.mark.parametrize("nothing", [None, "", " \n\t", [], {}])
async def test_an_emptied_answer_is_removed(world: World, person: Person, context: Context, nothing: object) -> None:
    """Null, blank text, an empty list or object clear an answer and take its published value away."""
    await save_answers(context, "woop", {"wish": "Sleep", "outcome": "Awake"})
    await save_answers(context, "woop", {"wish": nothing})
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert (row["data"], row["version"]) == ({"outcome": "Awake"}, 2)
    assert await stored.outputs(world, person, "woop") == {}


async def test_absent_answers_stay(world: World, person: Person, context: Context) -> None:
    """A partial save merges."""
    await save_answers(context, "woop", {"wish": "Sleep", "outcome": "Awake"})
    await save_answers(context, "woop", {"first_action": "Phone out of the bedroom"})
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert row["data"] == {"wish": "Sleep", "outcome": "Awake", "first_action": "Phone out of the bedroom"}


async def test_unknown_keys_are_stored_and_reported(world: World, person: Person, context: Context) -> None:
    """A key that is no question is kept in the submission, named as ignored, and never published."""
    saved = await save_answers(context, "woop", {"wish": "Sleep", "mood": {"x": 1}, "intro.woop.wish": "no"})
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert saved.ignored == ("mood", "intro.woop.wish")
    assert row["data"]["mood"] == {"x": 1}
    assert {key: value["value"] for key, value in (await stored.outputs(world, person, "woop")).items()} == {
        "intro.woop.wish": "Sleep"
    }


async def test_also_accepted_keys_are_stored_in_silence(world: World, person: Person, context: Context) -> None:
    """An older name that real pages send is kept, neither published nor reported."""
    saved = await save_answers(context, "woop", {"reflection": "It went well"})
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert saved.ignored == ()
    assert row["data"] == {"reflection": "It went well"}
    assert await stored.outputs(world, person, "woop") == {}


@pytest.mark.parametrize(("answered", "percentage"), [(0, 0), (1, 25), (2, 50), (3, 75), (4, 100)])
async def test_progress_is_the_share_of_required_answers(
    world: World, person: Person, context: Context, answered: int, percentage: int
) -> None:
    """WOOP requires four answers; the optional ones do not count."""
    required = ["wish", "outcome", "obstacle_internal", "plan_if_then"][:answered]
    await save_answers(context, "woop", {"first_action": "x", **dict.fromkeys(required, "x")})
    assert (await stored.progress(world, person))["woop"]["progress_percentage"] == percentage


async def test_a_tool_is_found_by_its_alias(world: World, person: Person, context: Context) -> None:
    """Pages that know ``segmentation`` save Segmentation & Target Market."""
    await world.complete_before(person, "segmentation-target-market")
    saved = await save_answers(context, "segmentation", {"notes": "x"})
    assert saved.tool.slug == "segmentation-target-market"
    assert await stored.submission(world, person, "segmentation-target-market")


async def test_nobody_signed_in_saves_nothing(world: World) -> None:
    """Without a token the answer is a refusal, whatever the tool."""
    with pytest.raises(NotAllowed, match="Nobody is signed in"):
        await save_answers(await world.context(None), "woop", {"wish": "x"})


async def test_an_unknown_tool_is_not_found(context: Context) -> None:
    """The refusal names the slug."""
    with pytest.raises(NotFound, match="wopp"):
        await save_answers(context, "wopp", {"wish": "x"})


async def test_a_locked_tool_refuses(world: World, person: Person, context: Context) -> None:
    """The refusal names the missing tool and its missing values; nothing is written."""
    before = await stored.everything(world, person)
    with pytest.raises(Locked) as refusal:
        await save_answers(context, "dream", {"one_sentence": "x"})
    assert [item.tool.slug for item in refusal.value.missing] == ["know-thyself"]
    assert [field.id for field in refusal.value.missing[0].fields] == [
        "identity.personal_dream",
        "identity.personal_values",
    ]
    assert await stored.everything(world, person) == before


async def test_one_wrong_answer_refuses_them_all(world: World, person: Person, context: Context) -> None:
    """Each wrong answer has a message of its own; the right ones beside them are not written."""
    before = await stored.everything(world, person)
    with pytest.raises(InvalidAnswers) as refusal:
        await save_answers(context, "woop", {"wish": "fine", "plan_if_then": 7, "commitment_level": 11})
    assert [problem.path for problem in refusal.value.problems] == ["data.plan_if_then", "data.commitment_level"]
    assert refusal.value.problems[0].message == "If-then plan takes text, not number."
    assert await stored.everything(world, person) == before


async def test_a_submitted_tool_keeps_its_required_answers(world: World, person: Person, context: Context) -> None:
    """An optional answer can go, a required one cannot: the tool counts as completed."""
    await submit_tool(context, "woop", world.answers("woop"))
    await save_answers(context, "woop", {"first_action": None})
    before = await stored.everything(world, person)
    with pytest.raises(MissingAnswers) as refusal:
        await save_answers(context, "woop", {"wish": "still there", "outcome": None})
    assert [question.key for question in refusal.value.questions] == ["outcome"]
    assert await stored.everything(world, person) == before


async def test_a_submitted_tool_stays_completed_when_saved(world: World, person: Person, context: Context) -> None:
    """A correction does not take back what was completed."""
    await submit_tool(context, "woop", world.answers("woop"))
    before = (await stored.progress(world, person))["woop"]
    await save_answers(context, "woop", {"wish": "Corrected"})
    after = (await stored.progress(world, person))["woop"]
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert row["status"] == "submitted"
    assert (after["status"], after["progress_percentage"]) == ("completed", 100)
    assert after["completed_at"] == before["completed_at"]


async def test_a_status_does_not_go_back_by_a_save(world: World, person: Person, context: Context) -> None:
    """In progress never becomes a draft again, and a submitted tool has to be reopened first."""
    await save_answers(context, "woop", {"wish": "x"}, status=SubmissionStatus.IN_PROGRESS)
    before = await stored.everything(world, person)
    with pytest.raises(InvalidTransition, match="cannot make it draft"):
        await save_answers(context, "woop", {"wish": "y"}, status=SubmissionStatus.DRAFT)
    assert await stored.everything(world, person) == before
    await submit_tool(context, "woop", world.answers("woop"))
    with pytest.raises(InvalidTransition, match="Reopen it first"):
        await save_answers(context, "woop", {"wish": "y"}, status=SubmissionStatus.IN_PROGRESS)
    await reopen_tool(context, "woop")
    await save_answers(context, "woop", {"wish": "y"}, status=SubmissionStatus.IN_PROGRESS)


async def test_a_person_without_an_organisation_saves(world: World) -> None:
    """Tenancy by organisation does not lock out those who have none."""
    person = await world.person()
    await save_answers(await world.context(person), "woop", {"wish": "x"})
    assert (await stored.outputs(world, person, "woop"))["intro.woop.wish"]["organization_id"] is None
