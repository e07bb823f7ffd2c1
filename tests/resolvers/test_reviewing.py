"""A guru's verdict: who may give one, on what, and what becomes of the tool."""

import pytest
from sqlalchemy import text

from db.viewer import Role
from resolvers.context import Context
from resolvers.refusals import BadArgument, InvalidTransition, NotAllowed, NotFound
from resolvers.tools.reviewing import approve_submission, reject_submission
from resolvers.tools.saving import save_answers
from resolvers.tools.submitting import reopen_tool, submit_tool
from tests.resolvers import stored
from tests.world import Person, World


@pytest.fixture
async def guru(world: World, person: Person) -> Person:
    """The guru of the participant's organisation."""
    return await world.person(person.account.organization_id, Role.GURU, "Greta Guru")


@pytest.fixture
async def review(world: World, guru: Person) -> Context:
    """A request of that guru."""
    return await world.context(guru)


@pytest.fixture
async def submitted(world: World, person: Person) -> Person:
    """The participant, with WOOP submitted."""
    await world.complete(person, "woop")
    return person


async def test_nobody_signed_in_may_not_review(world: World, submitted: Person) -> None:
    """Without a token there is no verdict."""
    with pytest.raises(NotAllowed, match="Nobody is signed in"):
        await approve_submission(await world.context(None), submitted.id, "woop", None)


@pytest.mark.parametrize("role", [Role.USER, Role.ADMIN])
async def test_only_a_guru_reviews(world: World, submitted: Person, role: Role) -> None:
    """A colleague and the organisation's own admin may not, and neither may the participant."""
    colleague = await world.person(submitted.account.organization_id, role)
    before = await stored.everything(world, submitted, colleague)
    for who in (colleague, submitted):
        with pytest.raises(NotAllowed, match="only a guru"):
            await approve_submission(await world.context(who), submitted.id, "woop", None)
        with pytest.raises(NotAllowed, match="only a guru"):
            await reject_submission(await world.context(who), submitted.id, "woop", "No")
    assert await stored.everything(world, submitted, colleague) == before


async def test_a_guru_of_another_organisation_finds_nothing(world: World, submitted: Person) -> None:
    """Not even that there is a submission."""
    stranger = await world.person(await world.organization(), Role.GURU)
    before = await stored.everything(world, submitted, stranger)
    with pytest.raises(NotFound):
        await approve_submission(await world.context(stranger), submitted.id, "woop", None)
    assert await stored.everything(world, submitted, stranger) == before


async def test_a_guru_of_the_house_without_assignment_finds_nothing(
    world: World, submitted: Person, guru: Person
) -> None:
    """Belonging to the organisation is not enough: it has to be assigned."""
    async with world.as_owner() as connection:
        await connection.execute(
            text("DELETE FROM organizations.guru_assignments WHERE user_id = :id"), {"id": guru.id}
        )
    before = await stored.everything(world, submitted, guru)
    with pytest.raises(NotFound):
        await reject_submission(await world.context(guru), submitted.id, "woop", "No")
    assert await stored.everything(world, submitted, guru) == before


@pytest.mark.parametrize("assigned", [True, False])
async def test_a_guru_does_not_review_their_own_work(world: World, assigned: bool) -> None:
    """Not even in an organisation that they look after: two people stand behind an approval."""
    guru = await world.person(await world.organization() if assigned else None, Role.GURU)
    await world.complete(guru, "woop")
    before = await stored.everything(world, guru)
    with pytest.raises(NotAllowed, match="another guru"):
        await approve_submission(await world.context(guru), guru.id, "woop", None)
    with pytest.raises(NotAllowed, match="another guru"):
        await reject_submission(await world.context(guru), guru.id, "woop", "No")
    assert await stored.everything(world, guru) == before


async def test_an_assigned_guru_approves(world: World, submitted: Person, guru: Person, review: Context) -> None:
    """The submission is completed, with reviewer, time and comment; answers stay, and progress but for its version."""
    before, progress = await stored.submission(world, submitted, "woop"), await stored.progress(world, submitted)
    await approve_submission(review, submitted.id, "woop", "Well done")
    row = await stored.submission(world, submitted, "woop")
    assert row is not None
    assert before is not None
    assert (row["status"], row["reviewed_by"], row["review_comment"]) == ("completed", str(guru.id), "Well done")
    assert row["completed_at"] == row["reviewed_at"] == row["updated_at"]
    assert (row["data"], row["version"]) == (before["data"], before["version"])
    progress["woop"]["version"] += 1
    assert await stored.progress(world, submitted) == progress


async def test_an_assigned_guru_rejects(world: World, submitted: Person, guru: Person, review: Context) -> None:
    """The tool is in progress again, the comment says why, and what was opened stays open."""
    await reject_submission(review, submitted.id, "woop", "Which wish?")
    row, progress = await stored.submission(world, submitted, "woop"), await stored.progress(world, submitted)
    assert row is not None
    assert (row["status"], row["review_comment"]) == ("in_progress", "Which wish?")
    assert row["reviewed_by"] == str(guru.id)
    assert (progress["woop"]["status"], progress["know-thyself"]["status"]) == ("in_progress", "unlocked")
    await submit_tool(await world.context(submitted), "woop", {"wish": "This one"})


async def test_a_verdict_leaves_one_event_of_the_guru(
    world: World, submitted: Person, guru: Person, review: Context
) -> None:
    """It names the guru as who did it, and belongs to the participant's organisation and submission."""
    before = await stored.events(world, submitted)
    await approve_submission(review, submitted.id, "woop", None)
    row = await stored.submission(world, submitted, "woop")
    (event,) = await stored.events(world, guru)
    assert row is not None
    assert (event["action"], event["entity_id"]) == ("approved", row["id"])
    assert event["organization_id"] == str(submitted.account.organization_id)
    assert event["changes"] == {"status": ["submitted", "completed"], "version": [1, 1]}
    assert (event["ip_address"], event["user_agent"]) == ("127.0.0.1", "tests")
    assert await stored.events(world, submitted) == before
    assert [entry["action"] for entry in await stored.tool_log(world, guru, "woop")] == ["approved"]


async def test_only_submitted_work_is_reviewed(world: World, person: Person, context: Context, review: Context) -> None:
    """Not a draft, and not what is approved already; nothing is written."""
    await save_answers(context, "woop", world.answers("woop"))
    before = await stored.everything(world, person)
    with pytest.raises(InvalidTransition, match="WOOP is draft"):
        await approve_submission(review, person.id, "woop", None)
    assert await stored.everything(world, person) == before
    await submit_tool(context, "woop")
    await approve_submission(review, person.id, "woop", None)
    before = await stored.everything(world, person)
    with pytest.raises(InvalidTransition, match="WOOP is completed"):
        await reject_submission(review, person.id, "woop", "No")
    assert await stored.everything(world, person) == before


async def test_nothing_saved_is_not_found(person: Person, review: Context) -> None:
    """There is no submission to review, and no person without an id."""
    with pytest.raises(NotFound, match="No submission"):
        await approve_submission(review, person.id, "woop", None)
    with pytest.raises(NotFound, match="No submission"):
        await approve_submission(review, None, "woop", None)
    with pytest.raises(NotFound, match="Tool not found"):
        await approve_submission(review, person.id, "wopp", None)


async def test_changed_answers_wait_for_the_guru_again(world: World, submitted: Person, review: Context) -> None:
    """An approval is of the answers as they were; a save that changes none of them keeps it."""
    context = await world.context(submitted)
    await approve_submission(review, submitted.id, "woop", None)
    first = await stored.submission(world, submitted, "woop")
    await save_answers(context, "woop", world.answers("woop"))
    unchanged = await stored.submission(world, submitted, "woop")
    await save_answers(context, "woop", {"wish": "Another"})
    changed = await stored.submission(world, submitted, "woop")
    await approve_submission(review, submitted.id, "woop", None)
    again = await stored.submission(world, submitted, "woop")
    assert [row["status"] for row in (unchanged, changed, again) if row] == ["completed", "submitted", "completed"]
    assert first is not None
    assert again is not None
    assert again["completed_at"] == first["completed_at"] < again["reviewed_at"]


async def test_approved_work_can_be_reopened(world: World, submitted: Person, review: Context) -> None:
    """By the participant; the guru's words stay to be read."""
    await approve_submission(review, submitted.id, "woop", "Well done")
    await reopen_tool(await world.context(submitted), "woop")
    row = await stored.submission(world, submitted, "woop")
    assert row is not None
    assert (row["status"], row["review_comment"]) == ("in_progress", "Well done")


@pytest.mark.parametrize("comment", ["", " \n", "x" * 4_001, "nul \x00", "half \ud800"])
async def test_a_comment_has_to_be_one(world: World, submitted: Person, review: Context, comment: str) -> None:
    """A rejection says something, at most 4,000 characters, that the database can store."""
    before = await stored.everything(world, submitted)
    with pytest.raises(BadArgument):
        await reject_submission(review, submitted.id, "woop", comment)
    assert await stored.everything(world, submitted) == before
